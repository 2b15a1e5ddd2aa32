#pragma once

/// \file analysis/worker_metrics.hpp  What a worker counts about the files it analyses.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "analysis/findings.hpp"
#include "base/metrics.hpp"

namespace disgrafs::analysis {

/// Kinds of content, a closed set: the first word of the media type, if it is one of these.
inline constexpr std::array<std::string_view, 6> content_kinds{
    "application", "audio", "image", "text", "video", "other"
};

/// The place in content_kinds of "image/png", "image"; what is unknown is the last.
std::size_t kind_of(std::string_view media_type);

/// One kind of content: how often by outcome, how long.
class KindMetrics {
 public:
    explicit KindMetrics(std::string_view kind);

    void count(AnalyseStatus status, double seconds);
    /// The content could not be had, so nothing was analysed.
    void count_unread(double seconds);

 private:
    std::array<Counter*, 4> by_status_{};
    Counter& unread_;
    Histogram& seconds_;
};

struct WorkerMetrics {
    KindMetrics& of(std::string_view media_type) { return kinds[kind_of(media_type)]; }

    std::array<KindMetrics, content_kinds.size()> kinds{
        KindMetrics(content_kinds[0]),
        KindMetrics(content_kinds[1]),
        KindMetrics(content_kinds[2]),
        KindMetrics(content_kinds[3]),
        KindMetrics(content_kinds[4]),
        KindMetrics(content_kinds[5]),
    };
    Gauge& busy = workers("busy");  ///< Places that have a file.
    Gauge& idle = workers("idle");  ///< Places that wait for one.

 private:
    static Gauge& workers(char const* state) {
        return gauge("disgrafs_tag_workers", "Places for one analysis.", {{"state", state}});
    }
};

}  // namespace disgrafs::analysis
