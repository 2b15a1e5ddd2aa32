#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/crc_polynomial.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {
namespace {

/// The pair of factors that moves 128 bits `bits` further: the first 64 bits of the stream are the
/// higher powers. Source: Gopal et al., Intel 2009, "Fast CRC computation using PCLMULQDQ".
template <std::size_t bits>
__m512i factors() {
    constexpr std::uint64_t first = std::uint64_t{crc_polynomial::x_power(bits + 32)} << 1U;
    constexpr std::uint64_t second = std::uint64_t{crc_polynomial::x_power(bits - 32)} << 1U;
    return _mm512_broadcast_i32x4(
        _mm_set_epi64x(static_cast<long long>(second), static_cast<long long>(first))
    );
}

/// `value` moved by what `by` stands for, plus what lies there.
__m512i fold(__m512i value, __m512i by, __m512i next) {
    auto const first = _mm512_clmulepi64_epi128(value, by, 0x00);
    auto const second = _mm512_clmulepi64_epi128(value, by, 0x11);
    return _mm512_ternarylogic_epi64(first, second, next, 0x96);  // xor of all three
}

}  // namespace

// 256 bytes a step are folded into four registers, those into one, and its 64 bytes have the same
// remainder as all that was read.
std::uint32_t crc_vpclmul(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes) {
    if (size_bytes < 256) {
        return crc_sse42(state, bytes, size_bytes);
    }
    auto const load = [&](std::ptrdiff_t vector) {
        return _mm512_loadu_si512(bytes + vector * 64);
    };
    auto const start = _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(state)));
    __m512i sums[4] = {_mm512_xor_si512(load(0), start), load(1), load(2), load(3)};
    auto const by_four = factors<4 * 512>();
    for (bytes += 256, size_bytes -= 256; size_bytes >= 256; bytes += 256, size_bytes -= 256) {
        for (std::ptrdiff_t v = 0; v < 4; ++v) {
            sums[v] = fold(sums[v], by_four, load(v));
        }
    }
    auto const by_one = factors<512>();
    auto sum = sums[0];
    for (int v = 1; v < 4; ++v) {
        sum = fold(sum, by_one, sums[v]);
    }
    for (; size_bytes >= 64; bytes += 64, size_bytes -= 64) {
        sum = fold(sum, by_one, load(0));
    }
    std::byte folded[64];
    _mm512_storeu_si512(folded, sum);
    return crc_sse42(crc_sse42(0, folded, sizeof folded), bytes, size_bytes);
}

}  // namespace disgrafs::erasure
