#pragma once

/// \file wire/testing/site.hpp  An HTTP server on loopback with handlers of every kind: tests only.

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "io/random.hpp"
#include "io/wake.hpp"
#include "wire/http.hpp"
#include "wire/testing/loop.hpp"

namespace disgrafs::wire {

struct Site {
    Site(
        TestLoop& test_loop,
        HttpServerOptions options,
        std::shared_ptr<TlsContext const> tls = nullptr
    )
        : loop(test_loop), random(make_seeded_random(1)), gate(loop.executor) {
        add_routes();
        auto listening = loop.network->listen(Address{.host = "127.0.0.1", .port = 0});
        EXPECT_TRUE(listening);
        listener = *std::move(listening);
        HttpServerParts parts;
        parts.executor = loop.executor;
        parts.clock = loop.clock;
        parts.random = random.get();
        parts.routes = &routes;
        parts.observe = [this](HttpObservation const& seen) {
            seen_ops.emplace_back(std::string(seen.op) + " " + std::to_string(seen.status));
            last_seen = seen;
        };
        parts.tls = std::move(tls);
        server = make_http_server(parts, options);
        loop.tasks.spawn("test accept", server->accept_from(*listener));
    }

    [[nodiscard]] std::string url(std::string_view path) const {
        return "http://" + listener->address().text() + std::string(path);
    }
    Task<std::unique_ptr<Stream>> connect() {
        return loop.network->connect(listener->address(), std::chrono::seconds(2));
    }
    /// Everything that the server sends to `request` until it closes.
    Task<std::string> all_of(std::string request) {
        CO_TRY(auto const stream, co_await connect());
        CO_TRY_OK(co_await send(*stream, request));
        co_return co_await read_to_end(*stream);
    }

    TestLoop& loop;
    std::unique_ptr<Random> random;
    HttpRoutes routes;
    std::unique_ptr<Listener> listener;
    std::unique_ptr<HttpServer> server;
    Wake gate;
    std::vector<std::string> seen_ops;
    HttpObservation last_seen;
    std::uint64_t counted = 0;  ///< Bytes of the last PUT /count.
    std::size_t largest_piece = 0;
    int waiting = 0;

 private:
    static HttpAnswer text_answer(int status, std::string body) {
        HttpAnswer answer;
        answer.status = status;
        answer.headers["Content-Type"] = "text/plain";
        answer.body = std::move(body);
        return answer;
    }

    using Handler = Task<void> (*)(Site&, HttpExchange&);
    void add(char const* method, char const* pattern, char const* op, Handler handler) {
        routes.add(method, pattern, op, [this, handler](HttpExchange& exchange) {
            return handler(*this, exchange);
        });
    }

