/// \file analysers/sandbox/sandbox_test.cpp  What a confined fork can and cannot do.

#include <chrono>
#include <csignal>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "analysers/sandbox/broker.hpp"
#include "analysers/sandbox/confine.hpp"
#include "analysers/sandbox/fork_run.hpp"
#include "analysers/sandbox/probe.hpp"

namespace disgrafs::analysers {
namespace {

constexpr ForkLimits roomy{
    .memory_bytes = 64U << 20U, .time_ms = 20'000, .output_bytes_max = 1U << 20U
};

ForkOutcome run(ForkWork const& work, ForkLimits const& limits = roomy) {
    auto outcome = run_in_fork(work, limits);
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().message);
    return outcome ? *outcome : ForkOutcome{};
}

ForkOutcome probe(std::string_view name, ForkLimits const& limits = roomy) {
    return run(
        [&](Say const& say) {
            auto const findings = run_probe(name);
            say(std::string(to_text(findings.status)) + " " + findings.reason);
        },
        limits
    );
}

TEST(Sandbox, LetsWorkComputeAndSpeak) {
    auto const outcome = run([](Say const& say) {
        say("one ");
        say(std::string(200'000, 'x'));
    });
    EXPECT_EQ(outcome.end, ForkEnd::finished);
    EXPECT_EQ(outcome.output.size(), 200'004);
}

TEST(Sandbox, RefusesToOpen) {
    EXPECT_EQ(probe("open").output, "ok refused: open: Operation not permitted");
}
TEST(Sandbox, RefusesSockets) {
    EXPECT_EQ(probe("socket").output, "ok refused: socket: Operation not permitted");
}
TEST(Sandbox, RefusesPrograms) {
    EXPECT_EQ(probe("exec").output, "ok refused: exec: Operation not permitted");
}
TEST(Sandbox, RefusesPtrace) {
    EXPECT_EQ(probe("ptrace").output, "ok refused: ptrace: Operation not permitted");
}
TEST(Sandbox, RefusesForksSignalsAndExecutableMemory) {
    for (auto const* name : {"fork", "signal", "execute"}) {
        EXPECT_TRUE(probe(name).output.starts_with("ok refused")) << name << probe(name).output;
    }
}

/// The probes themselves must be able to fail: outside the sandbox they do what is forbidden.
TEST(Sandbox, ProbesWorkOutsideIt) {
    for (auto const* name : {"open", "socket", "fork", "execute"}) {
        EXPECT_EQ(run_probe(name).reason, std::string(name) + " worked");
    }
}

TEST(Sandbox, KillsAtTheMemoryLimit) {
    if (under_sanitizer) GTEST_SKIP() << "sanitizers reserve terabytes";
    auto const outcome = probe("memory");
    EXPECT_EQ(outcome.end, ForkEnd::out_of_memory);
    EXPECT_EQ(outcome.output, "");
}

TEST(Sandbox, KillsAtTheTimeLimit) {
    auto limits = roomy;
    limits.time_ms = 200;
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(probe("time", limits).end, ForkEnd::out_of_time);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

/// One that closed its channel and waits is not waited for.
TEST(Sandbox, KillsWhatSpeaksNoMore) {
    auto const outcome = run([](Say const& say) {
        say("last words");
        close(3);
        for (unsigned volatile turn = 0;; turn = turn + 1) continue;
    });
    EXPECT_EQ(outcome.end, ForkEnd::out_of_time);
}

TEST(Sandbox, TellsTheSignalOfACrash) {
    auto const outcome = probe("crash");
    EXPECT_EQ(outcome.end, ForkEnd::crashed);
    EXPECT_EQ(outcome.signal, SIGABRT);
}

TEST(Sandbox, StopsWhatSaysTooMuch) {
    auto limits = roomy;
    limits.output_bytes_max = 1000;
    auto const outcome = run([](Say const& say) { say(std::string(100'000, 'x')); }, limits);
    EXPECT_EQ(outcome.end, ForkEnd::too_much);
    EXPECT_LE(outcome.output.size(), 1000);
}

/// Only descriptors 0 to 3 are left, and 0 is empty.
TEST(Sandbox, InheritsNoDescriptors) {
    int const mine = open("/etc/passwd", O_RDONLY);
    ASSERT_GE(mine, 0);
    auto const outcome = run([](Say const& say) {
        std::string found;
        char byte = 0;
        for (int number = 0; number < 64; ++number) {
            if (number != 3 && read(number, &byte, 1) >= 0) found += std::to_string(number) + " ";
        }
        say(found);
    });
    close(mine);
    EXPECT_EQ(outcome.output, under_sanitizer ? "0 1 " : "0 1 2 ") << "/dev/null";
}

TEST(Broker, OpensOnlyPopplersTablesForReading) {
    auto const outcome = run([](Say const& say) {
        int const map = open("/usr/share/poppler/cMap/Adobe-GB1/GBK-EUC-H", O_RDONLY);
        char bytes[2] = {};
        bool const is_read = map >= 0 && read(map, bytes, 2) == 2;
        say(is_read ? std::string(bytes, 2) : "nothing");
        for (auto const* path :
             {"/usr/share/poppler/../../../etc/passwd",
              "/etc/passwd",
              "/proc/self/mem",
              "/usr/share"}) {
            if (open(path, O_RDONLY) >= 0) say(path);
        }
        if (open("/usr/share/poppler/new", O_RDWR | O_CREAT, 0600) >= 0) say("created");
        if (open("/usr/share/poppler/missing", O_RDONLY) >= 0) say("missing");
        if (open(reinterpret_cast<char const*>(8), O_RDONLY) >= 0) say("null");
    });
    EXPECT_EQ(outcome.end, ForkEnd::finished);
    EXPECT_EQ(outcome.output, "%!") << "the table's first two bytes, and none of the others";
}

TEST(Broker, KnowsItsFolders) {
    EXPECT_TRUE(may_open("/usr/share/poppler/cMap/Adobe-GB1/GBK-EUC-H"));
    EXPECT_FALSE(may_open("/usr/share/poppler/../x"));
    EXPECT_FALSE(may_open("usr/share/poppler/x"));
    EXPECT_FALSE(may_open(""));
}

}  // namespace
}  // namespace disgrafs::analysers
