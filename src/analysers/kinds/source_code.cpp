#include <algorithm>
#include <string>
#include <string_view>

#include "analysers/kinds/readers.hpp"
#include "analysers/kinds/source_references.hpp"
#include "analysers/kinds/source_scan.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

/// The lines of a block comment without the stars, slashes and dashes that decorate them.
void append_comment(std::string& prose, std::string_view comment) {
    for (auto const line : split(comment, '\n')) {
        auto const begin = line.find_first_not_of(" \t*/!#-=<");
        if (begin == std::string_view::npos) {
            prose += '\n';
            continue;
        }
        prose.append(line.substr(begin)).append("\n");
    }
}

bool holds_code(std::string_view between) {
    return std::ranges::any_of(between, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '}';
    });
}

/// Comments on successive lines are one text; code between two ends it.
void append_comments(std::string& prose, SourceParts const& parts) {
    char const* end = nullptr;
    for (auto const comment : parts.comments) {
        if (end != nullptr && holds_code({end, comment.data()})) prose += "\n\n";
        append_comment(prose, comment);
        end = comment.data() + comment.size();
    }
}

/// One sentence per identifier: its words make a phrase, and none reaches into the next.
void append_identifier(std::string& prose, std::string_view identifier) {
    std::string sentence;
    for (auto const word : words_of_identifier(identifier)) {
        if (word.size() < 3 || is_keyword(to_lower_ascii(word))) continue;
        sentence += (sentence.empty() ? "" : " ") + to_lower_ascii(word);
    }
    if (!sentence.empty()) prose.append(sentence).append(". ");
}

}  // namespace

Reading read_source(Content const& content, std::string_view format) {
    auto reading = read_plain_text(content);
    reading.prose.clear();
    reading.references = find_references(reading.text, format);
    auto const parts = scan_source(reading.text, style_of(format));
    append_comments(reading.prose, parts);
    reading.prose += "\n\n";
    for (auto const identifier : parts.identifiers) append_identifier(reading.prose, identifier);
    return reading;
}

}  // namespace disgrafs::analysers
