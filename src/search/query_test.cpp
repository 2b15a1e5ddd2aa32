#include "search/query.hpp"

#include <string>

#include <gtest/gtest.h>

namespace disgrafs::search {
namespace {

struct Line {
    char const* in;
    char const* out;  ///< describe(), or "error: …" with the beginning of the message.
};

constexpr Line lines[] = {
    {"whale", "whale"},
    {"blue whale", "and(blue, whale)"},
    {"blue AND whale", "and(blue, whale)"},
    {"a OR b c", "or(a, and(b, c))"},
    {"a -b", "and(a, not(b))"},
    {"a NOT b", "and(a, not(b))"},
    {"(a OR b) c", "and(or(a, b), c)"},
    {"\"blue whale\" krill", "and(\"blue whale\", krill)"},
    {"tag:x type:pdf", "and(tag:x, type:pdf)"},
    {"tag:\"neural network\"", "tag:neural network"},
    {"in:/a/b (x)", "and(in:/a/b, x)"},
    {"神经网络 tag:论文", "and(神经网络, tag:论文)"},
    {"ORDER NOTHING", "and(ORDER, NOTHING)"},
    {"", "error: search: there is nothing"},
    {"   ", "error: search: there is nothing"},
    {"(a", "error: search: a closing bracket is missing"},
    {"a)", "error: search: a closing bracket without"},
    {"\"a", "error: search: a closing quotation mark"},
    {"tag:", "error: search: a value is missing after tag:"},
    {"NOT", "error: search: a word is missing"},
};

TEST(Query, TextInTreeOut) {
    for (auto const& line : lines) {
        auto const query = parse_query(line.in);
        auto const got = query ? describe(*query) : "error: " + query.error().message;
        EXPECT_TRUE(got.starts_with(line.out)) << line.in << "\n  " << got << "\n  " << line.out;
        if (query) EXPECT_EQ(got, line.out);
    }
}

TEST(Query, DeepNestingIsRefusedNotCrashed) {
    EXPECT_FALSE(parse_query(std::string(10'000, '(')));
    EXPECT_FALSE(parse_query(std::string(10'000, '-') + "a"));
}

TEST(Query, AnyBytesGiveATreeOrAnError) {
    std::string text;
    for (int byte = 0; byte < 256; ++byte) text.push_back(static_cast<char>(byte));
    (void)parse_query(text);
    for (std::size_t size = 0; size < text.size(); ++size) (void)parse_query(text.substr(size));
}

}  // namespace
}  // namespace disgrafs::search
