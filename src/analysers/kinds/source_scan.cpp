#include "analysers/kinds/source_scan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace disgrafs::analysers {

namespace {

struct NamedStyle {
    std::string_view format;
    SourceStyle style;
};

constexpr SourceStyle c_like{"//", "/*", "*/", false, true};
constexpr SourceStyle hash{"#", "", "", false, false};

constexpr NamedStyle styles[] = {
    {"Assembly", {";", "/*", "*/", false, false}},
    {"CMake", {"#", "#[[", "]]", false, false}},
    {"CSS", {"", "/*", "*/", false, false}},
    {"Clojure", {";", "", "", false, true}},
    {"Cypher", {"//", "/*", "*/", false, false}},
    {"Dockerfile", hash},
    {"Elixir", {"#", "", "", true, false}},
    {"Erlang", {"%", "", "", false, false}},
    {"Fortran", {"!", "", "", false, false}},
    {"Haskell", {"--", "{-", "-}", false, true}},
    {"Julia", {"#", "#=", "=#", true, true}},
    {"Lisp", {";", "#|", "|#", false, true}},
    {"Lua", {"--", "--[[", "]]", false, false}},
    {"Makefile", hash},
    {"OCaml", {"", "(*", "*)", false, true}},
    {"Perl", hash},
    {"Python", {"#", "", "", true, false}},
    {"R", hash},
    {"Ruby", {"#", "=begin", "=end", false, false}},
    {"SQL", {"--", "/*", "*/", false, false}},
    {"Shell", hash},
    {"Vue", {"//", "<!--", "-->", false, false}},
};

template <typename... Word>
consteval auto sorted(Word... word) {
    std::array<std::string_view, sizeof...(Word)> words{word...};
    std::ranges::sort(words);
    return words;
}

constexpr auto keywords = sorted(
    "abstract",
    "align",
    "and",
    "any",
    "arg",
    "args",
    "argv",
    "array",
    "as",
    "assert",
    "async",
    "auto",
    "await",
    "begin",
    "bool",
    "boolean",
    "break",
    "buf",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "cls",
    "co",
    "const",
    "consteval",
    "constexpr",
    "constructor",
    "continue",
    "cout",
    "cpp",
    "cstdint",
    "cstdio",
    "cstring",
    "ctx",
    "def",
    "default",
    "defer",
    "define",
    "del",
    "delete",
    "div",
    "do",
    "done",
    "double",
    "dyn",
    "echo",
    "elif",
    "else",
    "elsif",
    "end",
    "endfunction",
    "endif",
    "enum",
    "err",
    "esac",
    "eval",
    "except",
    "exit",
    "explicit",
    "export",
    "extends",
    "extern",
    "false",
    "fi",
    "final",
    "finally",
    "float",
    "fmt",
    "fn",
    "for",
    "foreach",
    "from",
    "func",
    "function",
    "get",
    "global",
    "go",
    "goto",
    "hpp",
    "idx",
    "if",
    "ifdef",
    "ifndef",
    "impl",
    "implements",
    "import",
    "in",
    "include",
    "inline",
    "instanceof",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "interface",
    "iostream",
    "is",
    "lambda",
    "len",
    "let",
    "local",
    "long",
    "main",
    "map",
    "match",
    "math",
    "mod",
    "module",
    "mut",
    "namespace",
    "new",
    "nil",
    "nodiscard",
    "noexcept",
    "none",
    "not",
    "null",
    "nullptr",
    "num",
    "number",
    "object",
    "of",
    "operator",
    "or",
    "override",
    "package",
    "param",
    "pass",
    "pragma",
    "print",
    "printf",
    "println",
    "private",
    "protected",
    "ptr",
    "pub",
    "public",
    "raise",
    "ref",
    "register",
    "require",
    "requires",
    "return",
    "self",
    "set",
    "short",
    "signed",
    "size",
    "sizeof",
    "static",
    "std",
    "stdio",
    "stdlib",
    "str",
    "string",
    "struct",
    "super",
    "switch",
    "template",
    "then",
    "this",
    "throw",
    "throws",
    "tmp",
    "trait",
    "true",
    "try",
    "type",
    "typedef",
    "typename",
    "typeof",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "undefined",
    "union",
    "unsigned",
    "use",
    "using",
    "val",
    "value",
    "var",
    "vector",
    "virtual",
    "void",
    "volatile",
    "when",
    "where",
    "while",
    "with",
    "yield"
);

bool is_identifier_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_identifier(char c) { return is_identifier_start(c) || is_digit(c); }

class Scanner {
 public:
    Scanner(std::string_view text, SourceStyle const& style) : text_(text), style_(style) {}

