#include "analysis/analyse_process.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "analysis/analyse_frame.hpp"
#include "analysis/child_process.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/deadline.hpp"
#include "io/wake.hpp"

namespace disgrafs::analysis {

namespace asio = boost::asio;

namespace {

/// disgrafs-analyze says by this code that it cannot work at all; 127 is the loader's.
constexpr int exit_cannot_start = 3;
constexpr int exit_not_loadable = 127;
constexpr Duration ending_time = std::chrono::seconds(1);

Result<void> done(std::tuple<boost::system::error_code, std::size_t> got, char const* attempted) {
    return answered({std::get<0>(got)}, attempted);
}

}  // namespace

/// One child and its stream. Both are there, or neither.
struct AnalyseProcess::State {
    State(asio::any_io_executor on, Clock& with, AnalyseProcessOptions as)
        : executor(on), clock(with), options(std::move(as)), turn(on, 1), changed(on), stream(on) {}

    Result<void> start();
    Task<Findings> exchange(AnalyseRequest request, ByteView body);
    Task<void> send(std::string json, ByteView body);
    Task<Findings> receive();
    Task<void> wait_for_end();
    Task<Findings> explain(std::string id, Error error);
    Ending end();

    asio::any_io_executor executor;
    Clock& clock;
    AnalyseProcessOptions options;
    Semaphore turn;
    Wake changed;
    std::optional<ChildProcess> child;
    asio::local::stream_protocol::socket stream;
    bool is_busy = false;
    Duration last_used{0};
    std::uint64_t starts = 0;
};

AnalyseProcess::AnalyseProcess(
    asio::any_io_executor executor, Clock& clock, AnalyseProcessOptions options
)
    : state_(std::make_unique<State>(std::move(executor), clock, std::move(options))) {}

AnalyseProcess::~AnalyseProcess() { state_->end(); }

/// 1. A child that died while idle is replaced, so no file is blamed for it.
/// 2. The exchange has a deadline; the child's own is earlier.
/// 3. After any failure the child is ended: nothing that it might still say can be trusted.
Task<Findings> AnalyseProcess::analyse(AnalyseRequest request, ByteView body) {
    DISGRAFS_ASSERT(body.size() <= limits::request_body_bytes, "body of {}", body.size());
    auto& state = *state_;
    CO_TRY(auto const place, co_await state.turn.acquire());
    CO_TRY_OK(state.start());
    state.is_busy = true;
    auto const id = request.id;
    auto const limit = std::chrono::milliseconds(request.limits.time_ms) + state.options.grace;
    auto exchange = state.exchange(std::move(request), body);
    auto answered = co_await within(state.clock, limit, std::move(exchange));
    state.is_busy = false;
    state.last_used = state.clock.steady();
    state.changed.notify();
    if (answered) co_return answered;
    co_return co_await state.explain(id, std::move(answered).error());
}

Task<void> AnalyseProcess::run() {
    auto& state = *state_;
    for (;;) {
        if (!state.child || state.is_busy) {
            auto const woken = co_await state.changed.wait();
            if (!woken) break;
            continue;
        }
        auto const left = state.last_used + state.options.idle_limit - state.clock.steady();
        if (left <= Duration(0)) {
            state.end();
            continue;
        }
        auto const slept = co_await state.clock.sleep(left);
        if (!slept) break;
    }
    state.end();
    co_return fail(Errc::cancelled, "analyser stopped");
}

int AnalyseProcess::process_id() const { return state_->child ? state_->child->id() : 0; }

std::uint64_t AnalyseProcess::starts() const { return state_->starts; }

Result<void> AnalyseProcess::State::start() {
    if (child && child->is_running()) return {};
    end();
    TRY(child, ChildProcess::spawn(options.program, options.arguments));
    ++starts;
    boost::system::error_code error;
    stream.assign(asio::local::stream_protocol(), child->take_stream(), error);
    if (error) {
        end();
        return fail(Errc::unavailable, "stream of the analyser: {}", error.message());
    }
    LOG_DEBUG("analyser started", kv("pid", child->id()));
    return {};
}

Task<Findings> AnalyseProcess::State::exchange(AnalyseRequest request, ByteView body) {
    auto json = encode_request(request);
    CO_TRY_OK(co_await send(std::move(json), body));
    CO_TRY(auto findings, co_await receive());
    if (findings.id != request.id) {
        co_return fail(Errc::corrupt, "answer to '{}' instead of '{}'", findings.id, request.id);
    }
    co_return findings;
}

Task<void> AnalyseProcess::State::send(std::string json, ByteView body) {
    auto const head = encode_frame_head({
        .json_bytes = static_cast<std::uint32_t>(json.size()),
        .body_bytes = static_cast<std::uint32_t>(body.size()),
    });
    std::array<asio::const_buffer, 3> const buffers{
        asio::buffer(head), asio::buffer(json), asio::buffer(body.data(), body.size())
    };
    auto const sent = co_await asio::async_write(stream, buffers, answer);
    co_return done(sent, "write to the analyser");
}

Task<Findings> AnalyseProcess::State::receive() {
    FrameHeadBytes head_bytes{};
    auto const head_buffer = asio::buffer(head_bytes);
    auto const head_read = co_await asio::async_read(stream, head_buffer, answer);
    CO_TRY_OK(done(head_read, "read from the analyser"));
    CO_TRY(auto const head, decode_answer_head(head_bytes));
    std::string json(head.json_bytes, '\0');
    std::string text(head.body_bytes, '\0');
    std::array<asio::mutable_buffer, 2> const buffers{asio::buffer(json), asio::buffer(text)};
    auto const read = co_await asio::async_read(stream, buffers, answer);
    CO_TRY_OK(done(read, "read from the analyser"));
    co_return decode_findings(json, text);
}

/// The stream closes a moment before the process can be waited for.
Task<void> AnalyseProcess::State::wait_for_end() {
    int const descriptor = child ? child->open_end_descriptor() : -1;
    if (descriptor < 0) co_return Result<void>{};
    asio::posix::stream_descriptor ended(executor, descriptor);
    auto const waited =
        co_await ended.async_wait(asio::posix::stream_descriptor::wait_read, answer);
    co_return answered(waited, "wait for the analyser's end");
}

/// What a failed exchange says about the file. Cancelled and "cannot start" say nothing about it.
Task<Findings> AnalyseProcess::State::explain(std::string id, Error error) {
    if (error.code == Errc::cancelled) {
        end();
        co_return std::unexpected(std::move(error));
    }
    bool const spoke_nonsense = error.code == Errc::invalid || error.code == Errc::corrupt;
    bool const is_late = error.code == Errc::unavailable && child->is_running();
    if (!spoke_nonsense) {
        auto wait = wait_for_end();
        auto const limit = ending_time;
        (void)co_await within(clock, limit, std::move(wait));
    }
    bool const ended_itself = child && !child->is_running();
    auto const ending = end();
    if (ended_itself &&
        (ending.exit_code == exit_cannot_start || ending.exit_code == exit_not_loadable)) {
        co_return fail(Errc::unavailable, "the analyser cannot start ({})", ending.text());
    }
    LOG_WARN(
        "analyser ended by a file", kv("id", id), kv("error", error), kv("ending", ending.text())
    );
    if (ended_itself) {
        auto reason =
            fmt::format("The analyser ended while reading this file ({}).", ending.text());
        co_return failed_findings(std::move(id), AnalyseStatus::failed, std::move(reason));
    }
    if (is_late) {
        auto reason = std::string("The analyser did not answer in time.");
        co_return failed_findings(std::move(id), AnalyseStatus::timed_out, std::move(reason));
    }
    auto reason = fmt::format("The analyser gave no usable answer: {}.", error.message);
    co_return failed_findings(std::move(id), AnalyseStatus::failed, std::move(reason));
}

Ending AnalyseProcess::State::end() {
    boost::system::error_code ignored;
    stream.close(ignored);
    if (!child) return {};
    auto const ending = child->end();
    child.reset();
    return ending;
}

}  // namespace disgrafs::analysis
