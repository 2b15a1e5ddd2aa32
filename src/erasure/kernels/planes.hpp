#pragma once

/// \file erasure/kernels/planes.hpp  The two inner loops of xor schedules (xor_schedule.hpp).

#include <cstddef>
#include <cstdint>

namespace disgrafs::erasure {

inline constexpr std::size_t plane_bytes = 128;
inline constexpr std::size_t plane_block_bytes = 8 * plane_bytes;  ///< Of a stream, at a time.

/// plane_block_bytes of a stream ↔ its eight planes: bit b of all its bytes is plane b.
void transpose_planes(std::byte const* from, std::byte* to);

/// Sum after sum: the number of the plane that is written, how many planes are summed, and their
/// numbers. Plane n begins at planes + n · plane_bytes.
void run_program(std::uint32_t const* program, std::size_t size, std::byte* planes);

}  // namespace disgrafs::erasure
