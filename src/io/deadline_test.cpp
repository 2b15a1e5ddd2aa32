#include "io/deadline.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "io/testing.hpp"
#include "io/wake.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::any_io_executor;

Task<std::string> say(Clock& clock, Duration after, std::string word) {
    CO_TRY_OK(co_await clock.sleep(after));
    co_return word;
}

Task<std::string> complain(Clock& clock, Duration after) {
    auto const slept = co_await clock.sleep(after);
    co_return fail(Errc::corrupt, "{}", slept ? "in time" : "while stopping");
}

/// Takes its time to stop, and has an answer all the same.
Task<std::string> insist(Clock& clock, Duration after) {
    auto const slept = co_await clock.sleep(after);
    co_return std::string(slept ? "in time" : "in spite of it");
}

Task<void> race(Clock& clock) {
    auto const in_time = co_await within(clock, 10s, say(clock, 1ms, "here"));
    EXPECT_EQ(in_time, "here");
    auto const at_once = co_await within(clock, 10s, complain(clock, 0ms));
    EXPECT_EQ(at_once.error().message, "in time");

    auto const start = clock.steady();
    auto const late = co_await within(clock, 2ms, say(clock, 1h, "never"));
    EXPECT_EQ(late.error().code, Errc::unavailable);
    EXPECT_EQ(late.error().message, "no answer within 2 ms");
    EXPECT_LT(clock.steady() - start, 10s);
    auto const no_time = co_await within(clock, 0ms, say(clock, 1h, "never"));
    EXPECT_EQ(no_time.error().code, Errc::unavailable);

    auto const kept = co_await within(clock, 2ms, insist(clock, 1h));
    EXPECT_EQ(kept, "in spite of it");
    auto const other = co_await within(clock, 2ms, complain(clock, 1h));
    EXPECT_EQ(other.error().code, Errc::corrupt);
    co_return Result<void>();
}

TEST(Within, GivesTheAnswerOrUnavailableWhenItIsLate) {
    auto const clock = make_real_clock();
    passes([&](auto) { return race(*clock); });
}

Task<void> limited(Clock& clock, std::string& story) {
    auto const said = co_await within(clock, 1h, say(clock, 1h, "never"));
    story = said.error().code == Errc::cancelled ? "cancelled" : said.error().message;
    auto const again = co_await within(clock, 1h, say(clock, 1h, "never"));
    story += again.error().code == Errc::cancelled ? " twice" : again.error().message;
    co_return Result<void>();
}

Task<void> cancel_caller(any_io_executor executor, Clock& clock) {
    TaskGroup group(executor);
    std::string story;
    group.spawn("caller", limited(clock, story));
    CO_TRY_OK(co_await clock.sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(story, "cancelled twice");
    co_return Result<void>();
}

TEST(Within, ACancelledCallerCancelsTheTask) {
    auto const clock = make_real_clock();
    passes([&](auto executor) { return cancel_caller(executor, *clock); });
}

}  // namespace
}  // namespace disgrafs
