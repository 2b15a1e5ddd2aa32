#pragma once

/// \file analysers/kinds/source_scan.hpp  Comments, identifiers and strings of a source file.
///
/// One scanner for all languages, told by SourceStyle how comments and strings are written. It
/// knows no grammar; a slash that begins a regular expression may mislead it to the end of a line.

#include <string_view>
#include <vector>

namespace disgrafs::analysers {

struct SourceStyle {
    std::string_view line_comment;  ///< "//", "#", "--", ";", "%"; empty: none.
    std::string_view block_begin;   ///< "/*"; empty: none.
    std::string_view block_end;
    bool has_triple_quotes = false;  ///< A string in triple quotes counts as a comment.
    bool has_char_literals = false;  ///< 'x' is a character, and ' may stand alone (lifetimes).
};

SourceStyle style_of(std::string_view format);

struct SourceParts {
    std::vector<std::string_view> comments;     ///< Without their marks, in order.
    std::vector<std::string_view> identifiers;  ///< In order, repeated; not within strings.
};

/// Views into `text`. At most `identifiers_max` identifiers are given.
SourceParts scan_source(std::string_view text, SourceStyle const& style);

inline constexpr std::size_t identifiers_max = 20'000;

/// Words that belong to some programming language and not to the program.
bool is_keyword(std::string_view word);

/// "readHTMLPage_now" → read HTML Page now.
std::vector<std::string_view> words_of_identifier(std::string_view identifier);

}  // namespace disgrafs::analysers
