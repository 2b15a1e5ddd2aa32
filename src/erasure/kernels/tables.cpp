#include "erasure/kernels/tables.hpp"

#include <cstdint>

#include "erasure/galois.hpp"

namespace disgrafs::erasure {
namespace {

constexpr NibbleTable make_nibbles(std::uint8_t constant) {
    NibbleTable table{};
    for (std::uint8_t x = 0; x < 16; ++x) {
        table.low[x] = Gf8::product(constant, x);
        table.high[x] = Gf8::product(constant, static_cast<std::uint8_t>(x << 4U));
    }
    return table;
}

/// The bit matrix whose column b is the byte images[b].
constexpr std::uint64_t bit_matrix(std::uint8_t const (&images)[8]) {
    std::uint64_t matrix = 0;
    for (unsigned column = 0; column < 8; ++column) {
        for (unsigned row = 0; row < 8; ++row) {
            std::uint64_t const bit = static_cast<unsigned>(images[column]) >> row & 1U;
            matrix |= bit << (8U * (7U - row) + column);
        }
    }
    return matrix;
}

constexpr std::uint64_t make_matrix(std::uint8_t constant) {
    std::uint8_t images[8] = {};
    for (unsigned bit = 0; bit < 8; ++bit) {
        images[bit] = Gf8::product(constant, static_cast<std::uint8_t>(1U << bit));
    }
    return bit_matrix(images);
}

constexpr KernelTables make_tables() {
    KernelTables tables{};
    for (unsigned constant = 0; constant < 256; ++constant) {
        tables.nibbles[constant] = make_nibbles(static_cast<std::uint8_t>(constant));
        tables.matrices[constant] = make_matrix(static_cast<std::uint8_t>(constant));
    }
    return tables;
}

constexpr NibbleTable16 make_nibbles16(std::uint16_t constant) {
    NibbleTable16 table{};
    for (unsigned nibble = 0; nibble < 4; ++nibble) {
        for (unsigned value = 0; value < 16; ++value) {
            auto const x = static_cast<std::uint16_t>(value << 4U * nibble);
            auto const product = Gf16::product(constant, x);
            table.of[nibble][0][value] = static_cast<std::uint8_t>(product & 255U);
            table.of[nibble][1][value] = static_cast<std::uint8_t>(product >> 8U);
        }
    }
    return table;
}

constexpr Matrix16 make_matrix16(std::uint16_t constant) {
    Matrix16 matrix{};
    for (unsigned from = 0; from < 2; ++from) {
        std::uint8_t low[8] = {};
        std::uint8_t high[8] = {};
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto const x = static_cast<std::uint16_t>(1U << (8U * from + bit));
            auto const product = Gf16::product(constant, x);
            low[bit] = static_cast<std::uint8_t>(product & 255U);
            high[bit] = static_cast<std::uint8_t>(product >> 8U);
        }
        matrix.of[0][from] = bit_matrix(low);
        matrix.of[1][from] = bit_matrix(high);
    }
    return matrix;
}

constexpr KernelTables16 make_tables16() {
    KernelTables16 tables{};
    for (unsigned nibble = 0; nibble < 4; ++nibble) {
        for (unsigned value = 0; value < 16; ++value) {
            auto const constant = static_cast<std::uint16_t>(value << 4U * nibble);
            tables.nibbles[nibble][value] = make_nibbles16(constant);
            tables.matrices[nibble][value] = make_matrix16(constant);
        }
    }
    return tables;
}

}  // namespace

DISGRAFS_TABLE KernelTables const kernel_tables = make_tables();
DISGRAFS_TABLE KernelTables16 const kernel_tables16 = make_tables16();

}  // namespace disgrafs::erasure
