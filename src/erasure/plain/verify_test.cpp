#include "erasure/plain/verify.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/plain/rows.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

constexpr Layout layout{.k = 4, .m = 2};

PlainReport verified(std::vector<Bytes> const& files) {
    std::deque<MemorySource> sources;
    std::deque<PlainShard> shards;
    std::vector<PlainPayload*> pointers;
    pointers.reserve(files.size());
    for (auto const& file : files) {
        pointers.push_back(&shards.emplace_back(*PlainShard::open(sources.emplace_back(file))));
    }
    return *verify_plain_shards(shards.front().shape(), pointers);
}

std::vector<Bytes> random_shards(std::size_t size) {
    TestRandom random(size);
    return *plain_shards_of(random.bytes(size), layout);
}

TEST(PlainVerify, WholeShardsAreGood) {
    for (std::size_t const size : {0U, 1U, 1000U, 1'234'567U}) {
        auto files = random_shards(size);
        auto const all = verified(files);
        EXPECT_TRUE(all.is_good());
        EXPECT_EQ(all.is_compared, size > 0);
        files.resize(4);
        auto const four = verified(files);
        EXPECT_TRUE(four.is_good());
        EXPECT_FALSE(four.is_compared);
        EXPECT_EQ(four.lost_blocks, 0);
    }
}

TEST(PlainVerify, DamagedBlocksAreCounted) {
    auto files = random_shards(std::size_t{24} * unit_bytes);
    files[1][plain_header_bytes + 2 * unit_bytes] ^= std::byte{1};
    files[1][plain_header_bytes + 5 * unit_bytes] ^= std::byte{1};
    files[4][plain_header_bytes + 5 * unit_bytes] ^= std::byte{1};
    auto const two = verified(files);
    EXPECT_FALSE(two.is_good());
    EXPECT_TRUE(two.fits);
    EXPECT_EQ(two.shards[0].lost_blocks, 0);
    EXPECT_EQ(two.shards[1].lost_blocks, 2);
    EXPECT_EQ(two.shards[1].first_lost, 2);
    EXPECT_EQ(two.shards[4].first_lost, 5);
    EXPECT_EQ(two.lost_blocks, 0);
    files[0][plain_header_bytes + 5 * unit_bytes] ^= std::byte{1};
    EXPECT_EQ(verified(files).lost_blocks, 1);
}

TEST(PlainVerify, LiarsAtDifferentPlacesAreAllNamed) {
    TestRandom random(2);
    auto const content = random.bytes(400'000);
    auto const files = *plain_shards_of(content, layout, true);
    PlainShape const shape{.layout = layout, .file_bytes = content.size()};
    PlainRows rows(shape);
    Stretch const stretch{.offset = 0, .size = 100'000};
    for (int index = 0; index < 6; ++index) {
        std::ranges::copy(files[static_cast<std::size_t>(index)], rows.row(index, stretch).begin());
    }
    std::vector const all{0, 1, 2, 3, 4, 5};
    EXPECT_TRUE(rows.examine(stretch, all).fits);
    rows.row(1, stretch)[50'000] ^= std::byte{1};
    rows.row(4, stretch)[99'999] ^= std::byte{1};
    EXPECT_FALSE(rows.examine(stretch, all).fits);
    EXPECT_EQ(rows.examine(stretch, all).liars, (std::vector{1, 4}));
    rows.row(2, stretch)[50'000] ^= std::byte{9};
    EXPECT_FALSE(rows.examine(stretch, all).fits);
    EXPECT_TRUE(rows.examine(stretch, all).liars.empty());
}

TEST(PlainVerify, ALiarAmongBareShardsIsNamed) {
    TestRandom random(1);
    auto files = *plain_shards_of(random.bytes(1'000'000), layout, true);
    files[3][200'000] ^= std::byte{1};
    PlainShape const shape{.layout = layout, .file_bytes = 1'000'000};
    std::deque<MemorySource> sources;
    std::deque<BareShard> shards;
    std::vector<PlainPayload*> pointers;
    for (int index = 0; index < 6; ++index) {
        auto& source = sources.emplace_back(files[static_cast<std::size_t>(index)]);
        pointers.push_back(&shards.emplace_back(*BareShard::open(source, shape, index)));
    }
    auto const report = *verify_plain_shards(shape, pointers);
    EXPECT_FALSE(report.fits);
    EXPECT_TRUE(report.is_liar_told);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(report.shards[i].is_liar, i == 3);
    }
    EXPECT_EQ(report.lost_blocks, 0);
    pointers.pop_back();
    auto const five = *verify_plain_shards(shape, pointers);
    EXPECT_FALSE(five.fits);
    EXPECT_FALSE(five.is_liar_told);
}

}  // namespace
}  // namespace disgrafs::erasure
