#pragma once

/// \file analysers/words/tagger.hpp  What each word of an English text is, near enough for phrases.
///
/// The lexicon says what a word can be, its ending and its neighbours what it is here. This is no
/// parser: it only has to tell nouns and adjectives from the rest.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysers/words/lexicon.hpp"
#include "analysers/words/token.hpp"

namespace disgrafs::analysers {

enum class WordClass : std::uint8_t {
    other,  ///< Stop words, verbs, adverbs, numbers: no part of a keyphrase.
    noun,
    adjective,
};

/// One class per token; `lower` holds the tokens in lower case.
std::vector<WordClass> tag_english(
    std::span<Token const> tokens, std::span<std::string const> lower, Lexicon const& lexicon
);

}  // namespace disgrafs::analysers
