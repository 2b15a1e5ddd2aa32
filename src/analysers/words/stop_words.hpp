#pragma once

/// \file analysers/words/stop_words.hpp  Words that carry grammar instead of meaning.

#include <string_view>

namespace disgrafs::analysers {

/// The grammatical work a stop word does, as far as it helps to tell what its neighbour is.
enum class StopWord : unsigned char {
    none,         ///< No stop word.
    determiner,   ///< a, the, this, our: a noun phrase follows.
    preposition,  ///< of, in, with: so does one here.
    pronoun,      ///< we, it, which: a verb follows.
    auxiliary,    ///< can, will, to, do: a verb in base form follows.
    copula,       ///< is, are, been: an adjective, participle or noun phrase follows.
    other,        ///< and, not, very, however …
};

/// `word` in lower case. About 250 English words.
StopWord stop_word(std::string_view word);

/// Han words that say nothing about a text: 我们, 可以, 进行 …
bool is_chinese_stop_word(std::string_view word);

}  // namespace disgrafs::analysers
