#pragma once

/// \file io/exception.hpp  Where an exception of a library ends and an Error begins.

#include <exception>
#include <utility>

#include <boost/asio/this_coro.hpp>

#include "io/task.hpp"

namespace disgrafs {

/// cancelled (Asio's operation_aborted), exhausted (no memory), else io with the exception's text.
Error error_of(std::exception_ptr const& caught);

/// The outermost layer of every spawned task. Asio throws at each co_await of a cancelled coroutine
/// unless told not to; then clean-up (TaskGroup::stop) could not be awaited. So cancellation
/// arrives as an answer: what was under way ends with cancelled, and what may wait long refuses to
/// begin.
template <typename T>
Task<T> told_of_cancellation(Task<T> task) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_return co_await std::move(task);
}

}  // namespace disgrafs
