#pragma once

/// \file erasure/kernels/tables.hpp  A constant of GF(2^8) in the forms that kernels multiply by.

#include <cstdint>

namespace disgrafs::erasure {

/// c · x = low[x mod 16] xor high[x div 16], since multiplying is linear.
struct NibbleTable {
    std::uint8_t low[16];
    std::uint8_t high[16];
};

/// One entry per constant, filled by the compiler.
struct KernelTables {
    NibbleTable nibbles[256];
    /// Multiplying as an 8 × 8 bit matrix over GF(2), as GF2P8AFFINEQB wants it: byte 7 − i holds
    /// the bits of x whose sum is bit i of c · x. Source: Intel SDM 2, GF2P8AFFINEQB.
    std::uint64_t matrices[256];
};

extern KernelTables const kernel_tables;

}  // namespace disgrafs::erasure
