#include "search/snippet.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "search/tokens.hpp"

namespace disgrafs::search {

namespace {

constexpr std::size_t looked_at_max = 256U << 10U;
constexpr std::size_t window = 160;
constexpr std::size_t lead = 40;  ///< Bytes shown before the first match.

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t at_character(std::string_view text, std::size_t at) {
    while (at < text.size() && !starts_character(text[at])) ++at;
    return std::min(at, text.size());
}

/// The beginning of the word after `at`, if one is near; else the next character.
std::size_t at_word(std::string_view text, std::size_t at) {
    if (at == 0) return 0;
    for (auto near = at; near < std::min(at + 24, text.size()); ++near) {
        if (text[near] == ' ' || text[near] == '\n') return near + 1;
    }
    return at_character(text, at);
}

void append_clean(std::string& out, std::string_view piece) {
    for (auto const c : piece) {
        auto const is_control = static_cast<unsigned char>(c) < 0x20;
        if (!is_control)
            out.push_back(c);
        else if (!out.empty() && out.back() != ' ')
            out.push_back(' ');
    }
}

/// First token of the window of `window` bytes with most matches.
std::size_t densest(std::vector<Token> const& matches) {
    std::size_t best = 0;
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; first < matches.size(); ++first) {
        while (last < matches.size() && matches[last].offset < matches[first].offset + window)
            ++last;
        if (last - first > most) {
            most = last - first;
            best = first;
        }
    }
    return best;
}

}  // namespace

std::string snippet_of(std::string_view text, std::set<std::string, std::less<>> const& terms) {
    text = text.substr(0, at_character(text, std::min(text.size(), looked_at_max)));
    std::vector<Token> matches;
    for (auto& token : tokenise(text)) {
        if (terms.contains(token.term)) matches.push_back(std::move(token));
    }
    std::size_t begin = 0;
    if (!matches.empty()) {
        auto const first = matches[densest(matches)].offset;
        begin = first > lead ? at_word(text, first - lead) : 0;
        begin = std::min<std::size_t>(begin, first);
    }
    auto const end = at_character(text, std::min(begin + window, text.size()));
    std::string out = begin > 0 ? "… " : "";
    auto at = begin;
    for (auto const& match : matches) {
        auto const stop = std::size_t{match.offset} + match.size;
        if (match.offset < at || stop > end) continue;  // Pairs overlap their characters.
        append_clean(out, text.substr(at, match.offset - at));
        out.push_back('\x02');
        append_clean(out, text.substr(match.offset, match.size));
        out.push_back('\x03');
        at = stop;
    }
    append_clean(out, text.substr(at, end - at));
    if (end < text.size()) out += " …";
    return out;
}

}  // namespace disgrafs::search
