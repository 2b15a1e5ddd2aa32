/// \file analysis/analyse_process_test.cpp  The supervisor, with a child that misbehaves on order.

#include "analysis/analyse_process.hpp"

#include <chrono>
#include <csignal>
#include <memory>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "io/clock.hpp"

namespace disgrafs::analysis {
namespace {

using namespace std::chrono_literals;

class AnalyseProcessTest : public testing::Test {
 protected:
    AnalyseProcess& start(AnalyseProcessOptions options = {}) {
        if (options.program.empty()) options.program = ANALYSE_STUB;
        process_ = std::make_unique<AnalyseProcess>(context_.get_executor(), *clock_, options);
        return *process_;
    }

    Result<Findings> ask(
        std::string const& name, std::string const& body = "", std::uint32_t time_ms = 20000
    ) {
        AnalyseRequest request;
        request.id = "id of " + name;
        request.name = name;
        request.limits.time_ms = time_ms;
        std::optional<Result<Findings>> got;
        auto task = process_->analyse(request, as_bytes(body));
        boost::asio::co_spawn(
            context_,
            std::move(task),
            [&](std::exception_ptr, Result<Findings> result) { got = std::move(result); }
        );
        context_.restart();
        while (!got && context_.run_one() > 0) continue;
        return got ? *got : fail(Errc::io, "the loop ran dry");
    }

    boost::asio::io_context context_;
    std::unique_ptr<Clock> clock_ = make_real_clock();
    std::unique_ptr<AnalyseProcess> process_;
};

TEST_F(AnalyseProcessTest, AnswersManyFilesWithOneProcess) {
    auto& process = start();
    EXPECT_EQ(process.process_id(), 0) << "started by the first file";
    for (auto const& body : {std::string(), std::string("a"), std::string(3 << 20, 'b')}) {
        auto const got = ask("ok", body);
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(got->id, "id of ok");
        EXPECT_EQ(
            got->text, std::to_string(process.process_id()) + " " + std::to_string(body.size())
        );
    }
    EXPECT_EQ(process.starts(), 1);
}

TEST_F(AnalyseProcessTest, CrashIsFailedWithTheSignalAndTheNextFileIsFine) {
    auto& process = start();
    for (auto const* name : {"crash", "half"}) {
        auto const got = ask(name);
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(got->status, AnalyseStatus::failed);
        EXPECT_NE(got->reason.find("signal 6"), std::string::npos) << got->reason;
        EXPECT_EQ(got->id, std::string("id of ") + name);
        EXPECT_EQ(ask("ok")->status, AnalyseStatus::ok);
    }
    EXPECT_EQ(process.starts(), 3);
}

TEST_F(AnalyseProcessTest, StallIsTimedOutAndKilled) {
    auto& process = start({.program = {}, .arguments = {}, .grace = 100ms});
    ask("ok");
    int const id = process.process_id();
    auto const got = ask("stall", "", 100);
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->status, AnalyseStatus::timed_out);
    EXPECT_NE(kill(id, 0), 0) << "the stalled process is gone";
    EXPECT_EQ(ask("ok")->status, AnalyseStatus::ok);
}

TEST_F(AnalyseProcessTest, NonsenseIsFailedAndKilled) {
    auto& process = start();
    for (auto const* name : {"garbage", "wrong-id", "exit"}) {
        auto const got = ask(name);
        ASSERT_TRUE(got) << got.error().message;
        EXPECT_EQ(got->status, AnalyseStatus::failed) << name;
        EXPECT_NE(got->reason, "");
        EXPECT_EQ(ask("ok")->text, std::to_string(process.process_id()) + " 0") << name;
    }
}

TEST_F(AnalyseProcessTest, WithoutProgramIsUnavailable) {
    start({.program = "/nowhere/disgrafs-analyze", .arguments = {}});
    auto const got = ask("ok");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::unavailable);
}

TEST_F(AnalyseProcessTest, ThatCannotStartIsUnavailableAndBlamesNoFile) {
    start();
    auto const got = ask("cannot-start");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::unavailable);
}

TEST_F(AnalyseProcessTest, KilledWhileIdleIsReplacedWithoutBlame) {
    auto& process = start();
    ask("ok");
    int const id = process.process_id();
    kill(id, SIGKILL);
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(id), &info, WEXITED | WNOWAIT);
    EXPECT_EQ(ask("ok")->status, AnalyseStatus::ok);
    EXPECT_EQ(process.starts(), 2);
}

TEST_F(AnalyseProcessTest, EndsWhenIdleAndStartsAgain) {
    auto& process = start({.program = {}, .arguments = {}, .idle_limit = 100ms});
    boost::asio::cancellation_signal stop;
    bool has_stopped = false;
    auto token = boost::asio::bind_cancellation_slot(
        stop.slot(), [&](std::exception_ptr, Result<void>) { has_stopped = true; }
    );
    boost::asio::co_spawn(context_, process.run(), std::move(token));
    ask("ok");
    int const id = process.process_id();
    while (process.process_id() != 0) context_.run_one();
    EXPECT_NE(kill(id, 0), 0) << "the idle process is gone";
    EXPECT_EQ(ask("ok")->status, AnalyseStatus::ok);
    stop.emit(boost::asio::cancellation_type::terminal);
    while (!has_stopped) context_.run_one();
    EXPECT_EQ(process.process_id(), 0) << "stopping ends it";
}

TEST_F(AnalyseProcessTest, KillsItsProcessWhenItDies) {
    auto& process = start();
    ask("ok");
    int const id = process.process_id();
    process_.reset();
    EXPECT_NE(kill(id, 0), 0);
}

}  // namespace
}  // namespace disgrafs::analysis
