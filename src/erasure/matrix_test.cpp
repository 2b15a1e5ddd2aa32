#include "erasure/matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <isa-l/erasure_code.h>

#include "erasure/galois.hpp"
#include "erasure/inverse.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"
#include "erasure/xor_schedule.hpp"

namespace disgrafs::erasure {
namespace {

using Rows = std::vector<Coefficient>;

/// ISA-L's (k + m) × k matrix: the identity, then the parity rows.
class IsalMatrix {
 public:
    IsalMatrix(int k, int m) : k_(static_cast<std::size_t>(k)) {
        std::vector<std::uint8_t> made(static_cast<std::size_t>(k + m) * k_);
        gf_gen_cauchy1_matrix(made.data(), k + m, k);
        rows_.assign(made.begin(), made.end());
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
    return {.k = static_cast<std::uint16_t>(k), .m = static_cast<std::uint16_t>(m)};
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
    std::vector<std::uint8_t> square;
    for (int const shard : have) {
        auto const row = whole.row(shard);
        square.insert(square.end(), row.begin(), row.end());
    }
    std::vector<std::uint8_t> inverse(square.size());
    EXPECT_EQ(gf_invert_matrix(square.data(), inverse.data(), k), 0) << "singular";
    Rows rows;
    for (int const shard : want) {
        auto const row = whole.row(shard);
        for (std::size_t j = 0; j < row.size(); ++j) {
            std::uint8_t sum = 0;
            for (std::size_t l = 0; l < row.size(); ++l) {
                sum ^= gf_mul(static_cast<std::uint8_t>(row[l]), inverse[l * row.size() + j]);
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

Layout layout_of(int k, int m, unsigned w, Matrix matrix) {
    auto layout = cauchy(k, m);
    layout.w = static_cast<std::uint8_t>(w);
    layout.matrix = matrix;
    return layout;
}

constexpr Matrix matrices[] = {Matrix::cauchy, Matrix::vandermonde, Matrix::cauchy_xor};

/// The k rows of the identity over the parity rows that belong to `have`.
Rows square_of(Layout layout, std::vector<int> const& have) {
    auto const parity = parity_rows(layout);
    Rows square;
    for (int const shard : have) {
        for (int j = 0; j < layout.k; ++j) {
            auto const at = (shard - layout.k) * layout.k + j;
            auto const unit = static_cast<Coefficient>(shard == j ? 1 : 0);
            square.push_back(shard < layout.k ? unit : parity[static_cast<std::size_t>(at)]);
        }
    }
    return square;
}

/// The closed form that gives the data from `have` is the inverse of those rows.
void expect_invertible(Layout layout, std::vector<int> const& have) {
    auto const k = static_cast<std::size_t>(layout.k);
    auto const inverse = invert(layout.w, k, square_of(layout, have));
    if (!inverse) {
        FAIL() << name_of(layout.matrix) << " " << layout.k;
    }
    std::vector<int> lost;
    Rows expected;
    for (int j = 0; j < layout.k; ++j) {
        if (std::ranges::find(have, j) == have.end()) {
            lost.push_back(j);
            auto const row = inverse->begin() + std::ptrdiff_t{layout.k} * j;
            expected.insert(expected.end(), row, row + layout.k);
        }
    }
    ASSERT_EQ(shards_from_shards(layout, have, lost), expected) << name_of(layout.matrix);
}

TEST(Matrix, EveryKOfTheRowsAreInvertible) {
    for (auto const matrix : matrices) {
        for (unsigned const w : {8U, 16U}) {
            for (int k = 2; k <= 7; ++k) {
                for (int m = 1; k + m <= 9; ++m) {
                    auto const layout = layout_of(k, m, w, matrix);
                    for (auto const& have : every_k_of(layout)) {
                        expect_invertible(layout, have);
                    }
                }
            }
        }
    }
}

TEST(Matrix, RandomRowsOfLargeLayoutsAreInvertible) {
    TestRandom random(3);
    for (auto const matrix : matrices) {
        for (int round = 0; round < 20; ++round) {
            auto const [k, m] = random_size(random);
            auto const layout = layout_of(k, m, 8, matrix);
            expect_invertible(layout, random.pick(k, k + m));
        }
        expect_invertible(layout_of(200, 56, 8, matrix), random.pick(200, 256));
        expect_invertible(layout_of(60, 196, 16, matrix), random.pick(60, 256));
        if (matrix != Matrix::cauchy_xor) {
            expect_invertible(layout_of(60, 300, 16, matrix), random.pick(60, 360));
            expect_invertible(layout_of(90, 4006, 16, matrix), random.pick(90, 4096));
        }
    }
}

// V · (top square of V)^-1 with V[r][c] = r^c, multiplied out.
TEST(Matrix, VandermondeRowsAreTheDefinition) {
    for (auto const [k, m] : {std::pair{4, 2}, {5, 5}, {10, 4}, {17, 30}}) {
        auto const power = [](int base, int exponent) {
            std::uint8_t value = 1;
            for (int i = 0; i < exponent; ++i) {
                value = Gf8::multiply(value, static_cast<std::uint8_t>(base));
            }
            return value;
        };
        Rows top;
        for (int r = 0; r < k; ++r) {
            for (int c = 0; c < k; ++c) {
                top.push_back(power(r, c));
            }
        }
        auto const size = static_cast<std::size_t>(k);
        auto const inverse = invert(8, size, top);
        if (!inverse) {
            FAIL() << k << "+" << m;
        }
        Rows expected;
        for (int r = k; r < k + m; ++r) {
            for (std::size_t j = 0; j < size; ++j) {
                std::uint8_t sum = 0;
                for (int c = 0; c < k; ++c) {
                    auto const factor = (*inverse)[static_cast<std::size_t>(c) * size + j];
                    sum ^= Gf8::multiply(power(r, c), static_cast<std::uint8_t>(factor));
                }
                expected.push_back(sum);
            }
        }
        ASSERT_EQ(parity_rows(layout_of(k, m, 8, Matrix::vandermonde)), expected) << k << "+" << m;
    }
}

/// Ones in the bit matrix: every row of it has one more than it costs xors.
std::size_t ones_of_rows(Layout layout) {
    XorSchedule const schedule(layout.k, parity_rows(layout), XorSchedule::Sums::each_row);
    return schedule.naive_xor_count() + std::size_t{8} * layout.m;
}

TEST(Matrix, ScaledCauchyHasFewerOnesAndAnXorAsFirstRow) {
    for (auto const [k, m] : {std::pair{4, 2}, {6, 3}, {8, 3}, {10, 4}, {16, 4}}) {
        auto const scaled = layout_of(k, m, 8, Matrix::cauchy_xor);
        EXPECT_LT(ones_of_rows(scaled), ones_of_rows(cauchy(k, m)) * 4 / 5) << k << "+" << m;
        auto const rows = parity_rows(scaled);
        for (std::size_t j = 0; j < static_cast<std::size_t>(k); ++j) {
            EXPECT_EQ(rows[j], 1);
        }
    }
}

TEST(Matrix, ReplicaRowsAreOnes) {
    Layout const layout{.k = 1, .m = 3, .matrix = Matrix::replica};
    EXPECT_EQ(parity_rows(layout), (Rows{1, 1, 1}));
    EXPECT_EQ(shards_from_shards(layout, std::vector{2}, std::vector{0, 3}), (Rows{1, 1}));
}

}  // namespace
}  // namespace disgrafs::erasure
