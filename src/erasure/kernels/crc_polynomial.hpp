#pragma once

/// \file erasure/kernels/crc_polynomial.hpp  Constants of CRC32C, worked out by the compiler.
///
/// A remainder is kept reflected: bit i is the coefficient of x^(31 − i). Only for constants
/// and tables.

#include <cstdint>

namespace disgrafs::erasure::crc_polynomial {

inline constexpr std::uint32_t reflected = 0x82F63B78;  ///< 0x1EDC6F41, bits in reverse.

constexpr std::uint32_t times_x(std::uint32_t a) {
    return (a >> 1U) ^ ((a & 1U) != 0 ? reflected : 0U);
}

consteval std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
    std::uint32_t product = 0;
    for (unsigned bit = 32; bit-- > 0;) {
        product ^= (b >> bit & 1U) != 0 ? a : 0U;
        a = times_x(a);
    }
    return product;
}

/// x^exponent modulo the polynomial.
consteval std::uint32_t x_power(std::uint64_t exponent) {
    std::uint32_t result = 0x80000000;
    for (std::uint32_t square = 0x40000000; exponent != 0; exponent >>= 1U) {
        result = (exponent & 1U) != 0 ? multiply(result, square) : result;
        square = multiply(square, square);
    }
    return result;
}

}  // namespace disgrafs::erasure::crc_polynomial
