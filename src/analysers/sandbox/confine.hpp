#pragma once

/// \file analysers/sandbox/confine.hpp  Takes from this process, for ever, all it does not need.
///
/// After confine() the process can compute, allocate within its limit, and read and write the
/// descriptors that it has. Opening files, sockets, other programs, other processes, threads and
/// executable memory are refused by a seccomp allow-list: every call not listed fails with EPERM.
/// Where the kernel can, opens go to a broker in the parent instead (analysers/sandbox/broker.hpp).

#include <cstdint>

#include "base/result.hpp"

namespace disgrafs::analysers {

struct Confinement {
    std::uint64_t memory_bytes = 0;  ///< On top of the address space the process has now.
    std::uint32_t time_ms = 0;       ///< Of processor time, rounded up by a second.
    bool asks_broker = true;         ///< Opens are asked of the parent instead of refused.
};

/// Descriptors that stay open: 0, 1, 2 and `channel`. Signals are as the system made them.
/// Gives the descriptor on which the parent is to answer opens, or −1. Errors: unavailable.
Result<int> confine(Confinement const& confinement, int channel);

/// Sanitizers reserve terabytes of address space, so there the memory limit is left out.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool under_sanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool under_sanitizer = true;
#else
inline constexpr bool under_sanitizer = false;
#endif
#else
inline constexpr bool under_sanitizer = false;
#endif

/// How the process ends itself when it has no memory left.
inline constexpr int exit_no_memory = 77;

}  // namespace disgrafs::analysers
