#pragma once

/// \file erasure/galois.hpp  Arithmetic of GF(2^w), made by the compiler from one description.
///
/// An element is a polynomial over GF(2) of degree below w, written as its w coefficient bits.
/// Adding is xor; multiplying is modulo `polynomial`. The polynomial is primitive (checked when
/// compiled), so the powers of 2 run through every element but 0, and a product is a sum of
/// logarithms. No table is written by hand.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace disgrafs::erasure {

template <unsigned width, std::uint32_t polynomial>
class Field {
 public:
    using Element = std::conditional_t<(width <= 8), std::uint8_t, std::uint16_t>;
    static constexpr std::uint32_t size = 1U << width;  ///< How many elements.
    static constexpr std::uint32_t order = size - 1;    ///< How many without 0.

    static constexpr Element multiply(Element a, Element b) {
        return a == 0 || b == 0 ? Element{0} : power(log(a) + log(b));
    }
    /// 1 / a, for a ≠ 0.
    static constexpr Element inverse(Element a) { return power(order - log(a)); }

    /// 2^exponent, for 0 … 2·order. power(log(a) + log(b)) needs no reduction.
    static constexpr Element power(std::uint32_t exponent) { return tables.powers[exponent]; }
    /// The exponent (0 … order − 1) that gives a ≠ 0.
    static constexpr std::uint32_t log(Element a) { return tables.logs[a]; }

 private:
    struct Tables {
        std::array<Element, std::size_t{2} * order + 1> powers{};
        std::array<Element, size> logs{};
        bool is_primitive = true;
    };
    static constexpr Tables make_tables() {
        Tables made;
        std::uint32_t value = 1;
        for (std::uint32_t exponent = 0; exponent < order; ++exponent) {
            made.is_primitive = made.is_primitive && (exponent == 0 || value != 1);
            made.powers[exponent] = static_cast<Element>(value);
            made.powers[exponent + order] = static_cast<Element>(value);
            made.logs[value] = static_cast<Element>(exponent);
            value <<= 1U;
            value ^= (value & size) != 0 ? polynomial : 0U;
        }
        made.is_primitive = made.is_primitive && value == 1;
        made.powers[std::size_t{2} * order] = 1;
        return made;
    }
    static constexpr Tables tables = make_tables();
    static_assert(tables.is_primitive, "the powers of 2 must run through every element but 0");
};

/// The field of every layout with w = 8: x^8 + x^4 + x^3 + x^2 + 1.
using Gf8 = Field<8, 0x11D>;

}  // namespace disgrafs::erasure
