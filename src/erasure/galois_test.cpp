#include "erasure/galois.hpp"

#include <cstdint>

#include <gtest/gtest.h>

#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

// The definition: multiply polynomials bit by bit, reduce by 0x11D. Shares nothing with the tables.
std::uint8_t long_multiply(std::uint32_t a, std::uint32_t b) {
    std::uint32_t product = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
        product ^= ((b >> bit) & 1U) != 0 ? a << bit : 0U;
    }
    for (unsigned bit = 15; bit >= 8; --bit) {
        product ^= ((product >> bit) & 1U) != 0 ? 0x11DU << (bit - 8U) : 0U;
    }
    return static_cast<std::uint8_t>(product);
}

template <typename Visit>
void for_all_pairs(Visit visit) {
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            visit(static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b));
        }
    }
}

TEST(Galois, ProductOfAllPairsIsPolynomialProductModulo11D) {
    for_all_pairs([](std::uint8_t a, std::uint8_t b) {
        ASSERT_EQ(Gf8::multiply(a, b), long_multiply(a, b)) << unsigned{a} << " · " << unsigned{b};
    });
}

TEST(Galois, EveryElementButZeroHasAnInverse) {
    for (unsigned a = 1; a < 256; ++a) {
        auto const element = static_cast<std::uint8_t>(a);
        ASSERT_EQ(Gf8::multiply(element, Gf8::inverse(element)), 1);
    }
}

TEST(Galois, MultiplyingIsCommutativeAssociativeAndDistributive) {
    for_all_pairs([](std::uint8_t a, std::uint8_t b) {
        ASSERT_EQ(Gf8::multiply(a, b), Gf8::multiply(b, a));
        for (unsigned third = 0; third < 256; third += 5) {
            auto const c = static_cast<std::uint8_t>(third);
            ASSERT_EQ(Gf8::multiply(Gf8::multiply(a, b), c), Gf8::multiply(a, Gf8::multiply(b, c)));
            auto const sum = static_cast<std::uint8_t>(b ^ c);
            ASSERT_EQ(Gf8::multiply(a, sum), Gf8::multiply(a, b) ^ Gf8::multiply(a, c));
        }
    });
}

TEST(Galois, SixteenBitElementsKeepTheAxioms) {
    TestRandom random(1);
    auto const element = [&] { return static_cast<std::uint16_t>(random.below(Gf16::size)); };
    for (int round = 0; round < 200'000; ++round) {
        auto const a = element();
        auto const b = element();
        auto const c = element();
        ASSERT_EQ(Gf16::multiply(a, b), Gf16::product(a, b));  // The definition, bit by bit.
        ASSERT_EQ(Gf16::multiply(a, b), Gf16::multiply(b, a));
        ASSERT_EQ(Gf16::multiply(Gf16::multiply(a, b), c), Gf16::multiply(a, Gf16::multiply(b, c)));
        auto const sum = static_cast<std::uint16_t>(b ^ c);
        ASSERT_EQ(Gf16::multiply(a, sum), Gf16::multiply(a, b) ^ Gf16::multiply(a, c));
    }
    for (std::uint32_t a = 1; a < Gf16::size; ++a) {
        auto const value = static_cast<std::uint16_t>(a);
        ASSERT_EQ(Gf16::multiply(value, Gf16::inverse(value)), 1);
        ASSERT_EQ(Gf16::power(Gf16::log(value)), value);
    }
}

TEST(Galois, OtherWidthsComeFromTheSameDescription) {
    using Gf4 = Field<4, 0x13>;
    static_assert(Gf4::size == 16 && Gf4::multiply(8, 2) == 3);
    for (std::uint8_t a = 1; a < Gf4::size; ++a) {
        ASSERT_EQ(Gf4::multiply(a, Gf4::inverse(a)), 1);
    }
}

}  // namespace
}  // namespace disgrafs::erasure
