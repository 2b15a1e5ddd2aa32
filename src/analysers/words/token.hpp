#pragma once

/// \file analysers/words/token.hpp  A text cut into words, with what stands between them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace disgrafs::analysers {

/// What stands between a word and the one before it.
enum class Gap : std::uint8_t {
    space,     ///< The two may belong to one phrase.
    mark,      ///< A comma, bracket, quotation mark: a phrase ends here.
    sentence,  ///< The first word, or one after a full stop, colon or empty line.
};

/// A run of letters and digits, with hyphens and apostrophes inside. Views the text it came from.
struct Token {
    std::string_view text;
    Gap gap = Gap::sentence;
};

/// Words of any script that separates them; Han, kana and Thai letters are skipped as marks.
/// `text` is valid UTF-8. At most `count_max` tokens.
std::vector<Token> tokenize(std::string_view text, std::size_t count_max);

/// Lower case by Unicode rules (root locale). `text` is valid UTF-8.
std::string to_lower(std::string_view text);

}  // namespace disgrafs::analysers
