#include "erasure/kernels/tables.hpp"

#include <cstdint>

#include "erasure/galois.hpp"

namespace disgrafs::erasure {
namespace {

constexpr NibbleTable make_nibbles(std::uint8_t constant) {
    NibbleTable table{};
    for (std::uint8_t x = 0; x < 16; ++x) {
        table.low[x] = Gf8::multiply(constant, x);
        table.high[x] = Gf8::multiply(constant, static_cast<std::uint8_t>(x << 4U));
    }
    return table;
}

constexpr std::uint64_t make_matrix(std::uint8_t constant) {
    std::uint64_t matrix = 0;
    for (unsigned column = 0; column < 8; ++column) {
        std::uint64_t const image =
            Gf8::multiply(constant, static_cast<std::uint8_t>(1U << column));
        for (unsigned row = 0; row < 8; ++row) {
            matrix |= (image >> row & 1U) << (8U * (7U - row) + column);
        }
    }
    return matrix;
}

constexpr KernelTables make_tables() {
    KernelTables tables{};
    for (unsigned constant = 0; constant < 256; ++constant) {
        tables.nibbles[constant] = make_nibbles(static_cast<std::uint8_t>(constant));
        tables.matrices[constant] = make_matrix(static_cast<std::uint8_t>(constant));
    }
    return tables;
}

}  // namespace

constexpr KernelTables kernel_tables = make_tables();

}  // namespace disgrafs::erasure
