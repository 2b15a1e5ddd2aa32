// Why no matrix of this module is a Vandermonde block put under an identity, though textbooks do
// so: the smallest layout of that kind which cannot give all content back, and from which shards.
// ISA-L inverts; docs/erasure.md explains the result.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <isa-l/erasure_code.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/combination.hpp"
#include "erasure/galois.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

/// Row i, column j of the block under the identity.
using Naive = std::function<std::uint8_t(std::uint32_t i, std::uint32_t j)>;

/// Plank's tutorial of 1997, table by table in many courses: row i holds the i-th powers of 1 … k.
std::uint8_t textbook(std::uint32_t i, std::uint32_t j) {
    auto const log = Gf8::log(static_cast<std::uint8_t>(j + 1));
    return Gf8::power(log * i % Gf8::order);
}

/// ISA-L's gf_gen_rs_matrix: row i holds the powers of 2^i.
std::uint8_t powers_of_two(std::uint32_t i, std::uint32_t j) {
    return Gf8::power(i * j % Gf8::order);
}

struct Failure {
    int k;
    int m;
    std::vector<int> have;  ///< These k shards don't give the content back.

    friend bool operator==(Failure const&, Failure const&) = default;
};

bool is_invertible(Naive const& naive, int k, std::vector<int> const& have) {
    std::vector<std::uint8_t> square;
    for (int const shard : have) {
        for (int j = 0; j < k; ++j) {
            auto const of_parity = [&] {
                return naive(static_cast<std::uint32_t>(shard - k), static_cast<std::uint32_t>(j));
            };
            square.push_back(shard < k ? static_cast<std::uint8_t>(shard == j) : of_parity());
        }
    }
    std::vector<std::uint8_t> inverse(square.size());
    return gf_invert_matrix(square.data(), inverse.data(), k) == 0;
}

/// Tries every k of k + m shards.
std::optional<Failure> failure_of(Naive const& naive, int k, int m) {
    Layout const layout{.k = static_cast<std::uint16_t>(k), .m = static_cast<std::uint16_t>(m)};
    for (auto const& have : every_k_of(layout)) {
        if (!is_invertible(naive, k, have)) {
            return Failure{.k = k, .m = m, .have = have};
        }
    }
    return std::nullopt;
}

/// By rising k + m, then by rising k.
std::optional<Failure> smallest_failure(Naive const& naive) {
    for (int total = 2; total <= 12; ++total) {
        for (int k = 1; k < total; ++k) {
            if (auto failure = failure_of(naive, k, total - k)) {
                return failure;
            }
        }
    }
    return std::nullopt;
}

// Parities 0, 1 and 3 of three data shards: the determinant of rows (1 1 1), (1 2 3), (1³ 2³ 3³)
// has the factor 1 xor 2 xor 3 = 0.
TEST(OracleNaive, TextbookVandermondeCannotRecoverThreeDataShardsFromParities0And1And3) {
    EXPECT_EQ(smallest_failure(textbook), (Failure{.k = 3, .m = 4, .have = {3, 4, 6}}));
}

TEST(OracleNaive, PowersOfTwoCannotRecoverData0And3And4FromParities0And2And5) {
    EXPECT_EQ(smallest_failure(powers_of_two), (Failure{.k = 5, .m = 6, .have = {1, 2, 5, 7, 10}}));
}

TEST(OracleNaive, TheFormulasAreThoseOfIsal) {
    std::vector<std::uint8_t> matrix(std::size_t{11} * 5);
    gf_gen_rs_matrix(matrix.data(), 11, 5);
    for (std::uint32_t i = 0; i < 6; ++i) {
        for (std::uint32_t j = 0; j < 5; ++j) {
            EXPECT_EQ(matrix[(5 + i) * 5 + j], powers_of_two(i, j));
        }
    }
}

TEST(OracleNaive, OurMatricesRecoverWhatTheNaiveCannot) {
    std::vector<int> const have{3, 4, 6};
    std::vector<int> const want{0, 1, 2, 5};
    TestRandom random(1);
    for (auto const matrix : {Matrix::cauchy, Matrix::vandermonde, Matrix::cauchy_xor}) {
        Layout const layout{.k = 3, .m = 4, .matrix = matrix};
        auto const shards = random_stripe(layout, 100, random);
        auto const decoder = Decoder::plan(layout, have, want);
        ASSERT_TRUE(decoder.has_value());
        std::vector<Bytes> out(want.size(), Bytes(100));
        decoder->apply(
            std::vector<ConstShard>{shards[3], shards[4], shards[6]}, mutable_spans(out)
        );
        EXPECT_TRUE(out == (std::vector{shards[0], shards[1], shards[2], shards[5]}));
    }
}

}  // namespace
}  // namespace disgrafs::erasure
