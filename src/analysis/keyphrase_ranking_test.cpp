#include "analysis/keyphrase_ranking.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace disgrafs::analysis {
namespace {

class FakeFrequencies : public DocumentFrequencies {
 public:
    FakeFrequencies(std::uint64_t documents, std::map<std::string, std::uint64_t> with)
        : documents_(documents), with_(std::move(with)) {}

    [[nodiscard]] std::uint64_t documents() const override { return documents_; }
    [[nodiscard]] std::uint64_t with(std::string_view stem) const override {
        auto const found = with_.find(std::string(stem));
        return found == with_.end() ? 0 : found->second;
    }

 private:
    std::uint64_t documents_;
    std::map<std::string, std::uint64_t> with_;
};

std::vector<std::string> stems(std::vector<RankedPhrase> const& ranked) {
    std::vector<std::string> out;
    for (auto const& one : ranked) out.push_back(one.stem);
    return out;
}

using Stems = std::vector<std::string>;

TEST(RankKeyphrases, FirstInAllThreeOrdersScoresOne) {
    FakeFrequencies const frequencies(100, {{"common", 90}});
    auto const ranked = rank_keyphrases(
        {{"common", "common", 3, 5, 0.1}, {"rare", "rare", 3, 0, 0.9}}, frequencies, 10
    );
    ASSERT_EQ(stems(ranked), (Stems{"rare", "common"}));
    EXPECT_DOUBLE_EQ(ranked[0].score, 1.0);
    EXPECT_DOUBLE_EQ(ranked[1].score, 11.0 / 12.0);
}

/// Ranks by hand: tfidf a=8·log2(8/4)=8, b=3·log2(8/1)=9, c=1·3=3 → b a c; SingleRank c a b;
/// first a b c. a: 1/12+1/12+.5/11, b: 1/11+1/13+.5/12, c: 1/13+1/11+.5/13.
TEST(RankKeyphrases, FusesTfIdfSingleRankAndFirstOccurrence) {
    FakeFrequencies const frequencies(8, {{"a", 3}});
    auto const ranked = rank_keyphrases(
        {{"A", "a", 8, 0, 0.2}, {"B", "b", 3, 1, 0.1}, {"C", "c", 1, 2, 0.3}}, frequencies, 10
    );
    ASSERT_EQ(stems(ranked), (Stems{"a", "b", "c"}));
    double const best = 2.5 / 11;
    EXPECT_NEAR(ranked[0].score, (1.0 / 12 + 1.0 / 12 + 0.5 / 11) / best, 1e-12);
    EXPECT_NEAR(ranked[1].score, (1.0 / 11 + 1.0 / 13 + 0.5 / 12) / best, 1e-12);
    EXPECT_NEAR(ranked[2].score, (1.0 / 13 + 1.0 / 11 + 0.5 / 13) / best, 1e-12);
}

TEST(RankKeyphrases, InAnEmptyCorpusTheCountDecides) {
    FakeFrequencies const frequencies(0, {});
    auto const ranked = rank_keyphrases(
        {{"once", "once", 1, 0, 0.5}, {"often", "often", 9, 1, 0.5}, {"twice", "twice", 2, 1, 0.5}},
        frequencies,
        10
    );
    EXPECT_EQ(ranked[0].stem, "often");
}

TEST(RankKeyphrases, OrderOfTheCandidatesDoesNotMatter) {
    FakeFrequencies const frequencies(10, {{"b", 4}, {"c", 1}});
    std::vector<Candidate> candidates{
        {"A", "a", 1, 3, 0.1}, {"B", "b", 2, 3, 0.1}, {"C", "c", 1, 0, 0.1}, {"D", "d", 1, 3, 0.1}
    };
    auto const expected = rank_keyphrases(candidates, frequencies, 10);
    std::ranges::reverse(candidates);
    EXPECT_EQ(rank_keyphrases(candidates, frequencies, 10), expected);
}

TEST(RankKeyphrases, GivesNoMoreThanAskedFor) {
    FakeFrequencies const frequencies(10, {});
    std::vector<Candidate> const candidates{{"A", "a", 1, 3, 0.1}, {"B", "b", 2, 3, 0.1}};
    EXPECT_EQ(rank_keyphrases(candidates, frequencies, 1).size(), 1);
    EXPECT_TRUE(rank_keyphrases({}, frequencies, 5).empty());
}

TEST(FrequencyStems, HoldTermsAndCandidatesEachOnce) {
    Findings findings;
    findings.terms = {{"shard", 4}, {"code", 2}};
    findings.candidates = {{"Erasure code", "erasur code", 2, 0, 1}, {"shards", "shard", 2, 0, 1}};
    EXPECT_EQ(frequency_stems(findings), (Stems{"code", "erasur code", "shard"}));
}

}  // namespace
}  // namespace disgrafs::analysis
