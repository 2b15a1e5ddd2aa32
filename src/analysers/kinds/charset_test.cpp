#include "analysers/kinds/charset.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace disgrafs::analysers {
namespace {

DecodedText decode(std::string_view bytes) { return decode_text(as_bytes(bytes), 1U << 20U); }

TEST(DecodeText, KeepsUtf8WithAndWithoutMark) {
    EXPECT_EQ(decode("naïve 纠删码").text, "naïve 纠删码");
    EXPECT_EQ(decode("\xEF\xBB\xBFnaïve").text, "naïve");
    EXPECT_EQ(decode("naïve").charset, "UTF-8");
}

TEST(DecodeText, ReadsUtf16ByItsMark) {
    EXPECT_EQ(
        decode(std::string_view(
                   "\xFF\xFE"
                   "a\0\xA0\x7E",
                   6
               ))
            .text,
        "a纠"
    );
    EXPECT_EQ(
        decode(std::string_view(
                   "\xFE\xFF"
                   "\0a\x7E\xA0",
                   6
               ))
            .text,
        "a纠"
    );
}

TEST(DecodeText, GuessesGb18030) {
    // 纠删码是一种数据保护技术，分布式文件系统使用它把文件分成许多块。
    std::string_view const gbk =
        "\xBE\xC0\xC9\xBE\xC2\xEB\xCA\xC7\xD2\xBB\xD6\xD6\xCA\xFD\xBE\xDD\xB1\xA3\xBB\xA4\xBC\xBC"
        "\xCA\xF5\xA3\xAC\xB7\xD6\xB2\xBC\xCA\xBD\xCE\xC4\xBC\xFE\xCF\xB5\xCD\xB3\xCA\xB9\xD3\xC3"
        "\xCB\xFC\xB0\xD1\xCE\xC4\xBC\xFE\xB7\xD6\xB3\xC9\xD0\xED\xB6\xE0\xBF\xE9\xA1\xA3";
    auto const decoded = decode(gbk);
    EXPECT_EQ(decoded.charset, "GB18030");
    EXPECT_EQ(decoded.text, "纠删码是一种数据保护技术，分布式文件系统使用它把文件分成许多块。");
}

TEST(DecodeText, GuessesWesternTextAsWindows1252) {
    auto const decoded = decode(
        "Les donn\xE9"
        "es sont prot\xE9g\xE9"
        "es \x96 m\xEAme apr\xE8s une panne, d\xE9j\xE0 vue."
    );
    EXPECT_EQ(decoded.text, "Les données sont protégées – même après une panne, déjà vue.");
}

TEST(DecodeText, IsAlwaysUtf8WithoutControlCharacters) {
    std::string bytes;
    for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7919 % 256);
    auto const decoded = decode(bytes);
    EXPECT_TRUE(is_utf8(decoded.text));
    EXPECT_EQ(decoded.text.find('\0'), std::string::npos);
    EXPECT_EQ(decode(std::string_view("a\0b\x1B\r\nc\rd", 9)).text, "ab\nc\nd");
    EXPECT_EQ(decode("").text, "");
}

TEST(DecodeText, CutsAtWholeCharacters) {
    auto const decoded = decode_text(as_bytes("ab纠"), 4);
    EXPECT_EQ(decoded.text, "ab");
    EXPECT_EQ(decoded.charset, "UTF-8");
}

}  // namespace
}  // namespace disgrafs::analysers
