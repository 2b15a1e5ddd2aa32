#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/metrics.hpp"
#include "base/text.hpp"

namespace disgrafs {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// What `act` writes to standard error.
template <typename Act>
std::string written_by(Act act) {
    testing::internal::CaptureStderr();
    act();
    return testing::internal::GetCapturedStderr();
}

double count_of(std::string const& level) {
    return counter("disgrafs_log_messages_total", "Log lines written.", {{"level", level}}).Value();
}

double dropped() {
    return counter(
               "disgrafs_log_dropped_total",
               "Log lines dropped because standard error did not take them."
    )
        .Value();
}

void log_from_storage();
void log_from_relative_path();
void log_from_simulation();
void log_from_nowhere();

class LogTest : public testing::Test {
 protected:
    LogTest() { start_log(LogLevel::debug, "n3"); }
    ~LogTest() override { start_log(LogLevel::info, ""); }
};

TEST_F(LogTest, ALineIsOneJsonObjectWithTheNamedFields) {
    auto const line = written_by([] { LOG_WARN("shard lost", kv("shard", 7), kv("disk", "a")); });
    EXPECT_THAT(
        line,
        MatchesRegex(R"(\{"ts":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z","level":"warn",)"
                     R"("module":"base","member":"n3","msg":"shard lost","shard":7,"disk":"a"\})"
                     "\n")
    );
}

TEST_F(LogTest, ModuleIsTheFolderOfTheSource) {
    EXPECT_THAT(written_by(log_from_storage), HasSubstr(R"("module":"storage")"));
    EXPECT_THAT(written_by(log_from_relative_path), HasSubstr(R"("module":"kv")"));
    EXPECT_THAT(written_by(log_from_simulation), HasSubstr(R"("module":"sim")"));
    EXPECT_THAT(written_by(log_from_nowhere), HasSubstr(R"("module":"")"));
}

TEST_F(LogTest, ValuesOfEveryKindAreJson) {
    Context context;
    context.request_id = "00c0ffee00c0ffee";
    auto const error = fail(Errc::io, "disk {} said \"no\"", 2).error();
    auto const line = written_by([&] {
        LOG_INFO(
            "kinds",
            kv(context),
            kv("error", error),
            kv("yes", true),
            kv("small", std::uint8_t{65}),
            kv("less", -1.5),
            kv("none", std::numeric_limits<double>::quiet_NaN()),
            kv("name", std::string("文件"))
        );
    });
    EXPECT_THAT(
        line,
        HasSubstr(
            R"("request":"00c0ffee00c0ffee","error":"disk 2 said \"no\"","yes":true,"small":65,)"
            R"("less":-1.5,"none":null,"name":"文件"})"
        )
    );
}

TEST_F(LogTest, LevelsBelowTheLeastAreNeitherWrittenNorCounted) {
    start_log(LogLevel::warn, "n3");
    auto const debugs = count_of("debug");
    auto const errors = count_of("error");
    bool is_evaluated = false;
    auto const costly = [&] {
        is_evaluated = true;
        return 1;
    };
    auto const text = written_by([&] {
        LOG_DEBUG("quiet", kv("n", costly()));
        LOG_INFO("quiet");
        LOG_ERROR("loud");
    });
    EXPECT_THAT(text, Not(HasSubstr("quiet")));
    EXPECT_THAT(text, HasSubstr("loud"));
    EXPECT_FALSE(is_evaluated);
    EXPECT_EQ(count_of("debug"), debugs);
    EXPECT_EQ(count_of("error"), errors + 1);
    start_log(LogLevel::off, "n3");
    EXPECT_EQ(written_by([] { LOG_ERROR("silent"); }), "");
}

TEST_F(LogTest, ALineNeverGrowsBeyondOneAtomicWrite) {
    std::string const large(10'000, 'x');
    auto const text = written_by([&] {
        LOG_INFO("large", kv("first", 1), kv("large", large), kv("last", 2));
        LOG_INFO(large);
    });
    auto const lines = split(text, '\n');
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(std::string(lines[0]), HasSubstr(R"("first":1,"last":2,"cut":true})"));
    for (auto const line : lines) EXPECT_LT(line.size(), 4096U);
}

TEST_F(LogTest, LinesOfThreadsDoNotMix) {
    auto const text = written_by([] {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([] {
                for (int n = 0; n < 100; ++n) LOG_INFO("from a thread", kv("n", n));
            });
        }
    });
    auto const lines = split(text, '\n');
    EXPECT_EQ(lines.size(), 400U);
    for (auto const line : lines) {
        EXPECT_TRUE(line.starts_with(R"({"ts":")") && line.ends_with("}")) << line;
    }
}

/// Standard error is a full pipe that nobody reads: the program must go on.
TEST_F(LogTest, AReaderThatDoesNotReadCostsLinesNotTime) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    auto const saved = ::dup(STDERR_FILENO);
    ::dup2(pipe[1], STDERR_FILENO);
    auto const before = dropped();
    auto const start = std::chrono::steady_clock::now();
    for (int n = 0; n < 5'000; ++n) LOG_INFO("into the void", kv("n", n));
    auto const time = std::chrono::steady_clock::now() - start;
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    ::close(pipe[0]);
    ::close(pipe[1]);
    EXPECT_GT(dropped(), before + 3'000);
    EXPECT_LT(time, std::chrono::seconds(10));
}

TEST_F(LogTest, AfterADropTheNextTakenLineIsWrittenAgain) {
    auto const saved = ::dup(STDERR_FILENO);
    ::close(STDERR_FILENO);
    auto const before = dropped();
    LOG_INFO("nobody hears");
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    EXPECT_EQ(dropped(), before + 1);
    EXPECT_THAT(written_by([] { LOG_INFO("heard"); }), HasSubstr("heard"));
}

TEST(ToJsonText, EscapesWhatJsonDemands) {
    using namespace std::string_view_literals;
    EXPECT_EQ(to_json_text(""), R"("")");
    EXPECT_EQ(to_json_text("a\"b\\c/d"), R"("a\"b\\c/d")");
    EXPECT_EQ(to_json_text("\n\r\t\0\x1F\x7F"sv), "\"\\n\\r\\t\\u0000\\u001f\x7F\"");
    EXPECT_EQ(to_json_text("文件 😀"), "\"文件 😀\"");
}

TEST(ToJsonText, WhatIsNotUtf8BecomesTheReplacementCharacter) {
    EXPECT_EQ(to_json_text("a\xFFz"), "\"a\uFFFDz\"");
    EXPECT_EQ(to_json_text("文\xE6\x96"), "\"文\uFFFD\uFFFD\"");
    std::string all;
    for (int value = 255; value >= 0; --value) all.push_back(static_cast<char>(value));
    EXPECT_TRUE(is_utf8(to_json_text(all)));
}

// The lines below pretend to stand in other files; nothing may follow them.
// clang-format off
#line 1 "/home/someone/src/disgrafs/src/storage/segment.cpp"
void log_from_storage() { LOG_INFO("x"); }
#line 1 "src/kv/store.cpp"
void log_from_relative_path() { LOG_INFO("x"); }
#line 1 "/somewhere/tests/sim/cluster.cpp"
void log_from_simulation() { LOG_INFO("x"); }
#line 1 "here.cpp"
void log_from_nowhere() { LOG_INFO("x"); }

}  // namespace
}  // namespace disgrafs
