#include "storage/index/shard_index.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;

/// Where `id` stands, or would stand.
std::uint32_t position_of(std::span<IndexEntry const> entries, ShardId id) {
    auto const is_less = [](IndexEntry const& entry, ShardId wanted) {
        return entry.id() < wanted;
    };
    auto const at = std::lower_bound(entries.begin(), entries.end(), id, is_less);
    return static_cast<std::uint32_t>(at - entries.begin());
}

}  // namespace

wire::ShardPlace IndexEntry::place() const {
    erasure::Layout layout;
    layout.k = k;
    layout.m = m;
    layout.w = is_wide ? 16 : 8;
    layout.matrix = static_cast<erasure::Matrix>(matrix);
    return {.id = id(), .layout = layout, .content_bytes = content_bytes};
}

std::uint32_t IndexEntry::payload_bytes() const {
    if (is_removed()) return 0;
    return erasure::shard_bytes(place().layout, content_bytes, index);
}

Timestamp IndexEntry::removed_at() const {
    DISGRAFS_ASSERT(is_removed(), "not removed");
    return {std::int64_t{root} * us_per_s};
}

IndexEntry make_entry(RecordHeader const& header, std::uint32_t segment) {
    auto const& [id, layout, content_bytes] = header.place;
    IndexEntry entry{.upload = id.upload, .stripe = id.stripe, .index = id.index};
    entry.segment = segment;
    entry.offset = header.spot.offset;
    if (header.type == RecordType::tombstone) {
        entry.set_state(ShardState::removed);
        entry.root = static_cast<std::uint32_t>(header.written.us / us_per_s);
        return entry;
    }
    entry.content_bytes = content_bytes;
    entry.root = header.root;
    entry.k = static_cast<std::uint8_t>(layout.k);
    entry.m = static_cast<std::uint8_t>(layout.m);
    entry.is_wide = layout.w == 16;
    entry.matrix = static_cast<std::uint8_t>(layout.matrix) & 31U;
    return entry;
}

/// The last page whose first id is not above `id`; the first page when all are.
std::size_t ShardIndex::page_of(ShardId id) const {
    if (pages_.back()->entries.front().id() <= id) return pages_.size() - 1;
    auto const is_above = [](ShardId wanted, std::unique_ptr<Page> const& page) {
        return wanted < page->entries.front().id();
    };
    auto const after = std::upper_bound(pages_.begin(), pages_.end(), id, is_above);
    return after == pages_.begin() ? 0 : static_cast<std::size_t>(after - pages_.begin()) - 1;
}

IndexEntry* ShardIndex::find(ShardId id) {
    if (pages_.empty()) return nullptr;
    auto const entries = pages_[page_of(id)]->used();
    auto const at = position_of(entries, id);
    return at == entries.size() || entries[at].id() != id ? nullptr : &entries[at];
}

IndexEntry const* ShardIndex::find(ShardId id) const {
    return const_cast<ShardIndex*>(this)->find(id);  // NOLINT: finding changes nothing
}

/// A full page gives half of its entries to a new one. Where ids arrive in ascending order, alone
/// or in several streams, it is cut where they arrive instead, so that what a stream leaves behind
/// is full.
void ShardIndex::split(std::size_t at, ShardId id) {
    auto& page = *pages_[at];
    auto const position = position_of(page.used(), id);
    auto keep = page.count / 2;
    if (position == page.next_expected) keep = std::clamp(position, 1U, page.count - 1);
    auto fresh = std::make_unique<Page>();
    fresh->count = page.count - keep;
    fresh->next_expected = position > keep ? position - keep : 0;
    std::ranges::copy(page.used().subspan(keep), fresh->entries.begin());
    page.count = keep;
    pages_.insert(pages_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(fresh));
}

void ShardIndex::insert(IndexEntry const& entry) {
    auto const id = entry.id();
    if (pages_.empty()) pages_.push_back(std::make_unique<Page>());
    if (pages_[page_of(id)]->count == page_entries) split(page_of(id), id);
    auto& page = *pages_[page_of(id)];
    auto const position = position_of(page.used(), id);
    DISGRAFS_ASSERT(
        position == page.count || page.entries[position].id() != id, "shard inserted twice"
    );
    auto const behind = page.used().subspan(position);
    ++page.count;
    std::ranges::move_backward(behind, page.used().end());
    page.entries[position] = entry;
    page.next_expected = position + 1;
    ++size_;
}

std::span<IndexEntry const> ShardIndex::first() const {
    return pages_.empty() ? std::span<IndexEntry const>{} : pages_.front()->used();
}

std::span<IndexEntry const> ShardIndex::some_after(ShardId after) const {
    if (pages_.empty()) return {};
    auto const at = page_of(after);
    auto const entries = pages_[at]->used();
    auto rest = entries.subspan(position_of(entries, after));
    if (!rest.empty() && rest.front().id() == after) rest = rest.subspan(1);
    if (rest.empty() && at + 1 < pages_.size()) return pages_[at + 1]->used();
    return rest;
}

std::size_t ShardIndex::memory_bytes() const {
    return pages_.size() * sizeof(Page) + pages_.capacity() * sizeof(std::unique_ptr<Page>);
}

}  // namespace disgrafs::storage
