// ISA-L as the stranger at the other end: it encodes and we rebuild, we encode and it rebuilds, and
// it multiplies by our other matrices. Equal parity for all k + m ≤ 32 is in codec_test.cpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include <gtest/gtest.h>
#include <isa-l/erasure_code.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

using Rows = std::vector<std::uint8_t>;

Layout layout_of(std::size_t k, std::size_t m, Matrix matrix = Matrix::cauchy) {
    Layout layout{.matrix = matrix};
    layout.k = static_cast<decltype(layout.k)>(k);
    layout.m = static_cast<decltype(layout.m)>(m);
    return layout;
}

unsigned char* pointer(Bytes const& bytes) {
    return reinterpret_cast<unsigned char*>(const_cast<std::byte*>(bytes.data()));
}

/// rows · sources; `rows` is out_count × sources.size().
std::vector<Bytes> multiplied_by_isal(
    Rows rows, std::vector<Bytes> const& sources, std::size_t out_count
) {
    auto const k = static_cast<int>(sources.size());
    auto const m = static_cast<int>(out_count);
    Rows tables(32 * sources.size() * out_count);
    ec_init_tables(k, m, rows.data(), tables.data());
    std::vector<Bytes> outs(out_count, Bytes(sources[0].size()));
    std::vector<unsigned char*> from;
    std::vector<unsigned char*> to;
    std::ranges::transform(sources, std::back_inserter(from), pointer);
    std::ranges::transform(outs, std::back_inserter(to), pointer);
    auto const size = static_cast<int>(sources[0].size());
    ec_encode_data(size, k, m, tables.data(), from.data(), to.data());
    return outs;
}

/// The identity and the parity rows below it.
Rows isal_matrix(Layout layout) {
    auto const size = static_cast<std::size_t>(layout.total()) * layout.k;
    Rows matrix(size);
    gf_gen_cauchy1_matrix(matrix.data(), layout.total(), layout.k);
    return matrix;
}

/// k + m shards, all by ISA-L.
std::vector<Bytes> encoded_by_isal(Layout layout, std::size_t size, TestRandom& random) {
    std::vector<Bytes> shards;
    shards.reserve(static_cast<std::size_t>(layout.total()));
    for (std::size_t i = 0; i < layout.k; ++i) {
        shards.push_back(random.bytes(size));
    }
    auto const matrix = isal_matrix(layout);
    Rows const rows(matrix.begin() + std::ptrdiff_t{layout.k} * layout.k, matrix.end());
    auto parity = multiplied_by_isal(rows, shards, layout.m);
    std::ranges::move(parity, std::back_inserter(shards));
    return shards;
}

std::vector<Bytes> chosen(std::vector<Bytes> const& shards, std::vector<int> const& indexes) {
    std::vector<Bytes> list;
    list.reserve(indexes.size());
    for (int const index : indexes) {
        list.push_back(shards[static_cast<std::size_t>(index)]);
    }
    return list;
}

std::vector<int> all_but(Layout layout, std::vector<int> const& have) {
    std::vector<int> list;
    for (int shard = 0; shard < layout.total(); ++shard) {
        if (std::ranges::find(have, shard) == have.end()) {
            list.push_back(shard);
        }
    }
    return list;
}

void expect_rebuilt_by_us(
    Layout layout, std::vector<Bytes> const& shards, std::vector<int> const& have
) {
    auto const want = all_but(layout, have);
    auto const decoder = Decoder::plan(layout, have, want);
    ASSERT_TRUE(decoder.has_value()) << decoder.error().message;
    std::vector<Bytes> out(want.size(), Bytes(shards[0].size()));
    decoder->apply(const_spans(chosen(shards, have)), mutable_spans(out));
    ASSERT_TRUE(out == chosen(shards, want)) << layout.k + 0 << "+" << layout.m + 0;
}

/// Data shards from the shards `have`, by ISA-L's elimination.
std::vector<Bytes> data_rebuilt_by_isal(
    Layout layout, std::vector<Bytes> const& shards, std::vector<int> const& have
) {
    auto const matrix = isal_matrix(layout);
    Rows square;
    for (int const shard : have) {
        auto const row = matrix.begin() + std::ptrdiff_t{shard} * layout.k;
        square.insert(square.end(), row, row + layout.k);
    }
    Rows inverse(square.size());
    EXPECT_EQ(gf_invert_matrix(square.data(), inverse.data(), layout.k), 0);
    return multiplied_by_isal(inverse, chosen(shards, have), layout.k);
}

/// Some k from 2 on and m from 1 on with k + m ≤ 255.
Layout random_layout(TestRandom& random) {
    auto const k = 2 + random.below(253);
    return layout_of(k, 1 + random.below(255 - k));
}

TEST(OracleIsal, ParityOfRandomLargeLayoutsIsTheSame) {
    TestRandom random(1);
    for (int round = 0; round < 60; ++round) {
        auto const layout = random_layout(random);
        auto const shards = encoded_by_isal(layout, 1 + random.below(1500), random);
        std::vector<Bytes> const data(shards.begin(), shards.begin() + layout.k);
        ASSERT_TRUE(encoded(layout, data) == shards) << layout.k + 0 << "+" << layout.m + 0;
    }
}

TEST(OracleIsal, WhatItEncodedWeRebuildFromAnyShardsOfUpTo12) {
    TestRandom random(2);
    for (std::size_t total = 3; total <= 12; ++total) {
        for (std::size_t k = 2; k < total; ++k) {
            auto const layout = layout_of(k, total - k);
            auto const shards = encoded_by_isal(layout, 67, random);
            for (auto const& have : every_k_of(layout)) {
                expect_rebuilt_by_us(layout, shards, have);
            }
        }
    }
}

TEST(OracleIsal, WhatItEncodedWeRebuildFromRandomShardsOfLargeLayouts) {
    TestRandom random(3);
    for (int round = 0; round < 40; ++round) {
        auto const layout = random_layout(random);
        auto const shards = encoded_by_isal(layout, 1 + random.below(300), random);
        expect_rebuilt_by_us(layout, shards, random.pick(layout.k, layout.total()));
    }
}

TEST(OracleIsal, WhatWeEncodedItRebuilds) {
    TestRandom random(4);
    for (int round = 0; round < 60; ++round) {
        auto const layout = round < 40 ? layout_of(2 + random.below(15), 1 + random.below(8))
                                       : random_layout(random);
        auto const shards = random_stripe(layout, 1 + random.below(500), random);
        auto const have = random.pick(layout.k, layout.total());
        std::vector<Bytes> const data(shards.begin(), shards.begin() + layout.k);
        ASSERT_TRUE(data_rebuilt_by_isal(layout, shards, have) == data);
    }
}

TEST(OracleIsal, ProductsByOurOtherMatricesAreTheSame) {
    TestRandom random(5);
    for (auto const matrix : {Matrix::vandermonde, Matrix::cauchy_xor}) {
        for (int round = 0; round < 40; ++round) {
            auto layout = random_layout(random);
            layout.matrix = matrix;
            auto const shards = random_stripe(layout, 1 + random.below(700), random);
            auto const coefficients = parity_rows(layout);
            std::vector<Bytes> const data(shards.begin(), shards.begin() + layout.k);
            std::vector<Bytes> const parity(shards.begin() + layout.k, shards.end());
            Rows const rows(coefficients.begin(), coefficients.end());
            ASSERT_TRUE(multiplied_by_isal(rows, data, layout.m) == parity);
        }
    }
}

}  // namespace
}  // namespace disgrafs::erasure
