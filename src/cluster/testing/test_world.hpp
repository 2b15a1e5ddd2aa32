#pragma once

/// \file cluster/testing/test_world.hpp  One loop whose time jumps to the next timer when nothing
/// runs.

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "io/clock.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"

namespace disgrafs::cluster {

class StepClock final : public Clock {
 public:
    explicit StepClock(boost::asio::io_context& loop) : loop_(loop) {}

    [[nodiscard]] Timestamp now() const override { return Timestamp{start_us} + steady_; }
    [[nodiscard]] Duration steady() const override { return steady_; }

    Task<void> sleep(Duration duration) override {
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none) {
            co_return fail(Errc::cancelled, "sleep: cancelled");
        }
        auto const start = [this, duration](auto handler) {
            auto const key = std::pair(steady_ + std::max(duration, Duration(0)), next_++);
            auto slot = boost::asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) {
                slot.assign([this, key](boost::asio::cancellation_type) {
                    wake(key, fail(Errc::cancelled, "sleep: cancelled"));
                });
            }
            sleepers_.emplace(key, std::move(handler));
        };
        co_return co_await boost::asio::
            async_initiate<boost::asio::use_awaitable_t<> const, void(Result<void>)>(
                start, boost::asio::use_awaitable
            );
    }

    /// Jumps to the next timer; false when there is none.
    bool advance() {
        if (sleepers_.empty()) return false;
        auto const key = sleepers_.begin()->first;
        steady_ = std::max(steady_, key.first);
        wake(key, {});
        return true;
    }

 private:
    using Key = std::pair<Duration, std::uint64_t>;
    using Handler = std::move_only_function<void(Result<void>)>;

    void wake(Key key, Result<void> result) {
        auto node = sleepers_.extract(key);
        if (node.empty()) return;
        auto go_on = [handler = std::move(node.mapped()), result = std::move(result)]() mutable {
            handler(std::move(result));
        };
        boost::asio::post(loop_, std::move(go_on));
    }

    static constexpr std::int64_t start_us = 1'700'000'000'000'000;
    boost::asio::io_context& loop_;
    Duration steady_{1'000'000};
    std::uint64_t next_ = 0;
    std::map<Key, Handler> sleepers_;
};

class TestWorld {
 public:
    explicit TestWorld(std::uint64_t seed = 1) : random_(make_seeded_random(seed)) {
        start_log(LogLevel::off, "test");
    }

    boost::asio::any_io_executor executor() { return loop_.get_executor(); }
    StepClock& clock() { return clock_; }
    Random& random() { return *random_; }
    Pool& pool() { return pool_; }

    /// Runs `task` to its end. Errors: the task's; exhausted when nothing is left to run.
    Result<void> run(Task<void> task) {
        std::optional<Result<void>> done;
        boost::asio::co_spawn(
            loop_,
            std::move(task),
            [&](std::exception_ptr caught, Result<void> result) {
                if (caught) std::rethrow_exception(caught);
                done = std::move(result);
            }
        );
        while (!done) {
            loop_.restart();
            if (loop_.poll() > 0) continue;
            if (!done && !clock_.advance()) return fail(Errc::exhausted, "nothing is left to run");
        }
        return *done;
    }

    /// An error that leaves the scenario fails the test.
    void passes(Task<void> scenario) {
        auto const result = run(std::move(scenario));
        if (result) return;
        auto const& where = result.error().where;
        ADD_FAILURE() << result.error().message << " (" << where.file_name() << ":" << where.line()
                      << ")";
    }

 private:
    boost::asio::io_context loop_;
    StepClock clock_{loop_};
    std::unique_ptr<Random> random_;
    Pool pool_{"test", 0};
};

}  // namespace disgrafs::cluster
