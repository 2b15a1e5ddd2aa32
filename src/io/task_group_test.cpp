#include "io/task_group.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/clock.hpp"
#include "io/testing.hpp"
#include "io/wake.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::any_io_executor;
using testing::HasSubstr;
using testing::Not;

Task<void> count_up(int& count) {
    ++count;
    co_return Result<void>();
}

Task<void> join_all(any_io_executor executor) {
    TaskGroup group(executor);
    int count = 0;
    for (int n = 0; n < 5; ++n) group.spawn("child", count_up(count));
    EXPECT_EQ(count, 0) << "spawn never runs a child inside itself";
    EXPECT_EQ(group.count(), 5U);
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(count, 5);
    EXPECT_EQ(group.count(), 0U);
    EXPECT_FALSE(group.is_stopping());
    co_return co_await group.join();
}

TEST(TaskGroup, JoinWaitsForAllChildren) { passes(join_all); }

/// A component of the usual shape: works until cancelled, then stops its own children.
Task<void> component(any_io_executor executor, Clock& clock, std::string& story) {
    TaskGroup children(executor);
    children.spawn("inner", clock.sleep(1h));
    auto const slept = co_await clock.sleep(1h);
    story += slept ? "woke " : "cancelled ";
    auto const stopped = co_await children.stop();
    story += stopped ? "stopped " : "could not stop ";
    auto const again = co_await clock.sleep(1h);
    story += again ? "slept again" : "refused to sleep again";
    co_return slept;
}

Task<void> stop_all(any_io_executor executor, Clock& clock) {
    TaskGroup group(executor);
    std::string story;
    group.spawn("component", component(executor, clock, story));
    CO_TRY_OK(co_await clock.sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(story, "cancelled stopped refused to sleep again");
    int count = 0;
    group.spawn("late", count_up(count));
    EXPECT_EQ(group.count(), 0U) << "dropped unstarted";
    EXPECT_EQ(count, 0);
    co_return co_await group.stop();
}

TEST(TaskGroup, StopReachesGrandchildrenAndCleanUpIsAwaited) {
    auto const clock = make_real_clock();
    passes([&](auto executor) { return stop_all(executor, *clock); });
}

Task<void> stop_before_the_first_turn(any_io_executor executor, Clock& clock) {
    TaskGroup group(executor);
    group.spawn("sleeper", clock.sleep(1h));
    co_return co_await group.stop();
}

TEST(TaskGroup, AChildStoppedBeforeItBeganEndsToo) {
    auto const clock = make_real_clock();
    passes([&](auto executor) { return stop_before_the_first_turn(executor, *clock); });
}

Task<void> broken() { co_return fail(Errc::corrupt, "page 7"); }
Task<void> given_up() { co_return fail(Errc::cancelled, "given up"); }
Task<void> throwing(bool really) {
    if (really) throw std::runtime_error("from a library");
    co_return Result<void>();
}

Task<void> spawn_failures(any_io_executor executor) {
    TaskGroup group(executor);
    group.spawn("scrub", broken());
    group.spawn("repair", given_up());
    group.spawn("index", throwing(true));
    co_return co_await group.join();
}

TEST(TaskGroup, ErrorsAndExceptionsAreLoggedOnceAndCancellationIsNot) {
    ::testing::internal::CaptureStderr();
    passes(spawn_failures);
    auto const log = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(log, HasSubstr(R"("msg":"task failed","task":"scrub","error":"page 7")"));
    EXPECT_THAT(log, HasSubstr(R"("task":"index","error":"from a library")"));
    EXPECT_THAT(log, Not(HasSubstr("repair")));
}

Task<void> die_with_children(any_io_executor executor, Clock& clock) {
    TaskGroup group(executor);
    group.spawn("orphan", clock.sleep(1h));
    co_return Result<void>();
}

TEST(TaskGroupDeathTest, DyingWithRunningChildrenIsABug) {
    auto const clock = make_real_clock();
    auto const run = [&] {
        passes([&](auto executor) { return die_with_children(executor, *clock); });
    };
    EXPECT_DEATH(run(), "1 tasks still run, first orphan");
}

}  // namespace
}  // namespace disgrafs
