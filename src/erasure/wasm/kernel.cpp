/// \file erasure/wasm/kernel.cpp  The one kernel of a module: which module is loaded is the choice.

#include "erasure/kernels/kernel.hpp"

#include <cstddef>
#include <span>

#include "erasure/galois.hpp"
#include "erasure/xor_schedule.hpp"

namespace disgrafs::erasure {
namespace {

#if defined(__wasm_simd128__)
constexpr Kernel only{"simd128", multiply_simd128, multiply16_simd128, crc_simd128};
#else
constexpr Kernel only{"scalar", multiply_scalar, multiply16_scalar, crc_portable};
#endif

}  // namespace

Kernel const& kernel() { return only; }

// The kernel "xor" is not in the modules, so that nobody comes here.
void multiply_xor(Product const& /*product*/) { __builtin_trap(); }
XorSchedule::XorSchedule(
    std::size_t /*source_count*/, std::span<Coefficient const> /*rows*/, Sums /*sums*/
)
    : source_count_(0), out_count_(0) {
    __builtin_trap();
}
void XorSchedule::run(Product const& /*product*/) const { __builtin_trap(); }

}  // namespace disgrafs::erasure