    void add_routes() {
        add("GET", "/hello", "hello", [](Site&, HttpExchange& exchange) -> Task<void> {
            co_return co_await exchange.send(text_answer(200, "hello"));
        });
        add("PUT", "/count", "count", [](Site& site, HttpExchange& exchange) -> Task<void> {
            site.counted = 0;
            while (true) {
                CO_TRY(auto const piece, co_await exchange.read_body(1U << 20U));
                if (piece.empty()) break;
                site.counted += piece.size();
                site.largest_piece = std::max(site.largest_piece, piece.size());
            }
            co_return co_await exchange.send(text_answer(200, std::to_string(site.counted)));
        });
        add("POST", "/echo", "echo", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY(auto body, co_await exchange.read_all(1000));
            co_return co_await exchange.send(text_answer(200, std::move(body)));
        });
        add("GET", "/stream/{size}", "stream", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY(auto left, parse_number(exchange.request().captures[0]));
            CO_TRY_OK(co_await exchange.begin(HttpAnswer(), left));
            while (left != 0) {
                Bytes piece(std::min<std::uint64_t>(left, 1U << 20U), std::byte{'x'});
                left -= piece.size();
                CO_TRY_OK(co_await exchange.write(std::move(piece)));
            }
            co_return co_await exchange.end();
        });
        add("GET", "/chunks", "chunks", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY_OK(co_await exchange.begin(HttpAnswer(), std::nullopt));
            CO_TRY_OK(co_await exchange.write(to_bytes("one")));
            CO_TRY_OK(co_await exchange.write(to_bytes("")));
            CO_TRY_OK(co_await exchange.write(to_bytes("two")));
            co_return co_await exchange.end();
        });
        add("GET", "/fail", "fail", [](Site&, HttpExchange&) -> Task<void> {
            co_return fail(Errc::conflict, "somebody else was first");
        });
        add("GET", "/io", "io", [](Site&, HttpExchange&) -> Task<void> {
            co_return fail(Errc::io, "open /secret/path: EACCES");
        });
        add("GET", "/throw", "throw", [](Site&, HttpExchange&) -> Task<void> {
            co_return fail(Errc::io, "{}", std::vector<int>().at(7));
        });
        add("GET", "/silent", "silent", [](Site&, HttpExchange&) -> Task<void> {
            co_return Result<void>();
        });
        add("GET", "/short", "short", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY_OK(co_await exchange.begin(HttpAnswer(), 10));
            CO_TRY_OK(co_await exchange.write(to_bytes("five.")));
            co_return co_await exchange.end();
        });
        add("GET", "/break", "break", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY_OK(co_await exchange.begin(HttpAnswer(), std::nullopt));
            CO_TRY_OK(co_await exchange.write(to_bytes("part")));
            co_return fail(Errc::corrupt, "the rest is damaged");
        });
        add("PUT", "/refuse", "refuse", [](Site&, HttpExchange&) -> Task<void> {
            co_return fail(Errc::denied, "not yours");
        });
        add("GET", "/ids", "ids", [](Site&, HttpExchange& exchange) -> Task<void> {
            auto const& context = exchange.context();
            auto const body = context.request_id + " " + context.traceparent;
            co_return co_await exchange.send(text_answer(200, body));
        });
        add("GET", "/nothing", "nothing", [](Site&, HttpExchange& exchange) -> Task<void> {
            co_return co_await exchange.send(text_answer(204, ""));
        });
        add("GET", "/wait", "wait", [](Site& site, HttpExchange& exchange) -> Task<void> {
            ++site.waiting;
            CO_TRY_OK(co_await site.gate.wait());
            co_return co_await exchange.send(text_answer(200, "waited"));
        });
        add("GET", "/ws", "ws", [](Site&, HttpExchange& exchange) -> Task<void> {
            CO_TRY(auto const socket, co_await exchange.accept_websocket());
            while (true) {
                CO_TRY(auto message, co_await socket->receive());
                if (message.is_text) {
                    CO_TRY_OK(co_await socket->send_text(std::string(as_text(message.data))));
                } else {
                    CO_TRY_OK(co_await socket->send_binary(std::move(message.data)));
                }
            }
        });
    }
};

using SiteTest = Task<void> (*)(Site&);

template <SiteTest body>
Task<void> with_site(TestLoop& loop) {
    using std::chrono::milliseconds;
    HttpServerOptions options;
    options.head_timeout = milliseconds(200);
    options.idle_timeout = milliseconds(600);
    options.body_timeout = milliseconds(300);
    options.connections_max = 20;
    options.drain_bytes_max = 1U << 20U;
    options.websocket_message_bytes_max = 1U << 20U;
    Site site(loop, options);
    auto const result = co_await body(site);
    site.gate.notify();
    co_await site.server->stop(std::chrono::seconds(1));
    co_await loop.tasks.stop();
    co_return result;
}

template <SiteTest body>
void run_site_test() {
    run_test(with_site<body>);
}
template <SiteTest body>
void run_site_test_on_loopback() {
    run_on_loopback(with_site<body>);
}

}  // namespace disgrafs::wire
