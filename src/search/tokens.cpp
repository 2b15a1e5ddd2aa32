#include "search/tokens.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libstemmer.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace disgrafs::search {

namespace {

constexpr std::size_t word_bytes_max = 64;  ///< A longer "word" is data; its beginning will do.

bool is_cjk(UChar32 c) {
    UErrorCode error = U_ZERO_ERROR;
    auto const script = uscript_getScript(c, &error);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
           script == USCRIPT_HANGUL;
}

bool is_wordly(UChar32 c) {
    return u_isalnum(c) != 0 || u_charType(c) == U_NON_SPACING_MARK ||
           u_charType(c) == U_COMBINING_SPACING_MARK;
}

bool is_ascii_word(std::string_view word) {
    for (auto const c : word) {
        if (c < 'a' || c > 'z') return false;
    }
    return word.size() > 2;
}

class Stemmer {
 public:
    Stemmer() : stemmer_(sb_stemmer_new("english", "UTF_8")) {}
    ~Stemmer() { sb_stemmer_delete(stemmer_); }
    Stemmer(Stemmer const&) = delete;
    Stemmer& operator=(Stemmer const&) = delete;

    std::string operator()(std::string const& word) {
        if (stemmer_ == nullptr || !is_ascii_word(word)) return word;
        auto const* input = reinterpret_cast<sb_symbol const*>(word.data());
        auto const* stem = sb_stemmer_stem(stemmer_, input, static_cast<int>(word.size()));
        if (stem == nullptr) return word;
        auto const size = static_cast<std::size_t>(sb_stemmer_length(stemmer_));
        return {reinterpret_cast<char const*>(stem), size};
    }

 private:
    sb_stemmer* stemmer_;
};

/// Runs of the text: kind, first byte, bytes.
struct Run {
    bool is_cjk = false;
    std::size_t offset = 0;
    std::size_t size = 0;
};

/// Calls `take(run)` for each; stops when it returns false.
template <typename Take>
void each_run(std::string_view text, Take take) {
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(text.data());
    auto const size = static_cast<std::int64_t>(text.size());
    std::int64_t at = 0;
    Run run;
    auto const end_run = [&](std::int64_t end) {
        run.size = static_cast<std::size_t>(end) - run.offset;
        auto const goes_on = run.size == 0 || take(run);
        run.size = 0;
        run.offset = static_cast<std::size_t>(end);
        return goes_on;
    };
    auto is_inside = false;
    while (at < size) {
        auto const begin = at;
        UChar32 c = 0;
        U8_NEXT(bytes, at, size, c);
        auto const cjk = c >= 0x1100 && is_cjk(c);
        auto const word = c >= 0 && (cjk || is_wordly(c));
        if (is_inside && (!word || cjk != run.is_cjk)) {
            if (!end_run(begin)) return;
            is_inside = false;
        }
        if (word && !is_inside) {
            run = {cjk, static_cast<std::size_t>(begin), 0};
            is_inside = true;
        }
    }
    if (is_inside) end_run(size);
}

/// Byte ranges of the characters of a run.
std::vector<std::pair<std::size_t, std::size_t>> characters(std::string_view run) {
    std::vector<std::pair<std::size_t, std::size_t>> out;
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(run.data());
    auto const size = static_cast<std::int64_t>(run.size());
    for (std::int64_t at = 0; at < size;) {
        auto const begin = at;
        UChar32 c = 0;
        U8_NEXT(bytes, at, size, c);
        out.emplace_back(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
    return out;
}

std::string cut_word(std::string_view word) {
    auto size = std::min(word.size(), word_bytes_max);
    while (size < word.size() && size > 0 &&
           (static_cast<unsigned char>(word[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return std::string(word.substr(0, size));
}

bool is_plain_lower(std::string_view text) {
    for (auto const c : text) {
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) return false;
    }
    return true;
}

}  // namespace

std::string fold(std::string_view text) {
    if (is_plain_lower(text)) return std::string(text);
    UErrorCode error = U_ZERO_ERROR;
    auto const* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
    std::string out;
    if (U_FAILURE(error) != 0) return std::string(text);
    auto const wide =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    normalizer->normalize(wide, error).toUTF8String(out);
    return out;
}

std::vector<Token> tokenise(std::string_view text, std::size_t token_max) {
    std::vector<Token> out;
    Stemmer stem;
    auto const add = [&](std::string term, std::size_t offset, std::size_t size) {
        out.push_back(
            {std::move(term), static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(size)}
        );
    };
    each_run(text, [&](Run const& run) {
        auto const piece = text.substr(run.offset, run.size);
        if (!run.is_cjk) {
            add(stem(fold(cut_word(piece))), run.offset, run.size);
            return out.size() < token_max;
        }
        auto const signs = characters(piece);
        for (std::size_t index = 0; index < signs.size(); ++index) {
            auto const [at, size] = signs[index];
            add(fold(piece.substr(at, size)), run.offset + at, size);
            if (index + 1 == signs.size()) break;
            auto const pair = size + signs[index + 1].second;
            add(fold(piece.substr(at, pair)), run.offset + at, pair);
        }
        return out.size() < token_max;
    });
    return out;
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> out;
    Stemmer stem;
    each_run(text, [&](Run const& run) {
        auto folded = fold(
            run.is_cjk ? std::string(text.substr(run.offset, run.size))
                       : cut_word(text.substr(run.offset, run.size))
        );
        auto stemmed = run.is_cjk ? folded : stem(folded);
        out.push_back({std::move(folded), std::move(stemmed), run.is_cjk});
        return out.size() < 64;
    });
    return out;
}

std::vector<std::string> pairs_of(std::string_view run) {
    auto const signs = characters(run);
    if (signs.size() == 1) return {std::string(run)};
    std::vector<std::string> out;
    for (std::size_t index = 0; index + 1 < signs.size(); ++index) {
        out.emplace_back(
            run.substr(signs[index].first, signs[index].second + signs[index + 1].second)
        );
    }
    return out;
}

}  // namespace disgrafs::search
