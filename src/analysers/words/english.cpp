/// \file analysers/words/english.cpp  Adjectives and nouns of an English text as phrases.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysers/words/keyphrases.hpp"
#include "analysers/words/stemmer.hpp"
#include "analysers/words/stop_words.hpp"
#include "analysers/words/tagger.hpp"
#include "analysers/words/token.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::size_t word_bytes_max = 64;

std::vector<std::string> lowered(std::vector<Token> const& tokens) {
    std::vector<std::string> lower;
    lower.reserve(tokens.size());
    for (auto const& token : tokens) lower.push_back(to_lower(token.text));
    return lower;
}

/// Words that are written in lower case at least once: no names.
std::unordered_set<std::string> written_lower(
    std::vector<Token> const& tokens, std::vector<std::string> const& lower
) {
    std::unordered_set<std::string> words;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].text == lower[i]) words.insert(lower[i]);
    }
    return words;
}

/// Words that stand capitalised within a sentence, or hold a capital that is not their first.
std::unordered_set<std::string> written_as_names(
    std::vector<Token> const& tokens, std::vector<std::string> const& lower
) {
    std::unordered_set<std::string> words;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        auto const text = tokens[i].text;
        bool const is_mixed = text.substr(1) != std::string_view(lower[i]).substr(1);
        if (text != lower[i] && (is_mixed || tokens[i].gap != Gap::sentence))
            words.insert(lower[i]);
    }
    return words;
}

bool is_term(std::string const& lower) {
    return lower.size() >= 2 && lower.size() <= word_bytes_max &&
           stop_word(lower) == StopWord::none &&
           !std::ranges::all_of(lower, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

/// "Fodor's" counts as "Fodor".
std::string_view without_possessive(std::string_view word) {
    for (auto const ending : {std::string_view("'s"), std::string_view("\u2019s")}) {
        if (word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
    }
    return word;
}

}  // namespace

Wording read_english(std::string_view text, Lexicon const& lexicon) {
    auto tokens = tokenize(text, english_words_max);
    for (auto& token : tokens) token.text = without_possessive(token.text);
    auto const lower = lowered(tokens);
    auto const classes = tag_english(tokens, lower, lexicon);
    auto const plain = written_lower(tokens, lower);
    auto const names = written_as_names(tokens, lower);

    Stemmer stemmer("en");
    std::vector<Word> words;
    words.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        bool const is_name = names.contains(lower[i]) && !plain.contains(lower[i]);
        bool const counts = is_term(lower[i]);
        words.push_back({
            .text = is_name ? std::string(tokens[i].text) : lower[i],
            .stem = counts ? stemmer.stem(lower[i]) : std::string(),
            .is_content = counts && classes[i] != WordClass::other,
            .ends_phrase = classes[i] == WordClass::noun,
            .starts_phrase = tokens[i].gap != Gap::space,
        });
    }
    return {.candidates = find_candidates(words), .terms = count_terms(words)};
}

std::vector<analysis::TermCount> read_terms(std::string_view text, std::string const& language) {
    Stemmer stemmer(language);
    std::vector<Word> words;
    for (auto const& token : tokenize(text, english_words_max)) {
        auto const lower = to_lower(token.text);
        if (!is_term(lower)) continue;
        words.push_back({.text = lower, .stem = stemmer.stem(lower)});
    }
    return count_terms(words);
}

}  // namespace disgrafs::analysers
