#include "base/metrics.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

double dropped_series() {
    return counter(
               "disgrafs_metrics_dropped_series_total",
               "Series refused because the cap per process was reached."
    )
        .Value();
}

TEST(Metrics, ASeriesExistsAtZeroFromTheStart) {
    counter("disgrafs_test_zero_total", "Nothing yet.", {{"op", "read"}});
    auto const text = write_metrics();
    EXPECT_THAT(text, HasSubstr("# HELP disgrafs_test_zero_total Nothing yet.\n"));
    EXPECT_THAT(text, HasSubstr("# TYPE disgrafs_test_zero_total counter\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_zero_total{op=\"read\"} 0\n"));
}

TEST(Metrics, TheBuildIsNamed) {
    EXPECT_THAT(write_metrics(), ContainsRegex("disgrafs_build_info.version=\"[0-9.]+\". 1\n"));
}

TEST(Metrics, SameNameAndLabelsAreTheSameObject) {
    auto& first = counter("disgrafs_test_same_total", "Same.", {{"a", "1"}, {"b", "2"}});
    auto& again = counter("disgrafs_test_same_total", "Same.", {{"b", "2"}, {"a", "1"}});
    auto& other = counter("disgrafs_test_same_total", "Same.", {{"a", "1"}, {"b", "3"}});
    EXPECT_EQ(&first, &again);
    EXPECT_NE(&first, &other);
    EXPECT_EQ(&gauge("disgrafs_test_level", "Level."), &gauge("disgrafs_test_level", "Level."));
}

