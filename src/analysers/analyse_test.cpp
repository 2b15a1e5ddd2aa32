#include "analysers/analyse.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "analysers/kinds/made_media_test.hpp"
#include "analysers/kinds/made_zip_test.hpp"

namespace disgrafs::analysers {
namespace {

using analysis::AnalyseStatus;
using analysis::Findings;

Resources& resources() {
    static auto loaded = Resources::load({.share = DISGRAFS_SHARE}).value();
    return loaded;
}

Findings findings(std::string_view name, std::string_view bytes) {
    return analyse(
        {.name = name, .media_type = "", .bytes = as_bytes(bytes), .size_bytes = bytes.size()},
        resources()
    );
}

bool has_tag(Findings const& found, std::string_view kind, std::string_view name) {
    return std::ranges::any_of(found.tags, [&](analysis::FoundTag const& tag) {
        return tag.kind == kind && tag.name == name;
    });
}
bool has_candidate(Findings const& found, std::string_view phrase) {
    return std::ranges::any_of(found.candidates, [&](auto const& one) {
        return one.phrase == phrase;
    });
}

TEST(Analyse, EnglishMarkdown) {
    auto const found = findings(
        "codes.md",
        "# Erasure codes\n\nAn erasure code protects files of a distributed file system against "
        "the "
        "loss of storage nodes. See [placement](placement.md).\n"
    );
    EXPECT_EQ(found.status, AnalyseStatus::ok);
    EXPECT_EQ(found.media_type, "text/markdown");
    EXPECT_EQ(found.language, "en");
    EXPECT_TRUE(has_tag(found, "format", "Markdown"));
    EXPECT_TRUE(has_tag(found, "language", "English"));
    EXPECT_TRUE(has_candidate(found, "erasure codes"));
    EXPECT_EQ(found.references[0].target, "placement.md");
    EXPECT_EQ(found.text_bytes, found.text.size());
    EXPECT_EQ(found.analyser, analyser_version);
}

TEST(Analyse, ChineseText) {
    auto const found = findings(
        "码.txt", "纠删码是一种数据保护技术。分布式文件系统使用纠删码把文件保存在不同的存储节点上。"
    );
    EXPECT_EQ(found.status, AnalyseStatus::ok) << found.reason;
    EXPECT_EQ(found.language, "zh");
    EXPECT_TRUE(has_candidate(found, "分布式文件系统"));
}

TEST(Analyse, TextInTwoLanguagesGivesPhrasesOfBoth) {
    auto const found = findings(
        "两.md",
        "A distributed file system protects files by erasure codes and keeps them on storage "
        "nodes.\n\n"
        "分布式文件系统使用纠删码把文件保存在不同的存储节点上。分布式文件系统很可靠，纠删码节省空间"
        "。\n"
    );
    EXPECT_TRUE(has_candidate(found, "分布式文件系统"));
    EXPECT_TRUE(has_candidate(found, "erasure codes"));
    EXPECT_TRUE(has_tag(found, "language", "English"));
    EXPECT_TRUE(has_tag(found, "language", "Chinese"));
}

TEST(Analyse, SourceCodeGivesWordsOfItsIdentifiers) {
    auto const found =
        findings("a.cpp", "#include \"b.hpp\"\n// Keeps every shard.\nint readShardHeader();\n");
    EXPECT_TRUE(has_tag(found, "format", "C++"));
    EXPECT_TRUE(std::ranges::any_of(found.terms, [](auto const& term) {
        return term.stem == "shard";
    }));
    EXPECT_EQ(found.references[0].target, "b.hpp");
}

TEST(Analyse, PicturesAndSound) {
    auto const picture = findings("a.png", made_png(64, 64, paint_disc));
    EXPECT_EQ(picture.status, AnalyseStatus::ok);
    EXPECT_TRUE(has_tag(picture, "format", "PNG"));
    EXPECT_TRUE(picture.phash);
    auto const sound = findings("a.wav", made_wav(8000, 0.5));
    EXPECT_TRUE(has_tag(sound, "format", "WAV"));
    EXPECT_TRUE(sound.properties.contains("duration_s"));
}

TEST(Analyse, BrokenContentIsFailedWithReasonAndFormat) {
    auto const jpeg = made_jpeg(640, 480, paint_disc);
    for (auto const& [name, bytes] : std::initializer_list<std::pair<char const*, std::string>>{
             {"a.pdf", "%PDF-1.4\n%\xE2\xE3\xCF\xD3 nothing more"},
             {"a.jpg", jpeg.substr(0, jpeg.size() / 3)},
             {"a.zip", made_zip({{"a", "hello"}, {"b", "hello"}}, false)}
         }) {
        auto const found = findings(name, bytes);
        EXPECT_EQ(found.status, AnalyseStatus::failed) << name;
        EXPECT_NE(found.reason, "") << name;
        EXPECT_FALSE(found.tags.empty()) << name;
    }
}

TEST(Analyse, OddFilesHaveAStatus) {
    EXPECT_EQ(findings("a.txt", "").reason, "The file is empty.");
    EXPECT_EQ(findings("a.txt", "\xFF\xFE\xFD").status, AnalyseStatus::ok);
    EXPECT_EQ(findings("a.zip", made_zip({{"a", "x", 0xFFFFFFFE}})).status, AnalyseStatus::ok);
    EXPECT_EQ(findings("", std::string_view("\0\1\2", 3)).media_type, "application/octet-stream");
}

TEST(Analyse, SixtyFourMebibytesOfOneLetterAreReadWithinLimits) {
    auto const found = findings("a.txt", std::string(64U << 20U, 'a'));
    EXPECT_EQ(found.status, AnalyseStatus::ok);
    EXPECT_EQ(found.text.size(), analysis::limits::text_bytes);
}

TEST(Analyse, WithoutDictionariesIsUnavailableButReadsTheRest) {
    auto bare = Resources::load({.share = "/nowhere", .wordnet = "/nowhere"}).value();
    std::string_view const bytes = "An English sentence about storage nodes and files of people.";
    auto const found = analyse(
        {.name = "a.txt", .media_type = "", .bytes = as_bytes(bytes), .size_bytes = bytes.size()},
        bare
    );
    EXPECT_EQ(found.status, AnalyseStatus::unavailable);
    EXPECT_NE(found.reason.find("wordnet"), std::string::npos);
    EXPECT_EQ(found.language, "en");
    EXPECT_EQ(found.text, bytes);
}

}  // namespace
}  // namespace disgrafs::analysers
