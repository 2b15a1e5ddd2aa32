/// \file app/analyze_test.cpp  The real disgrafs-analyze under its real supervisor.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "analysers/kinds/made_media_test.hpp"
#include "analysers/kinds/made_zip_test.hpp"
#include "analysers/sandbox/confine.hpp"
#include "analysis/analyse_process.hpp"
#include "io/clock.hpp"

namespace disgrafs {
namespace {

using analysers::made_jpeg;
using analysers::made_zip;
using analysers::paint_disc;
using analysis::AnalyseRequest;
using analysis::AnalyseStatus;
using analysis::Findings;

class Analyze : public testing::Test {
 protected:
    Findings ask(AnalyseRequest request, std::string_view body) {
        std::optional<Result<Findings>> got;
        auto task = process_.analyse(std::move(request), as_bytes(body));
        auto const keep = [&](std::exception_ptr, Result<Findings> result) {
            got = std::move(result);
        };
        boost::asio::co_spawn(context_, std::move(task), keep);
        context_.restart();
        while (!got && context_.run_one() > 0) continue;
        EXPECT_TRUE(got && *got) << (got ? got->error().message : "the loop ran dry");
        return got && *got ? **got : Findings{};
    }

    Findings file(std::string const& name, std::string_view body) {
        AnalyseRequest request;
        request.id = name;
        request.name = name;
        request.size_bytes = body.size();
        return ask(std::move(request), body);
    }

    Findings probe(std::string const& name, std::uint32_t time_ms = 20'000) {
        AnalyseRequest request;
        request.id = name;
        request.probe = name;
        request.limits = {.memory_bytes = 100U << 20U, .time_ms = time_ms};
        return ask(std::move(request), "");
    }

    boost::asio::io_context context_;
    std::unique_ptr<Clock> clock_ = make_real_clock();
    analysis::AnalyseProcess process_{
        context_.get_executor(), *clock_, {.program = ANALYZE_PROGRAM, .arguments = {}}
    };
};

TEST_F(Analyze, ReadsFilesOfManyKindsInOneProcess) {
    auto const text =
        file("码.md", "# 纠删码\n\n分布式文件系统使用纠删码保护数据，节点丢失也能恢复。\n");
    EXPECT_EQ(text.status, AnalyseStatus::ok) << text.reason;
    EXPECT_EQ(text.language, "zh");
    EXPECT_FALSE(text.candidates.empty());
    EXPECT_TRUE(file("a.jpg", made_jpeg(64, 64, paint_disc)).phash);
    EXPECT_TRUE(file("a.wav", analysers::made_wav(8000, 1)).properties.contains("duration_s"));
    EXPECT_EQ(file("a.py", "import os\n").references.size(), 1);
    auto const gbk = file(
        "gbk.txt",
        "\xB7\xD6\xB2\xBC\xCA\xBD\xCE\xC4\xBC\xFE\xCF\xB5\xCD\xB3\xCA\xB9\xD3\xC3\xBE\xC0\xC9\xBE"
        "\xC2"
        "\xEB\xB1\xA3\xBB\xA4\xCA\xFD\xBE\xDD\xA3\xAC\xCA\xFD\xBE\xDD\xBA\xDC\xB0\xB2\xC8\xAB\xA1"
        "\xA3"
    );
    EXPECT_NE(gbk.text.find("分布式文件系统使用纠删码保护数据"), std::string::npos);
    EXPECT_EQ(file("a.mkv", analysers::made_film(64, 48)).properties.count("video_codec"), 1);
    EXPECT_EQ(process_.starts(), 1);
}

/// The open of the font's table is asked of the broker.
TEST_F(Analyze, ReadsAChinesePdfInsideTheSandbox) {
    std::string const pdf =
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[4 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H"
        "/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        "<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor"
        "/FontName/STSong-Light/Flags 6>>>>]>>endobj\n"
        "4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>"
        "/Contents 5 0 R>>endobj\n"
        "5 0 obj<</Length 75>>stream\n"
        "BT /F1 12 Tf 50 700 Td <B7D6B2BCCABDCEC4BCFECFB5CDB3> Tj ET               \nendstream "
        "endobj\n"
        "trailer<</Root 1 0 R>>";
    auto const found = file("a.pdf", pdf);
    EXPECT_EQ(found.status, AnalyseStatus::ok) << found.reason;
    EXPECT_NE(found.text.find("分布式文件系统"), std::string::npos) << found.text;
}

TEST_F(Analyze, SandboxHolds) {
    for (auto const* name : {"open", "socket", "exec", "ptrace"}) {
        auto const found = probe(name);
        EXPECT_EQ(found.status, AnalyseStatus::ok) << found.reason;
        EXPECT_EQ(found.reason, std::string("refused: ") + name + ": Operation not permitted");
    }
    EXPECT_EQ(probe("time", 300).status, AnalyseStatus::timed_out);
    EXPECT_EQ(probe("crash").status, AnalyseStatus::failed);
    if (!analysers::under_sanitizer) {
        EXPECT_EQ(probe("memory").reason, "Reading this file needs more than 100 MiB of memory.");
    }
    EXPECT_EQ(process_.starts(), 1) << "only forks died";
}

/// Each gives a status, the bad ones a reason, and the process goes on.
TEST_F(Analyze, OddFilesHarmNothing) {
    auto const jpeg = made_jpeg(640, 480, paint_disc);
    std::string deep;
    for (int i = 0; i < 500'000; ++i) deep += "<div>";
    struct Odd {
        char const* name;
        std::string bytes;
        AnalyseStatus status;
    };
    Odd const odd[] = {
        {"broken.pdf", "%PDF-1.7\n1 0 obj<</Type/Catalog", AnalyseStatus::failed},
        {"cut.jpg", jpeg.substr(0, jpeg.size() / 2), AnalyseStatus::failed},
        {"bomb.zip", made_zip({{"a", "x", 0xFFFFFFFE}, {"b", "y", 0xFFFFFFFE}}), AnalyseStatus::ok},
        {"empty", "", AnalyseStatus::ok},
        {"letters.txt", std::string(64U << 20U, 'a'), AnalyseStatus::ok},
        {"invalid.txt", "text \xFF\xFE\xFA\xC0 text", AnalyseStatus::ok},
        {"deep.html", deep, AnalyseStatus::failed},
    };
    for (auto const& one : odd) {
        auto const begin = std::chrono::steady_clock::now();
        auto const found = file(one.name, one.bytes);
        EXPECT_EQ(found.status, one.status) << one.name << ": " << found.reason;
        if (one.status != AnalyseStatus::ok) EXPECT_NE(found.reason, "") << one.name;
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(25)) << one.name;
    }
    EXPECT_EQ(process_.starts(), 1);
}

}  // namespace
}  // namespace disgrafs
