#pragma once

/// \file cluster/metrics.hpp  What the index server counts about contents, members and healing.

#include <array>
#include <string>

#include "base/metrics.hpp"
#include "cluster/cluster.hpp"

namespace disgrafs::cluster {

struct ClusterMetrics {
    Counter& encoded_bytes = counter("disgrafs_ec_encode_bytes_total", "Bytes encoded.");
    Counter& encode_seconds = counter("disgrafs_ec_encode_seconds_total", "CPU seconds encoding.");
    Counter& decoded_for_reads = decoded("degraded_read");
    Counter& decoded_for_repair = decoded("repair");
    Counter& degraded_reads =
        counter("disgrafs_degraded_reads_total", "Reads that needed a decode.");
    Counter& hedges_won_by_first = hedged("first");    ///< The slow node answered after all.
    Counter& hedges_won_by_second = hedged("second");  ///< The other shards came sooner.
    Counter& short_writes =
        counter("disgrafs_short_writes_total", "Stripes acknowledged with a shard still missing.");
    Counter& relayouts = counter(
        "disgrafs_write_relayouts_total", "Times an upload went on with another layout or node set."
    );

    Counter& repaired_bytes = counter("disgrafs_repair_bytes_total", "Bytes written by repair.");
    Counter& repairs_without_target = failed_repairs("no_target");
    Counter& repairs_without_source = failed_repairs("no_source");
    Counter& repairs_failed_otherwise = failed_repairs("other");
    Counter& reencoded_contents =
        counter("disgrafs_reencoded_contents_total", "Contents re-encoded to their wanted layout.");
    Counter& removed_shards =
        counter("disgrafs_gc_removed_shards_total", "Shards removed by garbage collection.");
    Counter& aborted_passes =
        counter("disgrafs_gc_aborted_passes_total", "Garbage passes given up after an error.");
    Gauge& garbage_bytes = gauge("disgrafs_gc_pending_bytes", "Deleted, not yet reclaimed.");

    Gauge& stripes_lost = gauge("disgrafs_stripes_lost", "Stripes that can not be rebuilt now.");
    Gauge& files_at_risk = gauge("disgrafs_files_at_risk", "Files with any stripe at margin 0.");
    Gauge& files_lost = gauge("disgrafs_files_lost", "Files with a lost stripe.");
    Gauge& repair_eta = gauge("disgrafs_repair_eta_seconds", "Backlog over present repair speed.");
    Gauge& capacity_usable = gauge("disgrafs_capacity_usable_bytes", "Usable after coding.");
    Gauge& capacity_used = gauge("disgrafs_capacity_used_bytes", "Used.");
    Gauge& placement_violations =
        gauge("disgrafs_placement_violations", "Stripes with two shards in one failure domain.");
    Gauge& balance_skew =
        gauge("disgrafs_balance_skew_ratio", "(fullest - emptiest node) used ratio.");

    static constexpr int margins = 5;  ///< 0 … 3, and "4" for more.
    std::array<Gauge*, margins> stripes =
        by_margin("disgrafs_stripes", "Stripes by how many more shard losses they survive.");
    std::array<Gauge*, margins> repair_queue =
        by_margin("disgrafs_repair_queue_stripes", "Stripes waiting for repair.");

 private:
    static Counter& decoded(char const* reason) {
        auto const help = "Bytes rebuilt by decoding: degraded_read, repair.";
        return counter("disgrafs_ec_decode_bytes_total", help, {{"reason", reason}});
    }
    static Counter& hedged(char const* winner) {
        auto const help = "Extra shard reads sent against a slow node.";
        return counter("disgrafs_hedged_reads_total", help, {{"winner", winner}});
    }
    static Counter& failed_repairs(char const* reason) {
        return counter("disgrafs_repair_failures_total", "Failed repairs.", {{"reason", reason}});
    }
    static std::array<Gauge*, margins> by_margin(char const* name, char const* help) {
        std::array<Gauge*, margins> gauges{};
        for (std::size_t margin = 0; margin < gauges.size(); ++margin) {
            gauges[margin] = &gauge(name, help, {{"margin", std::to_string(margin)}});
        }
        return gauges;
    }
};

/// The module's one struct, made on first use.
inline ClusterMetrics& cluster_metrics() {
    static ClusterMetrics metrics;
    return metrics;
}

}  // namespace disgrafs::cluster
