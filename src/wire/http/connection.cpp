#include "wire/http/connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "io/exception.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr Duration linger_stall = std::chrono::seconds(2);
constexpr std::size_t linger_piece_bytes = 64U << 10U;
constexpr std::string_view no_route = "none";

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

std::string header_of(HttpRequest const& request, std::string_view name) {
    auto const found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

/// W3C trace context, version 00: 00-<32 hex>-<16 hex>-<2 hex>, neither id all zero.
bool is_traceparent(std::string_view text) {
    constexpr std::string_view shape = "00-................................-................-..";
    if (text.size() != shape.size() || !text.starts_with("00-")) return false;
    if (text[35] != '-' || text[52] != '-') return false;
    auto const trace = text.substr(3, 32);
    auto const span = text.substr(36, 16);
    bool const is_all_hex = is_hex(trace) && is_hex(span) && is_hex(text.substr(53));
    auto const is_zero = [](std::string_view id) {
        return id.find_first_not_of('0') == std::string_view::npos;
    };
    return is_all_hex && !is_zero(trace) && !is_zero(span);
}

/// Logged here, where an Error stops travelling.
void log_failure(ServerExchange& exchange, std::string_view op, Error const& error) {
    auto const status = exchange.status();
    if (status < 500 || error.code == Errc::cancelled) {
        LOG_DEBUG(
            "request refused",
            kv(exchange.context()),
            kv("op", op),
            kv("status", status),
            kv("error", error)
        );
    } else if (error.code == Errc::unavailable || error.code == Errc::exhausted) {
        LOG_WARN("request failed", kv(exchange.context()), kv("op", op), kv("error", error));
    } else {
        LOG_ERROR("request failed", kv(exchange.context()), kv("op", op), kv("error", error));
    }
}

}  // namespace

HttpConnection::HttpConnection(Parts parts, std::shared_ptr<WatchedStream> stream)
    : parts_(std::move(parts)),
      clock_(*parts_.server.clock),
      options_(*parts_.options),
      stream_(std::move(stream)),
      input_(*stream_) {
    stream_->limit_write(options_.body_timeout);
}

Task<void> HttpConnection::run() {
    while (true) {
        auto const goes_on = co_await serve_one();
        if (!goes_on.value_or(false)) break;
    }
    co_return Result<void>();
}

Task<void> HttpConnection::refuse(int status, std::string detail) {
    co_await refuse_head(status, std::move(detail));
    stream_->close();
    co_return Result<void>();
}

void HttpConnection::end_when_idle() {
    if (is_idle_) stream_->interrupt_read();
}

/// False: this was the last one.
Task<bool> HttpConnection::serve_one() {
    CO_TRY(auto head, co_await read_head());
    if (!head || *parts_.is_stopping) {
        stream_->close();
        co_return false;
    }
    co_return co_await handle(*std::move(head));
}

/// nullopt: the connection has ended, or was refused.
Task<std::optional<HttpRequestHead>> HttpConnection::read_head() {
    bool has_begun = false;
    stream_->limit_read(options_.idle_timeout);
    while (true) {
        auto parsed = parse_request_head(input_.buffered(), options_.header_bytes_max);
        if (!parsed) {
            CO_TRY_OK(co_await refuse_head(parsed.error().status, parsed.error().detail));
            co_return std::nullopt;
        }
        if (*parsed) {
            stream_->read_until(Duration(0));
            input_.consume((*parsed)->size_bytes);
            co_return *std::move(parsed);
        }
        if (!has_begun && !input_.buffered().empty()) {
            has_begun = true;
            stream_->limit_read(Duration(0));
            stream_->read_until(clock_.steady() + options_.head_timeout);
        }
        is_idle_ = !has_begun;
        if (is_idle_ && *parts_.is_stopping) co_return std::nullopt;
        auto const more = co_await input_.more();
        is_idle_ = false;
        if (more.value_or(false)) continue;
        if (has_begun && stream_->is_late()) {
            CO_TRY_OK(co_await refuse_head(408, "the head of the request came too slowly"));
        } else if (has_begun && more) {
            CO_TRY_OK(co_await refuse_head(400, "the head of the request ended too early"));
        }
        co_return std::nullopt;
    }
}

