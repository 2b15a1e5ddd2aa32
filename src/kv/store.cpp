#include "kv/store.hpp"

#include <utility>

namespace disgrafs::kv {

Batch& Batch::require(std::string key, Revision revision) {
    preconditions.push_back({.key = std::move(key), .revision = revision});
    return *this;
}

Batch& Batch::put(std::string key, Bytes value) {
    writes.push_back({.key = std::move(key), .value = std::move(value)});
    return *this;
}

Batch& Batch::remove(std::string key) {
    writes.push_back({.key = std::move(key), .value = std::nullopt});
    return *this;
}

bool Batch::fits() const {
    return preconditions.size() + writes.size() <= batch_keys_max &&
           size_bytes() <= batch_bytes_max;
}

std::size_t Batch::size_bytes() const {
    std::size_t size = 0;
    for (auto const& precondition : preconditions) size += precondition.key.size();
    for (auto const& write : writes) {
        size += write.key.size() + (write.value ? write.value->size() : 0);
    }
    return size;
}

Range Range::prefix(std::string prefix) {
    auto end = prefix_end(prefix);
    return {.first = std::move(prefix), .last = std::move(end)};
}

}  // namespace disgrafs::kv
