#include "analysers/words/token.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 0;
};

Character character_at(std::string_view text, std::size_t at) {
    auto const size = static_cast<std::int32_t>(text.size());
    auto index = static_cast<std::int32_t>(at);
    UChar32 code = 0;
    U8_NEXT_OR_FFFD(text.data(), index, size, code);
    return {static_cast<char32_t>(code), static_cast<std::size_t>(index) - at};
}

/// Scripts that write words without spaces.
bool is_unspaced(char32_t code) {
    if (code < 0x0E00) return false;
    UErrorCode error = U_ZERO_ERROR;
    auto const script = uscript_getScript(static_cast<UChar32>(code), &error);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_THAI || script == USCRIPT_LAO || script == USCRIPT_KHMER ||
           script == USCRIPT_MYANMAR;
}

bool is_word_character(char32_t code) {
    if (code < 0x80) {
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
               (code >= '0' && code <= '9');
    }
    auto const as_icu = static_cast<UChar32>(code);
    return (u_isalnum(as_icu) != 0 || u_charType(as_icu) == U_NON_SPACING_MARK) &&
           !is_unspaced(code);
}

/// Characters that may stand inside a word, between two letters or digits.
bool is_joiner(char32_t code) {
    return code == '-' || code == '\'' || code == 0x2019 || code == 0x2010 || code == 0x2011 ||
           code == 0x2013;
}

/// The end of the word that starts at `at`.
std::size_t word_end(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        auto const here = character_at(text, at);
        if (is_word_character(here.code)) {
            at += here.size;
            continue;
        }
        auto const after = at + here.size;
        if (!is_joiner(here.code) || after >= text.size()) break;
        auto const next = character_at(text, after);
        if (!is_word_character(next.code)) break;
        at = after + next.size;
    }
    return at;
}

bool ends_sentence(char32_t code) {
    return code == '.' || code == '!' || code == '?' || code == ';' || code == ':' ||
           code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == 0xFF1B || code == 0xFF1A;
}

/// What the characters between two words amount to.
class GapReader {
 public:
    void see(char32_t code) {
        if (code == '\n') {
            if (++lines_ >= 2) gap_ = Gap::sentence;
        } else if (ends_sentence(code)) {
            gap_ = Gap::sentence;
        } else if (u_isUWhiteSpace(static_cast<UChar32>(code)) == 0 && gap_ == Gap::space) {
            gap_ = Gap::mark;
        }
    }

    Gap take() {
        auto const gap = gap_;
        gap_ = Gap::space;
        lines_ = 0;
        return gap;
    }

 private:
    Gap gap_ = Gap::sentence;
    int lines_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text, std::size_t count_max) {
    std::vector<Token> tokens;
    GapReader gap;
    for (std::size_t at = 0; at < text.size() && tokens.size() < count_max;) {
        auto const here = character_at(text, at);
        if (!is_word_character(here.code)) {
            gap.see(here.code);
            at += here.size;
            continue;
        }
        auto const end = word_end(text, at);
        tokens.push_back({.text = text.substr(at, end - at), .gap = gap.take()});
        at = end;
    }
    return tokens;
}

std::string to_lower(std::string_view text) {
    std::string lower;
    lower.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto const here = character_at(text, at);
        if (here.code < 0x80) {
            lower += to_lower_ascii(text.substr(at, 1));
        } else {
            char out[4];
            std::int32_t size = 0;
            U8_APPEND_UNSAFE(out, size, u_tolower(static_cast<UChar32>(here.code)));
            lower.append(out, static_cast<std::size_t>(size));
        }
        at += here.size;
    }
    return lower;
}

}  // namespace disgrafs::analysers
