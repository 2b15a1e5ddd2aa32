#include "wire/http/exchange.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t drain_piece_bytes = 64U << 10U;
constexpr std::size_t read_all_piece_bytes = 64U << 10U;
constexpr std::string_view continue_head = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::string_view line_end = "\r\n";

}  // namespace

ServerExchange::ServerExchange(Parts parts, HttpRequestHead head, Context context)
    : parts_(std::move(parts)),
      head_(std::move(head)),
      context_(std::move(context)),
      body_(*parts_.input, head_.framing) {
    head_.request.peer = parts_.stream->peer();
    head_.request.is_secure = parts_.stream->is_secure();
}

void ServerExchange::set_captures(std::vector<std::string> captures) {
    head_.request.captures = std::move(captures);
}

Task<Bytes> ServerExchange::read_body(std::size_t size_max) {
    if (is_input_broken_) co_return fail(Errc::invalid, "the body could not be read before");
    bool const waits = head_.expects_continue && !std::exchange(has_continued_, true);
    if (waits && !body_.at_end() && parts_.input->buffered().empty()) {
        std::vector<ByteView> parts;
        parts.push_back(as_bytes(continue_head));
        CO_TRY_OK(co_await write_all(*parts_.stream, std::move(parts)));
    }
    parts_.stream->limit_read(parts_.options->body_timeout);
    auto piece = co_await body_.read(size_max);
    if (!piece) co_return std::unexpected(read_failure(piece.error()));
    body_bytes_in_ += piece->size();
    co_return std::move(piece);
}

/// What follows on this connection cannot be told from the body any longer.
Error ServerExchange::read_failure(Error const& error) {
    is_input_broken_ = true;
    if (parts_.stream->is_late()) {
        refusal_status_ = 408;
        auto const limit = parts_.options->body_timeout.count() / 1000;
        return fail(Errc::invalid, "no byte of the body for {} ms", limit).error();
    }
    if (error.code == Errc::invalid) {
        return fail(Errc::invalid, "the body of the request: {}", error.message).error();
    }
    return fail(Errc::cancelled, "the body of the request: {}", error.message).error();
}

Task<std::string> ServerExchange::read_all(std::size_t limit_bytes) {
    std::string all;
    auto const announced = body_.left().value_or(0);
    bool is_too_large = announced > limit_bytes;
    while (!is_too_large) {
        CO_TRY(auto const piece, co_await read_body(read_all_piece_bytes));
        if (piece.empty()) co_return all;
        is_too_large = all.size() + piece.size() > limit_bytes;
        if (!is_too_large) all += as_text(piece);
    }
    refusal_status_ = 413;
    co_return fail(Errc::exhausted, "the body has more than {} bytes", limit_bytes);
}

bool ServerExchange::has_body(int status) const {
    return head_.request.method != "HEAD" && status >= 200 && status != 204 && status != 304;
}

bool ServerExchange::must_close() const {
    if (*parts_.is_stopping || !head_.keep_alive || is_input_broken_) return true;
    if (body_.at_end()) return false;
    if (head_.expects_continue && !has_continued_) return true;  // it may come, or not
    auto const left = body_.left();
    return !left || *left > parts_.options->drain_bytes_max;
}

void ServerExchange::finish_head(HttpAnswer& answer) {
    status_ = answer.status;
    closes_ = closes_ || must_close();
    answer.headers["Date"] = http_date(parts_.clock->now());
    answer.headers["X-Request-Id"] = context_.request_id;
    if (closes_) answer.headers["Connection"] = "close";
    if (!closes_ && head_.is_http_1_0) answer.headers["Connection"] = "keep-alive";
}

Task<void> ServerExchange::send(HttpAnswer answer) {
    DISGRAFS_ASSERT(!has_begun(), "{} is answered twice", head_.request.path);
    bool const is_head = head_.request.method == "HEAD";
    bool const has_length = answer.status >= 200 && answer.status != 204 && answer.status != 304;
    bool const is_told = is_head && answer.headers.contains("Content-Length");
    if (has_length && !is_told) {
        answer.headers["Content-Length"] = std::to_string(answer.body.size());
    }
    finish_head(answer);
    auto const head = write_answer_head(answer.status, answer.headers);
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    auto const size_bytes = has_body(answer.status) ? answer.body.size() : 0;
    if (size_bytes > 0) parts.push_back(as_bytes(answer.body));
    state_ = State::broken;
    CO_TRY_OK(co_await write_parts(std::move(parts)));
    body_bytes_out_ += size_bytes;
    state_ = State::done;
    co_return Result<void>();
}

