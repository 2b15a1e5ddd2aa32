#include <cstddef>
#include <cstdint>

#include "erasure/kernels/planes.hpp"

namespace disgrafs::erasure {
namespace {

/// 256 bits on any machine; the compiler knows the instructions.
using Register = std::uint64_t __attribute__((vector_size(32)));
constexpr std::size_t registers = plane_bytes / sizeof(Register);

Register load(std::byte const* from) {
    Register x;
    __builtin_memcpy(&x, from, sizeof x);
    return x;
}
void store(std::byte* to, Register x) { __builtin_memcpy(to, &x, sizeof x); }

/// Exchange the bits of a that `mask << shift` covers with those of b that `mask` covers.
template <int shift>
void exchange(Register& a, Register& b, std::uint64_t mask) {
    auto const differing = ((a >> shift) ^ b) & mask;
    b ^= differing;
    a ^= differing << shift;
}

/// Bit b of byte i ↔ bit i of byte b, for the bytes at one place of eight registers: three rounds
/// of exchanges (Warren 2013, section 7-3). Undoes itself.
void transpose(Register (&x)[8]) {
    constexpr std::uint64_t fours = 0x0F0F0F0F0F0F0F0F;
    constexpr std::uint64_t twos = 0x3333333333333333;
    constexpr std::uint64_t ones = 0x5555555555555555;
    for (int i = 0; i < 4; ++i) {
        exchange<4>(x[i], x[i + 4], fours);
    }
    for (int i = 0; i < 8; i += 4) {
        exchange<2>(x[i], x[i + 2], twos);
        exchange<2>(x[i + 1], x[i + 3], twos);
    }
    for (int i = 0; i < 8; i += 2) {
        exchange<1>(x[i], x[i + 1], ones);
    }
}

}  // namespace

void transpose_planes(std::byte const* from, std::byte* to) {
    for (std::size_t at = 0; at < plane_bytes; at += sizeof(Register)) {
        Register x[8];
        for (std::size_t i = 0; i < 8; ++i) {
            x[i] = load(from + i * plane_bytes + at);
        }
        transpose(x);
        for (std::size_t i = 0; i < 8; ++i) {
            store(to + i * plane_bytes + at, x[i]);
        }
    }
}

void run_program(std::uint32_t const* program, std::size_t size, std::byte* planes) {
    auto const* const end = program + size;
    while (program < end) {
        auto* const to = planes + *program++ * plane_bytes;
        auto count = *program++;
        Register sums[registers] = {};
        for (; count > 0; --count) {
            auto const* const from = planes + *program++ * plane_bytes;
            for (std::size_t v = 0; v < registers; ++v) {
                sums[v] ^= load(from + v * sizeof(Register));
            }
        }
        for (std::size_t v = 0; v < registers; ++v) {
            store(to + v * sizeof(Register), sums[v]);
        }
    }
}

}  // namespace disgrafs::erasure
