#include "analysers/words/language.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

namespace disgrafs::analysers {

namespace {

constexpr std::size_t looked_at_bytes = 64U << 10U;
constexpr int letters_min = 12;  ///< Bytes of letters below which a guess is worth nothing.
constexpr int percent_min = 20;
constexpr double doubt = 0.5;  ///< Factor upon the share when CLD2 calls itself unreliable.

std::string_view whole_beginning(std::string_view text) {
    if (text.size() <= looked_at_bytes) return text;
    auto end = looked_at_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return text.substr(0, end);
}

/// "ENGLISH", "ChineseT" → as people write them.
std::string readable(CLD2::Language language) {
    if (language == CLD2::CHINESE) return "Chinese";
    if (language == CLD2::CHINESE_T) return "Traditional Chinese";
    std::string name = CLD2::LanguageName(language);
    std::ranges::replace(name, '_', ' ');
    for (std::size_t i = 1; i < name.size(); ++i) {
        if (name[i - 1] != ' ' && name[i] >= 'A' && name[i] <= 'Z') {
            name[i] = static_cast<char>(name[i] - 'A' + 'a');
        }
    }
    return name;
}

}  // namespace

std::vector<Language> find_languages(std::string_view text) {
    text = whole_beginning(text);
    CLD2::CLDHints const hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3] = {};
    int percents[3] = {};
    double scores[3] = {};
    int letters = 0;
    bool is_reliable = false;
    CLD2::ExtDetectLanguageSummary(
        text.data(),
        static_cast<int>(text.size()),
        true,
        &hints,
        0,
        languages,
        percents,
        scores,
        nullptr,
        &letters,
        &is_reliable
    );
    std::vector<Language> found;
    for (std::size_t i = 0; i < 3; ++i) {
        if (letters < letters_min || percents[i] < percent_min) break;
        if (languages[i] == CLD2::UNKNOWN_LANGUAGE) continue;
        auto const share = percents[i] / 100.0 * (is_reliable ? 1 : doubt);
        found.push_back({CLD2::LanguageCode(languages[i]), readable(languages[i]), share});
    }
    return found;
}

}  // namespace disgrafs::analysers