Task<void> ServerExchange::begin(HttpAnswer head, std::optional<std::uint64_t> length) {
    DISGRAFS_ASSERT(!has_begun(), "{} is answered twice", head_.request.path);
    DISGRAFS_ASSERT(head.body.empty(), "the head of a streamed answer has a body");
    is_silent_ = !has_body(head.status);
    answer_left_ = length;
    if (length) {
        head.headers["Content-Length"] = std::to_string(*length);
    } else if (head_.is_http_1_0) {
        closes_ = true;
    } else {
        head.headers["Transfer-Encoding"] = "chunked";
        is_chunked_ = true;
    }
    finish_head(head);
    pending_head_ = write_answer_head(head.status, head.headers);
    state_ = State::streaming;
    co_return Result<void>();
}

Task<void> ServerExchange::write(Bytes piece) {
    if (state_ != State::streaming) co_return fail(Errc::cancelled, "write: the answer has ended");
    if (answer_left_ && piece.size() > *answer_left_) {
        state_ = State::broken;
        co_return fail(Errc::invalid, "write: the answer is longer than it said");
    }
    if (answer_left_) *answer_left_ -= piece.size();
    bool const is_chunk = is_chunked_ && !is_silent_ && !piece.empty();
    auto const head = std::exchange(pending_head_, {});
    auto const size_line = is_chunk ? fmt::format("{:x}\r\n", piece.size()) : std::string();
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    if (is_chunk) parts.push_back(as_bytes(size_line));
    if (!is_silent_) parts.emplace_back(piece);
    if (is_chunk) parts.push_back(as_bytes(line_end));
    state_ = State::broken;
    CO_TRY_OK(co_await write_parts(std::move(parts)));
    if (!is_silent_) body_bytes_out_ += piece.size();
    state_ = State::streaming;
    co_return Result<void>();
}

Task<void> ServerExchange::end() {
    if (state_ != State::streaming) co_return fail(Errc::cancelled, "end: the answer has ended");
    state_ = State::broken;
    if (!is_silent_ && answer_left_.value_or(0) != 0) {
        co_return fail(Errc::invalid, "end: the answer lacks {} bytes", *answer_left_);
    }
    auto const head = std::exchange(pending_head_, {});
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    if (is_chunked_ && !is_silent_) parts.push_back(as_bytes(last_chunk));
    CO_TRY_OK(co_await write_parts(std::move(parts)));
    state_ = State::done;
    co_return Result<void>();
}

Task<void> ServerExchange::write_parts(std::vector<ByteView> parts) {
    if (first_byte_at_ == Duration(0)) first_byte_at_ = parts_.clock->steady();
    return write_all(*parts_.stream, std::move(parts));
}

Task<std::unique_ptr<WebSocket>> ServerExchange::accept_websocket() {
    DISGRAFS_ASSERT(!has_begun(), "{} is answered twice", head_.request.path);
    if (!head_.is_upgrade) {
        co_return fail(Errc::invalid, "this needs a WebSocket (RFC 6455)");
    }
    parts_.stream->unread(parts_.input->take_rest());
    parts_.stream->limit_read(Duration(0));
    WebSocketOptions options;
    options.message_bytes_max = parts_.options->websocket_message_bytes_max;
    Headers extra;
    extra["X-Request-Id"] = context_.request_id;
    auto socket = co_await wire::accept_websocket(
        parts_.stream, *parts_.clock, head_.request, std::move(extra), options
    );
    if (!socket) {
        closes_ = true;  // what follows the head was put back, and may be frames
        co_return std::unexpected(socket.error());
    }
    state_ = State::done;
    status_ = 101;
    is_upgraded_ = true;
    first_byte_at_ = parts_.clock->steady();
    if (parts_.on_websocket) parts_.on_websocket(*socket);
    co_return owner_of(*std::move(socket));
}

Task<void> ServerExchange::fail_with(Error const& error, int status) {
    if (has_begun()) {
        if (state_ == State::streaming) state_ = State::broken;
        co_return Result<void>();
    }
    if (status == 0) status = refusal_status_;
    co_return co_await send(problem(error, context_, status));
}

Task<void> ServerExchange::drain() {
    if (closes() || body_.at_end()) co_return Result<void>();
    auto const end = parts_.clock->steady() + parts_.options->body_timeout;
    parts_.stream->read_until(end);
    while (!body_.at_end()) CO_TRY_OK(co_await read_body(drain_piece_bytes));
    parts_.stream->read_until(Duration(0));
    co_return Result<void>();
}

}  // namespace disgrafs::wire
