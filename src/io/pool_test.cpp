#include "io/pool.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "io/clock.hpp"
#include "io/task_group.hpp"
#include "io/testing.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::any_io_executor;

double gauge_of(char const* name, char const* help, std::string const& pool) {
    return gauge(name, help, {{"pool", pool}}).Value();
}

Task<void> there_and_back(Pool& pool, bool is_elsewhere) {
    auto const here = std::this_thread::get_id();
    std::thread::id there;
    auto const work = [&]() -> Result<std::unique_ptr<int>> {
        there = std::this_thread::get_id();
        return std::make_unique<int>(7);
    };
    CO_TRY(auto const seven, co_await offload(pool, work));
    EXPECT_EQ(*seven, 7);
    EXPECT_EQ(there != here, is_elsewhere);
    EXPECT_EQ(std::this_thread::get_id(), here);

    auto const refuse = []() -> Result<void> { return fail(Errc::exhausted, "disk full"); };
    auto const refused = co_await offload(pool, refuse);
    EXPECT_EQ(refused.error().message, "disk full");
    auto const burst = []() -> Result<int> { throw std::runtime_error("from a library"); };
    auto const caught = co_await offload(pool, burst);
    EXPECT_EQ(caught.error().code, Errc::io);
    EXPECT_EQ(caught.error().message, "from a library");
    co_return Result<void>();
}

TEST(Pool, WorkRunsThereAndItsAnswerArrivesHere) {
    Pool pool("test", 2);
    passes([&](auto) { return there_and_back(pool, true); });
}

TEST(Pool, WithoutThreadsTheWorkRunsOnTheLoop) {
    Pool pool("test0", 0);
    passes([&](auto) { return there_and_back(pool, false); });
}

Task<void> slow_work(Pool& pool, std::atomic<bool>& is_begun, bool& is_done) {
    auto const work = [&]() -> Result<void> {
        is_begun = true;
        std::this_thread::sleep_for(20ms);
        is_done = true;
        return {};
    };
    co_return co_await offload(pool, work);
}

Task<void> cancel_slow_work(any_io_executor executor, Pool& pool) {
    TaskGroup group(executor);
    auto const clock = make_real_clock();
    std::atomic<bool> is_begun = false;
    bool is_done = false;
    group.spawn("work", slow_work(pool, is_begun, is_done));
    while (!is_begun) CO_TRY_OK(co_await clock->sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_TRUE(is_done);
    co_return Result<void>();
}

TEST(Pool, CancellationWaitsForTheWork) {
    Pool pool("test", 1);
    passes([&](auto executor) { return cancel_slow_work(executor, pool); });
}

TEST(Pool, ItsEndRunsWhatIsQueued) {
    std::atomic<int> count = 0;
    {
        Pool pool("test", 2);
        for (int n = 0; n < 500; ++n) pool.post([&] { ++count; });
    }
    EXPECT_EQ(count, 500);
}

TEST(Pool, ShowsThreadsBusyOnesAndTheQueue) {
    std::atomic<bool> may_end = false;
    std::atomic<int> begun = 0;
    {
        Pool pool("shown", 2);
        for (int n = 0; n < 5; ++n) {
            pool.post([&] {
                ++begun;
                begun.notify_all();
                may_end.wait(false);
            });
        }
        for (int seen = begun; seen < 2; seen = begun) begun.wait(seen);
        EXPECT_EQ(gauge_of("disgrafs_pool_threads", "Threads in a pool.", "shown"), 2);
        EXPECT_EQ(gauge_of("disgrafs_pool_busy_threads", "Threads now busy.", "shown"), 2);
        EXPECT_EQ(gauge_of("disgrafs_pool_queue_length", "Tasks waiting.", "shown"), 3);
        may_end = true;
        may_end.notify_all();
    }
    EXPECT_EQ(gauge_of("disgrafs_pool_threads", "Threads in a pool.", "shown"), 0);
    EXPECT_EQ(gauge_of("disgrafs_pool_busy_threads", "Threads now busy.", "shown"), 0);
    EXPECT_EQ(gauge_of("disgrafs_pool_queue_length", "Tasks waiting.", "shown"), 0);
}

}  // namespace
}  // namespace disgrafs
