#pragma once

/// \file search/tokens.hpp  Text into the terms that the index knows.
///
/// Folded by NFKC_Casefold (Unicode TR 31). A run of letters and digits is a word; a word of ASCII
/// letters is also reduced to its English stem (Porter2, libstemmer). Chinese, Japanese and Korean
/// characters have no spaces: each is a term, and so is each pair of neighbours, so that a query of
/// two characters finds them wherever a dictionary would have cut.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace disgrafs::search {

struct Token {
    std::string term;
    std::uint32_t offset = 0;  ///< In bytes of the text.
    std::uint32_t size = 0;    ///< Bytes.
};

/// Terms in the order of the text. At most `token_max`.
std::vector<Token> tokenise(std::string_view text, std::size_t token_max = 400'000);

/// One word as typed: its folded form, and its stem (equal when there is none).
struct Word {
    std::string folded;
    std::string stem;
    bool is_cjk = false;  ///< Then `folded` is a run of such characters.
};
/// The words of a query part, CJK runs whole. "Neural 神经网络" → neural, 神经网络.
std::vector<Word> words_of(std::string_view text);

/// Terms of a CJK run: itself when it is one character, else its pairs.
std::vector<std::string> pairs_of(std::string_view run);

/// NFKC_Casefold of the whole text.
std::string fold(std::string_view text);

}  // namespace disgrafs::search
