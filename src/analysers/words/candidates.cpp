/// \file analysers/words/candidates.cpp  The part of keyphrases.hpp that is the same for each
/// language.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analysers/words/keyphrases.hpp"
#include "analysers/words/single_rank.hpp"

namespace disgrafs::analysers {

namespace {

using analysis::Candidate;
using analysis::TermCount;

/// Each distinct stem among the content words gets a number.
struct Numbered {
    std::vector<std::uint32_t> at;  ///< Per word of the text, or no_word.
    std::uint32_t count = 0;
};

Numbered number_content(std::vector<Word> const& words) {
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    Numbered numbered;
    numbered.at.reserve(words.size());
    for (auto const& word : words) {
        if (!word.is_content) {
            numbered.at.push_back(no_word);
            continue;
        }
        auto const next = static_cast<std::uint32_t>(numbers.size());
        numbered.at.push_back(numbers.try_emplace(word.stem, next).first->second);
    }
    numbered.count = static_cast<std::uint32_t>(numbers.size());
    return numbered;
}

struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// The run of content words from `begin` on, cut back to the last that may end a phrase.
Run run_from(std::vector<Word> const& words, std::size_t begin) {
    auto end = begin;
    while (end < words.size() && words[end].is_content &&
           (end == begin || !words[end].starts_phrase)) {
        ++end;
    }
    while (end > begin && !words[end - 1].ends_phrase) --end;
    return {begin, end};
}

class Collector {
 public:
    explicit Collector(std::vector<Word> const& words)
        : words_(words),
          numbered_(number_content(words)),
          ranks_(single_rank(numbered_.at, numbered_.count)) {}

    std::vector<Candidate> run() {
        for (std::size_t at = 0; at < words_.size();) {
            auto const run = run_from(words_, at);
            if (run.end - run.begin <= phrase_words_max) add(run);
            at = std::max(run.end, at + 1);
        }
        return best_first();
    }

 private:
    void add(Run run) {
        if (run.begin == run.end) return;
        auto const stem = joined(run, &Word::stem);
        auto const [found, is_new] = index_.try_emplace(stem, candidates_.size());
        if (!is_new) {
            ++candidates_[found->second].count;
            return;
        }
        double rank = 0;
        for (auto i = run.begin; i < run.end; ++i) rank += ranks_[numbered_.at[i]];
        candidates_.push_back({
            .phrase = joined(run, &Word::text),
            .stem = stem,
            .count = 1,
            .first = static_cast<std::uint32_t>(run.begin),
            .singlerank = rank,
        });
    }

    [[nodiscard]] std::string joined(Run run, std::string Word::* part) const {
        std::string out;
        for (auto i = run.begin; i < run.end; ++i) {
            if (i > run.begin && !words_[i].is_glued) out += ' ';
            out += words_[i].*part;
        }
        return out;
    }

    /// By rank and count together, so that the cut keeps what either order would put in front.
    std::vector<Candidate> best_first() {
        std::ranges::sort(candidates_, [](Candidate const& a, Candidate const& b) {
            auto const weight_a = a.singlerank * a.count;
            auto const weight_b = b.singlerank * b.count;
            return weight_a != weight_b ? weight_a > weight_b : a.first < b.first;
        });
        if (candidates_.size() > analysis::limits::candidates) {
            candidates_.resize(analysis::limits::candidates);
        }
        return std::move(candidates_);
    }

    std::vector<Word> const& words_;
    Numbered numbered_;
    std::vector<double> ranks_;
    std::vector<Candidate> candidates_;
    std::unordered_map<std::string, std::size_t> index_;
};

/// The words of one stem, as they are written: few, so a list finds them fastest.
class Forms {
 public:
    void see(std::string_view text) {
        ++count_;
        auto const known = std::ranges::find(forms_, text, &Form::text);
        if (known != forms_.end()) {
            ++known->count;
        } else if (forms_.size() < forms_max) {
            forms_.push_back({text, 1});
        }
    }

    [[nodiscard]] std::uint32_t count() const { return count_; }
    /// Of equals the first.
    [[nodiscard]] std::string_view most_frequent() const {
        return std::ranges::max_element(forms_, {}, &Form::count)->text;
    }

 private:
    struct Form {
        std::string_view text;
        std::uint32_t count = 0;
    };
    static constexpr std::size_t forms_max = 16;

    std::vector<Form> forms_;
    std::uint32_t count_ = 0;
};

}  // namespace

std::vector<Candidate> find_candidates(std::vector<Word> const& words) {
    return Collector(words).run();
}

std::vector<TermCount> count_terms(std::vector<Word> const& words) {
    std::unordered_map<std::string_view, Forms> forms;
    for (auto const& word : words) {
        if (!word.stem.empty() && word.stem.size() <= analysis::limits::term_bytes) {
            forms[word.stem].see(word.text);
        }
    }
    std::vector<TermCount> terms;
    terms.reserve(forms.size());
    for (auto const& [stem, seen] : forms) {
        terms.push_back({std::string(stem), seen.count(), std::string(seen.most_frequent())});
    }
    std::ranges::sort(terms, [](TermCount const& a, TermCount const& b) {
        return a.count != b.count ? a.count > b.count : a.stem < b.stem;
    });
    if (terms.size() > analysis::limits::terms) terms.resize(analysis::limits::terms);
    return terms;
}

}  // namespace disgrafs::analysers
