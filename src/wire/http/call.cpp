#include <algorithm>
#include <utility>

#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "wire/http/client.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t head_bytes_max = 64U << 10U;
constexpr std::size_t piece_bytes = 256U << 10U;
constexpr int interim_answers_max = 16;

}  // namespace

Task<HttpAnswer> HttpExchangeOfClient::run() {
    auto const sent = co_await send_request();
    if (!sent && is_our_fault_) co_return std::unexpected(sent.error());
    if (!sent && !head_)
        head_ = co_await read_answer_head();  // a refusal may be there all the same
    if (!sent && !*head_) co_return std::unexpected(sent.error());
    was_sent_ = sent.has_value();
    co_return co_await read_answer();
}

/// A streamed body is stopped when the server answers before its end.
Task<void> HttpExchangeOfClient::send_request() {
    if (!call_.body_source) co_return co_await send_head_and_body();
    TaskGroup watching(link_.stream->get_executor());
    watching.spawn("http answer", watch_for_answer());
    is_our_fault_ = true;
    auto sent = co_await send_pieces();
    if (!sent && is_our_fault_) {
        co_await watching.stop();
    } else {
        co_await watching.join();
    }
    co_return sent;
}

Headers HttpExchangeOfClient::request_headers() const {
    auto headers = call_.headers;
    headers["Host"] = url_.host;
    bool const is_stream = static_cast<bool>(call_.body_source);
    if (is_stream && !call_.body_length) {
        headers["Transfer-Encoding"] = "chunked";
    } else if (is_stream) {
        headers["Content-Length"] = std::to_string(*call_.body_length);
    } else if (!call_.body.empty() || call_.method == "POST" || call_.method == "PUT") {
        headers["Content-Length"] = std::to_string(call_.body.size());
    }
    return headers;
}

Task<void> HttpExchangeOfClient::send_head_and_body() {
    auto const head = write_request_head(call_.method, url_.target, request_headers());
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    parts.push_back(as_bytes(call_.body));
    co_return co_await write(std::move(parts));
}

Task<void> HttpExchangeOfClient::send_pieces() {
    auto const head = write_request_head(call_.method, url_.target, request_headers());
    bool const is_chunked = !call_.body_length;
    auto left = call_.body_length.value_or(0);
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    CO_TRY_OK(co_await write(std::move(parts)));
    while (!head_) {
        CO_TRY(auto piece, co_await call_.body_source());
        bool const is_end = piece.empty();
        if (!is_chunked && piece.size() > left) {
            co_return fail(Errc::invalid, "{}: the body is longer than it said", call_.url);
        }
        left -= is_chunked ? 0 : piece.size();
        if (is_end && left != 0) {
            co_return fail(Errc::invalid, "{}: the body lacks {} bytes", call_.url, left);
        }
        is_our_fault_ = false;
        CO_TRY_OK(co_await send_piece(std::move(piece), is_chunked));
        if (is_end) co_return Result<void>();
        is_our_fault_ = true;
    }
    is_our_fault_ = false;
    co_return fail(Errc::unavailable, "{}: answered before the body's end", call_.url);
}

Task<void> HttpExchangeOfClient::send_piece(Bytes piece, bool is_chunked) {
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    auto const line = fmt::format("{:x}\r\n", piece.size());
    std::vector<ByteView> parts;
    if (is_chunked && piece.empty()) {
        parts.push_back(as_bytes(last_chunk));
    } else if (is_chunked) {
        parts.push_back(as_bytes(line));
        parts.emplace_back(piece);
        parts.push_back(as_bytes(last_chunk.substr(1, 2)));
    } else {
        parts.emplace_back(piece);
    }
    co_return co_await write(std::move(parts));
}

Task<void> HttpExchangeOfClient::write(std::vector<ByteView> parts) {
    return within(clock_, call_.timeout, write_all(*link_.stream, std::move(parts)));
}

Task<void> HttpExchangeOfClient::watch_for_answer() {
    auto head = co_await read_answer_head();
    head_ = std::move(head);
    co_return Result<void>();
}

/// Interim answers (1xx) are passed over.
Task<HttpAnswerHead> HttpExchangeOfClient::read_answer_head() {
    auto& input = link_.input;
    int interim = 0;
    while (true) {
        CO_TRY(auto head, parse_answer_head(input.buffered(), head_bytes_max));
        if (head) {
            input.consume(head->size_bytes);
            if (head->status >= 200) co_return *std::move(head);
            if (head->status == 101 || ++interim > interim_answers_max) {
                co_return fail(Errc::invalid, "{}: answers {}", call_.url, head->status);
            }
            continue;
        }
        CO_TRY(bool const is_more, co_await within(clock_, call_.timeout, input.more()));
        if (!is_more) {
            co_return fail(Errc::unavailable, "{}: the connection ended", call_.url);
        }
        has_answer_ = true;
    }
}

Task<HttpAnswer> HttpExchangeOfClient::read_answer() {
    if (!head_) head_ = co_await read_answer_head();
    if (!*head_) co_return std::unexpected(std::move(*head_).error());
    auto& head = **head_;
    if (call_.method == "HEAD") head.framing = {};
    HttpAnswer answer;
    answer.status = head.status;
    answer.headers = std::move(head.headers);
    bool const goes_to_sink = call_.body_sink && head.status >= 200 && head.status < 300;
    HttpBody body(link_.input, head.framing);
    while (true) {
        CO_TRY(auto piece, co_await within(clock_, call_.timeout, body.read(piece_bytes)));
        if (piece.empty()) break;
        if (goes_to_sink) {
            CO_TRY_OK(co_await call_.body_sink(std::move(piece)));
        } else if (answer.body.size() + piece.size() > call_.answer_bytes_max) {
            co_return fail(
                Errc::exhausted, "{}: answers more than {} bytes", call_.url, call_.answer_bytes_max
            );
        } else {
            answer.body += as_text(piece);
        }
    }
    keeps_alive_ = head.keep_alive && was_sent_ && link_.input.buffered().empty();
    co_return answer;
}

}  // namespace disgrafs::wire
