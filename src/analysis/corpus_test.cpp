#include "analysis/corpus.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace disgrafs::analysis {
namespace {

Portrait about(std::vector<std::string> const& stems) {
    Portrait portrait;
    for (auto const& stem : stems) portrait.stems.push_back({stem, stem + "s", 2});
    return portrait;
}

TEST(Corpus, CountsEachFileOnceForAStem) {
    Corpus corpus;
    corpus.put(NodeId{1}, about({"whale", "ocean"}));
    corpus.put(NodeId{2}, about({"whale", "ship"}));
    EXPECT_EQ(corpus.documents(), 2U);
    EXPECT_EQ(corpus.with("whale"), 2U);
    EXPECT_EQ(corpus.with("ship"), 1U);
    EXPECT_EQ(corpus.with("moon"), 0U);
}

TEST(Corpus, PutAgainReplacesAndRemoveForgets) {
    Corpus corpus;
    corpus.put(NodeId{1}, about({"whale", "ocean"}));
    corpus.put(NodeId{1}, about({"moon"}));
    EXPECT_EQ(corpus.with("whale"), 0U);
    corpus.remove(NodeId{1});
    EXPECT_EQ(corpus.documents(), 0U);
    EXPECT_EQ(corpus.with("moon"), 0U);
}

TEST(Corpus, TheMoreIsSharedTheMoreAlikeAndTheRarestIsTheReason) {
    Corpus corpus;
    corpus.put(NodeId{1}, about({"whale", "ocean", "common", "krill"}));
    corpus.put(NodeId{2}, about({"whale", "ocean", "common", "ship"}));
    corpus.put(NodeId{3}, about({"common", "ocean", "tax", "law"}));
    corpus.put(NodeId{4}, about({"common", "tax", "law", "court"}));
    auto const alike = corpus.similar_to(NodeId{1}, 8, 0.01);
    ASSERT_GE(alike.size(), 2U);
    EXPECT_EQ(alike[0].file, NodeId{2});
    EXPECT_EQ(alike[1].file, NodeId{3});
    EXPECT_GT(alike[0].score, alike[1].score);
    EXPECT_EQ(alike[0].why.front(), "whales");
}

TEST(Corpus, OneCommonWordIsACoincidence) {
    Corpus corpus;
    corpus.put(NodeId{1}, about({"whale", "krill"}));
    corpus.put(NodeId{2}, about({"whale", "ship"}));
    EXPECT_TRUE(corpus.similar_to(NodeId{1}, 8, 0).empty());
}

TEST(Corpus, PicturesAreAlikeWithinTenBits) {
    Corpus corpus;
    Portrait picture;
    picture.phash = 0xFFFF'0000'FFFF'0000ULL;
    corpus.put(NodeId{1}, picture);
    picture.phash = 0xFFFF'0000'FFFF'00FFULL;  // 8 bits away
    corpus.put(NodeId{2}, picture);
    picture.phash = 0x0000'FFFF'0000'FFFFULL;  // all bits away
    corpus.put(NodeId{3}, picture);
    auto const alike = corpus.similar_to(NodeId{1}, 8, 0.15);
    ASSERT_EQ(alike.size(), 1U);
    EXPECT_EQ(alike[0].file, NodeId{2});
    EXPECT_DOUBLE_EQ(alike[0].score, 0.75);
    EXPECT_EQ(alike[0].why, std::vector<std::string>{"looks alike"});
}

TEST(Portrait, RowGivesThePortraitBack) {
    auto portrait = about({"whale", "海洋"});
    portrait.phash = 42;
    auto const back = decode_portrait(encode_portrait(portrait));
    ASSERT_TRUE(back);
    ASSERT_EQ(back->stems.size(), 2U);
    EXPECT_EQ(back->stems[1].stem, "海洋");
    EXPECT_EQ(back->stems[1].shown, "海洋s");
    EXPECT_EQ(back->stems[1].count, 2U);
    EXPECT_EQ(back->phash, 42U);
}

TEST(Portrait, DamagedRowIsCorrupt) {
    auto const row = encode_portrait(about({"whale", "ocean"}));
    for (std::size_t size = 0; size < row.size(); ++size) {
        auto const cut = decode_portrait(ByteView(row).first(size));
        ASSERT_FALSE(cut) << size;
        EXPECT_EQ(cut.error().code, Errc::corrupt);
    }
}

TEST(Portrait, PhrasesTeachHowStemsAreWritten) {
    Findings findings;
    findings.candidates.push_back({"erasure codes", "erasur code", 3, 0, 1.0});
    findings.terms.push_back({"erasur", 5});
    findings.terms.push_back({"leav", 2, "leaves"});
    findings.terms.push_back({"disk", 2});
    auto const portrait = portrait_of(findings);
    ASSERT_EQ(portrait.stems.size(), 4U);
    EXPECT_EQ(portrait.stems[0].shown, "erasure codes");
    EXPECT_EQ(portrait.stems[1].shown, "erasure");
    EXPECT_EQ(portrait.stems[2].shown, "leaves") << "no phrase has it, the term tells";
    EXPECT_EQ(portrait.stems[3].shown, "disk");
}

}  // namespace
}  // namespace disgrafs::analysis
