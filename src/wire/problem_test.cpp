#include "wire/problem.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/http.hpp"
#include "wire/json.hpp"

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

Context some_context() {
    Context context;
    context.request_id = "0123456789abcdef";
    return context;
}

HttpAnswer answer_of(Errc code, std::string const& message, int status = 0) {
    return problem(fail(code, "{}", message).error(), some_context(), status);
}

TEST(Problem, BodyHasEveryMember) {
    auto const answer = answer_of(Errc::conflict, "the name 论文 is taken");
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
    auto fields = JsonFields::parse(answer.body, "problem");
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->text("type", 100), "docs/errors.md#conflict");
    EXPECT_EQ(fields->text("title", 100), "Something else came first");
    EXPECT_EQ(fields->number("status"), 409U);
    EXPECT_EQ(fields->text("code", 100), "conflict");
    EXPECT_EQ(fields->text("detail", 100), "the name 论文 is taken");
    EXPECT_EQ(fields->text("request_id", 100), "0123456789abcdef");
    EXPECT_FALSE(fields->text("hint", 200).empty());
    EXPECT_TRUE(fields->finish());
}

TEST(Problem, StatusOfItsOwnBringsItsOwnCode) {
    auto const answer = answer_of(Errc::denied, "who are you", 401);
    EXPECT_EQ(answer.status, 401);
    EXPECT_THAT(answer.body, HasSubstr("\"code\":\"unauthenticated\""));
    EXPECT_THAT(answer_of(Errc::io, "x", 500).body, HasSubstr("\"code\":\"io\""));
    EXPECT_THAT(answer_of(Errc::corrupt, "x", 500).body, HasSubstr("\"code\":\"corrupt\""));
    auto const unknown = answer_of(Errc::invalid, "x", 418);
    EXPECT_EQ(unknown.status, 418);
    EXPECT_THAT(unknown.body, HasSubstr("\"code\":\"invalid\""));
}

TEST(Problem, SecretsOfTheServerStayInItsLog) {
    EXPECT_THAT(answer_of(Errc::io, "open /home/x: EACCES").body, Not(HasSubstr("/home")));
}

TEST(Problem, TextThatIsNotUtf8IsLeftOut) {
    auto const answer = answer_of(Errc::invalid, "name \xFF");
    EXPECT_TRUE(parse_json(answer.body, "problem"));
    EXPECT_THAT(answer.body, Not(HasSubstr("\"detail\":")));
}

TEST(Problem, RetryAfterStandsWhereItHelps) {
    EXPECT_TRUE(answer_of(Errc::unavailable, "x").headers.contains("Retry-After"));
    EXPECT_TRUE(answer_of(Errc::exhausted, "x", 429).headers.contains("Retry-After"));
    EXPECT_FALSE(answer_of(Errc::invalid, "x").headers.contains("Retry-After"));
}

TEST(Problem, CodesAndTheStatusOfHttpsOwnAreUnique) {
    std::set<std::string_view> codes;
    for (auto const& kind : all_problem_kinds()) EXPECT_TRUE(codes.insert(kind.code).second);
    std::set<int> statuses;
    for (auto const& kind : all_problem_kinds().subspan(9)) {
        EXPECT_TRUE(statuses.insert(kind.status).second) << kind.code;
        EXPECT_GE(kind.status, 400);
    }
    EXPECT_EQ(problem_kind(Errc::io).code, "io") << "the first nine are those of Errc, in order";
    EXPECT_EQ(problem_kind(Errc::invalid).code, "invalid");
}

/// docs/errors.md from its first code on.
std::string page() {
    std::string text;
    for (auto const& kind : all_problem_kinds()) {
        text += fmt::format(
            "## {}\n\n{} · {}. Repeat: {}.\n{}\n\n",
            kind.code,
            kind.status,
            kind.title,
            name_of(kind.retry),
            kind.hint
        );
    }
    text.pop_back();
    return text;
}

TEST(Problem, PageOfErrorsSaysWhatTheTableSays) {
    std::ifstream file(DISGRAFS_DOCS "/errors.md");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    auto const start = text.find("## ");
    ASSERT_NE(start, std::string::npos) << "docs/errors.md is missing";
    EXPECT_EQ(text.substr(start), page());
}

}  // namespace
}  // namespace disgrafs::wire
