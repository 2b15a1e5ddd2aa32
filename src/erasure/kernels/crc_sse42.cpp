#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/crc_polynomial.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {
namespace {

std::uint64_t load(std::byte const* from) {
    std::uint64_t word = 0;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
}

/// state · x^(8 · size_bytes): what the remainder becomes when so many zero bytes follow. The
/// carry-less product stands one bit low, and the CRC instruction multiplies by x^32 as it reduces.
template <std::size_t size_bytes>
std::uint64_t skip(std::uint64_t state) {
    constexpr std::uint32_t factor = crc_polynomial::x_power(8 * size_bytes - 33);
    auto const product = _mm_clmulepi64_si128(
        _mm_cvtsi64_si128(static_cast<long long>(state)),
        _mm_cvtsi32_si128(static_cast<int>(factor)),
        0
    );
    return _mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(product)));
}

/// Three neighbouring runs of `run_bytes` at once, as the instruction answers after three cycles
/// but starts every cycle.
template <std::size_t run_bytes>
std::uint64_t three_runs(std::uint64_t state, std::byte const* bytes) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t at = 0; at < run_bytes; at += 8) {
        state = _mm_crc32_u64(state, load(bytes + at));
        second = _mm_crc32_u64(second, load(bytes + run_bytes + at));
        third = _mm_crc32_u64(third, load(bytes + 2 * run_bytes + at));
    }
    return skip<2 * run_bytes>(state) ^ skip<run_bytes>(second) ^ third;
}

constexpr std::size_t long_run_bytes = 5456;  // Four times three of them are nearly 64 KiB.
constexpr std::size_t short_run_bytes = 168;

}  // namespace

std::uint32_t crc_sse42(std::uint32_t state, std::byte const* bytes, std::size_t size_bytes) {
    std::uint64_t wide = state;
    for (; size_bytes >= 3 * long_run_bytes; size_bytes -= 3 * long_run_bytes) {
        wide = three_runs<long_run_bytes>(wide, bytes);
        bytes += 3 * long_run_bytes;
    }
    for (; size_bytes >= 3 * short_run_bytes; size_bytes -= 3 * short_run_bytes) {
        wide = three_runs<short_run_bytes>(wide, bytes);
        bytes += 3 * short_run_bytes;
    }
    for (; size_bytes >= 8; size_bytes -= 8, bytes += 8) {
        wide = _mm_crc32_u64(wide, load(bytes));
    }
    auto narrow = static_cast<std::uint32_t>(wide);
    for (; size_bytes > 0; --size_bytes, ++bytes) {
        narrow = _mm_crc32_u8(narrow, static_cast<std::uint8_t>(*bytes));
    }
    return narrow;
}

}  // namespace disgrafs::erasure
