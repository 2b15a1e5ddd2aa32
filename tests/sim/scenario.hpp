#pragma once

/// \file sim/scenario.hpp  One seed: people at work on a cluster that is being harmed.
///
/// The invariant: what was acknowledged reads back identical; what was deleted stays deleted; a
/// failed call leaves the old state or the new one. At the end, everything reads back with all
/// nodes, and again with any two of them gone. What befalls the machines: sim/hall.hpp.

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace disgrafs::sim {

struct Report {
    std::uint64_t fingerprint = 0;  ///< Of the world and all answers: equal for equal seeds.
    std::uint64_t puts = 0;
    std::uint64_t reads = 0;
    std::uint64_t crashes = 0;
    std::uint64_t refused = 0;  ///< Calls that failed, as calls may while machines are away.
    std::uint64_t rots = 0;     ///< Stored bits flipped and writes misdirected.
};

/// Errors: corrupt when the invariant was broken (the message says by what), anything else when the
/// cluster did not come back.
Result<Report> run_scenario(std::uint64_t seed, bool with_canary);

}  // namespace disgrafs::sim
