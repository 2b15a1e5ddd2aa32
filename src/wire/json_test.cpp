#include "wire/json.hpp"

#include <string>

#include <boost/json/array.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

std::string problem_of(std::string_view text) {
    auto const result = parse_json(text, "body");
    return result ? "" : result.error().message;
}

TEST(Json, ErrorsSayWhere) {
    EXPECT_EQ(problem_of("{\"a\": [1, 2]} \n"), "");
    EXPECT_THAT(problem_of("{\"a\": tru}"), HasSubstr("body: no JSON at byte"));
    EXPECT_THAT(problem_of(""), HasSubstr("byte 0"));
    EXPECT_THAT(problem_of("{} x"), HasSubstr("no JSON"));
    EXPECT_THAT(problem_of("{\"a\": 1"), HasSubstr("incomplete"));
    EXPECT_THAT(problem_of("\"\xff\""), HasSubstr("no JSON"));
}

TEST(Json, DepthAndSizeAreLimited) {
    EXPECT_EQ(problem_of(std::string(16, '[') + std::string(16, ']')), "");
    EXPECT_THAT(problem_of(std::string(17, '[') + std::string(17, ']')), HasSubstr("deep"));
    EXPECT_THAT(problem_of(std::string(100'000, '[')), HasSubstr("deep"));
    auto const large = parse_json("[1, 2, 3]", "body", {.bytes_max = 8});
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, Errc::exhausted);
}

/// What finish() says after `read` looked at `text`.
template <typename Read>
std::string after(std::string_view text, Read read) {
    auto fields = JsonFields::parse(text, "thing");
    if (!fields) return fields.error().message;
    read(*fields);
    auto const result = fields->finish();
    return result ? "" : result.error().message;
}

TEST(JsonFields, ReadByName) {
    constexpr auto text =
        R"({"s": "零件", "n": 18446744073709551615, "b": true, "l": [1], "z": null})";
    auto const problem = after(text, [](JsonFields& fields) {
        EXPECT_EQ(fields.text("s", 6), "零件");
        EXPECT_EQ(fields.number("n"), ~0ULL);
        EXPECT_TRUE(fields.flag("b"));
        EXPECT_EQ(fields.array("l", 1).size(), 1U);
        EXPECT_EQ(fields.text("z", 5, "otherwise"), "otherwise");
        EXPECT_EQ(fields.number("none", 9, 3), 3U);
        EXPECT_FALSE(fields.flag("none", false));
        EXPECT_FALSE(fields.has("z"));
    });
    EXPECT_EQ(problem, "");
}

TEST(JsonFields, EachWrongFieldIsNamedWithItsRule) {
    struct Case {
        std::string_view text;
        std::string_view problem;
    };
    auto const number = [](JsonFields& fields) { fields.number("n", 100); };
    for (Case const& each : {
             Case{"{}", "thing: \"n\" is missing"},
             Case{R"({"n": null})", "is missing"},
             Case{R"({"n": -1})", "must be a whole number"},
             Case{R"({"n": 1.5})", "must be a whole number"},
             Case{R"({"n": "1"})", "must be a whole number"},
             Case{R"({"n": 101})", "is 101, at most 100"},
             Case{R"({"n": 99999999999999999999})", "must be a whole number"},
             Case{"[1]", "must be a JSON object"},
         }) {
        EXPECT_THAT(after(each.text, number), HasSubstr(each.problem)) << each.text;
    }
    auto const text = [](JsonFields& fields) { fields.text("s", 3); };
    EXPECT_THAT(after(R"({"s": "four"})", text), HasSubstr("has 4 bytes, at most 3"));
    EXPECT_THAT(after(R"({"s": 4})", text), HasSubstr("must be a text"));
    auto const flag = [](JsonFields& fields) { fields.flag("b"); };
    EXPECT_THAT(after(R"({"b": 0})", flag), HasSubstr("must be true or false"));
    auto const list = [](JsonFields& fields) { EXPECT_TRUE(fields.array("l", 1).empty()); };
    EXPECT_THAT(after(R"({"l": [1, 2]})", list), HasSubstr("has 2 elements, at most 1"));
    EXPECT_THAT(after(R"({"l": {}})", list), HasSubstr("must be a list"));
}

TEST(JsonFields, TheFirstProblemIsKept) {
    auto const problem = after("{}", [](JsonFields& fields) {
        fields.number("first");
        fields.number("second");
    });
    EXPECT_THAT(problem, HasSubstr("first"));
}

}  // namespace
}  // namespace disgrafs::wire
