#pragma once

/// \file erasure/kernels/lanes.hpp  The four ways to multiply, for the driver: by byte shuffles or
/// by bit matrices, in GF(2^8) or in GF(2^16). `R` is one of registers.hpp, and lives in an unnamed
/// namespace; so the code made from these templates belongs to one kernel file.
///
/// `Shape` says how registers are used: `group_max` outs at a time, `wide(outs)` vectors of each,
/// `columns(outs)` sources at once; `is_unrolled`: make code of its own for the layouts in use.
/// `CrcFolding`: how a checksum goes on by a register, where the machine can fold.

#include <cstddef>
#include <cstdint>

#include "erasure/galois.hpp"
#include "erasure/kernels/driver.hpp"
#include "erasure/kernels/tables.hpp"

namespace disgrafs::erasure {

/// A vector is a register.
template <typename R, typename Shape>
struct Bytes8 : Shape {
    using Vector = typename R::Type;
    static constexpr std::size_t bytes = R::bytes;
    static constexpr std::size_t element_bytes = 1;
    static constexpr bool can_stream = requires { R::fence(); };

    static Vector zero() { return R::zero(); }
    static Vector load(std::byte const* from) { return R::load(from); }
    static void store(std::byte* to, Vector value) { R::store(to, value); }
    static void stream(std::byte* to, Vector value) { R::stream(to, value); }
    static void fence() { R::fence(); }
    static Vector add(Vector a, Vector b) { return R::add(a, b); }
};

/// A vector is two registers of 16-bit elements, as their lower and their higher bytes.
template <typename R, typename Shape>
struct Words16 : Shape {
    struct Vector {
        typename R::Type low;
        typename R::Type high;
    };
    static constexpr std::size_t bytes = 2 * R::bytes;
    static constexpr std::size_t element_bytes = 2;
    static constexpr bool can_stream = requires { R::fence(); };

    static Vector zero() { return {R::zero(), R::zero()}; }
    static Vector load(std::byte const* from) {
        auto const first = R::load(from);
        auto const second = R::load(from + R::bytes);
        return {R::even_bytes(first, second), R::odd_bytes(first, second)};
    }
    static void store(std::byte* to, Vector value) {
        R::store(to, R::first_bytes(value.low, value.high));
        R::store(to + R::bytes, R::second_bytes(value.low, value.high));
    }
    static void stream(std::byte* to, Vector value) {
        R::stream(to, R::first_bytes(value.low, value.high));
        R::stream(to + R::bytes, R::second_bytes(value.low, value.high));
    }
    static void fence() { R::fence(); }
    static Vector add(Vector a, Vector b) { return {R::add(a.low, b.low), R::add(a.high, b.high)}; }
};

template <typename R, typename Shape>
struct ShuffleLane : Bytes8<R, Shape> {
    using Folding = NoFolding;
    struct Input {
        typename R::Type low;   // x mod 16
        typename R::Type high;  // x div 16
    };
    using Table = NibbleTable;

    static Input split(typename R::Type x) { return {R::low_nibbles(x), R::high_nibbles(x)}; }
    static Table table(Coefficient constant) { return kernel_tables.nibbles[constant]; }
    static typename R::Type multiply(Input x, Table const& table) {
        return R::add(R::look_up(table.low, x.low), R::look_up(table.high, x.high));
    }
};

template <typename R, typename Shape>
struct ShuffleLane16 : Words16<R, Shape> {
    using Folding = NoFolding;
    using Vector = typename Words16<R, Shape>::Vector;
    struct Input {
        typename R::Type nibbles[4];
    };
    using Table = NibbleTable16;

    static Input split(Vector x) {
        return {
            {R::low_nibbles(x.low),
             R::high_nibbles(x.low),
             R::low_nibbles(x.high),
             R::high_nibbles(x.high)}
        };
    }
    static Table table(Coefficient constant) {
        return sum_of_nibbles<R>(kernel_tables16.nibbles, constant);
    }
    static Vector multiply(Input const& x, Table const& table) {
        auto const byte = [&](int b) {
            auto const part = [&](int n) { return R::look_up(table.of[n][b], x.nibbles[n]); };
            return R::add(R::add(part(0), part(1)), R::add(part(2), part(3)));
        };
        return {byte(0), byte(1)};
    }
};

template <typename R, typename Shape, typename CrcFolding = NoFolding>
struct AffineLane : Bytes8<R, Shape> {
    using Folding = CrcFolding;
    using Input = typename R::Type;
    using Table = std::uint64_t;

    static Input split(typename R::Type x) { return x; }
    static Table table(Coefficient constant) { return kernel_tables.matrices[constant]; }
    static typename R::Type multiply(Input x, Table matrix) { return R::transform(x, matrix); }
};

template <typename R, typename Shape>
struct AffineLane16 : Words16<R, Shape> {
    using Folding = NoFolding;
    using Vector = typename Words16<R, Shape>::Vector;
    using Input = Vector;
    using Table = Matrix16;

    static Input split(Vector x) { return x; }
    static Table table(Coefficient constant) {
        return sum_of_nibbles<R>(kernel_tables16.matrices, constant);
    }
    static Vector multiply(Input x, Table const& table) {
        auto const byte = [&](int b) {
            return R::add(
                R::transform(x.low, table.of[b][0]), R::transform(x.high, table.of[b][1])
            );
        };
        return {byte(0), byte(1)};
    }
};

}  // namespace disgrafs::erasure
