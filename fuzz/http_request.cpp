/// \file fuzz/http_request.cpp  A whole HTTP server in a simulated world, and a client that sends
/// whatever it likes: heads, bodies, chunks, WebSocket frames, pipelined, cut anywhere.
///
/// The server must answer or close, and a head that is read must be the same however it arrives.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "wire/http.hpp"
#include "wire/http/body.hpp"
#include "wire/http/head.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t head_limit = 16U << 10U;

Task<void> count(HttpExchange& exchange) {
    std::size_t size = 0;
    while (true) {
        CO_TRY(auto const piece, co_await exchange.read_body(1000));
        if (piece.empty()) break;
        size += piece.size();
    }
    HttpAnswer answer;
    answer.body = std::to_string(size);
    co_return co_await exchange.send(std::move(answer));
}

Task<void> echo(HttpExchange& exchange) {
    CO_TRY(auto body, co_await exchange.read_all(100));
    CO_TRY_OK(co_await exchange.begin(HttpAnswer(), std::nullopt));
    CO_TRY_OK(co_await exchange.write(to_bytes(body)));
    co_return co_await exchange.end();
}

Task<void> refuse(HttpExchange&) { co_return fail(Errc::denied, "no"); }

Task<void> talk(HttpExchange& exchange) {
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    while (true) {
        CO_TRY(auto message, co_await socket->receive());
        CO_TRY_OK(co_await socket->send_binary(std::move(message.data)));
    }
}

HttpRoutes const& some_routes() {
    static HttpRoutes const routes = [] {
        HttpRoutes made;
        made.add("PUT", "/count", "count", count);
        made.add("POST", "/echo/{path*}", "echo", echo);
        made.add("PUT", "/refuse", "refuse", refuse);
        made.add("GET", "/ws", "ws", talk);
        return made;
    }();
    return routes;
}

Task<void> read_and_drop(Stream& stream) {
    Bytes piece(4096);
    while (true) {
        CO_TRY(auto const size, co_await read_some(stream, piece));
        if (size == 0) co_return Result<void>();
    }
}

Task<void> send_and_end(Stream& stream, ByteView bytes) {
    auto const half = bytes.size() / 2;
    std::vector<ByteView> first;
    first.push_back(bytes.first(half));
    CO_TRY_OK(co_await write_all(stream, std::move(first)));
    std::vector<ByteView> second;
    second.push_back(bytes.subspan(half));
    CO_TRY_OK(co_await write_all(stream, std::move(second)));
    stream.shutdown_send();
    co_return Result<void>();
}

Task<void> serve_one(SimWorld& world, ByteView bytes) {
    HttpServerParts parts;
    parts.executor = world.executor();
    parts.clock = &world.clock();
    parts.random = &world.random();
    parts.routes = &some_routes();
    HttpServerOptions options;
    options.websocket_message_bytes_max = 1000;
    auto const server = make_http_server(parts, options);
    auto& network = world.network("here");
    CO_TRY(auto const listener, network.listen(Address{.host = "127.0.0.1", .port = 0}));
    TaskGroup tasks(world.executor());
    tasks.spawn("accept", server->accept_from(*listener));
    CO_TRY(
        auto const client, co_await network.connect(listener->address(), std::chrono::seconds(1))
    );
    tasks.spawn("read", read_and_drop(*client));
    auto const sent = co_await send_and_end(*client, bytes);
    CO_TRY_OK(co_await world.clock().sleep(std::chrono::seconds(1)));
    CO_TRY_OK(co_await server->stop(std::chrono::seconds(1)));
    co_return co_await tasks.join();
}

/// A head is the same whether it came whole or grew; before its end it is none.
void check_prefixes(ByteView bytes) {
    auto const whole = parse_request_head(bytes, head_limit);
    if (!whole || !*whole) return;
    auto const size = (*whole)->size_bytes;
    DISGRAFS_ASSERT(size <= bytes.size(), "a head of {} in {} bytes", size, bytes.size());
    for (auto const cut : {size - 1, size / 2}) {
        auto const part = parse_request_head(bytes.first(cut), head_limit);
        DISGRAFS_ASSERT(!part || !*part, "{} of {} bytes are a head already", cut, size);
    }
    auto const alone = parse_request_head(bytes.first(size), head_limit);
    DISGRAFS_ASSERT(alone && *alone, "the head needs what follows it");
    DISGRAFS_ASSERT((*alone)->request.path == (*whole)->request.path, "another path");
}

}  // namespace
}  // namespace disgrafs::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    start_log(LogLevel::off, "fuzz");
    auto const bytes = std::as_bytes(std::span(data, size));
    wire::check_prefixes(bytes);
    static_cast<void>(wire::parse_answer_head(bytes, wire::head_limit));
    static_cast<void>(wire::parse_chunk_size(as_text(bytes)));
    SimWorld world(1);
    auto const served = world.run(wire::serve_one(world, bytes));
    DISGRAFS_ASSERT(served, "{}", served.error().message);
    return 0;
}
