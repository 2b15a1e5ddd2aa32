#pragma once

/// \file analysers/words/stemmer.hpp  Snowball stems: "networking" and "networks" are "network".

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace disgrafs::analysers {

/// One stemmer of libstemmer. A language it does not know leaves words as they are.
class Stemmer {
 public:
    /// `language` as BCP 47: "en", "de", "fr" …
    explicit Stemmer(std::string const& language);
    ~Stemmer();
    Stemmer(Stemmer const&) = delete;
    Stemmer& operator=(Stemmer const&) = delete;

    /// `word` in lower case, UTF-8.
    std::string stem(std::string_view word);

 private:
    sb_stemmer* stemmer_;
};

}  // namespace disgrafs::analysers
