#include <cstddef>

#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/lanes.hpp"
#include "erasure/kernels/registers.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 2 outs 8 sums, 4 inputs and a matrix of 16; with 6 outs 12, 2 and 1.
struct Shape {
    static constexpr std::size_t group_max = 6;
    static constexpr std::size_t tables_held = 0;
    static constexpr bool is_unrolled = true;
    static constexpr std::size_t wide(std::size_t outs) {
        return outs <= 2 ? 4 : outs == 3 ? 3 : 2;
    }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

// With 5 outs 10 sums, 2 inputs and a matrix of 16.
struct Shape16 {
    static constexpr std::size_t group_max = 5;
    static constexpr bool is_unrolled = false;
    static constexpr std::size_t wide(std::size_t /*outs*/) { return 1; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

}  // namespace

void multiply_gfni256(Product const& product) {
    Driver<AffineLane<Registers256, Shape>>::multiply(product);
}
void multiply16_gfni256(Product const& product) {
    Driver<AffineLane16<Registers256, Shape16>>::multiply(product);
}

}  // namespace disgrafs::erasure
