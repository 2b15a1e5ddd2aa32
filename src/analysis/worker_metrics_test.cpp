#include "analysis/worker_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::analysis {
namespace {

using testing::HasSubstr;

std::string_view kind(std::string_view media_type) { return content_kinds[kind_of(media_type)]; }

TEST(WorkerMetrics, AKindIsTheFirstWordOfTheMediaTypeOrOther) {
    EXPECT_EQ(kind("image/png"), "image");
    EXPECT_EQ(kind("text/plain; charset=utf-8"), "text");
    EXPECT_EQ(kind("application/pdf"), "application");
    EXPECT_EQ(kind("video"), "video");
    EXPECT_EQ(kind("x-world/x-3dmf"), "other");
    EXPECT_EQ(kind("texts/plain"), "other");
    EXPECT_EQ(kind(""), "other");
    EXPECT_EQ(kind("/"), "other");
}

TEST(WorkerMetrics, EveryOutcomeOfEveryKindIsThereAtZero) {
    WorkerMetrics const metrics;
    auto const text = write_metrics();
    for (auto const name : content_kinds) {
        for (std::string const result : {"ok", "unavailable", "failed", "timed_out", "unread"}) {
            auto const labels =
                "{kind=\"" + std::string(name) + "\",result=\"" + result + "\"} 0\n";
            EXPECT_THAT(text, HasSubstr("disgrafs_tag_jobs_total" + labels));
        }
    }
}

TEST(WorkerMetrics, AJobCountsOnceUnderItsKindAndOutcome) {
    WorkerMetrics metrics;
    metrics.of("audio/x-wav").count(AnalyseStatus::timed_out, 0.3);
    metrics.of("audio/x-wav").count_unread(0.1);
    auto const text = write_metrics();
    EXPECT_THAT(text, HasSubstr("_jobs_total{kind=\"audio\",result=\"timed_out\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("_jobs_total{kind=\"audio\",result=\"unread\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("_jobs_total{kind=\"audio\",result=\"ok\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("_job_duration_seconds_count{kind=\"audio\"} 2\n"));
}

}  // namespace
}  // namespace disgrafs::analysis
