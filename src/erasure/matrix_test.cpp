#include "erasure/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <isa-l/erasure_code.h>

#include "erasure/codec.hpp"
#include "erasure/galois.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

using Rows = std::vector<std::uint8_t>;

/// ISA-L's (k + m) × k matrix: the identity, then the parity rows.
class IsalMatrix {
 public:
    IsalMatrix(int k, int m) : k_(static_cast<std::size_t>(k)) {
        rows_.resize(static_cast<std::size_t>(k + m) * k_);
        gf_gen_cauchy1_matrix(rows_.data(), k + m, k);
    }
    [[nodiscard]] Rows row(int shard) const {
        auto const from = rows_.data() + static_cast<std::size_t>(shard) * k_;
        return {from, from + k_};
    }
    [[nodiscard]] Rows parity() const {
        return {rows_.data() + k_ * k_, rows_.data() + rows_.size()};
    }

 private:
    std::size_t k_;
    Rows rows_;
};

Layout cauchy(int k, int m) {
    return {.k = static_cast<std::uint8_t>(k), .m = static_cast<std::uint8_t>(m)};
}

/// Some k and m with k + m ≤ 255.
std::pair<int, int> random_size(TestRandom& random) {
    auto const k = 2 + random.below(253);
    return {static_cast<int>(k), static_cast<int>(1 + random.below(255 - k))};
}

void expect_same_rows_as_isal(int k, int m) {
    ASSERT_EQ(parity_rows(cauchy(k, m)), IsalMatrix(k, m).parity()) << k << "+" << m;
}

TEST(Matrix, ParityRowsAreThoseOfIsal) {
    for (int k = 2; k <= 32; ++k) {
        for (int m = 0; k + m <= 32; ++m) {
            expect_same_rows_as_isal(k, m);
        }
    }
    TestRandom random(1);
    for (int round = 0; round < 200; ++round) {
        auto const [k, m] = random_size(random);
        expect_same_rows_as_isal(k, m);
    }
    expect_same_rows_as_isal(2, 253);
    expect_same_rows_as_isal(254, 1);
}

TEST(Matrix, ParityRowsAreTheFormulaOfTheLayout) {
    auto const rows = parity_rows(cauchy(10, 4));
    for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 10; ++j) {
            auto const sum = static_cast<std::uint8_t>((10 + i) ^ j);
            ASSERT_EQ(rows[static_cast<std::size_t>(i * 10 + j)], Gf8::inverse(sum));
        }
    }
}

/// What the closed form must equal: the parity rows times the inverted rows of `have`, by ISA-L's
/// Gauss–Jordan elimination.
Rows by_elimination(int k, int m, std::vector<int> const& have, std::vector<int> const& want) {
    IsalMatrix const whole(k, m);
    Rows square;
    for (int const shard : have) {
        auto const row = whole.row(shard);
        square.insert(square.end(), row.begin(), row.end());
    }
    Rows inverse(square.size());
    EXPECT_EQ(gf_invert_matrix(square.data(), inverse.data(), k), 0) << "singular";
    Rows rows;
    for (int const shard : want) {
        auto const row = whole.row(shard);
        for (std::size_t j = 0; j < row.size(); ++j) {
            std::uint8_t sum = 0;
            for (std::size_t l = 0; l < row.size(); ++l) {
                sum ^= gf_mul(row[l], inverse[l * row.size() + j]);
            }
            rows.push_back(sum);
        }
    }
    return rows;
}

void expect_closed_form_equals_elimination(int k, int m, TestRandom& random) {
    auto const order = random.pick(k + m, k + m);
    std::vector<int> const have(order.begin(), order.begin() + k);
    std::vector<int> const want(order.begin() + k, order.end());
    ASSERT_EQ(shards_from_shards(cauchy(k, m), have, want), by_elimination(k, m, have, want))
        << k << "+" << m;
}

TEST(Matrix, ClosedFormEqualsEliminationForAnyShardsAtHand) {
    TestRandom random(2);
    for (int k = 2; k <= 24; ++k) {
        for (int m = 1; k + m <= 25; ++m) {
            for (int round = 0; round < 5; ++round) {
                expect_closed_form_equals_elimination(k, m, random);
            }
        }
    }
    for (int round = 0; round < 20; ++round) {
        auto const [k, m] = random_size(random);
        expect_closed_form_equals_elimination(k, m, random);
    }
}

TEST(Matrix, ReplicaRowsAreOnes) {
    Layout const layout{.k = 1, .m = 3, .matrix = Matrix::replica};
    EXPECT_EQ(parity_rows(layout), (Rows{1, 1, 1}));
    EXPECT_EQ(shards_from_shards(layout, std::vector{2}, std::vector{0, 3}), (Rows{1, 1}));
}

}  // namespace
}  // namespace disgrafs::erasure