Task<bool> HttpConnection::handle(HttpRequestHead head) {
    auto const started = clock_.steady();
    auto const in_before = stream_->bytes_in();
    auto const out_before = stream_->bytes_out();
    ServerExchange::Parts parts;
    parts.stream = stream_;
    parts.input = &input_;
    parts.clock = &clock_;
    parts.options = &options_;
    parts.is_stopping = parts_.is_stopping;
    parts.on_websocket = parts_.on_websocket;
    auto context = make_context(&head.request);
    ServerExchange exchange(std::move(parts), std::move(head), std::move(context));

    std::vector<std::string> captures;
    std::vector<std::string> allowed;
    auto const& request = exchange.request();
    auto const* const route =
        parts_.server.routes->find(request.method, request.path, captures, allowed);
    exchange.set_captures(std::move(captures));
    if (route != nullptr) {
        co_await answer(exchange, route);
    } else {
        co_await answer_without_route(exchange, std::move(allowed));
    }
    auto const ended = clock_.steady();
    auto const drained = co_await exchange.drain();
    if (parts_.server.observe) {
        HttpObservation seen;
        seen.op = route == nullptr ? no_route : std::string_view(route->op);
        seen.status = exchange.status();
        auto const first = exchange.first_byte_at();
        seen.first_byte = first == Duration(0) ? ended - started : first - started;
        seen.took = exchange.is_upgraded() ? seen.first_byte : ended - started;
        bool const is_http = !exchange.is_upgraded();
        seen.bytes_in = is_http ? exchange.body_bytes_in() : stream_->bytes_in() - in_before;
        seen.bytes_out = is_http ? exchange.body_bytes_out() : stream_->bytes_out() - out_before;
        parts_.server.observe(seen);
    }
    if (exchange.is_upgraded()) co_return false;
    if (!exchange.closes() && drained) co_return true;
    if (exchange.is_done()) co_await linger();
    stream_->close();
    co_return false;
}

Task<void> HttpConnection::answer(ServerExchange& exchange, HttpRoutes::Route const* route) {
    Result<void> result;
    try {  // the one place where a library's exception in a handler ends
        result = co_await route->handler(exchange);
    } catch (...) {
        result = std::unexpected(error_of(std::current_exception()));
    }
    if (result && !exchange.has_begun()) {
        result = fail(Errc::io, "the handler of {} gave no answer", route->op);
    }
    if (result && !exchange.is_done()) {
        result = fail(Errc::io, "the handler of {} did not end its answer", route->op);
    }
    if (result) co_return Result<void>();
    auto const sent = co_await exchange.fail_with(result.error());
    log_failure(exchange, route->op, result.error());
    co_return sent;
}

Task<void> HttpConnection::answer_without_route(
    ServerExchange& exchange, std::vector<std::string> allowed
) {
    auto const& request = exchange.request();
    bool const asks_for_options = request.method == "OPTIONS";
    if (allowed.empty() && !(asks_for_options && request.path == "*")) {
        auto const missing = fail(Errc::not_found, "nothing is at {}", request.path);
        co_return co_await exchange.fail_with(missing.error());
    }
    std::string allow = "OPTIONS";
    for (auto const& method : allowed) allow += ", " + method;
    if (asks_for_options) {
        HttpAnswer answer;
        answer.status = 204;
        answer.headers["Allow"] = allow;
        co_return co_await exchange.send(std::move(answer));
    }
    auto const refusal = fail(Errc::invalid, "{} is not for {}", request.method, request.path);
    auto answer = problem(refusal.error(), exchange.context(), 405);
    answer.headers["Allow"] = allow;
    co_return co_await exchange.send(std::move(answer));
}

/// A head that is none: answered as far as it can be, and nothing after it is believed.
Task<void> HttpConnection::refuse_head(int status, std::string detail) {
    auto const context = make_context(nullptr);
    auto const error = fail(Errc::invalid, "{}", detail);
    auto answer = problem(error.error(), context, status);
    answer.headers["Content-Length"] = std::to_string(answer.body.size());
    answer.headers["Connection"] = "close";
    answer.headers["Date"] = http_date(clock_.now());
    answer.headers["X-Request-Id"] = context.request_id;
    auto const head = write_answer_head(answer.status, answer.headers);
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(head));
    parts.push_back(as_bytes(answer.body));
    CO_TRY_OK(co_await write_all(*stream_, std::move(parts)));
    if (parts_.server.observe) {
        HttpObservation seen;
        seen.op = no_route;
        seen.status = answer.status;
        seen.bytes_out = head.size() + answer.body.size();
        parts_.server.observe(seen);
    }
    co_return co_await linger();
}

/// Closing while the peer still sends would reset the connection, and the answer with it. So: no
/// more from us, then read on, for a while and up to a limit, until the peer ends.
Task<void> HttpConnection::linger() {
    stream_->shutdown_send();
    stream_->limit_read(linger_stall);
    stream_->read_until(clock_.steady() + options_.body_timeout);
    Bytes piece(linger_piece_bytes);
    std::size_t left = options_.drain_bytes_max;
    input_.take_rest();
    while (left != 0) {
        CO_TRY(auto const size, co_await read_some(*stream_, piece));
        if (size == 0) break;
        left -= std::min(left, size);
    }
    co_return Result<void>();
}

/// The client's own ids are kept when they have the right form, so that it finds its request again.
Context HttpConnection::make_context(HttpRequest const* request) {
    Context context;
    if (request != nullptr) {
        auto const id = header_of(*request, "X-Request-Id");
        auto const trace = header_of(*request, "traceparent");
        if (id.size() == 16 && is_hex(id)) context.request_id = id;
        if (is_traceparent(trace)) context.traceparent = trace;
    }
    if (context.request_id.empty()) {
        context.request_id = fmt::format("{:016x}", parts_.server.random->next());
    }
    return context;
}

}  // namespace disgrafs::wire
