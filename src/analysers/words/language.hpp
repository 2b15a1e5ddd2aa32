#pragma once

/// \file analysers/words/language.hpp  In which language a text is written.

#include <string>
#include <string_view>
#include <vector>

namespace disgrafs::analysers {

struct Language {
    std::string code;  ///< BCP 47: "en", "zh", "zh-Hant".
    std::string name;  ///< In English: "English", "Chinese".
    double share = 0;  ///< 0 … 1 of the text, less when it is not sure.
};

/// At most three languages with at least a fifth of the text, the strongest first; none when the
/// text is too short to tell. `text`: valid UTF-8; its first 64 KiB are looked at.
std::vector<Language> find_languages(std::string_view text);

}  // namespace disgrafs::analysers
