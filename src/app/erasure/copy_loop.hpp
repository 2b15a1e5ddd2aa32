#pragma once

/// \file app/erasure/copy_loop.hpp  Reads k streams, writes m, does no arithmetic: the ceiling of
/// every encoder on this machine.

#include <cstddef>
#include <span>

namespace disgrafs::app {

/// `size_bytes` a multiple of 256, all pointers aligned to 64 bytes. `is_streaming`: stores go past
/// the caches. Uses the widest registers that the CPU has.
void copy_loop(
    std::span<std::byte const* const> sources,
    std::span<std::byte* const> outs,
    std::size_t size_bytes,
    bool is_streaming
);

}  // namespace disgrafs::app
