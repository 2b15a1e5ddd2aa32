#include "analysers/words/lexicon.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

/// Every file is trusted input of the distribution, read line by line.
template <typename Line>
Result<void> read_lines(std::string const& path, Line line) {
    std::ifstream file(path);
    if (!file) return fail(Errc::unavailable, "{} cannot be read (Debian: wordnet-base)", path);
    for (std::string text; std::getline(file, text);) line(std::string_view(text));
    return {};
}

float to_count(std::string_view text) {
    auto const number = parse_number(text);
    return number ? static_cast<float>(*number) : 0;
}

struct Ending {
    std::string_view from;
    std::string_view to;
};

constexpr Ending noun_endings[] = {
    {"ies", "y"},
    {"ches", "ch"},
    {"shes", "sh"},
    {"xes", "x"},
    {"zes", "z"},
    {"ses", "s"},
    {"ses", "sis"},
    {"men", "man"},
    {"s", ""},
};
constexpr Ending verb_endings[] = {
    {"ies", "y"},
    {"ches", "ch"},
    {"shes", "sh"},
    {"sses", "ss"},
    {"xes", "x"},
    {"zes", "z"},
    {"oes", "o"},
    {"s", ""},
    {"ied", "y"},
    {"ed", "e"},
    {"ed", ""},
    {"ing", "e"},
    {"ing", ""},
};

/// "stopped" → "stop": a doubled last letter is undone.
std::string undoubled(std::string const& base) {
    auto const size = base.size();
    if (size < 4 || base[size - 1] != base[size - 2]) return base;
    return base.substr(0, size - 1);
}

}  // namespace

Result<Lexicon> Lexicon::load(std::string const& folder) {
    Lexicon lexicon;
    lexicon.shares_.reserve(100'000);
    TRY_OK(lexicon.read_index(folder + "/index.noun", &WordShares::noun));
    TRY_OK(lexicon.read_index(folder + "/index.verb", &WordShares::verb));
    TRY_OK(lexicon.read_index(folder + "/index.adj", &WordShares::adjective));
    TRY_OK(lexicon.read_index(folder + "/index.adv", &WordShares::adverb));
    TRY_OK(lexicon.read_counts(folder + "/cntlist.rev"));
    TRY_OK(lexicon.read_exceptions(folder + "/noun.exc", lexicon.irregular_nouns_));
    TRY_OK(lexicon.read_exceptions(folder + "/verb.exc", lexicon.irregular_verbs_));
    if (lexicon.count() == 0) return fail(Errc::unavailable, "{} holds no words", folder);
    return lexicon;
}

WordShares Lexicon::find(std::string_view word) const {
    return {
        .noun = noun_share(word),
        .verb = verb_share(word),
        .adjective = adjective_share(word),
        .adverb = base_share(word, &WordShares::adverb),
    };
}

/// lemma pos senses pointers pointer… senses tagged-senses offset…
Result<void> Lexicon::read_index(std::string const& path, float WordShares::* part) {
    return read_lines(path, [&](std::string_view line) {
        if (line.starts_with(' ')) return;  // the licence
        auto const lemma = line.substr(0, line.find(' '));
        if (lemma.find('_') != std::string_view::npos) return;
        shares_[std::string(lemma)].*part += 1;
    });
}

/// lemma%type:… sense count;  type 1 noun, 2 verb, 3 adjective, 4 adverb, 5 adjective satellite.
Result<void> Lexicon::read_counts(std::string const& path) {
    constexpr std::pair<char, float WordShares::*> types[] = {
        {'1', &WordShares::noun},
        {'2', &WordShares::verb},
        {'3', &WordShares::adjective},
        {'4', &WordShares::adverb},
        {'5', &WordShares::adjective},
    };
    return read_lines(path, [&](std::string_view line) {
        auto const mark = line.find('%');
        if (mark == std::string_view::npos || mark + 1 >= line.size()) return;
        auto const found = shares_.find(line.substr(0, mark));
        if (found == shares_.end()) return;
        auto const count = to_count(line.substr(line.rfind(' ') + 1));
        for (auto const& [type, part] : types) {
            if (line[mark + 1] == type) found->second.*part += count;
        }
    });
}

Result<void> Lexicon::read_exceptions(std::string const& path, Map<std::string>& forms) {
    return read_lines(path, [&](std::string_view line) {
        auto const words = split(line, ' ');
        if (words.size() < 2 || words[0].find('_') != std::string_view::npos) return;
        forms.emplace(words[0], words[1]);
    });
}

float Lexicon::base_share(std::string_view word, float WordShares::* part) const {
    auto const found = shares_.find(word);
    return found == shares_.end() ? 0 : found->second.*part;
}

float Lexicon::noun_share(std::string_view word) const {
    auto share = base_share(word, &WordShares::noun);
    if (auto const found = irregular_nouns_.find(word); found != irregular_nouns_.end()) {
        share = std::max(share, base_share(found->second, &WordShares::noun));
    }
    if (word.size() < 4 || word.ends_with("ss")) return share;
    for (auto const& [from, to] : noun_endings) {
        if (!word.ends_with(from)) continue;
        auto const base = std::string(word.substr(0, word.size() - from.size())).append(to);
        share = std::max(share, base_share(base, &WordShares::noun));
    }
    return share;
}

float Lexicon::verb_share(std::string_view word) const {
    auto share = base_share(word, &WordShares::verb);
    if (auto const found = irregular_verbs_.find(word); found != irregular_verbs_.end()) {
        share = std::max(share, base_share(found->second, &WordShares::verb));
    }
    if (word.size() < 4) return share;
    for (auto const& [from, to] : verb_endings) {
        if (!word.ends_with(from) || word.size() - from.size() + to.size() < 2) continue;
        auto const base = std::string(word.substr(0, word.size() - from.size())).append(to);
        share = std::max(share, base_share(base, &WordShares::verb));
        if (to.empty() && from.size() > 1) {
            share = std::max(share, base_share(undoubled(base), &WordShares::verb));
        }
    }
    return share;
}

/// Comparatives only when the lexicon does not have the word itself ("number" is no "numb-er").
float Lexicon::adjective_share(std::string_view word) const {
    auto share = base_share(word, &WordShares::adjective);
    if (share > 0 || word.size() < 5 || shares_.contains(word)) return share;
    for (auto const ending : {std::string_view("er"), std::string_view("est")}) {
        if (!word.ends_with(ending)) continue;
        auto const base = std::string(word.substr(0, word.size() - ending.size()));
        share = std::max(share, base_share(base, &WordShares::adjective));
        share = std::max(share, base_share(base + "e", &WordShares::adjective));
    }
    return share;
}

}  // namespace disgrafs::analysers