TEST(Metrics, AHistogramHasSixteenBucketsAndInfinity) {
    histogram("disgrafs_test_wait_seconds", "Wait.").Observe(0.0015);
    auto const text = write_metrics();
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_bucket{le=\"0.0001\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_bucket{le=\"0.001\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_bucket{le=\"0.002\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_bucket{le=\"10\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_bucket{le=\"+Inf\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("disgrafs_test_wait_seconds_count 1\n"));
    std::size_t buckets = 0;
    for (auto at = text.find("test_wait_seconds_bucket"); at != std::string::npos;
         at = text.find("test_wait_seconds_bucket", at + 1)) {
        ++buckets;
    }
    EXPECT_EQ(buckets, 17U);
}

TEST(Metrics, LabelValuesAreEscaped) {
    gauge("disgrafs_test_escape", "Escape.", {{"disk", "a\"b\\c\nd"}}).Set(2);
    EXPECT_THAT(write_metrics(), HasSubstr(R"(disgrafs_test_escape{disk="a\"b\\c\nd"} 2)"));
}

TEST(Metrics, WhatIsNoNumberIsLeftOut) {
    gauge("disgrafs_test_nan", "No number.", {{"kind", "nan"}})
        .Set(std::numeric_limits<double>::quiet_NaN());
    gauge("disgrafs_test_nan", "No number.", {{"kind", "inf"}})
        .Set(std::numeric_limits<double>::infinity());
    gauge("disgrafs_test_nan", "No number.", {{"kind", "good"}}).Set(5);
    auto const text = write_metrics();
    EXPECT_THAT(text, HasSubstr("disgrafs_test_nan{kind=\"good\"} 5\n"));
    EXPECT_THAT(text, Not(HasSubstr("kind=\"nan\"")));
    EXPECT_THAT(text, Not(HasSubstr("kind=\"inf\"")));
}

TEST(Metrics, RefreshersRunBeforeEachWriteOutAndMayLookMetricsUp) {
    static std::atomic<int> calls = 0;
    on_collect([] { gauge("disgrafs_test_refreshed", "Refreshed.").Set(++calls); });
    EXPECT_THAT(write_metrics(), HasSubstr("disgrafs_test_refreshed 1\n"));
    EXPECT_THAT(write_metrics(), HasSubstr("disgrafs_test_refreshed 2\n"));
}

TEST(Metrics, BeyondTheCapASeriesIsRefusedAndCounted) {
    auto const before = dropped_series();
    limit_series(0);
    counter("disgrafs_test_over_total", "Over.", {{"n", "1"}}).Increment();
    gauge("disgrafs_test_over_level", "Over.").Set(1);
    histogram("disgrafs_test_over_seconds", "Over.").Observe(1);
    EXPECT_EQ(dropped_series(), before + 3);
    EXPECT_THAT(write_metrics(), Not(HasSubstr("n=\"1\"")));
    limit_series(1500);
    counter("disgrafs_test_over_total", "Over.", {{"n", "1"}}).Increment();
    EXPECT_THAT(write_metrics(), HasSubstr("disgrafs_test_over_total{n=\"1\"} 1\n"));
}

TEST(Metrics, AForgottenGaugeIsGoneAndMakesRoom) {
    gauge("disgrafs_test_gone", "Gone.", {{"node", "n1"}}).Set(1);
    gauge("disgrafs_test_gone", "Gone.", {{"node", "n2"}}).Set(2);
    forget_gauge("disgrafs_test_gone", {{"node", "n1"}});
    forget_gauge("disgrafs_test_gone", {{"node", "n1"}});
    forget_gauge("disgrafs_test_never", {});
    auto const one_left = write_metrics();
    EXPECT_THAT(one_left, Not(HasSubstr("disgrafs_test_gone{node=\"n1\"}")));
    EXPECT_THAT(one_left, HasSubstr("disgrafs_test_gone{node=\"n2\"} 2\n"));
    forget_gauge("disgrafs_test_gone", {{"node", "n2"}});
    EXPECT_THAT(write_metrics(), Not(HasSubstr("disgrafs_test_gone"))) << "no empty family either";
    auto const before = dropped_series();
    for (int n = 0; n < 5000; ++n) {  // More than the cap, one after the other.
        Labels const labels{{"node", std::to_string(n)}};
        gauge("disgrafs_test_gone", "Gone.", labels).Set(3);
        forget_gauge("disgrafs_test_gone", labels);
    }
    EXPECT_EQ(dropped_series(), before);
}

TEST(Metrics, AHistogramCostsNineteenSeries) {
    auto const before = dropped_series();
    for (int n = 0; n < 100; ++n) {
        histogram("disgrafs_test_cost_seconds", "Cost.", {{"n", std::to_string(n)}});
    }
    auto const kept = 100 - (dropped_series() - before);
    limit_series(5000);  // room for the tests that follow
    EXPECT_GT(kept, 70);
    EXPECT_LT(kept, 79) << "78 x 19 = 1482, and others are there";
}

TEST(Metrics, ThreadsMayCountAndWriteOutAtOnce) {
    auto const work = [] {
        for (int n = 0; n < 200; ++n) {
            counter("disgrafs_test_threads_total", "Threads.").Increment();
            if (n % 50 == 0) write_metrics();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int n = 0; n < 4; ++n) threads.emplace_back(work);
    }
    EXPECT_EQ(counter("disgrafs_test_threads_total", "Threads.").Value(), 800);
}

TEST(MetricsDeathTest, ForbiddenNamesAndDoubleMeaningsAreBugs) {
    EXPECT_DEATH(counter("disgrafs-test", "No."), "is no metric name");
    EXPECT_DEATH(counter("", "No."), "is no metric name");
    EXPECT_DEATH(gauge("disgrafs_test_label", "No.", {{"1st", "x"}}), "has the label");
    EXPECT_DEATH(histogram("disgrafs_test_le", "No.", {{"le", "1"}}), "has the label");
    counter("disgrafs_test_twice_total", "One.");
    EXPECT_DEATH(gauge("disgrafs_test_twice_total", "One."), "is of two kinds");
    EXPECT_DEATH(counter("disgrafs_test_twice_total", "Two."), "has two helps");
}

/// Writes the whole table into promtool, the format's own judge.
TEST(Metrics, PromtoolAcceptsTheTable) {
    if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "no promtool here";
    auto* const judge = popen("promtool check metrics 2>&1", "w");
    ASSERT_NE(judge, nullptr);
    auto const text = write_metrics();
    std::fwrite(text.data(), 1, text.size(), judge);
    EXPECT_EQ(pclose(judge), 0) << text;
}

}  // namespace
}  // namespace disgrafs
