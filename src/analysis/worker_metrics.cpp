#include "analysis/worker_metrics.hpp"

#include <algorithm>

namespace disgrafs::analysis {

namespace {

constexpr std::array statuses{
    AnalyseStatus::ok, AnalyseStatus::unavailable, AnalyseStatus::failed, AnalyseStatus::timed_out
};

Counter& jobs(std::string_view kind, std::string_view result) {
    return counter(
        "disgrafs_tag_jobs_total",
        "Tagging jobs finished.",
        {{"kind", std::string(kind)}, {"result", std::string(result)}}
    );
}

}  // namespace

std::size_t kind_of(std::string_view media_type) {
    auto const word = media_type.substr(0, media_type.find('/'));
    auto const found = std::ranges::find(content_kinds, word);
    auto const last = content_kinds.end() - 1;
    return static_cast<std::size_t>(std::min(found, last) - content_kinds.begin());
}

KindMetrics::KindMetrics(std::string_view kind)
    : unread_(jobs(kind, "unread")),
      seconds_(histogram(
          "disgrafs_tag_job_duration_seconds",
          "Tagging job latency, from lease to findings.",
          {{"kind", std::string(kind)}}
      )) {
    for (auto const status : statuses) {
        by_status_.at(static_cast<std::size_t>(status)) = &jobs(kind, to_text(status));
    }
}

void KindMetrics::count(AnalyseStatus status, double seconds) {
    by_status_.at(static_cast<std::size_t>(status))->Increment();
    seconds_.Observe(seconds);
}

void KindMetrics::count_unread(double seconds) {
    unread_.Increment();
    seconds_.Observe(seconds);
}

}  // namespace disgrafs::analysis
