// Jerasure on gf-complete, fed with our matrices: the same parity, and it rebuilds what we encoded.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <jerasure.h>

#include "base/bytes.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

Layout layout_of(std::size_t k, std::size_t m, int w, Matrix matrix) {
    Layout layout{.matrix = matrix};
    layout.k = static_cast<decltype(layout.k)>(k);
    layout.m = static_cast<decltype(layout.m)>(m);
    layout.w = static_cast<std::uint8_t>(w);
    return layout;
}

char* pointer(Bytes& bytes) { return reinterpret_cast<char*>(bytes.data()); }

std::vector<char*> pointers(std::vector<Bytes>& shards, std::size_t from, std::size_t count) {
    std::vector<char*> list;
    for (std::size_t i = from; i < from + count; ++i) {
        list.push_back(pointer(shards[i]));
    }
    return list;
}

/// A stripe whose shards hold whole words of 8 bytes, as Jerasure wants, and our matrix as ints.
struct Stripe {
    Layout layout;
    std::vector<int> matrix;
    std::vector<Bytes> shards;

    Stripe(Layout shape, std::size_t words, TestRandom& random)
        : layout(shape), shards(random_stripe(shape, 8 * words, random)) {
        auto const rows = parity_rows(layout);
        matrix.assign(rows.begin(), rows.end());
    }
    [[nodiscard]] int size_bytes() const { return static_cast<int>(shards[0].size()); }
};

void expect_same_parity(Stripe const& stripe) {
    auto const layout = stripe.layout;
    auto shards = stripe.shards;
    for (std::size_t i = layout.k; i < shards.size(); ++i) {
        std::ranges::fill(shards[i], std::byte{0xEE});
    }
    auto data = pointers(shards, 0, layout.k);
    auto parity = pointers(shards, layout.k, layout.m);
    auto matrix = stripe.matrix;
    jerasure_matrix_encode(
        layout.k, layout.m, layout.w, matrix.data(), data.data(), parity.data(), stripe.size_bytes()
    );
    ASSERT_TRUE(shards == stripe.shards) << layout.k + 0 << "+" << layout.m + 0;
}

/// Loses m random shards.
void expect_rebuilt(Stripe const& stripe, TestRandom& random) {
    auto const layout = stripe.layout;
    auto shards = stripe.shards;
    auto lost = random.pick(layout.m, layout.total());
    for (int const shard : lost) {
        std::ranges::fill(shards[static_cast<std::size_t>(shard)], std::byte{0xEE});
    }
    lost.push_back(-1);
    auto data = pointers(shards, 0, layout.k);
    auto parity = pointers(shards, layout.k, layout.m);
    auto matrix = stripe.matrix;
    int const done = jerasure_matrix_decode(
        layout.k,
        layout.m,
        layout.w,
        matrix.data(),
        0,
        lost.data(),
        data.data(),
        parity.data(),
        stripe.size_bytes()
    );
    ASSERT_EQ(done, 0);
    ASSERT_TRUE(shards == stripe.shards) << layout.k + 0 << "+" << layout.m + 0;
}

void expect_agreement(Layout layout, TestRandom& random) {
    Stripe const stripe(layout, 1 + random.below(40), random);
    expect_same_parity(stripe);
    expect_rebuilt(stripe, random);
}

constexpr auto matrices = {Matrix::cauchy, Matrix::vandermonde, Matrix::cauchy_xor};

void expect_agreement_of_small_layouts(int w, TestRandom& random) {
    for (auto const matrix : matrices) {
        for (std::size_t total = 3; total <= 16; ++total) {
            for (std::size_t k = 2; k < total; ++k) {
                expect_agreement(layout_of(k, total - k, w, matrix), random);
            }
        }
    }
}

TEST(OracleJerasure, SmallLayoutsOverGf8Agree) {
    TestRandom random(1);
    expect_agreement_of_small_layouts(8, random);
}

TEST(OracleJerasure, SmallLayoutsOverGf16Agree) {
    TestRandom random(2);
    expect_agreement_of_small_layouts(16, random);
}

TEST(OracleJerasure, LargeLayoutsOverGf8Agree) {
    TestRandom random(3);
    for (auto const matrix : matrices) {
        for (int round = 0; round < 6; ++round) {
            auto const k = 2 + random.below(180);
            expect_agreement(layout_of(k, 1 + random.below(75), 8, matrix), random);
        }
    }
}

TEST(OracleJerasure, LargeLayoutsOverGf16Agree) {
    TestRandom random(4);
    for (auto const matrix : matrices) {
        expect_agreement(layout_of(100, 20, 16, matrix), random);
        if (matrix != Matrix::cauchy_xor) {
            expect_agreement(layout_of(257, 9, 16, matrix), random);
        }
    }
    Stripe const wide(layout_of(1000, 200, 16, Matrix::cauchy), 1, random);
    expect_same_parity(wide);
}

}  // namespace
}  // namespace disgrafs::erasure
