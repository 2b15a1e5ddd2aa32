#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/tables.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 4 outs 16 sums, 8 inputs and a matrix of 32; with 6 outs 24, 4 and 1.
struct Lane {
    using Vector = __m512i;
    using Input = __m512i;
    using Table = std::uint64_t;
    static constexpr std::size_t bytes = 64;
    static constexpr std::size_t wide(std::size_t /*outs*/) { return 4; }
    static constexpr std::size_t columns(std::size_t outs) { return outs <= 4 ? 2 : 1; }

    static Vector zero() { return _mm512_setzero_si512(); }
    static Vector load(std::byte const* from) { return _mm512_loadu_si512(from); }
    static void store(std::byte* to, Vector value) { _mm512_storeu_si512(to, value); }
    static Input split(Vector value) { return value; }
    static Table table(std::uint8_t constant) { return kernel_tables.matrices[constant]; }
    static Vector add(Vector a, Vector b) { return _mm512_xor_si512(a, b); }
    static Vector multiply(Input x, Table matrix) {
        // clang before 20 encodes the displacement of a broadcast operand of this instruction in
        // bytes; the CPU counts it in eights (llvm-project #120340). A matrix that is in a register
        // has no displacement.
        auto by = _mm512_set1_epi64(static_cast<long long>(matrix));
        asm("" : "+v"(by));
        return _mm512_gf2p8affine_epi64_epi8(x, by, 0);
    }
};

}  // namespace

void multiply_gfni512(Product const& product) { Driver<Lane>::multiply(product); }

}  // namespace disgrafs::erasure
