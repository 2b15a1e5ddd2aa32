#include "base/bytes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace disgrafs {
namespace {

constexpr std::uint64_t u64_max = std::numeric_limits<std::uint64_t>::max();

TEST(Hex, EveryByteComesBack) {
    Bytes all;
    for (int value = 0; value < 256; ++value) all.push_back(static_cast<std::byte>(value));
    auto const text = to_hex(all);
    EXPECT_EQ(text.substr(0, 8), "00010203");
    EXPECT_EQ(text.substr(text.size() - 4), "feff");
    EXPECT_EQ(from_hex(text), all);
    EXPECT_EQ(from_hex("FEff"), (Bytes{std::byte{0xFE}, std::byte{0xFF}}));
}

TEST(Hex, OddLengthAndOtherCharactersAreInvalid) {
    for (auto const* text : {"0", "0g", "g0", " 0", "0x", "é"}) {
        auto const bytes = from_hex(text);
        ASSERT_FALSE(bytes) << text;
        EXPECT_EQ(bytes.error().code, Errc::invalid);
    }
}

TEST(ByteWriter, NumbersAreLittleEndian) {
    ByteWriter out;
    out.u8(0x01).u16(0x0203).u32(0x04050607).u64(0x08090A0B0C0D0E0FULL).f64(1.0);
    EXPECT_EQ(
        to_hex(out.view()),
        "0103020706050"
        "40f0e0d0c0b0a0908"
        "000000000000f03f"
    );
}

TEST(ByteReader, ReadsBackWhatWasWritten) {
    ByteWriter out;
    out.u8(255).u16(65535).u32(4294967295U).u64(u64_max).f64(-0.5).text("读").raw(as_bytes("x"));
    ByteReader in(out.view());
    EXPECT_EQ(in.u8(), 255);
    EXPECT_EQ(in.u16(), 65535);
    EXPECT_EQ(in.u32(), 4294967295U);
    EXPECT_EQ(in.u64(), u64_max);
    EXPECT_EQ(in.f64(), -0.5);
    EXPECT_EQ(in.text(), "读");
    EXPECT_EQ(as_text(in.raw(1)), "x");
    EXPECT_TRUE(in.finish("record"));
}

TEST(ByteReader, VarintOfEveryLengthComesBack) {
    std::vector<std::uint64_t> values{0, 1, u64_max};
    for (unsigned bit = 1; bit < 64; ++bit) {
        values.push_back((1ULL << bit) - 1);
        values.push_back(1ULL << bit);
    }
    for (auto const value : values) {
        ByteWriter out;
        out.varint(value);
        ByteReader in(out.view());
        EXPECT_EQ(in.varint(), value);
        EXPECT_TRUE(in.finish("varint")) << value;
    }
    ByteWriter longest;
    EXPECT_EQ(longest.varint(u64_max).size(), 10U);
}

TEST(ByteReader, VarintOfMoreThan64BitsOrWithIdleBytesIsRefused) {
    for (auto const* hex : {
             "8000",                    // 0 in two bytes
             "ff80808000",              // an idle zero
             "ffffffffffffffffff02",    // bit 64
             "ffffffffffffffffffff01",  // eleven bytes
             "80",                      // cut
         }) {
        auto const bytes = from_hex(hex);
        ASSERT_TRUE(bytes);
        ByteReader in(*bytes);
        EXPECT_EQ(in.varint(), 0U) << hex;
        EXPECT_FALSE(in.ok()) << hex;
    }
}

TEST(ByteReader, EveryCutOfARecordIsSeenAtItsEnd) {
    ByteWriter out;
    out.u16(7).text("name").u64(9).varint(300);
    for (std::size_t size = 0; size < out.size(); ++size) {
        ByteReader in(out.view().first(size));
        in.u16();
        in.text();
        in.u64();
        in.varint();
        auto const end = in.finish("record");
        ASSERT_FALSE(end) << size;
        EXPECT_EQ(end.error().code, Errc::corrupt);
        EXPECT_EQ(end.error().message, "record is cut short");
    }
}

TEST(ByteReader, AfterAShortReadEverythingIsZero) {
    Bytes const three(3, std::byte{0xEE});
    ByteReader in(three);
    EXPECT_EQ(in.u32(), 0U);
    EXPECT_EQ(in.u8(), 0U);
    EXPECT_TRUE(in.run().empty());
    EXPECT_EQ(in.f64(), 0.0);
    EXPECT_FALSE(in.ok());
}

TEST(ByteReader, RunLongerThanTheRestIsRefusedWithoutReading) {
    ByteWriter out;
    out.varint(u64_max).raw(as_bytes("short"));
    ByteReader in(out.view());
    EXPECT_TRUE(in.run().empty());
    EXPECT_FALSE(in.ok());
}

TEST(ByteReader, LeftOverBytesAreCorrupt) {
    ByteReader const in(as_bytes("abc"));
    EXPECT_EQ(in.finish("frame").error().message, "frame has 3 bytes too many");
}

TEST(KeyWriter, ByteOrderIsNumberOrder) {
    std::vector<std::uint64_t> const numbers{0, 1, 255, 256, 65535, 1ULL << 32U, u64_max};
    std::vector<std::string> keys;
    for (auto const number : numbers) keys.push_back(KeyWriter('n').u64(number).take());
    EXPECT_TRUE(std::ranges::is_sorted(keys));
}

TEST(KeyWriter, AWordSortsBeforeItsLongerNeighbours) {
    auto const short_word = KeyWriter('w').word("ab").u64(u64_max).take();
    auto const long_word = KeyWriter('w').word("ab!").u64(0).take();
    EXPECT_LT(short_word, long_word);
}

TEST(KeyWriterDeathTest, AWordWithAZeroByteIsABug) {
    EXPECT_DEATH(KeyWriter('w').word(std::string_view("a\0b", 3)), "holds 0x00");
}

TEST(KeyReader, ReadsBackWhatWasWritten) {
    auto const key =
        KeyWriter('k').u8(200).word("文件").u32(7).u64(u64_max).text("rest\xFF").take();
    KeyReader in(key);
    EXPECT_EQ(in.u8(), 200);
    EXPECT_EQ(in.word(), "文件");
    EXPECT_EQ(in.u32(), 7U);
    EXPECT_EQ(in.u64(), u64_max);
    EXPECT_EQ(in.text(), "rest\xFF");
    EXPECT_TRUE(in.ok());
}

TEST(KeyReader, ShortKeysAreNotOk) {
    EXPECT_FALSE([] {
        KeyReader in("k\1\2\3");
        in.u32();
        return in.ok();
    }());
    EXPECT_FALSE([] {
        KeyReader in("kword");
        in.word();
        return in.ok();
    }());
    EXPECT_FALSE([] {
        KeyReader in("");
        in.u8();
        return in.ok();
    }());
}

TEST(PrefixEnd, IsTheSmallestKeyBeyondThePrefix) {
    EXPECT_EQ(prefix_end("ab"), "ac");
    EXPECT_EQ(prefix_end("a\xFF\xFF"), "b");
    EXPECT_EQ(prefix_end("a\x7F"), "a\x80");
    EXPECT_EQ(prefix_end("\xFF\xFF"), "");
    EXPECT_EQ(prefix_end(""), "");
    EXPECT_LT(std::string("ab\xFF\xFF\xFF"), prefix_end("ab"));
}

}  // namespace
}  // namespace disgrafs
