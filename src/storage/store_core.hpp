#pragma once

/// \file storage/store_core.hpp  What the parts of a store (committer, reader, scrubber …) share.
///
/// Concurrency: one event loop.

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "storage/index/catalog.hpp"
#include "storage/log/segment.hpp"
#include "storage/log/segment_files.hpp"
#include "storage/shard_store.hpp"
#include "storage/store_metrics.hpp"

namespace disgrafs::storage {

struct StoreCore {
    StoreCore(ShardStoreParts with, ShardStoreOptions how);

    ShardStoreParts parts;
    ShardStoreOptions options;
    DiskId disk_id{};
    StoreMetrics metrics;
    Catalog catalog;
    SegmentFiles files;
    std::uint64_t durable = 0;       ///< Sequence of the last synced record.
    std::uint32_t last_segment = 0;  ///< Highest number ever given; written to, if it is open.
    DiskSpace space;                 ///< When last asked; less what was allocated since.
    bool has_ballast = false;
    std::string read_only_because;  ///< Empty: it writes. Else why not, until restart.

    [[nodiscard]] std::uint64_t capacity_bytes() const;
    /// What puts must leave free, so that a full disk can still delete, checkpoint and heal.
    [[nodiscard]] std::uint64_t reserve_bytes() const;
    /// What puts may still fill.
    [[nodiscard]] std::uint64_t room_bytes() const;
    /// Nearly full: space is given back sooner, and for less.
    [[nodiscard]] bool is_tight() const { return room_bytes() < reserve_bytes(); }
    [[nodiscard]] StoreCounts counts() const;

    /// Errors: io, when the store is read-only.
    [[nodiscard]] Result<void> may_write() const;
    /// A write or sync failed: nothing is written any more until restart. Idempotent.
    void stop_writing(Error const& why);
    /// The record at `seen` cannot be read. Until it is healed or read well, get() says corrupt.
    void lose(IndexEntry const& seen, Error const& why);

    /// Ask the disk how much is free. An error is logged: the numbers stay old.
    boost::asio::awaitable<void> measure_space();
    /// The ballast is a file that holds some space for the time when others have filled the disk.
    /// Letting it go makes room for deletes, checkpoints and compaction.
    Task<void> find_ballast();  ///< At start: is it still there?
    Task<void> hold_ballast();
    Task<void> release_ballast();
    void publish();  ///< Set the gauges.
    /// Add up what the sealed segments take; after each change of which those are.
    void count_sealed();

 private:
    std::uint64_t sealed_bytes_ = 0;
};

/// Seconds since `since`, into `into`.
void observe(Histogram& into, Clock const& clock, Duration since);

}  // namespace disgrafs::storage
