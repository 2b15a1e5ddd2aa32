#include "storage/log/segment.hpp"

#include <gtest/gtest.h>

#include "storage/log/disk_identity.hpp"

namespace disgrafs::storage {
namespace {

Superblock some_block() {
    Superblock block{
        .segment = 42, .stamp = 0x1122334455667788, .disk = {}, .created = {1'750'000}
    };
    for (std::size_t n = 0; n < block.disk.size(); ++n) block.disk[n] = static_cast<std::byte>(n);
    return block;
}

TEST(Segment, SuperblockReadsBack) {
    auto const block = some_block();
    auto const bytes = encode_superblock(block);
    ASSERT_EQ(bytes.size(), superblock_bytes);
    auto const read = parse_superblock(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->segment, 42U);
    EXPECT_EQ(read->stamp, block.stamp);
    EXPECT_EQ(read->disk, block.disk);
    EXPECT_EQ(read->created, block.created);
}

TEST(Segment, SuperblockOutlivesTheLossOfEitherCopy) {
    auto const whole = encode_superblock(some_block());
    for (std::size_t at = 0; at < superblock_bytes; at += 512) {
        auto torn = whole;
        std::fill_n(torn.begin() + static_cast<std::ptrdiff_t>(at), 512, std::byte{0xEE});
        EXPECT_TRUE(parse_superblock(torn)) << at;
    }
    auto gone = whole;
    gone[0] = gone[2048] = std::byte{0};
    EXPECT_EQ(parse_superblock(gone).error().code, Errc::corrupt);
    EXPECT_EQ(parse_superblock(ByteView(whole).first(4095)).error().code, Errc::corrupt);
}

TEST(Segment, NameIsTenDigits) {
    EXPECT_EQ(segment_path(42), "segments/0000000042");
    EXPECT_EQ(parse_segment_name("0000000042"), 42U);
    EXPECT_EQ(parse_segment_name("4294967295"), 0xFFFFFFFFU);
    for (auto const* const bad :
         {"42", "0000000000", "4294967296", "000000004x", "00000000421", ""}) {
        EXPECT_FALSE(parse_segment_name(bad)) << bad;
    }
}

TEST(Segment, DiskIdIsWrittenAsUuid) {
    EXPECT_EQ(to_text(some_block().disk), "00010203-0405-0607-0809-0a0b0c0d0e0f");
}

TEST(DiskIdentity, OutlivesTheLossOfEitherCopy) {
    DiskIdentity const identity{.id = some_block().disk, .created = {5}};
    auto const whole = encode_identity(identity);
    for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 7) {
        auto changed = whole;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        auto const read = parse_identity(changed);
        ASSERT_TRUE(read) << "bit " << bit;
        EXPECT_EQ(read->id, identity.id);
        EXPECT_EQ(read->created, identity.created);
    }
    for (std::size_t bit = 0; bit < std::size_t{8} * 40; ++bit) {
        auto changed = whole;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        changed[bit / 8 + 4096] ^= std::byte{1} << (bit % 8);
        EXPECT_FALSE(parse_identity(changed)) << "bit " << bit;
    }
    EXPECT_FALSE(parse_identity({}));
}

}  // namespace
}  // namespace disgrafs::storage
