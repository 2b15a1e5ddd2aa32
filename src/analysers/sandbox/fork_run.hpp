#pragma once

/// \file analysers/sandbox/fork_run.hpp  One piece of work in a confined fork of this process.
///
/// The fork has all that was loaded here, and what it does to itself ends with it: a crash, endless
/// memory or time cost one fork. What it says comes back as bytes that nobody vouches for.
///
/// Concurrency: one thread per process, before and after.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace disgrafs::analysers {

struct ForkLimits {
    std::uint64_t memory_bytes = 0;
    std::uint32_t time_ms = 0;  ///< Wall clock, and processor time.
    std::size_t output_bytes_max = 0;
};

enum class ForkEnd : std::uint8_t {
    finished,  ///< Said all and exited.
    out_of_time,
    out_of_memory,
    too_much,  ///< Said more than output_bytes_max.
    crashed,   ///< By a signal, or an exit code of its own.
};

struct ForkOutcome {
    ForkEnd end = ForkEnd::crashed;
    std::string output;  ///< All that was said until then.
    int signal = 0;      ///< What killed it, if it crashed.
};

/// Called in the fork; says something by calling `say`, any number of times. May end it by
/// _exit(0).
using Say = std::function<void(std::string_view)>;
using ForkWork = std::function<void(Say const& say)>;

/// Errors: unavailable (no fork, or no sandbox: then nothing was run).
Result<ForkOutcome> run_in_fork(ForkWork const& work, ForkLimits const& limits);

}  // namespace disgrafs::analysers
