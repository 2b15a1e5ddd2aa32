#pragma once

/// \file io/deadline_impl.hpp  The body of within(): two coroutines, and one that waits for both.

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

namespace disgrafs {

/// The state that the three share: the task, the timer, and the caller who waits for both.
template <typename T>
struct Race {
    std::optional<Result<T>> outcome;
    bool is_late = false;     ///< The timer came first.
    bool is_stopped = false;  ///< The caller was cancelled.
    int running = 2;
    boost::asio::cancellation_signal stop_task;
    boost::asio::cancellation_signal stop_timer;
    std::move_only_function<void()> wake;

    void end_task(std::exception_ptr const& caught, Result<T> result) {
        if (caught) result = std::unexpected(error_of(caught));
        outcome = std::move(result);
        stop_timer.emit(boost::asio::cancellation_type::terminal);
        end_one();
    }
    void end_timer(Result<void> const& slept) {
        is_late = slept.has_value() && !outcome;
        if (is_late) stop_task.emit(boost::asio::cancellation_type::terminal);
        end_one();
    }
    void end_one() {
        if (--running == 0) wake();
    }
};

template <typename T>
Task<T> within(Clock& clock, Duration limit, Task<T> task) {
    namespace asio = boost::asio;
    auto const executor = co_await asio::this_coro::executor;
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return fail(Errc::cancelled, "not begun: cancelled");
    }
    auto const race = std::make_shared<Race<T>>();
    auto const start = [&](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([race](asio::cancellation_type) {
                race->is_stopped = true;
                race->stop_task.emit(asio::cancellation_type::terminal);
            });
        }
        race->wake = [handler = std::move(handler), executor]() mutable {
            asio::post(executor, [handler = std::move(handler)]() mutable { handler(); });
        };
        auto end_task = [race](std::exception_ptr const& caught, Result<T> result) {
            race->end_task(caught, std::move(result));
        };
        auto end_timer = [race](std::exception_ptr const& caught, Result<void> result) {
            if (caught) result = std::unexpected(error_of(caught));
            race->end_timer(result);
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
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        start, asio::use_awaitable
    );
    auto& outcome = *race->outcome;
    bool const is_late = race->is_late && !race->is_stopped;
    if (is_late && !outcome && outcome.error().code == Errc::cancelled) {
        auto const limit_ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
        co_return fail(Errc::unavailable, "no answer within {} ms", limit_ms.count());
    }
    co_return std::move(outcome);
}

}  // namespace disgrafs
