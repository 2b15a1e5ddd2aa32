#pragma once

/// \file storage/shard_store.hpp  The shards of one disk: put, get, remove.
///
/// A shard is written once and never changed. put() answers only after the segment that holds the
/// shard is synced, so an answered shard survives power loss. Puts that arrive while a sync runs
/// share the next one (group commit: no timer).
///
/// On disk (docs/formats/segment.md):  record = header | blocks | footer
/// Recovery: a bad record with no valid one after it in the last segment is a torn tail and is cut
/// off; with valid ones after it, it is corruption: the shard is marked corrupt, nothing is cut.
///
/// Concurrency: one event loop; the disk works on its pool. Different shards overlap.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::storage {

struct ShardStoreOptions {
    std::uint64_t capacity_bytes = 0;  ///< put() refuses above this; 0: the disk's size.
    double reserve_ratio = 0.05;       ///< Kept free for deletes, checkpoints, healing.
    std::uint64_t segment_bytes = 256ULL << 20U;
    std::uint32_t batch_bytes_max = 4U << 20U;  ///< A group commit, plus one record.
    std::uint32_t batch_records_max = 256;
    Duration scrub_every = std::chrono::hours(24 * 7);  ///< One round over all shards.
    std::uint32_t scrub_bytes_per_s = 8U << 20U;        ///< 0 stops the scrubber.
    /// A removed shard keeps its bytes so long.
    Duration compact_after = std::chrono::hours(24);
};

struct StoreCounts {
    std::uint64_t shards = 0;
    std::uint64_t corrupt_shards = 0;
    std::uint64_t damage_found = 0;  ///< Times that a shard was found corrupt since open.
    std::uint64_t used_bytes = 0;    ///< Live payload.
    std::uint64_t capacity_bytes = 0;
    std::uint64_t free_bytes = 0;
    std::string file_system;       ///< On which it lies (io/disk.hpp) …
    std::uint64_t disk_bytes = 0;  ///< … and how large that is; stores may share it.
    std::uint64_t sequence = 0;    ///< Of the last durable record.
    bool is_read_only = false;     ///< A sync or write failed; only restart clears it.
};

/// A stored shard's receipt facts, before the node signs them.
struct Stored {
    std::uint32_t size_bytes = 0;
    std::uint32_t root = 0;
    std::uint64_t sequence = 0;
};

class ShardStore {
 public:
    virtual ~ShardStore() = default;

    /// `payload` is checked against `blocks` first. Same bytes again succeed; they also heal a
    /// shard that became corrupt. Errors: invalid (place, sizes), conflict (other bytes, or removed
    /// before), corrupt, exhausted (disk full), unavailable (too many wait), io.
    virtual Task<Stored> put(
        wire::ShardPlace place, std::vector<std::uint32_t> blocks, Bytes payload
    ) = 0;
    /// Verified per 64 KiB block; `size` 0: to the end. Only the blocks of the range are read.
    /// Errors: not_found, corrupt (also: unreadable), invalid (range).
    virtual Task<wire::ShardRange> get(ShardId id, std::uint32_t offset, std::uint32_t size) = 0;
    /// Durable tombstone, also for unknown ids: a later put is refused for ever. The space returns
    /// by compaction. Works on a full disk. Errors: io.
    virtual Task<void> remove(ShardId id) = 0;
    /// Shards after `after`, ascending, removed ones not; at most 10,000.
    virtual wire::ShardList list(ShardId after, std::uint32_t limit) const = 0;
    [[nodiscard]] virtual StoreCounts counts() const = 0;
    /// Uuid of this disk, made when the store was.
    [[nodiscard]] virtual std::string disk_id() const = 0;

    /// Scrubber, compaction and checkpoints, until stop().
    virtual Task<void> run() = 0;
    /// Finish what is under way, write a checkpoint, refuse the rest (cancelled).
    virtual Task<void> stop() = 0;
};

struct ShardStoreParts {
    Disk* disk = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    boost::asio::any_io_executor executor;
};

/// Opens, or makes, the store in the root folder of `disk`. Errors: conflict (another process has
/// it), corrupt (identity or superblock: nothing is changed then), invalid (a later format), io.
Task<std::unique_ptr<ShardStore>> open_shard_store(
    ShardStoreParts parts, ShardStoreOptions options
);

}  // namespace disgrafs::storage
