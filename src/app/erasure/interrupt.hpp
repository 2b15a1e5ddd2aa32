#pragma once

/// \file app/erasure/interrupt.hpp  Ctrl-C ends a long run in an orderly way: what is unfinished is
/// removed first.

#include <array>
#include <csignal>
#include <functional>

#include "base/result.hpp"

namespace disgrafs::app {

/// While one stands, SIGINT, SIGTERM and SIGHUP only leave a mark, and a file that grows beyond
/// `ulimit -f` is an error, not the end of the program. One at a time.
class Interrupt {
 public:
    Interrupt();
    ~Interrupt();  ///< As it was before.
    Interrupt(Interrupt const&) = delete;
    Interrupt& operator=(Interrupt const&) = delete;

    /// Errors: cancelled, after a signal.
    static Result<void> check();

 private:
    std::array<struct sigaction, 4> before_{};
};

/// Runs `work`, prints its error; the exit status. After a signal the program ends by that signal,
/// so that a shell sees it.
int run_interruptible(std::function<Result<void>()> const& work);

}  // namespace disgrafs::app
