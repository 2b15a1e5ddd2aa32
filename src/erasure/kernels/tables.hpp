#pragma once

/// \file erasure/kernels/tables.hpp  A constant of a field in the forms that kernels multiply by.
/// All tables are made by the compiler.

#include <cstdint>

namespace disgrafs::erasure {

/// In GF(2^8): c · x = low[x mod 16] xor high[x div 16], since multiplying is linear.
struct NibbleTable {
    std::uint8_t low[16];
    std::uint8_t high[16];
};

/// One entry per constant of GF(2^8).
struct KernelTables {
    NibbleTable nibbles[256];
    /// Multiplying as an 8 × 8 bit matrix over GF(2), as GF2P8AFFINEQB wants it: byte 7 − i holds
    /// the bits of x whose sum is bit i of c · x. Source: Intel SDM 2, GF2P8AFFINEQB.
    std::uint64_t matrices[256];
};
extern KernelTables const kernel_tables;

/// In GF(2^16) x has four nibbles and c · x two bytes: of[n][b][v] is byte b of c · (v << 4n).
struct NibbleTable16 {
    std::uint8_t of[4][2][16];
};
/// The 16 × 16 bit matrix in four: of[b][a] takes byte a of x to its share of byte b of c · x.
struct Matrix16 {
    std::uint64_t of[2][2];
};

/// Both forms are linear in c too: that of c is the xor of those of its four nibbles, of which
/// there are 4 × 16.
struct KernelTables16 {
    NibbleTable16 nibbles[4][16];
    Matrix16 matrices[4][16];
};
extern KernelTables16 const kernel_tables16;

/// The form of a constant of GF(2^16), summed eight bytes at a time. `Owner`: a type of the unnamed
/// namespace of the kernel file, so that this code is compiled there and with its flags.
template <typename Owner, typename Form>
[[gnu::always_inline]] inline Form sum_of_nibbles(Form const (&forms)[4][16], unsigned constant) {
    constexpr unsigned words = sizeof(Form) / 8;
    std::uint64_t sum[words] = {};
#pragma GCC unroll 4
    for (unsigned nibble = 0; nibble < 4; ++nibble) {
        std::uint64_t part[words];
        __builtin_memcpy(part, &forms[nibble][constant >> 4U * nibble & 15U], sizeof part);
#pragma GCC unroll 16
        for (unsigned word = 0; word < words; ++word) {
            sum[word] ^= part[word];
        }
    }
    Form form;
    __builtin_memcpy(&form, sum, sizeof form);
    return form;
}

}  // namespace disgrafs::erasure
