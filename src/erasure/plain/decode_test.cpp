#include "erasure/plain/decode.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

constexpr Layout layout{.k = 4, .m = 2};

struct Decoded {
    Bytes content;
    std::vector<std::size_t> losses;  ///< Places of shards, one entry a block.
};

Result<Decoded> decoded(std::vector<Bytes> files) {
    std::deque<MemorySource> sources;
    std::deque<PlainShard> shards;
    std::vector<PlainShard*> pointers;
    for (auto& file : files) {
        TRY(auto shard, PlainShard::open(sources.emplace_back(std::move(file))));
        pointers.push_back(&shards.emplace_back(std::move(shard)));
    }
    MemorySink out;
    Decoded result;
    auto const log = [&](PlainLoss const& loss) { result.losses.push_back(loss.shard); };
    TRY_OK(decode_plain_shards(pointers, out, log));
    EXPECT_EQ(out.written_bytes, out.bytes.size());
    result.content = std::move(out.bytes);
    return result;
}

Result<Bytes> decoded_bare(
    std::vector<std::pair<int, Bytes>> const& files, PlainShape const& shape
) {
    std::deque<MemorySource> sources;
    std::deque<BareShard> shards;
    std::vector<BareShard*> pointers;
    for (auto const& [index, file] : files) {
        TRY(auto shard, BareShard::open(sources.emplace_back(file), shape, index));
        pointers.push_back(&shards.emplace_back(std::move(shard)));
    }
    MemorySink out;
    TRY_OK(decode_bare_shards(shape, pointers, out, [](PlainLoss const&) {}));
    return out.bytes;
}

std::vector<Bytes> some(std::vector<Bytes> const& all, std::vector<int> const& which) {
    std::vector<Bytes> files;
    files.reserve(which.size());
    for (auto const index : which) {
        files.push_back(all[static_cast<std::size_t>(index)]);
    }
    return files;
}

TEST(PlainDecode, AnyKShardsGiveTheFileBack) {
    TestRandom random(1);
    for (std::size_t const size :
         {0U, 1U, 3U, 4U, 1000U, 4 * unit_bytes, 4 * unit_bytes + 1, 1'234'567U}) {
        auto const content = random.bytes(size);
        auto const files = *plain_shards_of(content, layout);
        for (unsigned set = 0; set < 64; ++set) {
            std::vector<int> have;
            for (int index = 0; index < 6; ++index) {
                if ((set >> static_cast<unsigned>(index) & 1U) != 0) {
                    have.push_back(index);
                }
            }
            auto const result = decoded(have.empty() ? some(files, {0}) : some(files, have));
            EXPECT_EQ(result.has_value(), have.size() >= 4) << size << " " << set;
            if (result) {
                EXPECT_EQ(result->content, content);
                EXPECT_TRUE(result->losses.empty());
            }
        }
    }
}

TEST(PlainDecode, EveryMatrixAndReplicasWork) {
    TestRandom random(2);
    for (auto const used : layouts_in_use()) {
        auto const content = random.bytes(300'001);
        auto const files = *plain_shards_of(content, used);
        auto const result = decoded(some(files, random.pick(used.k, used.total())));
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(result->content, content);
    }
}

TEST(PlainDecode, WhatIsMissingIsSaid) {
    auto const files = *plain_shards_of(Bytes(100), layout);
    auto const result = decoded(some(files, {3, 0, 2, 0}));
    EXPECT_EQ(result.error().code, Errc::invalid);
    EXPECT_EQ(
        result.error().message, "3 of 4 needed shards are at hand: give one more of .1 .4 .5"
    );
    EXPECT_EQ(
        plain_shards_missing({.k = 20, .m = 4}, std::vector{3}),
        "1 of 20 needed shards are at hand: give 19 more of .0 .1 .2 .4 .5 .6 .7 .8 …"
    );
}

TEST(PlainDecode, KWholeShardsAreNeededAtEachPlaceNotEverywhere) {
    // Each shard has a damaged block of its own; at each place five are whole.
    TestRandom random(3);
    auto const content = random.bytes(6 * 4 * unit_bytes - 5);
    auto files = *plain_shards_of(content, layout);
    for (std::size_t i = 0; i < files.size(); ++i) {
        files[i][plain_header_bytes + i * unit_bytes + random.below(unit_bytes - 2)] ^=
            std::byte{2};
    }
    auto const result = decoded(files);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->content, content);
    EXPECT_EQ(result->losses, (std::vector<std::size_t>{0, 1, 2, 3}));  // 4 and 5 were not asked.
}

