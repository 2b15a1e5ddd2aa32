#include "io/wake.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "io/testing.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::any_io_executor;

/// Lets everything that can run now run.
Task<void> settle() {
    auto const clock = make_real_clock();
    for (int turn = 0; turn < 3; ++turn) CO_TRY_OK(co_await clock->sleep(0ms));
    co_return Result<void>();
}

Task<void> wait_and_write(Wake& wake, std::string& order, char name) {
    auto const woken = co_await wake.wait();
    order.push_back(woken ? name : '!');
    co_return Result<void>();
}

Task<void> wake_in_order(any_io_executor executor) {
    Wake wake(executor);
    TaskGroup group(executor);
    std::string order;
    wake.notify();  // nobody hears: there is no memory
    for (char const name : {'a', 'b', 'c'})
        group.spawn("waiter", wait_and_write(wake, order, name));
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "");
    wake.notify();
    EXPECT_EQ(order, "") << "waiters never run inside notify()";
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(order, "abc");
    co_return Result<void>();
}

TEST(Wake, NotifyLetsAllWaitersGoInTheOrderInWhichTheyCame) { passes(wake_in_order); }

Task<void> destroy_with_waiters(any_io_executor executor) {
    auto wake = std::make_unique<Wake>(executor);
    TaskGroup group(executor);
    std::string order;
    group.spawn("waiter", wait_and_write(*wake, order, 'a'));
    group.spawn("waiter", wait_and_write(*wake, order, 'b'));
    CO_TRY_OK(co_await settle());
    wake.reset();
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(order, "!!");
    co_return Result<void>();
}

TEST(Wake, ItsEndEndsTheWaitersWithCancelled) { passes(destroy_with_waiters); }

Task<void> wait_twice(Wake& wake, std::string& order) {
    auto const first = co_await wake.wait();
    order += first ? "woken " : "stopped ";
    auto const second = co_await wake.wait();
    order += second ? "woken" : "stopped";
    co_return Result<void>();
}

Task<void> cancel_waiter(any_io_executor executor) {
    Wake wake(executor);
    TaskGroup group(executor);
    std::string order;
    group.spawn("waiter", wait_twice(wake, order));
    CO_TRY_OK(co_await settle());
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(order, "stopped stopped") << "a cancelled coroutine does not wait again";
    co_return Result<void>();
}

TEST(Wake, ACancelledWaiterEndsAndDoesNotWaitAgain) { passes(cancel_waiter); }

Task<void> notify_then_cancel(any_io_executor executor) {
    Wake wake(executor);
    TaskGroup group(executor);
    std::string order;
    group.spawn("waiter", wait_twice(wake, order));
    CO_TRY_OK(co_await settle());
    wake.notify();
    CO_TRY_OK(co_await group.stop());  // before the woken one ran
    EXPECT_EQ(order, "woken stopped");
    co_return Result<void>();
}

TEST(Wake, AWaiterThatWasWokenKeepsItsAnswer) { passes(notify_then_cancel); }

Task<void> hold(
    Semaphore& semaphore, std::size_t units, Wake& release, std::string& order, char name
) {
    auto place = co_await semaphore.acquire(units);
    if (!place) {
        order.push_back('!');
        co_return Result<void>();
    }
    order.push_back(name);
    co_return co_await release.wait();
}

Task<void> bound_by_units(any_io_executor executor) {
    Semaphore semaphore(executor, 3);
    Wake release(executor);
    TaskGroup group(executor);
    std::string order;
    group.spawn("a", hold(semaphore, 2, release, order, 'a'));
    group.spawn("b", hold(semaphore, 3, release, order, 'b'));
    group.spawn("c", hold(semaphore, 1, release, order, 'c'));
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "a") << "c would fit, but does not overtake b";
    EXPECT_EQ(semaphore.free(), 1U);
    EXPECT_EQ(semaphore.waiting(), 2U);
    release.notify();
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "ab");
    release.notify();
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "abc");
    release.notify();
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(semaphore.free(), 3U);
    co_return Result<void>();
}

TEST(Semaphore, FirstComeFirstServedWithinItsLimit) { passes(bound_by_units); }

Task<void> cancel_the_first(any_io_executor executor) {
    Semaphore semaphore(executor, 2);
    Wake release(executor);
    TaskGroup holders(executor);
    TaskGroup impatient(executor);
    std::string order;
    holders.spawn("a", hold(semaphore, 1, release, order, 'a'));
    CO_TRY_OK(co_await settle());
    impatient.spawn("b", hold(semaphore, 2, release, order, 'b'));
    CO_TRY_OK(co_await settle());
    holders.spawn("c", hold(semaphore, 1, release, order, 'c'));
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "a");
    CO_TRY_OK(co_await impatient.stop());
    CO_TRY_OK(co_await settle());
    EXPECT_EQ(order, "a!c") << "with b gone, c fits";
    release.notify();
    CO_TRY_OK(co_await holders.join());
    EXPECT_EQ(semaphore.free(), 2U);
    co_return Result<void>();
}

TEST(Semaphore, WhenTheFirstWaiterGivesUpTheNextMayGo) { passes(cancel_the_first); }

Task<void> move_places(any_io_executor executor) {
    Semaphore semaphore(executor, 4);
    CO_TRY(auto first, co_await semaphore.acquire(3));
    {
        CO_TRY(auto second, co_await semaphore.acquire());
        EXPECT_EQ(semaphore.free(), 0U);
        first = std::move(second);
        EXPECT_EQ(semaphore.free(), 3U) << "what first held came back";
    }
    EXPECT_EQ(semaphore.free(), 3U);
    first = Semaphore::Place();
    EXPECT_EQ(semaphore.free(), 4U);
    CO_TRY(auto const none, co_await semaphore.acquire(0));
    EXPECT_EQ(semaphore.free(), 4U);
    co_return Result<void>();
}

TEST(Semaphore, APlaceThatIsMovedOverGivesItsUnitsBack) { passes(move_places); }

}  // namespace
}  // namespace disgrafs
