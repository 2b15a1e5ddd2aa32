#include "base/text.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace disgrafs {
namespace {

using namespace std::chrono_literals;

/// One code point, written by the arithmetic of RFC 3629 §3.
std::string utf8_of(std::uint32_t point) {
    std::string out;
    auto const put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | (point >> 6U));
        put(0x80 | (point & 63U));
    } else if (point < 0x10000) {
        put(0xE0 | (point >> 12U));
        put(0x80 | ((point >> 6U) & 63U));
        put(0x80 | (point & 63U));
    } else {
        put(0xF0 | (point >> 18U));
        put(0x80 | ((point >> 12U) & 63U));
        put(0x80 | ((point >> 6U) & 63U));
        put(0x80 | (point & 63U));
    }
    return out;
}

TEST(IsUtf8, EveryCodePointButSurrogatesIsWellFormed) {
    for (std::uint32_t point = 0; point <= 0x110FFF; ++point) {
        bool const is_character = (point < 0xD800 || point > 0xDFFF) && point <= 0x10FFFF;
        ASSERT_EQ(is_utf8(utf8_of(point)), is_character) << point;
    }
}

TEST(IsUtf8, OverlongCutAndStrayBytesAreRefused) {
    using namespace std::string_view_literals;
    for (auto const text : {
             "\xC0\x80"sv,          // overlong NUL
             "\xC1\xBF"sv,          // overlong
             "\xE0\x9F\xBF"sv,      // overlong
             "\xF0\x8F\xBF\xBF"sv,  // overlong
             "\xF5\x80\x80\x80"sv,  // above U+10FFFF
             "\xFE"sv,
             "\xFF"sv,
             "\x80"sv,          // a follower alone
             "\xE6\x96"sv,      // cut
             "\xE6\x96z"sv,     // broken off
             "abcdefgh\xE6"sv,  // cut after a long run of ASCII
             "\xF0\x90\x80z"sv,
         }) {
        EXPECT_FALSE(is_utf8(text)) << text.size();
    }
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("0123456789 文件 😀 0123456789"));
    EXPECT_TRUE(is_utf8("a\0b"sv)) << "NUL is a character; who forbids it asks for it";
}

TEST(Split, LeavesEmptyPiecesOut) {
    using Pieces = std::vector<std::string_view>;
    EXPECT_EQ(split("a//b", '/'), (Pieces{"a", "b"}));
    EXPECT_EQ(split("/资料/2024/", '/'), (Pieces{"资料", "2024"}));
    EXPECT_EQ(split("one", '/'), (Pieces{"one"}));
    EXPECT_EQ(split("", '/'), Pieces{});
    EXPECT_EQ(split("///", '/'), Pieces{});
}

TEST(ToLowerAscii, TouchesOnlyAsciiLetters) { EXPECT_EQ(to_lower_ascii("ÄBC-Zß@["), "Äbc-zß@["); }

TEST(PercentDecode, ReadsEscapesOfBothCases) {
    EXPECT_EQ(percent_decode("%e6%96%87%2F+a"), "文/+a");
    EXPECT_EQ(percent_decode("%E6%96%87"), "文");
    EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, BadEscapesAreInvalid) {
    for (auto const* text : {"%", "%1", "a%", "%zz", "%1g", "%%41"}) {
        auto const plain = percent_decode(text);
        ASSERT_FALSE(plain) << text;
        EXPECT_EQ(plain.error().code, Errc::invalid);
    }
}

TEST(PercentEncode, EveryByteComesBack) {
    std::string all;
    for (int value = 0; value < 256; ++value) all.push_back(static_cast<char>(value));
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
    EXPECT_EQ(percent_encode("a/b c~文", "/"), "a/b%20c~%E6%96%87");
    EXPECT_EQ(percent_encode("a/b"), "a%2Fb");
}

TEST(ToRfc3339, IsUtcWithMilliseconds) {
    EXPECT_EQ(to_rfc3339(Timestamp{0}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(Timestamp{1795526271123456}), "2026-11-24T13:17:51.123Z");
    EXPECT_EQ(to_rfc3339(Timestamp{-1}), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(Timestamp{951782400000000}), "2000-02-29T00:00:00.000Z");
}

TEST(ToRfc3339, StaysWithinFourDigitsOfYear) {
    using Limits = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(to_rfc3339(Timestamp{Limits::max()}), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(Timestamp{Limits::min()}), "0000-01-01T00:00:00.000Z");
}

TEST(HumanBytes, ShowsThreeDigitsAtMost) {
    std::vector<std::pair<std::uint64_t, std::string>> const cases{
        {0, "0 B"},
        {999, "999 B"},
        {1000, "1 kB"},
        {1004, "1 kB"},
        {1005, "1.01 kB"},
        {9'999, "10 kB"},
        {12'345, "12.3 kB"},
        {123'499, "123 kB"},
        {123'500, "124 kB"},
        {999'499, "999 kB"},
        {999'500, "1 MB"},
        {1'400'000, "1.4 MB"},
        {64ULL << 30U, "68.7 GB"},
        {std::numeric_limits<std::uint64_t>::max(), "18.4 EB"},
    };
    for (auto const& [size, text] : cases) EXPECT_EQ(human_bytes(size), text) << size;
}

TEST(ParseNumber, TakesTheWholeTextOrNothing) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    for (auto const* text : {"", "-1", "+1", " 1", "1 ", "0x1", "1.5", "１"}) {
        auto const value = parse_number(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, Errc::invalid) << text;
    }
    EXPECT_EQ(parse_number("18446744073709551616").error().code, Errc::exhausted);
    EXPECT_EQ(parse_number("18446744073709551616x").error().code, Errc::invalid);
}

TEST(ParseDuration, KnowsItsUnits) {
    EXPECT_EQ(parse_duration("500ms"), 500ms);
    EXPECT_EQ(parse_duration("30s"), 30s);
    EXPECT_EQ(parse_duration("10m"), 10min);
    EXPECT_EQ(parse_duration("2h"), 2h);
    EXPECT_EQ(parse_duration("1d"), 24h);
    EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(ParseDuration, AnythingElseIsInvalid) {
    for (auto const* text :
         {"",
          "s",
          "30",
          "-1s",
          "1.5h",
          "1 s",
          "1w",
          "1S",
          "999999999999999d",
          "99999999999999999999s"}) {
        auto const value = parse_duration(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, Errc::invalid) << text;
    }
}

}  // namespace
}  // namespace disgrafs
