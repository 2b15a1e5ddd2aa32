#pragma once

/// \file io/clock.hpp  Where time comes from: the real clock, or the simulated one.

#include <memory>

#include "base/time.hpp"
#include "io/task.hpp"

namespace disgrafs {

class Clock {
 public:
    virtual ~Clock() = default;

    /// Wall clock; may jump. For people and expiry, never for order or for measuring.
    [[nodiscard]] virtual Timestamp now() const = 0;

    /// Since an arbitrary start; never goes back. For measuring and leases.
    [[nodiscard]] virtual Duration steady() const = 0;

    /// Completes after `duration` (0 or less: on the next turn of the loop). Errors: cancelled.
    virtual Task<void> sleep(Duration duration) = 0;
};

/// The machine's clock; timers run on the executor of the awaiting coroutine.
std::unique_ptr<Clock> make_real_clock();

}  // namespace disgrafs