TEST(PlainDecode, ASecondCopyHelpsWhereTheFirstIsDamaged) {
    TestRandom random(4);
    auto const content = random.bytes(std::size_t{8} * unit_bytes);
    auto const files = *plain_shards_of(content, layout);
    auto copies = some(files, {0, 1, 2, 3, 3});
    copies[3][plain_header_bytes + 7] ^= std::byte{1};
    copies[4][plain_header_bytes + unit_bytes + 7] ^= std::byte{1};
    auto const result = decoded(copies);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->content, content);
    EXPECT_EQ(result->losses, (std::vector<std::size_t>{3}));
}

TEST(PlainDecode, APlaceWithTooFewWholeShardsIsNamed) {
    TestRandom random(5);
    auto files =
        some(*plain_shards_of(random.bytes(std::size_t{20} * unit_bytes), layout), {0, 2, 4, 5});
    files[1][plain_header_bytes + 3 * unit_bytes] ^= std::byte{1};
    auto const result = decoded(files);
    EXPECT_EQ(result.error().code, Errc::corrupt);
    EXPECT_EQ(
        result.error().message,
        "at byte 196608 of the shards: 3 of 4 needed shards are at hand: give one more of .1 .2 .3"
    );
}

TEST(PlainDecode, AForgedShardIsFoundByTheRootsOfTheOthers) {
    // A parity shard of other content that carries the roots of this set: every checksum is right.
    TestRandom random(6);
    auto const files = *plain_shards_of(random.bytes(1000), layout);
    auto const others = *plain_shards_of(random.bytes(1000), layout);
    PlainShape const shape{.layout = layout, .file_bytes = 1000};
    auto roots = *parse_plain_end(shape, ByteView(files[0]).subspan(shape.end_at()));
    roots[4] = (*parse_plain_end(shape, ByteView(others[0]).subspan(shape.end_at())))[4];
    auto forged = some(files, {0, 1, 2});
    forged.push_back(others[4]);
    for (auto& file : forged) {
        std::ranges::copy(
            encode_plain_end(shape, roots),
            file.begin() + static_cast<std::ptrdiff_t>(shape.end_at())
        );
    }
    auto const result = decoded(forged);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::corrupt);
    EXPECT_TRUE(result.error().message.starts_with("shard 3 as decoded is not what was encoded"));
}

TEST(PlainDecode, AnInterruptedReadEndsItAndIsNoLoss) {
    auto const files = *plain_shards_of(Bytes(100), {.k = 1, .m = 1, .matrix = Matrix::replica});
    MemorySource first(files[0]);
    MemorySource second(files[1]);
    auto a = PlainShard::open(first);
    auto b = PlainShard::open(second);
    std::vector<PlainShard*> const shards{&*a, &*b};
    std::size_t losses = 0;
    auto const log = [&](PlainLoss const&) { ++losses; };
    MemorySink out;
    first.fails_with = Errc::cancelled;
    EXPECT_EQ(decode_plain_shards(shards, out, log).error().code, Errc::cancelled);
    EXPECT_EQ(losses, 0);
    first.fails_with = Errc::io;
    EXPECT_TRUE(decode_plain_shards(shards, out, log));
    EXPECT_EQ(losses, 1);
    out.capacity_bytes = 99;
    EXPECT_EQ(decode_plain_shards(shards, out, log).error().code, Errc::exhausted);
}

TEST(BareDecode, AnyKShardsGiveTheFileBack) {
    TestRandom random(7);
    for (std::size_t const size : {0U, 1U, 37U, 700'001U}) {
        auto const content = random.bytes(size);
        auto const files = *plain_shards_of(content, layout, true);
        PlainShape const shape{.layout = layout, .file_bytes = size};
        EXPECT_EQ(
            decoded_bare({{5, files[5]}, {0, files[0]}, {4, files[4]}, {2, files[2]}}, shape),
            content
        );
        EXPECT_FALSE(decoded_bare({{5, files[5]}, {0, files[0]}, {4, files[4]}}, shape));
    }
}

TEST(BareDecode, ALiarIsNamedOrRefused) {
    TestRandom random(8);
    auto const content = random.bytes(700'001);
    auto files = *plain_shards_of(content, layout, true);
    PlainShape const shape{.layout = layout, .file_bytes = content.size()};
    files[2][100'000] ^= std::byte{1};
    std::vector<std::pair<int, Bytes>> all;
    all.reserve(6);
    for (int index = 0; index < 6; ++index) {
        all.emplace_back(index, files[static_cast<std::size_t>(index)]);
    }
    auto const told = decoded_bare(all, shape);
    EXPECT_EQ(told.error().code, Errc::corrupt);
    EXPECT_EQ(told.error().message, ".2 does not fit the others: leave it out");
    all.pop_back();
    EXPECT_EQ(
        decoded_bare(all, shape).error().message,
        "the shards do not fit each other, and 5 of them cannot tell which one is wrong"
    );
    all.erase(all.begin() + 2);
    EXPECT_EQ(decoded_bare(all, shape), content);
}

}  // namespace
}  // namespace disgrafs::erasure
