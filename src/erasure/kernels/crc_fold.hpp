#pragma once

/// \file erasure/kernels/crc_fold.hpp  CRC32C on 512-bit registers: 64 bytes are folded onto the
/// next 64, and what is left has the same remainder as all that was read.
/// Source: Gopal et al., Intel 2009, "Fast CRC computation using PCLMULQDQ".
///
/// In an unnamed namespace: each kernel file has its own, made with its flags.

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/crc_polynomial.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {
namespace {

struct Fold512 {
    using Sum = __m512i;

    /// The pair of factors that moves 128 bits `bits` further: the first 64 bits of the stream are
    /// the higher powers.
    template <std::size_t bits>
    static __m512i factors() {
        constexpr std::uint64_t first = std::uint64_t{crc_polynomial::x_power(bits + 32)} << 1U;
        constexpr std::uint64_t second = std::uint64_t{crc_polynomial::x_power(bits - 32)} << 1U;
        return _mm512_broadcast_i32x4(
            _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first))
        );
    }

    /// `sum` moved by what `by` stands for, plus what lies there.
    static Sum fold(Sum sum, __m512i by, __m512i next) {
        auto const first = _mm512_clmulepi64_epi128(sum, by, 0x00);
        auto const second = _mm512_clmulepi64_epi128(sum, by, 0x11);
        return _mm512_ternarylogic_epi64(first, second, next, 0x96);  // xor of all three
    }

    /// 64 bytes that, read from state 0, leave `state`.
    static Sum begin(std::uint32_t state) {
        constexpr std::uint32_t top = 0x80000000;
        for (int bit = 0; bit < 32; ++bit) {
            bool const is_odd = (state & top) != 0;
            state = is_odd ? (state ^ crc_polynomial::reflected) << 1U | 1U : state << 1U;
        }
        auto const word = _mm_set_epi32(static_cast<int>(state), 0, 0, 0);
        return _mm512_inserti32x4(_mm512_setzero_si512(), word, 3);
    }
    /// Also the next 64 bytes.
    static Sum add(Sum sum, __m512i next) { return fold(sum, factors<512>(), next); }
    /// The state after those, and after the rest, which is shorter than 64 bytes.
    static std::uint32_t end(Sum sum, std::byte const* rest, std::size_t size_bytes) {
        std::byte folded[64];
        _mm512_storeu_si512(folded, sum);
        return crc_sse42(crc_sse42(0, folded, sizeof folded), rest, size_bytes);
    }
};

}  // namespace
}  // namespace disgrafs::erasure
