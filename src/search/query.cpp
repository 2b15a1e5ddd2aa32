#include "search/query.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace disgrafs::search {

namespace {

constexpr std::size_t depth_max = 32;
constexpr std::size_t parts_max = 64;
constexpr std::array fields{"tag", "type", "in", "owner", "before", "after", "size"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Parser {
 public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<Query> whole() {
        TRY(auto query, any_of(0));
        skip_spaces();
        if (at_ < text_.size()) return wrong("a closing bracket without an opening one");
        if (query.parts.empty() && query.kind == Query::Kind::all) {
            return wrong("there is nothing to look for");
        }
        return query;
    }

 private:
    std::unexpected<Error> wrong(std::string_view what) const {
        return fail(Errc::invalid, "search: {} (at character {})", what, at_ + 1);
    }

    void skip_spaces() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }

    /// True, and passed, when the word `OR` or `NOT` stands here by itself.
    bool takes_word(std::string_view word) {
        auto const end = at_ + word.size();
        if (text_.substr(at_, word.size()) != word) return false;
        if (end < text_.size() && !is_space(text_[end]) && text_[end] != '(') return false;
        at_ = end;
        return true;
    }

    Result<Query> any_of(std::size_t depth) {
        if (depth > depth_max) return wrong("brackets are nested too deeply");
        Query out{.kind = Query::Kind::any, .parts = {}, .text = {}, .field = {}};
        while (true) {
            TRY(auto part, all_of(depth));
            out.parts.push_back(std::move(part));
            skip_spaces();
            if (!takes_word("OR")) break;
        }
        if (out.parts.size() == 1) return std::move(out.parts.front());
        return out;
    }

    Result<Query> all_of(std::size_t depth) {
        Query out;
        while (true) {
            skip_spaces();
            if (at_ == text_.size() || text_[at_] == ')') break;
            auto const here = at_;
            if (takes_word("OR")) {
                at_ = here;
                break;
            }
            if (takes_word("AND")) continue;
            TRY(auto part, one(depth));
            out.parts.push_back(std::move(part));
            if (out.parts.size() > parts_max) return wrong("too many words");
        }
        if (out.parts.size() == 1) return std::move(out.parts.front());
        return out;
    }

    Result<Query> one(std::size_t depth) {
        if (takes_word("NOT") || text_[at_] == '-') {
            if (text_[at_] == '-') ++at_;
            skip_spaces();
            if (at_ == text_.size()) return wrong("a word is missing after NOT");
            if (depth > depth_max) return wrong("NOT is nested too deeply");
            Query out{.kind = Query::Kind::no, .parts = {}, .text = {}, .field = {}};
            TRY(auto part, one(depth + 1));
            out.parts.push_back(std::move(part));
            return out;
        }
        if (text_[at_] == '(') {
            ++at_;
            TRY(auto inside, any_of(depth + 1));
            skip_spaces();
            if (at_ == text_.size()) return wrong("a closing bracket is missing");
            ++at_;
            return inside;
        }
        if (text_[at_] == '"') {
            TRY(auto phrase, quoted());
            return Query{
                .kind = Query::Kind::phrase, .parts = {}, .text = std::move(phrase), .field = {}
            };
        }
        return word_or_filter();
    }

    Result<std::string> quoted() {
        auto const end = text_.find('"', at_ + 1);
        if (end == std::string_view::npos) return wrong("a closing quotation mark is missing");
        std::string inside(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return inside;
    }

    Result<Query> word_or_filter() {
        auto const begin = at_;
        while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ')' &&
               text_[at_] != '(' && text_[at_] != '"' && text_[at_] != ':') {
            ++at_;
        }
        std::string word(text_.substr(begin, at_ - begin));
        if (at_ < text_.size() && text_[at_] == ':') {
            auto const is_field = std::ranges::find(fields, word) != fields.end();
            ++at_;
            if (is_field) return filter(std::move(word));
            // "http://x" or "12:30": plain words.
        }
        if (word.empty() && at_ == begin) ++at_;
        return Query{.kind = Query::Kind::words, .parts = {}, .text = std::move(word), .field = {}};
    }

    Result<Query> filter(std::string field) {
        std::string value;
        if (at_ < text_.size() && text_[at_] == '"') {
            TRY(value, quoted());
        } else {
            auto const begin = at_;
            while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != ')') ++at_;
            value = text_.substr(begin, at_ - begin);
        }
        if (value.empty()) return wrong("a value is missing after " + field + ":");
        return Query{
            .kind = Query::Kind::filter,
            .parts = {},
            .text = std::move(value),
            .field = std::move(field)
        };
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string describe_parts(char const* name, Query const& query) {
    std::string out = name;
    out += '(';
    for (std::size_t index = 0; index < query.parts.size(); ++index) {
        out += (index == 0 ? "" : ", ") + describe(query.parts[index]);
    }
    return out + ')';
}

}  // namespace

Result<Query> parse_query(std::string_view text) { return Parser(text).whole(); }

std::string describe(Query const& query) {
    switch (query.kind) {
        case Query::Kind::all:
            return describe_parts("and", query);
        case Query::Kind::any:
            return describe_parts("or", query);
        case Query::Kind::no:
            return describe_parts("not", query);
        case Query::Kind::words:
            return query.text;
        case Query::Kind::phrase:
            return '"' + query.text + '"';
        case Query::Kind::filter:
            return query.field + ':' + query.text;
    }
    return {};
}

}  // namespace disgrafs::search
