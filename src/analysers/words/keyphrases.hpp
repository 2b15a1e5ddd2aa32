#pragma once

/// \file analysers/words/keyphrases.hpp  Phrases that may become tags, and the words of a text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysers/words/lexicon.hpp"
#include "analysis/findings.hpp"

namespace disgrafs::analysers {

/// What a text says by its words.
struct Wording {
    std::vector<analysis::Candidate> candidates;  ///< Best first, at most limits::candidates.
    std::vector<analysis::TermCount> terms;       ///< Most frequent first, at most limits::terms.
};

/// One word of a text, ready to be counted: the same for every language.
struct Word {
    std::string text;            ///< As it shall be shown.
    std::string stem;            ///< Empty: takes a place, but is neither term nor in a phrase.
    bool is_content = false;     ///< May stand in a phrase, and is ranked.
    bool ends_phrase = false;    ///< A noun: a phrase may end with it.
    bool starts_phrase = false;  ///< No phrase reaches over the gap before it.
    bool is_glued = false;       ///< Written without a space after the word before it.
};

/// Runs of at most phrase_words_max content words that end with a noun, counted and ranked by
/// SingleRank.
inline constexpr std::size_t phrase_words_max = 5;
std::vector<analysis::Candidate> find_candidates(std::vector<Word> const& words);

/// Stems with their counts, and the form in which each is written most.
std::vector<analysis::TermCount> count_terms(std::vector<Word> const& words);

/// `text`: valid UTF-8; only its first words are looked at (english_words_max).
inline constexpr std::size_t english_words_max = 50'000;
Wording read_english(std::string_view text, Lexicon const& lexicon);

/// Terms only, for a language without a lexicon here; `language` chooses the stemmer.
std::vector<analysis::TermCount> read_terms(std::string_view text, std::string const& language);

}  // namespace disgrafs::analysers
