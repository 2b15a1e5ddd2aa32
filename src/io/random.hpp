#pragma once

/// \file io/random.hpp  Where randomness comes from. Arithmetic upon it is our own and specified,
/// so that a seed means the same on every compiler.

#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.hpp"

namespace disgrafs {

class Random {
 public:
    virtual ~Random() = default;

    virtual std::uint64_t next() = 0;  ///< 64 uniform bits.

    /// Uniform in 0 … bound−1 (bound ≥ 1), by multiply-and-shift with rejection (Lemire 2019).
    std::uint64_t below(std::uint64_t bound);
    /// True with probability `chance` (0 … 1).
    bool happens(double chance);
    void fill(std::span<std::byte> out);
};

/// From the operating system (getrandom), fit for keys.
std::unique_ptr<Random> make_real_random();
/// SplitMix64 from a seed: the same numbers for ever. Never for keys.
std::unique_ptr<Random> make_seeded_random(std::uint64_t seed);

}  // namespace disgrafs
