#include "analysers/words/stemmer.hpp"

#include <string>
#include <string_view>

#include <libstemmer.h>

namespace disgrafs::analysers {

Stemmer::Stemmer(std::string const& language)
    : stemmer_(sb_stemmer_new(language.substr(0, 2).c_str(), "UTF_8")) {}

Stemmer::~Stemmer() { sb_stemmer_delete(stemmer_); }

std::string Stemmer::stem(std::string_view word) {
    if (stemmer_ == nullptr) return std::string(word);
    auto const* symbols = reinterpret_cast<sb_symbol const*>(word.data());
    auto const* stem = sb_stemmer_stem(stemmer_, symbols, static_cast<int>(word.size()));
    if (stem == nullptr) return std::string(word);
    auto const size = static_cast<std::size_t>(sb_stemmer_length(stemmer_));
    return {reinterpret_cast<char const*>(stem), size};
}

}  // namespace disgrafs::analysers
