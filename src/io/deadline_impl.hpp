#pragma once

/// \file io/deadline_impl.hpp  The body of within(): the task and a timer race, the caller waits.

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "io/deadline.hpp"
#include "io/exception.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

/// What the two share. They own it, not the caller: so all ends when the loop drops the two.
template <typename T>
struct Race {
    Duration limit{};
    boost::asio::any_io_executor executor;
    std::move_only_function<void(Result<T>)> done;
    std::optional<Result<T>> outcome;
    bool is_late = false;     ///< The timer came first.
    bool is_stopped = false;  ///< The caller was cancelled.
    int running = 2;
    boost::asio::cancellation_signal stop_task;
    boost::asio::cancellation_signal stop_timer;

    void stop() {
        is_stopped = true;
        stop_task.emit(boost::asio::cancellation_type::terminal);
    }
    void end_task(std::exception_ptr const& caught, Result<T> result) {
        if (caught) result = std::unexpected(error_of(caught));
        outcome = std::move(result);
        stop_timer.emit(boost::asio::cancellation_type::terminal);
        end_one();
    }
    void end_timer(std::exception_ptr const& caught, Result<void> const& slept) {
        is_late = !caught && slept && !outcome;
        if (is_late) stop_task.emit(boost::asio::cancellation_type::terminal);
        end_one();
    }

 private:
    void end_one() {
        if (--running != 0) return;
        auto result = *std::move(outcome);
        bool const is_in_vain = !result && result.error().code == Errc::cancelled;
        if (is_late && !is_stopped && is_in_vain) {
            auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
            result = fail(Errc::unavailable, "no answer within {} ms", ms);
        }
        auto go_on = [done = std::move(done), result = std::move(result)]() mutable {
            done(std::move(result));
        };
        boost::asio::post(executor, std::move(go_on));
    }
};

template <typename T>
Task<T> within(Clock& clock, Duration limit, Task<T> task) {
    namespace asio = boost::asio;
    CO_TRY_OK(co_await refuse_if_cancelled("begin"));
    auto const executor = co_await asio::this_coro::executor;
    auto const start = [&](auto handler) {
        auto const race = std::make_shared<Race<T>>(limit, executor);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(race)](asio::cancellation_type) {
                if (auto const alive = weak.lock()) alive->stop();
            });
        }
        race->done = std::move(handler);
        auto end_task = [race](std::exception_ptr const& caught, Result<T> result) {
            race->end_task(caught, std::move(result));
        };
        auto end_timer = [race](std::exception_ptr const& caught, Result<void> const& slept) {
            race->end_timer(caught, slept);
        };
        // The timer first: a task may end at once, and stops it then.
        asio::co_spawn(
            executor,
            told_of_cancellation(clock.sleep(limit)),
            asio::bind_cancellation_slot(race->stop_timer.slot(), std::move(end_timer))
        );
        asio::co_spawn(
            executor,
            told_of_cancellation(std::move(task)),
            asio::bind_cancellation_slot(race->stop_task.slot(), std::move(end_task))
        );
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Result<T>)>(
        start, asio::use_awaitable
    );
}

}  // namespace disgrafs
