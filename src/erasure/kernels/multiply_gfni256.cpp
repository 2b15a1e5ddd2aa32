#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/tables.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 2 outs 8 sums, 4 inputs and a matrix of 16; with 6 outs 12, 2 and 1.
struct Lane {
    using Vector = __m256i;
    using Input = __m256i;
    using Table = std::uint64_t;
    static constexpr std::size_t bytes = 32;
    static constexpr std::size_t wide(std::size_t outs) {
        return outs <= 2 ? 4 : outs == 3 ? 3 : 2;
    }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }

    static Vector zero() { return _mm256_setzero_si256(); }
    static Vector load(std::byte const* from) {
        return _mm256_loadu_si256(reinterpret_cast<__m256i const*>(from));
    }
    static void store(std::byte* to, Vector value) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
    }
    static Input split(Vector value) { return value; }
    static Table table(std::uint8_t constant) { return kernel_tables.matrices[constant]; }
    static Vector add(Vector a, Vector b) { return _mm256_xor_si256(a, b); }
    static Vector multiply(Input x, Table matrix) {
        return _mm256_gf2p8affine_epi64_epi8(
            x, _mm256_set1_epi64x(static_cast<long long>(matrix)), 0
        );
    }
};

}  // namespace

void multiply_gfni256(Product const& product) { Driver<Lane>::multiply(product); }

}  // namespace disgrafs::erasure
