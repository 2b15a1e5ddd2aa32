#include "io/clock.hpp"

#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "io/testing.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;

Task<void> sleep_three_ms(Clock& clock) {
    auto const start = clock.steady();
    CO_TRY_OK(co_await clock.sleep(3ms));
    EXPECT_GE(clock.steady() - start, 3ms);
    co_return Result<void>();
}

TEST(RealClock, SleepLastsAtLeastAsLongAsAsked) {
    auto const clock = make_real_clock();
    passes([&](auto) { return sleep_three_ms(*clock); });
}

Task<void> sleep_negative(Clock& clock) { co_return co_await clock.sleep(-1s); }

TEST(RealClock, ASleepOfNothingOrLessEndsAtOnce) {
    auto const clock = make_real_clock();
    auto const start = clock->steady();
    passes([&](auto) { return sleep_negative(*clock); });
    EXPECT_LT(clock->steady() - start, 1s);
}

Task<void> note_result(Task<void> task, Result<void>& result) {
    result = co_await std::move(task);
    co_return Result<void>();
}

Task<void> cancel_long_sleep(boost::asio::any_io_executor executor, Clock& clock) {
    TaskGroup group(executor);
    Result<void> result;
    group.spawn("sleeper", note_result(clock.sleep(Duration::max()), result));
    CO_TRY_OK(co_await clock.sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::cancelled);
    co_return Result<void>();
}

TEST(RealClock, ASleepAsLongAsTheWorldCanBeCancelled) {
    auto const clock = make_real_clock();
    passes([&](auto executor) { return cancel_long_sleep(executor, *clock); });
}

TEST(RealClock, NowIsAfterThisTestWasWritten) {
    EXPECT_GT(make_real_clock()->now(), Timestamp{1'735'689'600'000'000});
}

}  // namespace
}  // namespace disgrafs
