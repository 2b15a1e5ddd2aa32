#pragma once

/// \file erasure/galois.hpp  Arithmetic of GF(2^w), made by the compiler from one description.
///
/// An element is a polynomial over GF(2) of degree below w, written as its w coefficient bits.
/// Adding is xor; multiplying is modulo `polynomial`. The polynomial is primitive (checked when
/// compiled), so the powers of 2 run through every element but 0, and a product is a sum of
/// logarithms. No table is written by hand: galois.cpp has the compiler make them.

#include <cstddef>
#include <cstdint>
#include <type_traits>

/// Stands before a table that the compiler makes. A module for the browser makes its tables when it
/// starts: they are larger than all its code.
#if defined(__wasm__)
#define DISGRAFS_TABLE
#else
#define DISGRAFS_TABLE constinit
#endif

namespace disgrafs::erasure {

/// A constant that shards are multiplied with; holds an element of either field.
using Coefficient = std::uint16_t;

template <unsigned width, std::uint32_t polynomial>
class Field {
 public:
    using Element = std::conditional_t<(width <= 8), std::uint8_t, std::uint16_t>;
    static constexpr unsigned bits = width;
    static constexpr std::uint32_t size = 1U << width;  ///< How many elements.
    static constexpr std::uint32_t order = size - 1;    ///< How many without 0.

    /// 2 · a.
    static constexpr Element twice(Element a) {
        std::uint32_t const moved = std::uint32_t{a} << 1U;
        return static_cast<Element>((moved & size) != 0 ? moved ^ polynomial : moved);
    }
    static constexpr Element multiply(Element a, Element b) {
        if (std::is_constant_evaluated()) {
            return product(a, b);
        }
        return a == 0 || b == 0 ? Element{0} : power(log(a) + log(b));
    }
    /// 1 / a, for a ≠ 0.
    static Element inverse(Element a) { return power(order - log(a)); }

    /// 2^exponent, for 0 … 2·order. power(log(a) + log(b)) needs no reduction.
    static Element power(std::uint32_t exponent) { return tables.powers[exponent]; }
    /// The exponent (0 … order − 1) that gives a ≠ 0.
    static std::uint32_t log(Element a) { return tables.logs[a]; }

    /// The definition: b's bits say which doublings of a are summed.
    static constexpr Element product(Element a, Element b) {
        Element sum = 0;
        for (unsigned bit = 0; bit < width; ++bit, a = twice(a)) {
            sum = static_cast<Element>((b >> bit & 1U) != 0 ? sum ^ a : sum);
        }
        return sum;
    }

 private:
    struct Tables {
        Element powers[std::size_t{2} * order + 1];
        Element logs[size];
    };
    static void the_polynomial_must_be_primitive() {}  // Calling it is no constant.
    static constexpr Tables make_tables() {
        Tables made{};
        Element value = 1;
        for (std::uint32_t exponent = 0; exponent < order; ++exponent) {
            if (exponent > 0 && value == 1) {
                the_polynomial_must_be_primitive();
            }
            made.powers[exponent] = value;
            made.powers[exponent + order] = value;
            made.logs[value] = static_cast<Element>(exponent);
            value = twice(value);
        }
        if (value != 1) {
            the_polynomial_must_be_primitive();
        }
        made.powers[std::size_t{2} * order] = 1;
        return made;
    }
    static Tables const tables;
};

template <unsigned width, std::uint32_t polynomial>
DISGRAFS_TABLE typename Field<width, polynomial>::Tables const Field<width, polynomial>::tables =
    Field<width, polynomial>::make_tables();

/// The field of every layout with w = 8: x^8 + x^4 + x^3 + x^2 + 1, as ISA-L and klauspost.
using Gf8 = Field<8, 0x11D>;
/// The field of every layout with w = 16: x^16 + x^12 + x^3 + x + 1, as gf-complete.
using Gf16 = Field<16, 0x1100B>;

extern template class Field<8, 0x11D>;
extern template class Field<16, 0x1100B>;

}  // namespace disgrafs::erasure
