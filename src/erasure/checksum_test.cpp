#include "erasure/checksum.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

Bytes counting(int from, int step) {
    Bytes bytes;
    for (int i = 0; i < 32; ++i) {
        bytes.push_back(static_cast<std::byte>(from + i * step));
    }
    return bytes;
}

// RFC 3720 B.4 gives the CRC as the bytes that are sent, lowest first.
TEST(Checksum, VectorsOfRfc3720) {
    EXPECT_EQ(crc32c(Bytes(32)), 0x8A9136AAU);
    EXPECT_EQ(crc32c(Bytes(32, std::byte{0xFF})), 0x62A8AB43U);
    EXPECT_EQ(crc32c(counting(0, 1)), 0x46DD794EU);
    EXPECT_EQ(crc32c(counting(31, -1)), 0x113FDB5CU);
    std::vector<std::uint8_t> const read_command{
        0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
        0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    };
    EXPECT_EQ(crc32c(std::as_bytes(std::span(read_command))), 0xD9963A56U);
    EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c({}), 0U);
}

TEST(Checksum, ContinuesWhereItWasLeft) {
    TestRandom random(1);
    auto const bytes = random.bytes(100'000);
    auto const whole = crc32c(bytes);
    for (int round = 0; round < 100; ++round) {
        auto const cut = random.below(bytes.size());
        auto const head = crc32c(ByteView(bytes).first(cut));
        ASSERT_EQ(crc32c(ByteView(bytes).subspan(cut), head), whole);
    }
}

TEST(Checksum, EveryUnitOfAShardHasItsOwn) {
    TestRandom random(2);
    EXPECT_TRUE(block_checksums({}).empty());
    for (std::size_t const size : {1U, 65'535U, 65'536U, 65'537U, 200'000U}) {
        auto const shard = random.bytes(size);
        auto const blocks = block_checksums(shard);
        ASSERT_EQ(blocks.size(), (size + unit_bytes - 1) / unit_bytes);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            auto const rest = ByteView(shard).subspan(i * unit_bytes);
            ASSERT_EQ(
                blocks[i], crc32c(rest.first(std::min<std::size_t>(unit_bytes, rest.size())))
            );
        }
    }
}

// The bytes under the root are written out by hand: two checksums, then the length.
TEST(Checksum, RootCoversChecksumsAndLength) {
    std::vector<std::uint8_t> const written{
        0x44,
        0x33,
        0x22,
        0x11,
        0xDD,
        0xCC,
        0xBB,
        0xAA,
        0x05,
        0x00,
        0x01,
        0x00,
    };
    auto const expected = crc32c(std::as_bytes(std::span(written)));
    EXPECT_EQ(shard_root(65'541, {0x11223344U, 0xAABBCCDDU}), expected);
    EXPECT_NE(shard_root(65'540, {0x11223344U, 0xAABBCCDDU}), expected);
    EXPECT_EQ(shard_root(0, {}), crc32c(Bytes(4)));
}

}  // namespace
}  // namespace disgrafs::erasure
