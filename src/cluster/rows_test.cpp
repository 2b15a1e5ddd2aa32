#include "cluster/rows.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "cluster/layouts.hpp"
#include "erasure/checksum.hpp"

namespace disgrafs::cluster {
namespace {

constexpr UploadId upload{.block = 0x0102030405060708, .index = 9};

StripeRow stripe_of(erasure::Layout layout, std::uint32_t content_bytes) {
    StripeRow row{.layout = layout, .content_bytes = content_bytes, .nodes = {}, .blocks = {}};
    for (int index = 0; index < layout.total(); ++index) {
        row.nodes.push_back({static_cast<std::uint64_t>(index) * 100});
        if (index > 0 && layout.k == 1) continue;
        for (std::uint32_t at = 0; at < row.shard_size(index); at += erasure::unit_bytes) {
            row.blocks.push_back(0xABC00000U + static_cast<std::uint32_t>(row.blocks.size()));
        }
    }
    return row;
}

ContentRow content_of_two_runs() {
    ContentRow row;
    row.upload = upload;
    row.wanted = layout_for(SizeClass::large, 6);
    row.runs.push_back(
        {.layout = row.wanted,
         .stripe_bytes = 16U << 20U,
         .first_stripe = 0,
         .content_bytes = 32ULL << 20U}
    );
    row.runs.push_back(
        {.layout = layout_for(SizeClass::large, 4),
         .stripe_bytes = 8U << 20U,
         .first_stripe = 3,
         .content_bytes = (8ULL << 20U) + 5}
    );
    row.size_bytes = (40ULL << 20U) + 5;
    row.sha256.fill(std::byte{7});
    return row;
}

TEST(Rows, StripesReadBackAsWritten) {
    for (int nodes = 1; nodes <= 14; ++nodes) {
        for (std::uint32_t const bytes : {1U, 65536U, 65537U, 1048577U, 4U << 20U}) {
            auto const row = stripe_of(layout_for(SizeClass::large, nodes), bytes);
            auto const read = parse_stripe_row(write_row(row));
            ASSERT_TRUE(read) << read.error().message;
            EXPECT_EQ(*read, row);
        }
    }
}

TEST(Rows, EveryShardFindsItsOwnChecksums) {
    auto const row = stripe_of(layout_for(SizeClass::large, 6), (1U << 20U) + 1);
    std::vector<std::uint32_t> all;
    for (int index = 0; index < row.total(); ++index) {
        auto const blocks = row.blocks_of(index);
        EXPECT_EQ(blocks.size(), (row.shard_size(index) + 65535) / 65536);
        EXPECT_EQ(
            row.root_of(index),
            erasure::shard_root(row.shard_size(index), {blocks.begin(), blocks.end()})
        );
        all.insert(all.end(), blocks.begin(), blocks.end());
    }
    EXPECT_EQ(all, row.blocks);
    auto const copies = stripe_of(layout_for(SizeClass::copies, 6), 65536);
    EXPECT_EQ(copies.blocks.size(), 1U);
    EXPECT_EQ(copies.blocks_of(2).front(), copies.blocks.front());
}

TEST(Rows, ContentsReadBackAsWritten) {
    auto const row = content_of_two_runs();
    EXPECT_EQ(*parse_content_row(write_row(row)), row);
    ContentRow tiny;
    tiny.is_inline = true;
    tiny.inline_bytes = to_bytes("你好");
    tiny.size_bytes = tiny.inline_bytes.size();
    EXPECT_EQ(*parse_content_row(write_row(tiny)), tiny);
    EXPECT_EQ(tiny.stripe_count(), 0U);
}

TEST(Rows, EveryByteOfAContentLiesInOneStripe) {
    auto const row = content_of_two_runs();
    EXPECT_EQ(row.stripe_count(), 4U);
    std::uint64_t offset = 0;
    std::vector<std::uint32_t> stripes;
    while (offset < row.size_bytes) {
        auto const spot = row.spot_of(offset);
        EXPECT_EQ(spot.begin, offset);
        EXPECT_EQ(row.spot_of(offset + spot.content_bytes - 1).stripe, spot.stripe);
        EXPECT_TRUE(row.has_stripe(spot.stripe));
        stripes.push_back(spot.stripe);
        offset += spot.content_bytes;
    }
    EXPECT_EQ(offset, row.size_bytes);
    EXPECT_EQ(stripes, (std::vector<std::uint32_t>{0, 1, 3, 4}));
    EXPECT_FALSE(row.has_stripe(2));
    EXPECT_FALSE(row.has_stripe(5));
    EXPECT_FALSE(row.is_as_wanted());
}

TEST(Rows, SmallRowsReadBackAsWritten) {
    BlockRow const block{.is_closed = true, .when = {123}, .size = 65536};
    EXPECT_EQ(*parse_block_row(write_row(block)), block);
    UploadRow const released{.state = UploadRow::State::released, .when = {-5}, .content = upload};
    EXPECT_EQ(*parse_upload_row(write_row(released)), released);
    RepairRow const repair{.reason = RepairRow::Reason::corrupt, .since = {77}};
    EXPECT_EQ(*parse_repair_row(write_row(repair)), repair);
}

// Every truncation and every single changed byte is refused or gives another valid row; none is
// read past its end (run under the address sanitizer).
TEST(Rows, DamagedValuesAreCorruptOrDifferentNeverTrusted) {
    auto const stripe = write_row(stripe_of(layout_for(SizeClass::large, 6), 1048577));
    auto const content = write_row(content_of_two_runs());
    for (auto const* const whole : {&stripe, &content}) {
        for (std::size_t size = 0; size < whole->size(); ++size) {
            ByteView const cut(whole->data(), size);
            EXPECT_FALSE(parse_stripe_row(cut) && whole == &stripe);
            EXPECT_FALSE(parse_content_row(cut) && whole == &content);
        }
        for (std::size_t at = 0; at < whole->size(); ++at) {
            auto damaged = *whole;
            damaged[at] ^= std::byte{0x81};
            (void)parse_stripe_row(damaged);
            (void)parse_content_row(damaged);
            (void)parse_upload_row(damaged);
            (void)parse_block_row(damaged);
            (void)parse_repair_row(damaged);
        }
    }
}

// Golden bytes: a store written today must be readable for ever.
TEST(Rows, GoldenBytesOfFormatOne) {
    auto const copies = stripe_of(layout_for(SizeClass::copies, 6), 5);
    EXPECT_EQ(to_hex(write_row(copies)), "0101020800050000000064c8010000c0ab");
    BlockRow const block{.is_closed = false, .when = {1}, .size = 65536};
    EXPECT_EQ(to_hex(write_row(block)), "0100010000000000000000000100");
}

}  // namespace
}  // namespace disgrafs::cluster
