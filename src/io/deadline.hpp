#pragma once

/// \file io/deadline.hpp  `co_await within(clock, 500ms, task)`: the task, or unavailable.

#include <memory>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "io/clock.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// Awaits `task`; after `limit` it is cancelled, awaited to its end, and the answer is unavailable
/// ("… later than 500 ms"). A task that completes in spite of that keeps its answer.
/// Both run on the loop of the caller, and both have ended when this completes.
template <typename T>
Task<T> within(Clock& clock, Duration limit, Task<T> task);

}  // namespace disgrafs

#include "io/deadline_impl.hpp"  // IWYU pragma: keep
