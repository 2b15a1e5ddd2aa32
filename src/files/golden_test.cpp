/// \file files/golden_test.cpp  Rows of tests/fixtures/files/rows-1.hex, made a second time by a
/// Python script: format 1 is written like this, and read for ever.

#include <array>
#include <bit>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "files/people/people_rows.hpp"
#include "files/version_rows.hpp"
#include "io/testing.hpp"

namespace disgrafs::files {
namespace {

auto golden() { return read_golden_rows(DISGRAFS_FIXTURES "/files/rows-1.hex"); }

template <std::size_t Size>
std::array<std::byte, Size> counted(unsigned char first) {
    std::array<unsigned char, Size> numbers{};
    std::iota(numbers.begin(), numbers.end(), first);
    return std::bit_cast<std::array<std::byte, Size>>(numbers);
}

constexpr Timestamp created{1'800'000'000'123'456};

VersionRow version() {
    return {
        .content = {.block = 7, .index = UINT64_MAX},
        .size_bytes = 1ULL << 40U,
        .sha256 = counted<32>(0),
        .media_type = "text/plain",
        .created = created,
        .by = "李雷"
    };
}
PasswordRow password() {
    PasswordHash const hash{
        .passes = 2, .memory_bytes = 67'108'864, .salt = counted<16>(16), .hash = counted<32>(32)
    };
    return {.hash = hash, .epoch = 5, .is_first = true};
}
SessionRow session() {
    return {
        .user = NodeId{258},
        .epoch = 5,
        .created = created,
        .expires = Timestamp{1'802'592'000'123'456}
    };
}

TEST(GoldenRows, AreWrittenByteForByte) {
    auto rows = golden();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows["version"].key, version_key(NodeId{258}, 3));
    EXPECT_EQ(to_hex(rows["version"].value), to_hex(encode_version(version())));
    EXPECT_EQ(rows["password"].key, password_key(NodeId{258}));
    EXPECT_EQ(to_hex(rows["password"].value), to_hex(encode(password())));
    EXPECT_EQ(rows["session"].key, session_key(counted<32>(64)));
    EXPECT_EQ(to_hex(rows["session"].value), to_hex(encode(session())));
}

TEST(GoldenRows, AreRead) {
    auto rows = golden();
    EXPECT_EQ(parse_version_key(rows["version"].key).value(), 3);
    auto const read = decode_version(rows["version"].value).value();
    EXPECT_EQ(to_hex(encode_version(read)), to_hex(rows["version"].value));
    EXPECT_EQ(read.by, "李雷");
    EXPECT_EQ(parse_password_key(rows["password"].key).value(), NodeId{258});
    auto const held = decode_password(rows["password"].value).value();
    EXPECT_EQ(to_hex(encode(held)), to_hex(rows["password"].value));
    EXPECT_EQ(parse_session_key(rows["session"].key).value(), counted<32>(64));
    auto const open = decode_session(rows["session"].value).value();
    EXPECT_EQ(open.expires, session().expires);
}

TEST(GoldenRows, CutOrLengthenedOrOfAnotherFormatAreCorrupt) {
    for (auto& [name, row] : golden()) {
        auto const reads = [&kind = name](ByteView bytes) {
            if (kind == "version") return decode_version(bytes).has_value();
            if (kind == "password") return decode_password(bytes).has_value();
            return decode_session(bytes).has_value();
        };
        for (std::size_t size = 0; size < row.value.size(); ++size) {
            EXPECT_FALSE(reads(ByteView(row.value).first(size))) << name << " " << size;
        }
        auto longer = row.value;
        longer.push_back(std::byte{0});
        EXPECT_FALSE(reads(longer)) << name;
        row.value[0] = std::byte{2};
        EXPECT_FALSE(reads(row.value)) << name;
        EXPECT_FALSE(parse_version_key(row.key + "x"));
        EXPECT_FALSE(parse_password_key(row.key + "x"));
        EXPECT_FALSE(parse_session_key(row.key + "x"));
    }
}

TEST(ContentName, Is32HexDigits) {
    cluster::ContentId const id{.block = 0x1f, .index = UINT64_MAX};
    EXPECT_EQ(to_text(id), "000000000000001fffffffffffffffff");
    EXPECT_EQ(parse_content(to_text(id)).value(), id);
    for (auto const* bad :
         {"", "1f", "000000000000001gffffffffffffffff", "-00000000000001fffffffffffffffff"}) {
        EXPECT_FALSE(parse_content(bad)) << bad;
    }
}

}  // namespace
}  // namespace disgrafs::files
