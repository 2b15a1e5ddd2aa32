#include "storage/index/catalog.hpp"

#include "base/assert.hpp"

namespace disgrafs::storage {

Segment& Catalog::segment(std::uint32_t id) {
    auto const found = segments_.find(id);
    DISGRAFS_ASSERT(found != segments_.end(), "no segment {}", id);
    return found->second;
}

/// Add (+1) or take away (−1) what an entry stands for.
void Catalog::count(IndexEntry const& entry, int sign) {
    auto const by = static_cast<std::uint64_t>(static_cast<std::int64_t>(sign));
    auto const payload = entry.payload_bytes();
    if (auto const found = segments_.find(entry.segment); found != segments_.end()) {
        found->second.live_bytes += by * record_bytes(payload);
        found->second.live_records += by;
    }
    if (entry.is_removed()) return;
    shards_ += by;
    payload_bytes_ += by * payload;
    if (entry.state_of() == ShardState::corrupt) corrupt_shards_ += by;
}

void Catalog::apply(RecordHeader const& header, std::uint32_t segment_id) {
    segment(segment_id).record_bytes += record_bytes(header.payload_bytes);
    auto const entry = make_entry(header, segment_id);
    auto* const known = index_.find(entry.id());
    if (known == nullptr) {
        index_.insert(entry);
        count(entry, +1);
        return;
    }
    if (known->is_removed() && !entry.is_removed()) return;
    if (known->is_removed() == entry.is_removed() && !is_later(entry, *known)) return;
    count(*known, -1);
    *known = entry;
    count(entry, +1);
}

std::uint64_t Catalog::recount() {
    shards_ = corrupt_shards_ = payload_bytes_ = 0;
    for (auto& [id, segment] : segments_) segment.live_bytes = segment.live_records = 0;
    std::uint64_t lost = 0;
    for (auto some = index_.first(); !some.empty(); some = index_.some_after(some.back().id())) {
        for (auto const& entry : some) {
            if (!segments_.contains(entry.segment) && entry.state_of() == ShardState::live) {
                index_.find(entry.id())->set_state(ShardState::corrupt);
                ++lost;
            }
            count(entry, +1);
        }
    }
    return lost;
}

void Catalog::mark(IndexEntry const& seen, ShardState state) {
    auto* const entry = index_.find(seen.id());
    if (entry == nullptr || entry->is_removed()) return;
    if (entry->segment != seen.segment || entry->offset != seen.offset) return;
    bool const is_news = state == ShardState::corrupt && entry->state_of() == ShardState::live;
    if (is_news) ++damage_found_;
    count(*entry, -1);
    entry->set_state(state);
    count(*entry, +1);
}

}  // namespace disgrafs::storage
