#include "analysers/words/chinese.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace disgrafs::analysers {
namespace {

/// Loaded once: it takes a second.
ChineseWords const& chinese() {
    static auto const words = ChineseWords::load(
        std::string(DISGRAFS_SHARE) + "/jieba", std::string(DISGRAFS_SHARE) + "/chinese_terms.utf8"
    );
    return words.value();
}

constexpr auto text =
    "纠删码是一种数据保护技术。分布式文件系统使用纠删码把文件分成数据块和校验块，"
    "然后保存在不同的存储节点上。只要丢失的块不超过校验块的数量，纠删码就能恢复数据。"
    "与副本相比，纠删码节省存储空间。RocksDB 是嵌入式数据库，Reed Solomon 编码很常见。";

std::vector<std::string> phrases(Wording const& wording) {
    std::vector<std::string> out;
    for (auto const& candidate : wording.candidates) out.push_back(candidate.phrase);
    return out;
}

bool holds(std::vector<std::string> const& all, std::string const& one) {
    return std::ranges::find(all, one) != all.end();
}

TEST(ChineseWords, FindPhrasesOfNounsAndNames) {
    auto const found = phrases(chinese().read(text));
    EXPECT_TRUE(holds(found, "纠删码"));
    EXPECT_TRUE(holds(found, "分布式文件系统"));
    EXPECT_TRUE(holds(found, "存储节点"));
    EXPECT_TRUE(holds(found, "RocksDB"));
    EXPECT_TRUE(holds(found, "Reed Solomon编码"));
    EXPECT_FALSE(holds(found, "一种")) << "a stop word";
    EXPECT_FALSE(holds(found, "使用"));
}

TEST(ChineseWords, APhraseGoesFromLatinToChineseButNotBack) {
    auto const found = phrases(chinese().read(
        "平潭岛 guides ships at night. 灯塔 lighthouse。平潭岛guides ships。Raft协议选举领导者。"
    ));
    for (auto const& phrase : found) {
        bool was_han = false;
        for (auto const c : phrase) {
            bool const is_han = static_cast<unsigned char>(c) >= 0x80;
            EXPECT_FALSE(was_han && !is_han) << phrase;
            was_han = was_han || is_han;
        }
    }
    EXPECT_TRUE(holds(found, "平潭岛"));
    EXPECT_TRUE(holds(found, "guides ships"));
    EXPECT_TRUE(holds(found, "Raft协议"));
}

TEST(ChineseWords, MostFrequentPhraseIsTheFirstTerm) {
    auto const wording = chinese().read(text);
    ASSERT_FALSE(wording.terms.empty());
    EXPECT_EQ(wording.terms[0].stem, "纠删码");
    EXPECT_EQ(wording.terms[0].count, 4);
}

TEST(ChineseWords, OfEmptyAndPunctuationOnlyAreNone) {
    EXPECT_TRUE(chinese().read("").candidates.empty());
    EXPECT_TRUE(chinese().read("。，！  \n\n").terms.empty());
}

TEST(ChineseWords, OfALongTextAreReadFromItsBeginning) {
    std::string long_text = "纠删码。";
    while (long_text.size() < 2 * chinese_bytes_max) long_text += "数";
    EXPECT_TRUE(holds(phrases(chinese().read(long_text)), "纠删码"));
}

TEST(ChineseWords, WithoutDictionaryAreUnavailable) {
    auto const words = ChineseWords::load("/nowhere", "/nowhere/own");
    ASSERT_FALSE(words);
    EXPECT_EQ(words.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace disgrafs::analysers
