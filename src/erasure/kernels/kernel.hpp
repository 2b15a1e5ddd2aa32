#pragma once

/// \file erasure/kernels/kernel.hpp  The inner loops, one file per instruction set; inside this
/// module only.
///
/// A kernel multiplies a matrix of constants with streams of bytes. All kernels give the same
/// bytes. They are compiled with flags of their own (CMakeLists.txt), so they call nothing of the
/// standard library: a copy of such a function, made for a newer CPU, could end up in other files.

#include <cstddef>
#include <cstdint>
#include <span>

namespace disgrafs::erasure {

/// outs[i] (+)= Σ_j rows[i][j] · sources[j]. Sources and outs are `size_bytes` long, of any
/// alignment, and no out overlaps another span.
struct Product {
    std::uint8_t const* rows;  ///< out_count × source_count, row by row.
    std::byte const* const* sources;
    std::byte* const* outs;
    std::size_t source_count;  ///< 0 … 255
    std::size_t out_count;     ///< 0 … 255
    std::size_t size_bytes;
    bool is_added;  ///< xor into the outs instead of overwriting them.
};

struct Kernel {
    char const* name;
    void (*multiply)(Product const&);
    /// CRC32C without the initial and final xor.
    std::uint32_t (*crc)(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
};

/// Those that this CPU can run, slowest first: "scalar" always, then "avx2", "gfni256", "gfni512".
std::span<Kernel const> kernels();

/// The one called `name` ("gfni": the wider of its two), or null when this machine has none.
Kernel const* find_kernel(char const* name);

/// The one in use: the last of kernels(), unless DISGRAFS_KERNEL names another.
Kernel const& kernel();

void multiply_scalar(Product const& product);
void multiply_avx2(Product const& product);  ///< 4-bit split tables, byte shuffles.
void multiply_gfni256(Product const& product
);  ///< An 8 × 8 bit matrix per constant, AVX2 registers.
void multiply_gfni512(Product const& product);  ///< The same on AVX-512 registers.

std::uint32_t crc_portable(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
std::uint32_t crc_sse42(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
std::uint32_t crc_vpclmul(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);

}  // namespace disgrafs::erasure
