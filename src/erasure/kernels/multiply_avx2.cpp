#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/tables.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 4 outs 8 sums, 4 inputs, a mask and 2 tables of 16.
struct Lane {
    using Vector = __m256i;
    struct Input {
        __m256i low;   // x mod 16
        __m256i high;  // x div 16
    };
    using Table = NibbleTable;
    static constexpr std::size_t bytes = 32;
    static constexpr std::size_t wide(std::size_t outs) { return outs <= 4 ? 2 : 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }

    static Vector zero() { return _mm256_setzero_si256(); }
    static Vector load(std::byte const* from) {
        return _mm256_loadu_si256(reinterpret_cast<__m256i const*>(from));
    }
    static void store(std::byte* to, Vector value) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
    }
    static Input split(Vector value) {
        auto const mask = _mm256_set1_epi8(15);
        return {
            .low = _mm256_and_si256(value, mask),
            .high = _mm256_and_si256(_mm256_srli_epi64(value, 4), mask),
        };
    }
    static Table table(std::uint8_t constant) { return kernel_tables.nibbles[constant]; }
    static Vector add(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
    static Vector multiply(Input x, Table const& table) {
        return add(
            _mm256_shuffle_epi8(twice(table.low), x.low),
            _mm256_shuffle_epi8(twice(table.high), x.high)
        );
    }

 private:
    static __m256i twice(std::uint8_t const* table) {
        return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<__m128i const*>(table))
        );
    }
};

}  // namespace

void multiply_avx2(Product const& product) { Driver<Lane>::multiply(product); }

}  // namespace disgrafs::erasure
