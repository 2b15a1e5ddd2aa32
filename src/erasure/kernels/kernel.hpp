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

#include "erasure/galois.hpp"

namespace disgrafs::erasure {

enum class Store : std::uint8_t {
    replace,  ///< Overwrite the outs.
    add,      ///< Xor into the outs.
    stream,   ///< Overwrite them past the caches, where a kernel can.
};

/// outs[i] = (or +=) Σ_j rows[i][j] · sources[j]. Sources and outs are `size_bytes` long, of any
/// alignment, and no out overlaps another span. With GF(2^16) size_bytes is even.
struct Product {
    Coefficient const* rows;  ///< out_count × source_count, row by row.
    std::byte const* const* sources;
    std::byte* const* outs;
    std::size_t source_count;  ///< 0 … 4,096
    std::size_t out_count;     ///< 0 … 4,096
    std::size_t size_bytes;
    Store store;
};

struct Kernel {
    char const* name;
    void (*multiply)(Product const&);    ///< Over GF(2^8).
    void (*multiply16)(Product const&);  ///< Over GF(2^16), elements little-endian.
    /// CRC32C without the initial and final xor.
    std::uint32_t (*crc)(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
    /// multiply(), and the states of all sources, then of all outs, go on by their bytes. False,
    /// and nothing is done, when it does not pay for this product. Null where a CPU cannot.
    bool (*multiply_with_crcs)(Product const&, std::uint32_t* states) = nullptr;
};

/// Those that this CPU can run, slowest first. On x86: "scalar", "xor", "ssse3", "avx2", "avx512",
/// "gfni256", "gfni512"; on ARM: "scalar", "xor", "neon".
std::span<Kernel const> kernels();

/// The one called `name` ("gfni": the wider of its two), or null when this machine has none.
Kernel const* find_kernel(char const* name);

/// The one in use: the last of kernels(), unless DISGRAFS_KERNEL names another.
Kernel const& kernel();

/// Logarithms added, one element at a time: the reference.
void multiply_scalar(Product const& product);
void multiply16_scalar(Product const& product);
/// Bits in planes of their own, summed by a schedule (xor_schedule.hpp). AVX2; GF(2^8) alone.
void multiply_xor(Product const& product);
/// Tables of 16 bytes per half of a byte, by byte shuffles.
void multiply_ssse3(Product const& product);
void multiply16_ssse3(Product const& product);
void multiply_avx2(Product const& product);
void multiply16_avx2(Product const& product);
void multiply_avx512(Product const& product);
void multiply16_avx512(Product const& product);
void multiply_neon(Product const& product);
void multiply16_neon(Product const& product);
void multiply_simd128(Product const& product);  ///< WebAssembly.
void multiply16_simd128(Product const& product);
/// An 8 × 8 bit matrix per constant (four of them in GF(2^16)), on 256 and on 512 bits.
void multiply_gfni256(Product const& product);
void multiply16_gfni256(Product const& product);
void multiply_gfni512(Product const& product);
void multiply16_gfni512(Product const& product);
bool multiply_with_crcs_gfni512(Product const& product, std::uint32_t* states);

std::uint32_t crc_portable(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
std::uint32_t crc_simd128(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
std::uint32_t crc_sse42(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);
std::uint32_t crc_vpclmul(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes);

}  // namespace disgrafs::erasure
