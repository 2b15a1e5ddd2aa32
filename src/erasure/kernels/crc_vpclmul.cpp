#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/crc_fold.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {

// 256 bytes a step are folded into four registers, those into one.
std::uint32_t crc_vpclmul(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes) {
    if (size_bytes < 256) {
        return crc_sse42(state, bytes, size_bytes);
    }
    auto const load = [&](std::ptrdiff_t vector) {
        return _mm512_loadu_si512(bytes + vector * 64);
    };
    auto const start = _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(state)));
    __m512i sums[4] = {_mm512_xor_si512(load(0), start), load(1), load(2), load(3)};
    auto const by_four = Fold512::factors<4 * 512>();
    for (bytes += 256, size_bytes -= 256; size_bytes >= 256; bytes += 256, size_bytes -= 256) {
        for (std::ptrdiff_t v = 0; v < 4; ++v) {
            sums[v] = Fold512::fold(sums[v], by_four, load(v));
        }
    }
    auto sum = sums[0];
    for (int v = 1; v < 4; ++v) {
        sum = Fold512::add(sum, sums[v]);
    }
    for (; size_bytes >= 64; bytes += 64, size_bytes -= 64) {
        sum = Fold512::add(sum, load(0));
    }
    return Fold512::end(sum, bytes, size_bytes);
}

}  // namespace disgrafs::erasure
