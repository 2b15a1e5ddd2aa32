#include <cstddef>
#include <cstdint>

#include "erasure/galois.hpp"
#include "erasure/kernels/crc_polynomial.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/registers.hpp"

// CRC32C where there is neither a CRC instruction nor a carry-less product, by byte shuffles.
//
// 128 bytes are folded into the next 128, as with carry-less products: a block is replaced by one
// with the same remainder, 1,024 bits further. Byte i of the vectors 0, 2, 4, 6 of a block are a
// *column* of 32 bits, 256 bits of the stream apart from each other; so are those of 1, 3, 5, 7.
// The 32 powers of x that belong to the bits of a column are independent modulo the polynomial:
// every remainder is the sum of some of them. So "1,024 bits further" is a 32 × 32 bit matrix from
// columns to columns, the same for all 32 columns, and a matrix is applied to 16 columns at once by
// looking up the halves of their bytes.

namespace disgrafs::erasure {
namespace {

using R = RegistersWasm;

constexpr std::size_t rows = 4;  // Bytes of a column.
constexpr std::size_t row_bits = 256;
constexpr std::size_t vectors = 2 * rows;
constexpr std::size_t block_bytes = vectors * R::bytes;

/// of[p][n][q][v]: what value v of nibble n of byte p of a column adds to byte q of its successor.
struct Tables {
    std::uint8_t of[rows][2][rows][16];
};

/// A remainder, and the column that stands for it.
struct Pair {
    std::uint32_t remainder;
    std::uint32_t column;  ///< Byte p is bits 8p … 8p + 7.
};

/// `value` as a sum of the remainders of `basis`, in which pair i alone has bit i set.
constexpr std::uint32_t column_of(Pair const (&basis)[32], std::uint32_t value) {
    std::uint32_t column = 0;
    for (unsigned bit = 0; bit < 32; ++bit) {
        column ^= (value >> bit & 1U) != 0 ? basis[bit].column : 0U;
    }
    return column;
}

[[clang::minsize, gnu::noinline]] constexpr Tables make_tables() {
    // Bit b of byte p is x^(7 − b) times x^(256 · (3 − p)), as bytes are read from their lowest
    // bit.
    std::uint32_t powers[rows * row_bits + row_bits * rows] = {};
    std::uint32_t power = 0x80000000;
    for (auto& entry : powers) {
        entry = power;
        power = crc_polynomial::times_x(power);
    }
    auto const exponent = [](unsigned bit) {
        return row_bits * (rows - 1 - bit / 8) + (7 - bit % 8);
    };
    // Gauss–Jordan: the powers become single bits, and columns tell of which powers they are sums.
    Pair basis[32] = {};
    for (unsigned bit = 0; bit < 32; ++bit) {
        basis[bit] = {powers[exponent(bit)], 1U << bit};
    }
    for (unsigned pivot = 0; pivot < 32; ++pivot) {
        unsigned found = pivot;
        while ((basis[found].remainder >> pivot & 1U) == 0) {
            ++found;
        }
        auto const chosen = basis[found];
        basis[found] = basis[pivot];
        basis[pivot] = chosen;
        for (unsigned other = 0; other < 32; ++other) {
            if (other != pivot && (basis[other].remainder >> pivot & 1U) != 0) {
                basis[other].remainder ^= chosen.remainder;
                basis[other].column ^= chosen.column;
            }
        }
    }
    Tables tables{};
    for (unsigned p = 0; p < rows; ++p) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto const moved = column_of(basis, powers[exponent(8 * p + bit) + rows * row_bits]);
            for (unsigned q = 0; q < rows; ++q) {
                for (unsigned value = 0; value < 16; ++value) {
                    auto& entry = tables.of[p][bit / 4][q][value];
                    auto const share = (value >> bit % 4 & 1U) != 0 ? moved >> 8U * q : 0U;
                    entry = static_cast<std::uint8_t>(entry ^ share);
                }
            }
        }
    }
    return tables;
}

DISGRAFS_TABLE Tables const tables = make_tables();

/// The block `sums` moved upon the one at `next`.
[[gnu::always_inline]] inline void fold(R::Type (&sums)[vectors], std::byte const* next) {
    R::Type moved[vectors];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < vectors; ++v) {
        moved[v] = R::load(next + v * R::bytes);
    }
#pragma GCC unroll 4
    for (std::size_t p = 0; p < rows; ++p) {
#pragma GCC unroll 2
        for (std::size_t n = 0; n < 2; ++n) {
            R::Type nibbles[2];
#pragma GCC unroll 2
            for (std::size_t odd = 0; odd < 2; ++odd) {
                auto const bytes = sums[2 * p + odd];
                nibbles[odd] = n == 0 ? R::low_nibbles(bytes) : R::high_nibbles(bytes);
            }
#pragma GCC unroll 4
            for (std::size_t q = 0; q < rows; ++q) {
#pragma GCC unroll 2
                for (std::size_t odd = 0; odd < 2; ++odd) {
                    auto const share = R::look_up(tables.of[p][n][q], nibbles[odd]);
                    moved[2 * q + odd] = R::add(moved[2 * q + odd], share);
                }
            }
        }
    }
#pragma GCC unroll 8
    for (std::size_t v = 0; v < vectors; ++v) {
        sums[v] = moved[v];
    }
}

}  // namespace

std::uint32_t crc_simd128(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes) {
    if (size_bytes < 2 * block_bytes) {
        return crc_portable(state, bytes, size_bytes);
    }
    R::Type sums[vectors];
    for (std::size_t v = 0; v < vectors; ++v) {
        sums[v] = R::load(bytes + v * R::bytes);
    }
    sums[0] = R::add(sums[0], R::first_word(state));
    bytes += block_bytes;
    for (size_bytes -= block_bytes; size_bytes >= block_bytes; size_bytes -= block_bytes) {
        fold(sums, bytes);
        bytes += block_bytes;
    }
    std::byte folded[block_bytes];
    for (std::size_t v = 0; v < vectors; ++v) {
        R::store(folded + v * R::bytes, sums[v]);
    }
    return crc_portable(crc_portable(0, folded, sizeof folded), bytes, size_bytes);
}

}  // namespace disgrafs::erasure
