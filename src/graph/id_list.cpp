#include "graph/id_list.hpp"

#include <algorithm>
#include <utility>

namespace disgrafs::graph {
namespace {

bool insert_sorted(std::vector<std::uint64_t>& ids, std::uint64_t id) {
    auto const at = std::ranges::lower_bound(ids, id);
    if (at != ids.end() && *at == id) return false;
    ids.insert(at, id);
    return true;
}

bool erase_sorted(std::vector<std::uint64_t>& ids, std::uint64_t id) {
    auto const at = std::ranges::lower_bound(ids, id);
    if (at == ids.end() || *at != id) return false;
    ids.erase(at);
    return true;
}

/// The first block that ends at or behind `id`; the end when all end before it.
template <typename Blocks>
auto block_of(Blocks& blocks, std::uint64_t id) {
    return std::ranges::lower_bound(blocks, id, {}, [](auto const& block) { return block.back(); });
}

}  // namespace

bool IdList::insert(std::uint64_t id) {
    if (hub_) return insert_into_hub(id);
    if (!insert_sorted(ids_, id)) return false;
    if (ids_.size() > block_ids_max) {
        hub_ = std::make_unique<Hub>();
        hub_->size = ids_.size();
        hub_->blocks.push_back(std::exchange(ids_, {}));
    }
    return true;
}

bool IdList::insert_into_hub(std::uint64_t id) {
    auto& blocks = hub_->blocks;
    auto at = block_of(blocks, id);
    if (at == blocks.end()) {
        // New edges have the greatest ids: the last block is filled, then another begun.
        if (blocks.back().size() >= block_ids_max) blocks.emplace_back();
        blocks.back().push_back(id);
        ++hub_->size;
        return true;
    }
    if (!insert_sorted(*at, id)) return false;
    ++hub_->size;
    if (at->size() > block_ids_max) {
        auto const middle = at->begin() + static_cast<std::ptrdiff_t>(at->size() / 2);
        Block upper(middle, at->end());
        at->erase(middle, at->end());
        blocks.insert(at + 1, std::move(upper));
    }
    return true;
}

bool IdList::erase(std::uint64_t id) { return hub_ ? erase_from_hub(id) : erase_sorted(ids_, id); }

bool IdList::erase_from_hub(std::uint64_t id) {
    auto& blocks = hub_->blocks;
    auto const at = block_of(blocks, id);
    if (at == blocks.end() || !erase_sorted(*at, id)) return false;
    --hub_->size;
    if (at->empty()) blocks.erase(at);
    if (blocks.empty()) hub_.reset();
    return true;
}

}  // namespace disgrafs::graph
