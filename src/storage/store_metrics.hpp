#pragma once

/// \file storage/store_metrics.hpp  What a store counts about its disk.

#include "base/metrics.hpp"

namespace disgrafs::storage {

struct StoreMetrics {
    /// Seconds of one call to the disk, as the storage process sees it.
    Histogram& read = disk_seconds("read");
    Histogram& write = disk_seconds("write");
    Histogram& sync = disk_seconds("sync");

    Counter& io_errors = disk_errors("io");              ///< The operating system refused.
    Counter& checksum_errors = disk_errors("checksum");  ///< Bytes that were not what was written.
    Counter& space_errors = disk_errors("space");  ///< No room, though there should have been.

    Gauge& size_bytes = gauge("disgrafs_disk_size_bytes", "Disk size.", disk());
    Gauge& free_bytes = gauge("disgrafs_disk_free_bytes", "Free for shards.", disk());
    Gauge& healthy = gauge("disgrafs_disk_healthy", "0 once the disk is taken out of use.", disk());
    Gauge& shards_ok = shards("ok");
    Gauge& shards_corrupt = shards("corrupt");

    Counter& scrub_bytes = counter("disgrafs_scrub_bytes_total", "Bytes verified.");
    Counter& scrub_errors = counter(
        "disgrafs_scrub_errors_total", "Bad shards found by scrub.", {{"result", "pending"}}
    );
    Counter& compacted_bytes = counter(
        "disgrafs_storage_compacted_bytes_total", "Bytes copied out of segments mostly dead."
    );
    Counter& batches = counter("disgrafs_storage_batches_total", "Group commits: one sync each.");

    /// Seconds since 1970. The series appears with the first full round.
    static Gauge& scrub_completed() {
        return gauge("disgrafs_scrub_completed_timestamp_seconds", "Last full scrub.", disk());
    }

 private:
    static Labels disk() { return {{"disk", "d0"}}; }
    static Histogram& disk_seconds(char const* op) {
        auto const help = "Device latency as the storage process sees it.";
        return histogram("disgrafs_disk_op_duration_seconds", help, {{"disk", "d0"}, {"op", op}});
    }
    static Counter& disk_errors(char const* kind) {
        auto const help = "Disk errors: io, checksum, space.";
        return counter("disgrafs_disk_errors_total", help, {{"disk", "d0"}, {"kind", kind}});
    }
    static Gauge& shards(char const* state) {
        auto const help = "Shards held: ok, corrupt.";
        return gauge("disgrafs_shards", help, {{"disk", "d0"}, {"state", state}});
    }
};

}  // namespace disgrafs::storage
