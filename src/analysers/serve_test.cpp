/// \file analysers/serve_test.cpp  Frames in, frames out, each file in a fork of its own.

#include "analysers/serve.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analysers/sandbox/confine.hpp"
#include "analysis/analyse_frame.hpp"
#include "analysis/findings.hpp"

namespace disgrafs::analysers {
namespace {

using analysis::AnalyseRequest;
using analysis::AnalyseStatus;
using analysis::Findings;

/// A file in memory that holds `text` and stands at its beginning.
int memory_file(std::string_view text) {
    int const file = memfd_create("serve_test", MFD_CLOEXEC);
    EXPECT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    lseek(file, 0, SEEK_SET);
    return file;
}

std::string contents(int file) {
    std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
}

struct Served {
    int exit_code = -1;
    std::vector<Findings> answers;
};

Served serve_all(std::string_view input) {
    static auto resources = Resources::load({.share = DISGRAFS_SHARE}).value();
    int const in = memory_file(input);
    int const out = memory_file("");
    Served served;
    served.exit_code = serve(in, out, resources);
    auto const text = contents(out);
    std::string_view rest(text);
    while (rest.size() >= 8) {
        auto const head = analysis::decode_answer_head(as_bytes(rest.substr(0, 8))).value();
        auto findings = analysis::decode_findings(
            rest.substr(8, head.json_bytes), rest.substr(8 + head.json_bytes, head.body_bytes)
        );
        EXPECT_TRUE(findings) << findings.error().message;
        served.answers.push_back(findings.value_or(Findings{}));
        rest.remove_prefix(8 + head.json_bytes + head.body_bytes);
    }
    EXPECT_TRUE(rest.empty());
    close(in);
    close(out);
    return served;
}

std::string frame(std::string const& name, std::string_view body, std::uint32_t time_ms = 20'000) {
    AnalyseRequest request;
    request.id = name;
    request.name = name;
    request.size_bytes = body.size();
    request.limits = {.memory_bytes = 256U << 20U, .time_ms = time_ms};
    return analysis::encode_frame(analysis::encode_request(request), body);
}

std::string probe_frame(std::string const& probe, std::uint32_t time_ms = 20'000) {
    AnalyseRequest request;
    request.id = probe;
    request.probe = probe;
    request.limits = {.memory_bytes = 64U << 20U, .time_ms = time_ms};
    return analysis::encode_frame(analysis::encode_request(request), "");
}

TEST(Serve, AnswersFileAfterFile) {
    auto const served = serve_all(
        frame(
            "a.md", "# Erasure codes\n\nAn erasure code protects files against the loss of nodes.\n"
        ) +
        frame("b.txt", "纠删码是一种数据保护技术。分布式文件系统使用纠删码保存数据。") +
        frame("c.txt", "")
    );
    EXPECT_EQ(served.exit_code, exit_done);
    ASSERT_EQ(served.answers.size(), 3);
    EXPECT_EQ(served.answers[0].id, "a.md");
    EXPECT_EQ(served.answers[0].language, "en");
    EXPECT_FALSE(served.answers[0].candidates.empty()) << "loaded on demand";
    EXPECT_EQ(served.answers[1].language, "zh");
    EXPECT_FALSE(served.answers[1].candidates.empty()) << "loaded on demand";
    EXPECT_EQ(served.answers[2].status, AnalyseStatus::ok);
}

TEST(Serve, SurvivesWhatFilesDo) {
    auto const served = serve_all(
        probe_frame("crash") + probe_frame("time", 200) + probe_frame("open") +
        frame("a.txt", "fine")
    );
    ASSERT_EQ(served.answers.size(), 4);
    EXPECT_EQ(served.answers[0].status, AnalyseStatus::failed);
    EXPECT_EQ(served.answers[0].reason, "This file crashed its reader (signal 6, Aborted).");
    EXPECT_EQ(served.answers[1].status, AnalyseStatus::timed_out);
    EXPECT_EQ(served.answers[1].reason, "Reading this file took longer than 200 ms.");
    EXPECT_EQ(served.answers[2].status, AnalyseStatus::ok);
    EXPECT_EQ(served.answers[3].status, AnalyseStatus::ok);
    EXPECT_EQ(served.answers[3].text, "fine");
}

TEST(Serve, TellsOfTheMemoryLimit) {
    if (under_sanitizer) GTEST_SKIP() << "sanitizers reserve terabytes";
    auto const served = serve_all(probe_frame("memory"));
    ASSERT_EQ(served.answers.size(), 1);
    EXPECT_EQ(served.answers[0].status, AnalyseStatus::failed);
    EXPECT_EQ(served.answers[0].reason, "Reading this file needs more than 64 MiB of memory.");
}

TEST(Serve, EndsOnABadFrame) {
    EXPECT_EQ(serve_all("").exit_code, exit_done);
    EXPECT_EQ(serve_all("\x01").exit_code, exit_bad_frame);
    EXPECT_EQ(serve_all(std::string(8, '\xFF')).exit_code, exit_bad_frame);
    EXPECT_EQ(serve_all(analysis::encode_frame("no json", "")).exit_code, exit_bad_frame);
    auto const whole = frame("a.txt", "text");
    EXPECT_EQ(
        serve_all(std::string_view(whole).substr(0, whole.size() - 1)).exit_code, exit_bad_frame
    );
}

}  // namespace
}  // namespace disgrafs::analysers
