#include "search/index.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "search/snippet.hpp"

namespace disgrafs::search {
namespace {

Document document(std::string const& name, std::string const& body, std::string const& tags = {}) {
    Document out;
    out.fields[0] = tokenise(name);
    out.fields[1] = tokenise(tags);
    out.fields[2] = tokenise(body);
    return out;
}

std::vector<std::string> terms(std::string const& text) {
    std::vector<std::string> out;
    for (auto const& token : tokenise(text)) out.push_back(token.term);
    return out;
}

using Words = std::vector<std::string>;

TEST(Tokens, WordsAreFoldedAndStemmed) {
    EXPECT_EQ(terms("The Whales, swimming!"), (Words{"the", "whale", "swim"}));
    EXPECT_EQ(terms("report-2026_final.PDF"), (Words{"report", "2026", "final", "pdf"}));
    EXPECT_EQ(terms("ＦＵＬＬｗｉｄｔｈ Straße"), (Words{"fullwidth", "strass"}));
}

TEST(Tokens, ChineseGivesCharactersAndPairs) {
    EXPECT_EQ(terms("图文件"), (Words{"图", "图文", "文", "文件", "件"}));
    EXPECT_EQ(terms("用C++写"), (Words{"用", "c", "写"}));
}

TEST(Tokens, OffsetsPointIntoTheText) {
    std::string const text = "a 图文 b";
    for (auto const& token : tokenise(text)) {
        EXPECT_EQ(text.substr(token.offset, token.size), token.term);
    }
}

TEST(Tokens, InvalidBytesAreNoWords) {
    EXPECT_EQ(
        terms("ab\xff\xfe"
              "cd"),
        (Words{"ab", "cd"})
    );
    EXPECT_TRUE(terms("\xe4\xb8").empty());
}

TEST(Index, ANameCountsMoreThanAMention) {
    Index index;
    index.put(NodeId{1}, document("notes.txt", "the whale and the ship and the sea"));
    index.put(NodeId{2}, document("whale.txt", "about a large animal of the sea"));
    auto const found = index.find("whale", 1);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_LT(found[0].score, found[1].score);
}

TEST(Index, RemovedAndReplacedDocumentsAreNotFound) {
    Index index;
    index.put(NodeId{1}, document("a", "whale"));
    index.put(NodeId{1}, document("a", "ship"));
    EXPECT_TRUE(index.find("whale", 1).empty());
    EXPECT_EQ(index.find("ship", 1).size(), 1U);
    index.remove(NodeId{1});
    EXPECT_TRUE(index.find("ship", 1).empty());
    EXPECT_EQ(index.documents(), 0U);
}

TEST(Index, CompactionKeepsWhatLives) {
    Index index;
    for (std::uint64_t round = 0; round < 5; ++round) {
        for (std::uint64_t node = 1; node <= 700; ++node) {
            index.put(
                NodeId{node}, document("n" + std::to_string(node), "round" + std::to_string(round))
            );
        }
    }
    EXPECT_EQ(index.find("round4", 1).size(), 700U);
    EXPECT_TRUE(index.find("round0", 1).empty());
    auto const one = index.find("n77", 1);
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(index.node_of(one[0].doc), NodeId{77});
}

Words guesses(Index const& index, std::string const& word) {
    Words out;
    for (auto const& guess : index.guesses(word, true)) out.emplace_back(guess.term);
    std::ranges::sort(out);
    return out;
}

TEST(Index, HalfANameOrAMisspeltOneIsGuessed) {
    Index index;
    index.put(NodeId{1}, document("quarterly.txt", "unrelated"));
    index.put(NodeId{2}, document("budget.txt", "unrelated"));
    EXPECT_EQ(guesses(index, "quart"), Words{"quarter"});  // Its stem is kept.
    EXPECT_EQ(guesses(index, "dget"), Words{"budget"});
    EXPECT_EQ(guesses(index, "bugdet"), Words{"budget"});  // Two edits, nothing nearer.
    EXPECT_EQ(guesses(index, "budgt"), Words{"budget"});
    EXPECT_EQ(guesses(index, "unrelat"), Words{});  // Text is not guessed.
    EXPECT_EQ(guesses(index, "elephant"), Words{});
    EXPECT_TRUE(index.guesses("budgt", false).empty());
}

TEST(EditDistance, CountsCharactersNotBytes) {
    EXPECT_EQ(edit_distance("图书馆", "图书官", 2), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting", 2), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitten", 2), 1U);
    EXPECT_EQ(edit_distance("", "ab", 2), 2U);
}

TEST(Snippet, MatchesAreMarkedAndTheWindowIsAroundThem) {
    std::string text(500, 'x');
    text += " the blue whale sings " + std::string(500, 'y');
    auto const got = snippet_of(text, {"whale", "blue"});
    EXPECT_NE(
        got.find("the \x02"
                 "blue\x03 \x02"
                 "whale\x03 sings"),
        std::string::npos
    ) << got;
    EXPECT_TRUE(got.starts_with("… "));
    EXPECT_LT(got.size(), 220U);
}

TEST(Snippet, NothingMatchesShowsTheBeginningAndChineseIsNotCut) {
    EXPECT_EQ(snippet_of("short\ntext", {"z"}), "short text");
    EXPECT_EQ(snippet_of("", {"z"}), "");
    std::string text;
    for (int i = 0; i < 200; ++i) text += "图";
    auto const got = snippet_of(text, {});
    EXPECT_EQ(got.size() % 3, (std::string(" …")).size() % 3);
}

}  // namespace
}  // namespace disgrafs::search