    SourceParts run() {
        while (at_ < text_.size()) step();
        return std::move(parts_);
    }

 private:
    [[nodiscard]] bool sees(std::string_view sign) const {
        return !sign.empty() && text_.substr(at_, sign.size()) == sign;
    }

    void step() {
        char const c = text_[at_];
        if (sees(style_.block_begin)) {
            comment(style_.block_begin.size(), style_.block_end, true);
        } else if (sees(style_.line_comment)) {
            comment(style_.line_comment.size(), "\n", true);
        } else if (style_.has_triple_quotes && (sees("\"\"\"") || sees("'''"))) {
            comment(3, text_.substr(at_, 3), true);
        } else if (c == '"' || c == '`') {
            quoted(c);
        } else if (c == '\'') {
            single_quote();
        } else if (is_identifier_start(c)) {
            identifier();
        } else if (is_digit(c)) {
            while (at_ < text_.size() && is_identifier(text_[at_])) ++at_;
        } else {
            ++at_;
        }
    }

    void comment(std::size_t mark_bytes, std::string_view end, bool keep) {
        auto const begin = at_ + mark_bytes;
        auto const stop = std::min(text_.find(end, begin), text_.size());
        if (keep && stop > begin) parts_.comments.push_back(text_.substr(begin, stop - begin));
        at_ = std::min(stop + end.size(), text_.size());
    }

    /// To the closing quote; a plain string does not go on over the end of a line.
    void quoted(char quote) {
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            if (text_[at_] == '\\')
                ++at_;
            else if (text_[at_] == '\n' && quote != '`')
                break;
        }
        at_ = std::min(at_ + 1, text_.size());
    }

    void single_quote() {
        if (!style_.has_char_literals) return quoted('\'');
        auto const closing = text_.find('\'', at_ + 1);
        bool const is_literal = closing != std::string_view::npos && closing - at_ <= 12 &&
                                text_.substr(at_, closing - at_).find('\n') == text_.npos;
        at_ = is_literal ? closing + 1 : at_ + 1;
        if (is_literal && text_.substr(at_ - 2, 3) == "\\''") ++at_;  // '\''
    }

    void identifier() {
        auto const begin = at_;
        while (at_ < text_.size() && is_identifier(text_[at_])) ++at_;
        if (parts_.identifiers.size() < identifiers_max) {
            parts_.identifiers.push_back(text_.substr(begin, at_ - begin));
        }
    }

    std::string_view text_;
    SourceStyle const& style_;
    std::size_t at_ = 0;
    SourceParts parts_;
};

/// Whether a word of an identifier begins at `at` (> 0): aB, ABc before the B, _a, a after a digit.
bool begins_word(std::string_view text, std::size_t at) {
    if (is_upper(text[at])) {
        bool const after_small = !is_upper(text[at - 1]);
        bool const before_small =
            at + 1 < text.size() && text[at + 1] >= 'a' && text[at + 1] <= 'z';
        return after_small || before_small;
    }
    return false;
}

}  // namespace

SourceStyle style_of(std::string_view format) {
    for (auto const& named : styles) {
        if (named.format == format) return named.style;
    }
    return c_like;
}

SourceParts scan_source(std::string_view text, SourceStyle const& style) {
    return Scanner(text, style).run();
}

bool is_keyword(std::string_view word) { return std::ranges::binary_search(keywords, word); }

std::vector<std::string_view> words_of_identifier(std::string_view identifier) {
    std::vector<std::string_view> words;
    std::size_t begin = 0;
    auto const end_word = [&](std::size_t end) {
        if (end > begin) words.push_back(identifier.substr(begin, end - begin));
        begin = end;
    };
    for (std::size_t i = 0; i < identifier.size(); ++i) {
        if (identifier[i] == '_' || is_digit(identifier[i])) {
            end_word(i);
            begin = i + 1;
        } else if (i > begin && begins_word(identifier, i)) {
            end_word(i);
        }
    }
    end_word(identifier.size());
    return words;
}

}  // namespace disgrafs::analysers
