#include "erasure/inverse.hpp"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "erasure/galois.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

using Square = std::vector<Coefficient>;

template <typename F>
Square product(std::size_t n, Square const& a, Square const& b) {
    using Element = typename F::Element;
    Square made(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            Element sum = 0;
            for (std::size_t l = 0; l < n; ++l) {
                auto const left = static_cast<Element>(a[i * n + l]);
                sum ^= F::multiply(left, static_cast<Element>(b[l * n + j]));
            }
            made[i * n + j] = sum;
        }
    }
    return made;
}

Square identity(std::size_t n) {
    Square made(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        made[i * n + i] = 1;
    }
    return made;
}

template <typename F>
Square random_square(std::size_t n, TestRandom& random) {
    Square made(n * n);
    for (auto& element : made) {
        element = static_cast<Coefficient>(random.below(F::size));
    }
    return made;
}

template <typename F>
void expect_inverses(std::size_t n, TestRandom& random) {
    int found = 0;
    for (int round = 0; round < 20; ++round) {
        auto const matrix = random_square<F>(n, random);
        if (auto const inverse = invert(F::bits, n, matrix)) {
            ++found;
            ASSERT_EQ(product<F>(n, matrix, *inverse), identity(n)) << n;
            ASSERT_EQ(product<F>(n, *inverse, matrix), identity(n)) << n;
        }
    }
    EXPECT_GT(found, 10) << "random matrices are seldom singular";
}

TEST(Inverse, TimesTheMatrixIsTheIdentity) {
    TestRandom random(1);
    for (std::size_t n = 1; n <= 24; ++n) {
        expect_inverses<Gf8>(n, random);
        expect_inverses<Gf16>(n, random);
    }
}

TEST(Inverse, ZeroAsFirstPivotIsSteppedOver) {
    EXPECT_EQ(invert(8, 2, {0, 1, 1, 0}), (Square{0, 1, 1, 0}));
}

TEST(Inverse, SingularMatrixHasNone) {
    EXPECT_FALSE(invert(8, 1, {0}).has_value());
    EXPECT_FALSE(invert(8, 2, {1, 2, 2, 4}).has_value());
    EXPECT_FALSE(invert(16, 3, {1, 2, 3, 4, 5, 6, 5, 7, 5}).has_value());
}

TEST(Inverse, NothingIsItsOwnInverse) { EXPECT_EQ(invert(8, 0, {}), Square{}); }

}  // namespace
}  // namespace disgrafs::erasure
