/// \file analysers/words/words_test.cpp  Tokens, lexicon, ranks, languages, English phrases.

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "analysers/words/keyphrases.hpp"
#include "analysers/words/language.hpp"
#include "analysers/words/lexicon.hpp"
#include "analysers/words/single_rank.hpp"
#include "analysers/words/stemmer.hpp"
#include "analysers/words/tagger.hpp"
#include "analysers/words/token.hpp"

namespace disgrafs::analysers {
namespace {

Lexicon const& lexicon() {
    static auto const loaded = Lexicon::load("/usr/share/wordnet").value();
    return loaded;
}

std::string joined_tokens(std::string_view text) {
    std::string out;
    for (auto const& token : tokenize(text, 100)) {
        out += token.gap == Gap::space ? " " : token.gap == Gap::mark ? "|" : "#";
        out += token.text;
    }
    return out;
}

/// N noun, A adjective, . anything else.
std::string classes(std::string_view text) {
    auto const tokens = tokenize(text, 100);
    std::vector<std::string> lower;
    for (auto const& token : tokens) lower.push_back(to_lower(token.text));
    std::string out;
    for (auto const one : tag_english(tokens, lower, lexicon())) {
        out += one == WordClass::noun ? 'N' : one == WordClass::adjective ? 'A' : '.';
    }
    return out;
}

bool has_phrase(Wording const& wording, std::string const& phrase) {
    return std::ranges::any_of(wording.candidates, [&](auto const& one) {
        return one.phrase == phrase;
    });
}

TEST(Tokenize, TellsWhatStandsBetween) {
    EXPECT_EQ(
        joined_tokens("One, (two) three-four's. Five\nsix\n\nseven"),
        "#One|two|three-four's#Five six#seven"
    );
    EXPECT_EQ(joined_tokens("naïve Straße 3D"), "#naïve Straße 3D");
    EXPECT_EQ(joined_tokens("ab纠删码cd"), "#ab|cd");
    EXPECT_EQ(joined_tokens("-- '' -"), "");
    EXPECT_EQ(tokenize("a b c d", 2).size(), 2);
}

TEST(ToLower, GoesByUnicode) { EXPECT_EQ(to_lower("ÄÖ Straße ΑΒΓ 纠"), "äö straße αβγ 纠"); }

TEST(Lexicon, KnowsInflectedForms) {
    EXPECT_GT(lexicon().count(), 70'000);
    EXPECT_GT(lexicon().find("children").noun, 0);
    EXPECT_GT(lexicon().find("policies").noun, 0);
    EXPECT_GT(lexicon().find("stopped").verb, 0);
    EXPECT_GT(lexicon().find("wrote").verb, 0);
    EXPECT_GT(lexicon().find("larger").adjective, 0);
    EXPECT_FALSE(lexicon().find("rocksdb").is_known());
    EXPECT_GT(lexicon().find("show").verb, lexicon().find("show").noun);
}

TEST(Lexicon, WithoutItsFilesIsUnavailable) {
    EXPECT_EQ(Lexicon::load("/nowhere").error().code, Errc::unavailable);
}

TEST(TagEnglish, TellsNounPhrasesFromTheRest) {
    EXPECT_EQ(classes("The distributed file system is on many large nodes"), ".ANN...AN");
    EXPECT_EQ(classes("We use a fast index"), "...AN");
    EXPECT_EQ(classes("It can store data quickly"), "...N.");
    EXPECT_EQ(classes("image processing of the RocksDB engine"), "NN..NN");
}

TEST(SingleRank, AddsUpToOneAndPrefersTheCentre) {
    // A star: word 0 stands beside each of the others, which stand far from one another.
    std::vector<std::uint32_t> words;
    for (std::uint32_t other = 1; other <= 4; ++other) {
        words.push_back(0);
        words.push_back(other);
        words.insert(words.end(), 12, no_word);
    }
    auto const ranks = single_rank(words, 5);
    EXPECT_NEAR(std::accumulate(ranks.begin(), ranks.end(), 0.0), 1, 1e-6);
    for (std::size_t other = 1; other <= 4; ++other) EXPECT_GT(ranks[0], 2 * ranks[other]);
    EXPECT_TRUE(single_rank({}, 0).empty());
}

/// Two words side by side: by symmetry each holds a half.
TEST(SingleRank, OfTwoWordsIsAHalfEach) {
    std::vector<std::uint32_t> const words{0, 1};
    auto const ranks = single_rank(words, 2);
    EXPECT_NEAR(ranks[0], 0.5, 1e-6);
    EXPECT_NEAR(ranks[1], 0.5, 1e-6);
}

TEST(ReadEnglish, FindsPhrasesCountsAndPlaces) {
    auto const wording = read_english(
        "Erasure codes protect data. An erasure code is not the same as RocksDB files; erasure "
        "codes are fast.",
        lexicon()
    );
    auto const found =
        std::ranges::find(wording.candidates, "erasur code", &analysis::Candidate::stem);
    ASSERT_NE(found, wording.candidates.end());
    EXPECT_EQ(found->phrase, "erasure codes");
    EXPECT_EQ(found->count, 3);
    EXPECT_EQ(found->first, 0);
    EXPECT_GT(found->singlerank, 0);
    EXPECT_TRUE(has_phrase(wording, "RocksDB files")) << "names keep their capitals";
    EXPECT_EQ(wording.terms[0], (analysis::TermCount{"code", 3, "codes"}));
}

TEST(ReadEnglish, OfOddTextsStaysWithinLimits) {
    EXPECT_TRUE(read_english("", lexicon()).candidates.empty());
    EXPECT_TRUE(read_english("1 2 3 . , the of", lexicon()).terms.empty());
    EXPECT_TRUE(read_english(std::string(1U << 20U, 'a'), lexicon()).terms.empty());
    std::string many;
    for (int i = 0; i < 60'000; ++i) {
        many += "word";
        for (int rest = i; rest > 0; rest /= 26) many += static_cast<char>('a' + rest % 26);
        many += ". ";
    }
    auto const wording = read_english(many, lexicon());
    EXPECT_EQ(wording.terms.size(), analysis::limits::terms);
    EXPECT_EQ(wording.candidates.size(), analysis::limits::candidates);
}

TEST(ReadTerms, StemsByTheLanguage) {
    auto const terms = read_terms("Häuser und Haus, Hauses", "de");
    EXPECT_EQ(terms[0].stem, "haus");
    EXPECT_EQ(terms[0].count, 3);
    EXPECT_EQ(terms[0].word, "häuser") << "of equals the first";
}

TEST(CountTerms, AStemIsShownAsTheWordThatIsWrittenMost) {
    auto const wording =
        read_english("A leaf. The leaves fall; leaves rot, and leaving leaves is fine.", lexicon());
    auto const found = std::ranges::find(wording.terms, "leav", &analysis::TermCount::stem);
    ASSERT_NE(found, wording.terms.end());
    EXPECT_EQ(found->word, "leaves");
}

TEST(FindLanguages, OfSeveral) {
    EXPECT_EQ(find_languages("This is an English sentence about storage and files.")[0].code, "en");
    EXPECT_EQ(
        find_languages("纠删码是一种数据保护技术，分布式文件系统使用它保存数据。")[0].code, "zh"
    );
    EXPECT_EQ(
        find_languages("糾刪碼是一種資料保護技術，檔案系統使用它來保存許多資料。")[0].code,
        "zh-Hant"
    );
    auto const german = find_languages("Dieser Satz ist in deutscher Sprache geschrieben worden.");
    EXPECT_EQ(german[0].code, "de");
    EXPECT_EQ(german[0].name, "German");
    EXPECT_TRUE(find_languages("").empty());
    EXPECT_TRUE(find_languages("12 34").empty());
}

}  // namespace
}  // namespace disgrafs::analysers
