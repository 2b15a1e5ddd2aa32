#include "io/loop.hpp"

#include <csignal>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/clock.hpp"
#include "io/exception.hpp"
#include "io/task_group.hpp"
#include "io/testing.hpp"
#include "io/wake.hpp"

namespace disgrafs {
namespace {

using boost::asio::any_io_executor;
using testing::HasSubstr;

Task<void> fail_at_once() { co_return fail(Errc::conflict, "data folder in use"); }

TEST(RunLoop, GivesTheResultOfItsProgram) {
    EXPECT_TRUE(run_loop([](auto) -> Task<void> { co_return Result<void>(); }));
    EXPECT_EQ(run_loop([](auto) { return fail_at_once(); }).error().code, Errc::conflict);
}

Task<void> throw_now(bool really) {
    if (really) throw std::runtime_error("from a library");
    co_return Result<void>();
}

TEST(RunLoop, AnExceptionOfALibraryIsAnError) {
    auto const result = run_loop([](auto) { return throw_now(true); });
    EXPECT_EQ(result.error().code, Errc::io);
    EXPECT_EQ(result.error().message, "from a library");
}

Task<void> settle_then_fail(any_io_executor executor) {
    auto const clock = make_real_clock();
    for (int turn = 0; turn < 3; ++turn) CO_TRY_OK(co_await clock->sleep(Duration(0)));
    co_return fail(Errc::unavailable, "gave up");
}

/// Owns the Wake it waits for, so that nothing outside frees either.
Task<void> wait_for_ever(any_io_executor executor, bool& is_freed) {
    auto const note = [&is_freed](int*) { is_freed = true; };
    int here = 0;
    std::unique_ptr<int, decltype(note)> const guard(&here, note);
    Wake wake(executor);
    co_return co_await wake.wait();
}

TEST(RunLoop, WhatStillWaitsAtItsEndIsDestroyed) {
    bool is_freed = false;
    std::unique_ptr<TaskGroup> group;
    auto const give_up = [&](any_io_executor executor) {
        group = std::make_unique<TaskGroup>(executor);
        group->spawn("waiter", wait_for_ever(executor, is_freed));
        return settle_then_fail(executor);
    };
    EXPECT_EQ(run_loop(give_up).error().message, "gave up");
    EXPECT_TRUE(is_freed);
}

Task<void> hear_signals(any_io_executor executor) {
    Signals signals(executor, {SIGUSR1, SIGUSR2});
    ::raise(SIGUSR2);
    CO_TRY(auto const first, co_await signals.next());
    EXPECT_EQ(first, SIGUSR2);
    ::raise(SIGUSR1);
    CO_TRY(auto const second, co_await signals.next());
    EXPECT_EQ(second, SIGUSR1);
    co_return Result<void>();
}

TEST(Signals, ArriveEvenWhenTheyWereIgnoredAtTheStart) {
    auto const before = ::signal(SIGUSR1, SIG_IGN);
    passes(hear_signals);
    ::signal(SIGUSR1, before);
}

Task<void> next_quietly(Signals& signals, Result<void>& result) {
    auto const number = co_await signals.next();
    if (!number) result = std::unexpected(number.error());
    co_return Result<void>();
}

Task<void> stop_hearing(any_io_executor executor) {
    Signals signals(executor, {SIGUSR1});
    TaskGroup group(executor);
    Result<void> result;
    group.spawn("signals", next_quietly(signals, result));
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(result.error().code, Errc::cancelled);
    co_return Result<void>();
}

TEST(Signals, WaitingForOneCanBeCancelled) { passes(stop_hearing); }

TEST(ErrorOf, KnowsWhatLibrariesThrow) {
    auto const error = [](auto thrown) { return error_of(std::make_exception_ptr(thrown)); };
    boost::system::system_error const stopped(boost::asio::error::operation_aborted);
    EXPECT_EQ(error(stopped).code, Errc::cancelled);
    boost::system::system_error const refused(boost::asio::error::connection_refused);
    EXPECT_EQ(error(refused).code, Errc::io);
    EXPECT_EQ(error(std::bad_alloc()).code, Errc::exhausted);
    EXPECT_EQ(error(std::logic_error("broken")).message, "broken");
    EXPECT_EQ(error(7).code, Errc::io);
}

}  // namespace
}  // namespace disgrafs
