#pragma once

/// \file wire/http.hpp  One HTTP/1.1 exchange as module code sees it; Beast stays behind it.
///
/// The server reads the head, finds the route, and calls a handler with an HttpExchange. The
/// handler reads the body in pieces (or not: what it leaves is drained up to a limit, so that the
/// client can read the answer) and answers once: send() for a whole answer in one write, or
/// begin()/write()/ end() for a stream. A handler that fails before it answered gets its Error
/// turned into problem details (RFC 9457) by the server.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/context.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task.hpp"

namespace disgrafs::wire {

struct HeaderLess {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;  ///< ASCII, case ignored.
};
using Headers = std::map<std::string, std::string, HeaderLess>;

struct HttpRequest {
    std::string method;                        ///< Upper case.
    std::string path;                          ///< Raw: still percent-encoded, without query.
    std::map<std::string, std::string> query;  ///< Decoded; the last of equal names wins.
    Headers headers;
    std::optional<std::uint64_t> content_length;  ///< nullopt: chunked. No body: 0.
    Address peer;
    bool is_secure = false;             ///< Came over TLS.
    std::vector<std::string> captures;  ///< What the route's {…} matched, decoded.
};

struct HttpAnswer {
    int status = 200;
    Headers headers;
    std::string body;
};

class WebSocket {
 public:
    struct Message {
        bool is_text = true;
        Bytes data;
    };
    virtual ~WebSocket() = default;
    /// The next whole message (at most the limit of the server's options). Errors: cancelled
    /// (closed by either side), exhausted (too large), unavailable.
    virtual Task<Message> receive() = 0;
    /// One at a time per socket; callers queue. Errors: cancelled, unavailable.
    virtual Task<void> send_text(std::string text) = 0;
    virtual Task<void> send_binary(Bytes data) = 0;
    virtual Task<void> close(std::uint16_t code, std::string reason) = 0;
};

class HttpExchange {
 public:
    virtual ~HttpExchange() = default;
    [[nodiscard]] virtual HttpRequest const& request() const = 0;
    virtual Context& context() = 0;

    /// The next piece of the body, at most `size_max` bytes; empty at its end. Sends 100-continue
    /// when the client waits for it. Errors: invalid (truncated or malformed), cancelled.
    virtual Task<Bytes> read_body(std::size_t size_max) = 0;
    /// The whole body. Errors: exhausted above `limit_bytes`, those of read_body.
    virtual Task<std::string> read_all(std::size_t limit_bytes) = 0;

    /// Head and body in one write. Adds Content-Length, Date, X-Request-Id.
    virtual Task<void> send(HttpAnswer answer) = 0;
    /// Head of a streamed answer; no length means chunked.
    virtual Task<void> begin(HttpAnswer head, std::optional<std::uint64_t> length) = 0;
    virtual Task<void> write(Bytes piece) = 0;
    virtual Task<void> end() = 0;
    [[nodiscard]] virtual bool has_begun() const = 0;

    /// Errors: invalid (not an upgrade request).
    virtual Task<std::unique_ptr<WebSocket>> accept_websocket() = 0;
};

using HttpHandler = std::function<Task<void>(HttpExchange&)>;

/// Routes by method and pattern. "/api/v1/folders/{path*}" captures the rest, "{id}" one segment.
/// The most specific pattern wins. A path that exists under other methods answers 405 with Allow.
class HttpRoutes {
 public:
    /// `op` labels metrics and traces: a word from a closed set ("put", "get", "list" …).
    void add(std::string method, std::string pattern, std::string op, HttpHandler handler);

    struct Route {
        std::string method;
        std::string pattern;
        std::string op;
        HttpHandler handler;
    };
    [[nodiscard]] std::vector<Route> const& all() const { return routes_; }
    /// nullptr and the methods allowed for this path (empty: no such path).
    Route const* find(
        std::string_view method,
        std::string_view path,
        std::vector<std::string>& captures,
        std::vector<std::string>& allowed
    ) const;

 private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> patterns_;  ///< The segments of each, in the same order.
};

/// Status and JSON body of an Error: {type, title, status, detail, code, request_id, hint}.
/// (RFC 9457; docs/errors.md.) `status` 0: status_of(code); else that one (401, 412, 416 …).
HttpAnswer problem(Error const& error, Context const& context, int status = 0);
int status_of(Errc code);

struct HttpServerOptions {
    std::size_t header_bytes_max = 16U << 10U;  ///< Above: 431.
    std::size_t connections_max = 4096;         ///< Above: 503 and close.
    std::size_t drain_bytes_max = 64U << 20U;   ///< Unread body that is drained before closing.
    std::size_t websocket_message_bytes_max = 8U << 20U;
    Duration head_timeout = std::chrono::seconds(30);  ///< From the first byte to the whole head.
    Duration idle_timeout = std::chrono::seconds(75);  ///< Between requests.
    Duration body_timeout = std::chrono::seconds(60);  ///< Without any byte.
};

/// Observes each finished exchange (metrics, log): op, status, seconds, bytes in and out.
struct HttpObservation {
    std::string_view op;
    int status = 0;
    Duration took{0};
    Duration first_byte{0};
    std::uint64_t bytes_in = 0;  ///< Of the body; after an upgrade, all that came.
    std::uint64_t bytes_out = 0;
};

/// Serves connections of one or more listeners until stop().
class HttpServer {
 public:
    virtual ~HttpServer() = default;
    /// Serve `stream` (already accepted; `first` was read from it) to its end.
    virtual Task<void> serve(std::unique_ptr<Stream> stream, Bytes first) = 0;
    /// Accept from `listener` until stop().
    virtual Task<void> accept_from(Listener& listener) = 0;
    /// Refuse new requests, let running ones end for up to `grace`, then cut them.
    virtual Task<void> stop(Duration grace) = 0;
};
class TlsContext;  // wire/tls.hpp

struct HttpServerParts {
    boost::asio::any_io_executor executor;
    Clock* clock = nullptr;
    Random* random = nullptr;
    HttpRoutes const* routes = nullptr;
    std::function<void(HttpObservation const&)> observe;
    /// When set, TLS and plain HTTP share the port, and plain HTTP is only for this machine itself.
    std::shared_ptr<TlsContext const> tls = nullptr;
};
std::unique_ptr<HttpServer> make_http_server(HttpServerParts parts, HttpServerOptions options = {});

/// One request to "http://host:port/path?query"; a pool keeps idle connections per address.
struct HttpCall {
    std::string method = "GET";
    std::string url;
    Headers headers;
    std::string body;                             ///< Sent with Content-Length, or …
    std::function<Task<Bytes>()> body_source;     ///< … pieces until an empty one,
    std::optional<std::uint64_t> body_length;     ///< of this length; unknown: chunked.
    std::function<Task<void>(Bytes)> body_sink;   ///< Gets a 2xx answer's body in pieces.
    std::size_t answer_bytes_max = 64U << 20U;    ///< Without a sink.
    Duration timeout = std::chrono::seconds(60);  ///< Without any progress.
};
class HttpClient {
 public:
    virtual ~HttpClient() = default;
    /// Any status is an answer. Errors: unavailable, invalid (url or answer), cancelled, exhausted.
    virtual Task<HttpAnswer> call(HttpCall call) = 0;
    virtual Task<std::unique_ptr<WebSocket>> connect_websocket(
        std::string url, Headers headers
    ) = 0;
};
/// `tls`: whom to believe for https and wss; without it, these URLs are invalid.
std::unique_ptr<HttpClient> make_http_client(
    Network& network, Clock& clock, std::shared_ptr<TlsContext const> tls = nullptr
);

}  // namespace disgrafs::wire
