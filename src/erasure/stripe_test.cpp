#include <algorithm>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

std::vector<Bytes> split_all(Layout layout, Bytes const& content) {
    std::vector<Bytes> shards;
    shards.reserve(layout.k);
    for (int i = 0; i < layout.k; ++i) {
        shards.emplace_back(shard_bytes(layout, content.size(), i));
    }
    split(layout, content, mutable_spans(shards));
    return shards;
}

TEST(Stripe, UnitLiesInShardAndRowOfItsNumber) {
    Layout const layout{.k = 3, .m = 1};
    TestRandom random(1);
    auto const content = random.bytes(7 * unit_bytes + 9);
    auto const shards = split_all(layout, content);
    for (std::size_t unit = 0; unit < 8; ++unit) {
        auto const from = ByteView(content).subspan(unit * unit_bytes);
        auto const expected = from.first(std::min<std::size_t>(unit_bytes, from.size()));
        auto const row = ByteView(shards[unit % 3]).subspan(unit / 3 * unit_bytes);
        ASSERT_TRUE(std::ranges::equal(expected, row.first(expected.size()))) << unit;
    }
}

TEST(Stripe, JoinOfAnyRangeIsThatRangeOfTheContent) {
    TestRandom random(2);
    for (auto const layout : layouts_in_use()) {
        for (std::size_t const size : {1U, 63U, 65'536U, 65'537U, 1'000'003U, 3'145'728U}) {
            auto const content = random.bytes(size);
            auto const shards = split_all(layout, content);
            for (int round = 0; round < 20; ++round) {
                auto const offset = round == 0 ? 0 : random.below(size);
                auto const length = round == 0 ? size : random.below(size - offset + 1);
                Bytes out(length);
                join(layout, const_spans(shards), offset, out);
                ASSERT_TRUE(std::ranges::equal(out, ByteView(content).subspan(offset, length)))
                    << size << " " << offset << " " << length;
            }
        }
    }
}

TEST(Stripe, JoinOfAnEmptyRangeTouchesNothing) {
    Layout const layout{.k = 2, .m = 2};
    auto const shards = split_all(layout, Bytes(10));
    join(layout, const_spans(shards), 10, {});
}

TEST(StripeDeathTest, JoinBeyondTheShardsIsABug) {
    Layout const layout{.k = 2, .m = 2};
    auto const shards = split_all(layout, Bytes(10));
    Bytes out(11);
    EXPECT_DEATH(join(layout, const_spans(shards), 0, out), "0 . 11 of 10");
}

}  // namespace
}  // namespace disgrafs::erasure
