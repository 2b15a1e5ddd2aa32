#pragma once

/// \file storage/node_metrics.hpp  What a storage node counts about what it is asked.

#include <array>

#include "base/metrics.hpp"
#include "base/result.hpp"

namespace disgrafs::storage {

/// One operation: how often by result, how long, how many bytes.
class OpMetrics {
 public:
    explicit OpMetrics(char const* op)
        : seconds_(histogram(
              "disgrafs_storage_op_duration_seconds", "Shard operation latency.", {{"op", op}}
          )),
          bytes_(counter("disgrafs_storage_bytes_total", "Shard bytes moved.", {{"op", op}})) {
        for (std::size_t n = 0; n < result_names.size(); ++n) {
            auto const labels = Labels{{"op", op}, {"result", result_names[n]}};
            results_[n] = &counter("disgrafs_storage_ops_total", "Shard operations.", labels);
        }
    }

    template <typename T>
    void count(Result<T> const& result, double seconds, std::uint64_t bytes) {
        auto const code = result ? 0 : static_cast<std::size_t>(result.error().code) + 1;
        results_[code]->Increment();
        seconds_.Observe(seconds);
        if (result) bytes_.Increment(static_cast<double>(bytes));
    }

 private:
    /// "ok", then by Errc.
    static constexpr std::array result_names{
        "ok",
        "invalid",
        "denied",
        "not_found",
        "conflict",
        "exhausted",
        "corrupt",
        "unavailable",
        "cancelled",
        "io",
    };
    static_assert(result_names.size() == static_cast<std::size_t>(Errc::io) + 2);

    Histogram& seconds_;
    Counter& bytes_;
    std::array<Counter*, result_names.size()> results_{};
};

struct NodeMetrics {
    OpMetrics write_shard{"write_shard"};
    OpMetrics read_shard{"read_shard"};
    OpMetrics remove_shard{"remove_shard"};
    OpMetrics list_shards{"list_shards"};
};

}  // namespace disgrafs::storage
