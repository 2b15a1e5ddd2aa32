#include "erasure/plain/format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {
namespace {

PlainShape shape_of(std::uint64_t size, Layout layout = {.k = 4, .m = 2}) {
    return {.layout = layout, .file_bytes = size};
}

/// A header with some bytes exchanged, its checksum right again.
Bytes forged(Bytes header, std::size_t at, std::string const& hex) {
    auto const bytes = *from_hex(hex);
    std::ranges::copy(bytes, header.begin() + static_cast<std::ptrdiff_t>(at));
    ByteWriter crc;
    crc.u32(crc32c(ByteView(header).first(60)));
    std::ranges::copy(crc.view(), header.begin() + 60);
    return header;
}

TEST(PlainFormat, ShardsAreAsLongAsTheFileNeeds) {
    EXPECT_EQ(shape_of(0).shard_bytes(), 0);
    EXPECT_EQ(shape_of(1).shard_bytes(), 1);
    EXPECT_EQ(shape_of(4).shard_bytes(), 1);
    EXPECT_EQ(shape_of(5).shard_bytes(), 2);
    EXPECT_EQ(shape_of(plain_file_bytes_max).shard_bytes(), plain_file_bytes_max / 4);
}

TEST(PlainFormat, ContentEndsWithinOrBeforeAShard) {
    auto const shape = shape_of(5);  // L = 2: "ab" "cd" "e" ""
    EXPECT_EQ(shape.content_bytes(0), 2);
    EXPECT_EQ(shape.content_bytes(2), 1);
    EXPECT_EQ(shape.content_bytes(3), 0);
}

TEST(PlainFormat, AShardFileIsHeaderPayloadChecksumsRootsSet) {
    auto const shape = shape_of(4 * std::uint64_t{unit_bytes} + 1);
    EXPECT_EQ(shape.shard_bytes(), unit_bytes + 1);
    EXPECT_EQ(shape.block_count(), 2);
    EXPECT_EQ(shape.checksums_at(), 64 + unit_bytes + 1);
    EXPECT_EQ(shape.end_at(), shape.checksums_at() + 8);
    EXPECT_EQ(shape.size_bytes(), shape.end_at() + std::uint64_t{6} * 4 + 4);
}

TEST(PlainFormat, FilesAboveTheLimitAreRefused) {
    EXPECT_TRUE(check(shape_of(plain_file_bytes_max)));
    EXPECT_EQ(check(shape_of(plain_file_bytes_max + 1)).error().code, Errc::invalid);
}

TEST(PlainFormat, HeaderReadsBack) {
    PlainHeader const header{.shape = shape_of(1'000'000'007), .index = 5};
    auto const bytes = encode_plain_header(header);
    ASSERT_EQ(bytes.size(), plain_header_bytes);
    auto const parsed = parse_plain_header(bytes);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->shape, header.shape);
    EXPECT_EQ(parsed->index, 5);
}

TEST(PlainFormat, EveryFlippedBitOfAHeaderIsFound) {
    auto bytes = encode_plain_header({.shape = shape_of(1000), .index = 1});
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
        EXPECT_FALSE(parse_plain_header(bytes)) << bit;
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
    }
    EXPECT_TRUE(parse_plain_header(bytes));
}

TEST(PlainFormat, AShortHeaderIsRefusedAtEveryLength) {
    auto const bytes = encode_plain_header({.shape = shape_of(1000), .index = 1});
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(parse_plain_header(ByteView(bytes).first(size))) << size;
    }
}

TEST(PlainFormat, AHeaderThatContradictsItselfIsRefusedThoughItsChecksumIsRight) {
    auto const good = encode_plain_header({.shape = shape_of(1000), .index = 1});
    ASSERT_TRUE(parse_plain_header(forged(good, 12, "0400")));
    std::vector<std::pair<std::size_t, char const*>> const cases{
        {8, "02000000"},           // format
        {12, "0000"},              // k = 0
        {12, "0500"},              // k = 5, but L is of k = 4
        {12, "ffff"},              // k = 65535
        {14, "ffff"},              // m
        {16, "07"},                // w
        {16, "00"},                // w
        {17, "00"},                // replica of 4
        {17, "63"},                // matrix
        {18, "0600"},              // index = k + m
        {18, "ffff"},              // index
        {20, "00000200"},          // block
        {24, "e903000000000000"},  // size, L of another
        {24, "ffffffffffffffff"},  // size
        {32, "0000000000000000"},  // L
        {40, "01"},                // not zero
        {59, "80"},                // not zero
    };
    for (auto const& [at, hex] : cases) {
        auto const parsed = parse_plain_header(forged(good, at, hex));
        ASSERT_FALSE(parsed) << at << " " << hex;
        EXPECT_EQ(parsed.error().code, Errc::invalid) << at << " " << hex;
    }
}

TEST(PlainFormat, ALaterFormatIsNamed) {
    auto const good = encode_plain_header({.shape = shape_of(1000), .index = 1});
    EXPECT_EQ(
        parse_plain_header(forged(good, 8, "07000000")).error().message,
        "has format 7; this program knows 1"
    );
}

TEST(PlainFormat, EveryFlippedBitOfAnEndIsFound) {
    auto const shape = shape_of(1000);
    std::vector<std::uint32_t> const roots{1, 2, 3, 4, 5, 6};
    auto bytes = encode_plain_end(shape, roots);
    EXPECT_EQ(parse_plain_end(shape, bytes), roots);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
        EXPECT_FALSE(parse_plain_end(shape, bytes)) << bit;
        bytes[bit / 8] ^= std::byte{1} << bit % 8;
    }
    EXPECT_FALSE(parse_plain_end(shape, ByteView(bytes).first(bytes.size() - 1)));
    EXPECT_FALSE(parse_plain_end(shape_of(1001), bytes));
}

}  // namespace
}  // namespace disgrafs::erasure
