#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

std::vector<Layout> layouts() {
    std::vector<Layout> list;
    for (auto const matrix : {Matrix::cauchy, Matrix::vandermonde, Matrix::cauchy_xor}) {
        for (std::uint8_t const w : {std::uint8_t{8}, std::uint8_t{16}}) {
            list.push_back({.k = 2, .m = 2, .w = w, .matrix = matrix});
            list.push_back({.k = 4, .m = 2, .w = w, .matrix = matrix});
            list.push_back({.k = 10, .m = 4, .w = w, .matrix = matrix});
            list.push_back({.k = 20, .m = 9, .w = w, .matrix = matrix});
        }
    }
    list.push_back({.k = 200, .m = 56});
    list.push_back({.k = 100, .m = 300, .w = 16});
    return list;
}

/// Changes some bytes of a shard, at least one.
void spoil(Bytes& shard, TestRandom& random) {
    for (int i = 0; i < 5; ++i) {
        shard[random.below(shard.size())] = static_cast<std::byte>(random.next());
    }
    shard[random.below(shard.size())] ^= std::byte{0x40};
}

TEST(Examine, FittingShardsFit) {
    TestRandom random(1);
    for (auto const layout : layouts()) {
        auto const shards = random_stripe(layout, 300, random);
        auto const verdict = Encoder(layout).examine(const_spans(shards));
        EXPECT_TRUE(verdict.fits);
        EXPECT_TRUE(verdict.liars.empty());
    }
}

// Half of the parity, in places of their own: no column shows all liars at once.
TEST(Examine, UpToHalfOfTheParityLiesAndIsNamed) {
    TestRandom random(2);
    for (auto const layout : layouts()) {
        auto const truth = random_stripe(layout, 300, random);
        Encoder const encoder(layout);
        for (int count = 1; count <= std::min(layout.m / 2, 5); ++count) {
            auto shards = truth;
            auto liars = random.pick(count, layout.total());
            for (int const liar : liars) {
                spoil(shards[static_cast<std::size_t>(liar)], random);
            }
            std::ranges::sort(liars);
            auto const verdict = encoder.examine(const_spans(shards));
            EXPECT_FALSE(verdict.fits);
            EXPECT_EQ(verdict.liars, liars) << layout.k << "+" << layout.m << " w " << +layout.w;
        }
    }
}

TEST(Examine, OneParityCannotTellWhoLies) {
    TestRandom random(3);
    Layout const layout{.k = 4, .m = 1};
    auto shards = random_stripe(layout, 300, random);
    spoil(shards[2], random);
    auto const verdict = Encoder(layout).examine(const_spans(shards));
    EXPECT_FALSE(verdict.fits);
    EXPECT_TRUE(verdict.liars.empty());
}

// Two of 4+2 shards lie all through: no one can know which two, and no honest one is accused.
TEST(Examine, MoreLiarsThanCanBeToldAreNotGuessed) {
    TestRandom random(4);
    int guessed = 0;
    for (int round = 0; round < 50; ++round) {
        Layout const layout{.k = 4, .m = 2};
        auto shards = random_stripe(layout, 2000, random);
        for (int const liar : random.pick(2, 6)) {
            shards[static_cast<std::size_t>(liar)] = random.bytes(2000);
        }
        auto const verdict = Encoder(layout).examine(const_spans(shards));
        EXPECT_FALSE(verdict.fits);
        guessed += verdict.liars.empty() ? 0 : 1;
    }
    EXPECT_EQ(guessed, 0);
}

/// The verdict on the shards `have` of a stripe.
Verdict examined(Layout layout, std::vector<Bytes> const& stripe, std::vector<int> const& have) {
    std::vector<ConstShard> spans;
    spans.reserve(have.size());
    for (auto const index : have) {
        spans.emplace_back(stripe[static_cast<std::size_t>(index)]);
    }
    return examine(layout, have, spans);
}

TEST(Examine, SomeOfTheShardsFitToo) {
    TestRandom random(7);
    for (auto const layout : layouts()) {
        auto const stripe = random_stripe(layout, 100, random);
        for (int const count : {1, +layout.k, layout.k + 1, layout.total()}) {
            EXPECT_TRUE(examined(layout, stripe, random.pick(count, layout.total())).fits);
        }
    }
}

