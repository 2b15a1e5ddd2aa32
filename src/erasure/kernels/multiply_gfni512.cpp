#include <cstddef>
#include <cstdint>

#include "erasure/kernels/crc_fold.hpp"
#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/lanes.hpp"
#include "erasure/kernels/registers.hpp"

namespace disgrafs::erasure {
namespace {

// Registers: with 2 outs 12 sums, 6 inputs and 8 matrices of 32; with 4 outs 16, 8 and 1.
struct Shape {
    static constexpr std::size_t group_max = 6;
    static constexpr std::size_t tables_held = 8;
    static constexpr bool is_unrolled = true;
    static constexpr std::size_t wide(std::size_t outs) { return outs <= 2 ? 6 : 4; }
    static constexpr std::size_t columns(std::size_t outs) {
        return outs == 3 || outs == 4 ? 2 : 1;
    }
};

// With 6 outs 24 sums, 4 inputs and a matrix of 32.
struct Shape16 {
    static constexpr std::size_t group_max = 6;
    static constexpr bool is_unrolled = false;
    static constexpr std::size_t wide(std::size_t /*outs*/) { return 2; }
    static constexpr std::size_t columns(std::size_t /*outs*/) { return 1; }
};

using Lane = AffineLane<Registers512, Shape, Fold512>;

}  // namespace

void multiply_gfni512(Product const& product) { Driver<Lane>::multiply(product); }
bool multiply_with_crcs_gfni512(Product const& product, std::uint32_t* states) {
    return Driver<Lane>::multiply_with_crcs(product, states);
}
void multiply16_gfni512(Product const& product) {
    Driver<AffineLane16<Registers512, Shape16>>::multiply(product);
}

}  // namespace disgrafs::erasure
