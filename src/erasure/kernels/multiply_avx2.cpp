#include <cstddef>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/lanes.hpp"
#include "erasure/kernels/registers.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 4 outs 8 sums, 4 inputs, a mask and 2 tables of 16.
struct Shape {
    static constexpr std::size_t group_max = 6;
    static constexpr std::size_t tables_held = 0;
    static constexpr bool is_unrolled = true;
    static constexpr std::size_t wide(std::size_t outs) { return outs <= 4 ? 2 : 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

// With 3 outs 6 sums, 4 inputs and 2 tables of 16.
struct Shape16 {
    static constexpr std::size_t group_max = 3;
    static constexpr bool is_unrolled = false;
    static constexpr std::size_t wide(std::size_t /*outs*/) { return 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

}  // namespace

void multiply_avx2(Product const& product) {
    Driver<ShuffleLane<Registers256, Shape>>::multiply(product);
}
void multiply16_avx2(Product const& product) {
    Driver<ShuffleLane16<Registers256, Shape16>>::multiply(product);
}

}  // namespace disgrafs::erasure
