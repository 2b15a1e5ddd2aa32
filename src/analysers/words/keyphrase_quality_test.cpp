/// \file analysers/words/keyphrase_quality_test.cpp  Our keyphrases against those of people.
///
/// Reads the data sets beside the checkout (shared/datasets/keyphrases) while they are present, and
/// prints macro-averaged F at 5 and 10, exact match of stems, as notes/analysis.md §5 does.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysers/words/keyphrases.hpp"
#include "analysers/words/stemmer.hpp"
#include "analysers/words/token.hpp"
#include "analysis/keyphrase_ranking.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {
namespace {

namespace fs = std::filesystem;

struct Document {
    std::vector<analysis::Candidate> candidates;
    std::set<std::string> gold;  ///< Stems of the phrases that people chose.
};

/// Frequencies of all documents but one.
class Others : public analysis::DocumentFrequencies {
 public:
    explicit Others(std::vector<Document> const& documents) : count_(documents.size()) {
        for (auto const& document : documents) {
            for (auto const& candidate : document.candidates) ++with_[candidate.stem];
        }
    }
    [[nodiscard]] std::uint64_t documents() const override { return count_ - 1; }
    [[nodiscard]] std::uint64_t with(std::string_view stem) const override {
        return with_.at(std::string(stem)) - 1;
    }

 private:
    std::uint64_t count_;
    std::map<std::string, std::uint64_t> with_;
};

std::string read_file(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string stem_of(std::string_view phrase) {
    Stemmer stemmer("en");
    std::string out;
    for (auto const& token : tokenize(phrase, 100)) {
        out += (out.empty() ? "" : " ") + stemmer.stem(to_lower(token.text));
    }
    return out;
}

/// Phrases one a line; of Inspec only those before the first carriage return (the uncontrolled).
std::set<std::string> read_gold(fs::path const& path) {
    auto text = read_file(path);
    text = text.substr(0, text.find('\r'));
    std::set<std::string> gold;
    for (auto const line : split(text, '\n')) {
        if (auto stem = stem_of(line); !stem.empty()) gold.insert(stem);
    }
    return gold;
}

double f_measure(Document const& document, Others const& others, std::size_t count) {
    auto const ranked = analysis::rank_keyphrases(document.candidates, others, count);
    auto const right = std::ranges::count_if(ranked, [&](auto const& one) {
        return document.gold.contains(one.stem);
    });
    if (right == 0) return 0;
    auto const precision = static_cast<double>(right) / static_cast<double>(ranked.size());
    auto const recall = static_cast<double>(right) / static_cast<double>(document.gold.size());
    return 2 * precision * recall / (precision + recall);
}

std::optional<fs::path> data_set(std::string const& name) {
    for (auto folder = fs::path(DISGRAFS_SOURCE_DIR); folder.has_relative_path();
         folder = folder.parent_path()) {
        auto const path = folder / "shared/datasets/keyphrases" / name;
        if (fs::is_directory(path)) return path;
    }
    return std::nullopt;
}

struct Quality {
    double at_5 = 0;
    double at_10 = 0;
};

Quality measure(fs::path const& folder) {
    auto const lexicon = Lexicon::load("/usr/share/wordnet").value();
    std::vector<Document> documents;
    for (auto const& entry : fs::directory_iterator(folder / "docs")) {
        auto const key = folder / "keys" / (entry.path().stem().string() + ".key");
        auto wording = read_english(read_file(entry.path()), lexicon);
        documents.push_back({std::move(wording.candidates), read_gold(key)});
    }
    Others const others(documents);
    Quality sum;
    for (auto const& document : documents) {
        sum.at_5 += f_measure(document, others, 5);
        sum.at_10 += f_measure(document, others, 10);
    }
    auto const count = static_cast<double>(documents.size());
    fmt::print(
        "{}: {} documents, F@5 {:.1f}, F@10 {:.1f}\n",
        folder.filename().string(),
        documents.size(),
        100 * sum.at_5 / count,
        100 * sum.at_10 / count
    );
    return {100 * sum.at_5 / count, 100 * sum.at_10 / count};
}

TEST(KeyphraseQuality, OnInspecIsThatOfTheNotes) {
    auto const folder = data_set("Inspec");
    if (!folder) GTEST_SKIP() << "no data set beside the checkout";
    auto const quality = measure(*folder);
    EXPECT_GE(quality.at_5, 26.7);
    EXPECT_GE(quality.at_10, 32.3);
}

TEST(KeyphraseQuality, OnSemEval2017IsThatOfTheNotes) {
    auto const folder = data_set("SemEval2017");
    if (!folder) GTEST_SKIP() << "no data set beside the checkout";
    auto const quality = measure(*folder);
    EXPECT_GE(quality.at_5, 18.2);
    EXPECT_GE(quality.at_10, 27.5);
}

}  // namespace
}  // namespace disgrafs::analysers