TEST(Examine, SomeOfTheShardsTellHalfAsManyLiarsAsTheyAreMoreThanK) {
    TestRandom random(8);
    for (auto const layout : layouts()) {
        for (int more = 1; more <= std::min<int>(layout.m, 6); ++more) {
            auto stripe = random_stripe(layout, 100, random);
            auto const have = random.pick(layout.k + more, layout.total());
            std::vector<int> liars(have.begin(), have.begin() + more / 2);
            std::ranges::sort(liars);
            for (int const liar : liars) {
                spoil(stripe[static_cast<std::size_t>(liar)], random);
            }
            auto const verdict = examined(layout, stripe, have);
            EXPECT_EQ(verdict.fits, liars.empty());
            EXPECT_EQ(verdict.liars, liars);
        }
    }
}

TEST(Examine, TwoCopiesCannotTellWhichOneLies) {
    Layout const layout{.k = 1, .m = 2, .matrix = Matrix::replica};
    std::vector<Bytes> const copies{to_bytes("a"), to_bytes("b"), to_bytes("b")};
    EXPECT_TRUE(examined(layout, copies, {0}).fits);
    EXPECT_TRUE(examined(layout, copies, {1, 2}).fits);
    EXPECT_FALSE(examined(layout, copies, {0, 2}).fits);
    EXPECT_TRUE(examined(layout, copies, {0, 2}).liars.empty());
    EXPECT_EQ(examined(layout, copies, {2, 0, 1}).liars, std::vector{0});
}

// Many liars at one place: each count of them is not tried by itself.
TEST(Examine, HundredsOfLiarsAtOnePlaceAreNamed) {
    TestRandom random(7);
    Layout const layout{.k = 400, .m = 600, .w = 16};
    auto shards = random_stripe(layout, 20, random);
    auto liars = random.pick(300, layout.total());
    for (int const liar : liars) {
        shards[static_cast<std::size_t>(liar)][10] ^= std::byte{0x21};
    }
    std::ranges::sort(liars);
    EXPECT_EQ(Encoder(layout).examine(const_spans(shards)).liars, liars);
}

TEST(Examine, WrongLengthsAreAMisfitWhateverIsThere) {
    TestRandom random(8);
    Layout const layout{.k = 2, .m = 0};
    std::vector<Bytes> const shards{random.bytes(3), random.bytes(5)};
    EXPECT_FALSE(Encoder(layout).verify(const_spans(shards)));
    EXPECT_FALSE(Encoder(layout).examine(const_spans(shards)).fits);
    EXPECT_FALSE(examine(layout, std::vector{0, 1}, const_spans(shards)).fits);
}

TEST(Examine, CopiesAreOutvoted) {
    TestRandom random(5);
    Layout const layout{.k = 1, .m = 2, .matrix = Matrix::replica};
    auto shards = random_stripe(layout, 100, random);
    shards[0][50] ^= std::byte{1};
    auto verdict = Encoder(layout).examine(const_spans(shards));
    EXPECT_EQ(verdict.liars, std::vector{0});
    shards[1][50] ^= std::byte{2};
    verdict = Encoder(layout).examine(const_spans(shards));
    EXPECT_FALSE(verdict.fits);
    EXPECT_TRUE(verdict.liars.empty());
}

TEST(Examine, TrimmedShardsCountAsIfFilledWithZeros) {
    TestRandom random(6);
    Layout const layout{.k = 4, .m = 2};
    std::vector<Bytes> data;
    for (std::size_t const size : {500U, 500U, 130U, 0U}) {
        data.push_back(random.bytes(size));
    }
    auto shards = encoded(layout, data);
    EXPECT_TRUE(Encoder(layout).examine(const_spans(shards)).fits);
    shards[2][129] ^= std::byte{1};
    EXPECT_EQ(Encoder(layout).examine(const_spans(shards)).liars, std::vector{2});
}

}  // namespace
}  // namespace disgrafs::erasure
