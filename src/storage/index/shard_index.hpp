#pragma once

/// \file storage/index/shard_index.hpp  Which shards there are and where each lies, in RAM.
///
/// A sorted array in pages of 4 KiB, under a sorted array of pages: 40 bytes an entry, at most 64
/// with the room that pages keep free. A removed shard keeps its entry, so that it cannot come
/// back.
///
/// Pure: no clock, no disk. Pointers are good until the next insert.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "storage/log/record.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::storage {

/// corrupt: its bytes were found damaged; put() of the same bytes heals it.
enum class ShardState : std::uint8_t { live = 0, corrupt = 1, removed = 2 };

/// One shard, packed. Of a removed one `root` holds when (seconds since 1970), and the location is
/// that of its tombstone.
struct IndexEntry {
    UploadId upload;
    std::uint32_t stripe = 0;
    std::uint32_t content_bytes = 0;
    std::uint32_t root = 0;
    std::uint32_t segment = 0;
    std::uint32_t offset = 0;
    std::uint8_t index = 0;
    std::uint8_t k = 0;
    std::uint8_t m = 0;
    std::uint8_t state : 2 = 0;
    std::uint8_t is_wide : 1 = 0;  ///< w = 16, else 8.
    std::uint8_t matrix : 5 = 0;

    [[nodiscard]] ShardId id() const { return {upload, stripe, index}; }
    [[nodiscard]] ShardState state_of() const { return static_cast<ShardState>(state); }
    [[nodiscard]] bool is_removed() const { return state_of() == ShardState::removed; }
    [[nodiscard]] wire::ShardPlace place() const;
    [[nodiscard]] std::uint32_t payload_bytes() const;
    [[nodiscard]] Timestamp removed_at() const;

    void set_state(ShardState to) { state = static_cast<std::uint8_t>(to) & 3U; }
};
static_assert(sizeof(IndexEntry) == 40);

IndexEntry make_entry(RecordHeader const& header, std::uint32_t segment);

class ShardIndex {
 public:
    ShardIndex() = default;
    ShardIndex(ShardIndex&&) = default;  ///< What was moved from is only assigned to or destroyed.
    ShardIndex& operator=(ShardIndex&&) = default;

    /// nullptr when there is none. Cost: two binary searches.
    [[nodiscard]] IndexEntry* find(ShardId id);
    [[nodiscard]] IndexEntry const* find(ShardId id) const;
    /// Asserts that there is none. Cost: as find, and moving up to 4 KiB.
    void insert(IndexEntry const& entry);

    /// Some entries that follow `after`, ascending: what is left of its page. Empty at the end.
    [[nodiscard]] std::span<IndexEntry const> some_after(ShardId after) const;
    [[nodiscard]] std::span<IndexEntry const> first() const;

    [[nodiscard]] std::size_t size() const { return size_; }  ///< Removed ones count.
    [[nodiscard]] std::size_t memory_bytes() const;

 private:
    static constexpr std::size_t page_entries = 102;
    struct Page {
        std::uint32_t count = 0;
        std::uint32_t next_expected = 0;  ///< Behind the entry that came last.
        std::array<IndexEntry, page_entries> entries;

        [[nodiscard]] std::span<IndexEntry> used() { return {entries.data(), count}; }
    };
    [[nodiscard]] std::size_t page_of(ShardId id) const;
    void split(std::size_t at, ShardId id);  ///< Page `at` is full, and `id` belongs into it.

    std::vector<std::unique_ptr<Page>> pages_;  ///< None empty; by first id.
    std::size_t size_ = 0;
};

}  // namespace disgrafs::storage
