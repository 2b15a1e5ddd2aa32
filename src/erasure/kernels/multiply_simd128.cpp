#include <cstddef>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/lanes.hpp"
#include "erasure/kernels/registers.hpp"

namespace disgrafs::erasure {
namespace {

// Engines have 16 registers on x86. With 2 outs 4 sums, 4 inputs, a mask and 2 tables.
struct Shape {
    static constexpr std::size_t group_max = 4;
    static constexpr bool is_unrolled = false;
    static constexpr std::size_t wide(std::size_t outs) { return outs <= 2 ? 2 : 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

// With 2 outs 4 sums, 4 inputs and 2 tables.
struct Shape16 {
    static constexpr std::size_t group_max = 2;
    static constexpr bool is_unrolled = false;
    static constexpr std::size_t wide(std::size_t /*outs*/) { return 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

}  // namespace

void multiply_simd128(Product const& product) {
    Driver<ShuffleLane<RegistersWasm, Shape>>::multiply(product);
}
void multiply16_simd128(Product const& product) {
    Driver<ShuffleLane16<RegistersWasm, Shape16>>::multiply(product);
}

}  // namespace disgrafs::erasure
