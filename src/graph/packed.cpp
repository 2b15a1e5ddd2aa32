#include "graph/packed.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "graph/row_format.hpp"

namespace disgrafs::graph {

Packed::Packed(Properties const& properties, Names& keys) {
    if (properties.empty()) return;
    ByteWriter writer;
    for (auto const& [key, value] : properties) {
        writer.varint(keys.number(key));
        encode_value(writer, value);
    }
    size_ = static_cast<std::uint32_t>(writer.size());
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(size_);
    std::ranges::copy(writer.view(), bytes_.get());
}

Properties Packed::unpack(Names const& keys) const {
    Properties properties;
    ByteReader reader(ByteView(bytes_.get(), size_));
    while (!reader.at_end()) {
        auto const key = keys.word(static_cast<std::uint32_t>(reader.varint()));
        auto value = decode_value(reader);
        DISGRAFS_ASSERT(value && reader.ok(), "packed property {} is damaged", key);
        properties.insert_or_assign(properties.end(), std::string(key), *std::move(value));
    }
    return properties;
}

bool operator==(Packed const& a, Packed const& b) {
    return std::ranges::equal(ByteView(a.bytes_.get(), a.size_), ByteView(b.bytes_.get(), b.size_));
}

}  // namespace disgrafs::graph
