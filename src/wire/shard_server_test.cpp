#include "wire/shard_server.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/random.hpp"
#include "wire/shard_messages.hpp"
#include "wire/testing/node.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string frame_text(Frame const& frame) { return std::string(as_text(write_frame(frame))); }

Frame get_frame(std::uint64_t request, std::uint64_t number) {
    return write_call(request, Context{}, Timestamp{}, test_get(number));
}

/// The next frame on a raw connection.
Task<Frame> read_frame(Stream& stream) {
    Bytes message(frame_head_bytes);
    CO_TRY(auto const head_size, co_await read_full(stream, message));
    CO_EXPECT(head_size == frame_head_bytes);
    auto const head = read_head(message);
    CO_EXPECT(head.has_value());
    message.resize(frame_head_bytes + head->control_bytes + head->payload_bytes);
    auto const rest = std::span(message).subspan(frame_head_bytes);
    CO_TRY(auto const rest_size, co_await read_full(stream, rest));
    CO_EXPECT(rest_size == rest.size());
    co_return parse_frame(std::move(message));
}

Task<void> put_and_read(Node& node) {
    auto const client = node.client();
    for (std::size_t const size : {std::size_t{1}, std::size_t{65537}, payload_bytes_max}) {
        auto put = test_put(size, size);
        auto const payload = put.payload;
        auto const context = node.context(seconds(5));
        CO_TRY(auto const receipt, co_await client->put(context, std::move(put)));
        CO_EXPECT(receipt.size_bytes == size);
        CO_EXPECT(node.shards.last_context.request_id == context.request_id);
        CO_TRY(auto const range, co_await client->get(context, test_get(size)));
        CO_EXPECT(range.payload == payload);
    }
    ListShards request;
    request.limit = 2;
    CO_TRY(auto const list, co_await client->list(nobody(), request));
    CO_EXPECT(list.entries.size() == 2 && list.more);
    CO_TRY_OK(co_await client->remove(nobody(), no_ticket(), test_shard(1)));
    auto const gone = co_await client->get(nobody(), test_get(1));
    CO_EXPECT(!gone && gone.error().code == Errc::not_found);
    co_return Result<void>();
}
TEST(ShardServer, PutGetListAndRemoveGoThroughOneConnection) { run_node_test<put_and_read>(); }
TEST(ShardServerOnLoopback, PutGetListAndRemoveGoThroughOneConnection) {
    run_node_test_on_loopback<put_and_read>();
}

Task<void> put_one(ShardService& client, std::uint64_t number, int& done) {
    CO_TRY_OK(co_await client.put(nobody(), test_put(number, 100 * number)));
    ++done;
    co_return Result<void>();
}

/// 100 calls over a server that works on 8 at a time: none is lost, none mixed up.
Task<void> many_at_once(Node& node) {
    auto const client = node.client();
    TaskGroup calls(node.loop.executor);
    int done = 0;
    for (std::uint64_t number = 1; number <= 100; ++number) {
        calls.spawn("test put", put_one(*client, number, done));
    }
    CO_TRY_OK(co_await calls.join());
    CO_EXPECT(done == 100);
    for (std::uint64_t number = 1; number <= 100; ++number) {
        CO_EXPECT(node.shards.shards[test_shard(number)] == test_put(number, 100 * number).payload);
    }
    co_return Result<void>();
}
TEST(ShardServer, ManyCallsShareAConnection) { run_node_test<many_at_once>(); }
TEST(ShardServerOnLoopback, ManyCallsShareAConnection) {
    run_node_test_on_loopback<many_at_once>();
}

Task<void> overtaking(Node& node) {
    auto const stream = co_await node.connect();
    CO_EXPECT(stream.has_value());
    node.shards.shut();
    auto const list = write_call(2, Context{}, Timestamp{}, ListShards{});
    auto const ping = Frame{.type = FrameType::ping, .request = 3};
    CO_TRY_OK(co_await send(**stream, frame_text(get_frame(1, 7))));
    CO_TRY_OK(co_await send(**stream, frame_text(list)));
    CO_TRY_OK(co_await send(**stream, frame_text(ping)));
    CO_TRY(auto const first, co_await read_frame(**stream));
    CO_TRY(auto const second, co_await read_frame(**stream));
    CO_EXPECT(first.request + second.request == 5 && first.request != 1 && second.request != 1);
    node.shards.open();
    CO_TRY(auto const last, co_await read_frame(**stream));
    CO_EXPECT(last.request == 1 && parse_failure(last).code == Errc::not_found);
    co_return Result<void>();
}
TEST(ShardServer, QuickAnswersOvertakeSlowOnes) { run_node_test<overtaking>(); }

/// What the node answers to raw bytes before it ends the connection.
Task<Frame> refusal_of(Node& node, std::string bytes) {
    CO_TRY(auto const stream, co_await node.connect());
    CO_TRY_OK(co_await send(*stream, bytes));
    CO_TRY(auto const frame, co_await read_frame(*stream));
    CO_TRY(auto const rest, co_await read_to_end(*stream));
    CO_EXPECT(rest.empty());
    co_return frame;
}

Task<void> wrong_heads(Node& node) {
    auto wrong_sum = frame_text(get_frame(1, 7));
    wrong_sum[40] = static_cast<char>(wrong_sum[40] ^ 1);
    CO_TRY(auto const corrupt, co_await refusal_of(node, wrong_sum));
    CO_EXPECT(corrupt.request == 0 && parse_failure(corrupt).code == Errc::corrupt);

    auto too_large = frame_text(get_frame(1, 7));
    too_large[23] = 1;  // a payload of 16 MiB and more
    CO_TRY(auto const large, co_await refusal_of(node, too_large));
    CO_EXPECT(large.request == 0 && parse_failure(large).code == Errc::invalid);

    CO_TRY(auto const other, co_await refusal_of(node, std::string(64, 'x')));
    CO_EXPECT(other.request == 0 && parse_failure(other).code == Errc::invalid);

    auto const twice = frame_text(get_frame(0, 7));
    CO_TRY(auto const zero, co_await refusal_of(node, twice));
    CO_EXPECT(zero.request == 0 && parse_failure(zero).code == Errc::invalid);
    CO_EXPECT(node.shards.shards.empty());
    co_return Result<void>();
}
TEST(ShardServer, FrameWithWrongHeadEndsTheConnectionWithAReason) { run_node_test<wrong_heads>(); }

Task<void> wrong_bodies(Node& node) {
    CO_TRY(auto const stream, co_await node.connect());
    auto put = write_call(1, Context{}, Timestamp{}, test_put(1, 1000));
    put.payload[10] ^= std::byte{1};
    CO_TRY_OK(co_await send(*stream, frame_text(put)));
    CO_TRY(auto const corrupt, co_await read_frame(*stream));
    CO_EXPECT(corrupt.request == 1 && parse_failure(corrupt).code == Errc::corrupt);

    auto checked =
        frame_text(Frame{.type = FrameType{0x33}, .request = 2, .payload = to_bytes("something")});
    CO_TRY_OK(co_await send(*stream, checked));
    CO_TRY(auto const unknown, co_await read_frame(*stream));
    CO_EXPECT(unknown.request == 2 && parse_failure(unknown).code == Errc::invalid);

    checked.back() = 'G';
    CO_TRY_OK(co_await send(*stream, checked));
    CO_TRY(auto const sum, co_await read_frame(*stream));
    CO_EXPECT(sum.request == 2 && parse_failure(sum).code == Errc::corrupt);

    auto garbled = get_frame(3, 7);
    garbled.control.pop_back();
    CO_TRY_OK(co_await send(*stream, frame_text(garbled)));
    CO_TRY(auto const invalid, co_await read_frame(*stream));
    CO_EXPECT(invalid.request == 3 && parse_failure(invalid).code == Errc::invalid);

    CO_TRY_OK(co_await send(*stream, frame_text(get_frame(4, 7))));
    CO_TRY(auto const still, co_await read_frame(*stream));
    CO_EXPECT(still.request == 4 && parse_failure(still).code == Errc::not_found);
    CO_EXPECT(node.shards.shards.empty());
    co_return Result<void>();
}
TEST(ShardServer, WrongMessageFailsAloneAndTheConnectionGoesOn) { run_node_test<wrong_bodies>(); }

Task<void> slow_sender(Node& node) {
    CO_TRY(auto const stream, co_await node.connect());
    auto const whole = frame_text(write_call(1, Context{}, Timestamp{}, test_put(1, 1000)));
    CO_TRY_OK(co_await send(*stream, std::string_view(whole).substr(0, whole.size() - 1)));
    auto const start = node.loop.clock->steady();
    auto const rest = co_await read_to_end(*stream);  // cut, with or without a reset
    CO_EXPECT(node.loop.clock->steady() - start < seconds(10));
    CO_EXPECT(node.shards.shards.empty());
    co_return Result<void>();
}
TEST(ShardServer, SenderThatStopsWithinAFrameIsCut) { run_node_test<slow_sender>(); }

/// A peer asks for 100 shards of 1 MiB at once: the node works on so many as there is room for
/// (a get may need 4 MiB, 8 MiB are this connection's), and all are answered in the end.
Task<void> asks_for_much(Node& node) {
    node.shards.shards[test_shard(1)] = test_put(1, 1U << 20U).payload;
    CO_TRY(auto const stream, co_await node.connect());
    std::string all;
    for (std::uint64_t request = 1; request <= 100; ++request) {
        all += frame_text(get_frame(request, 1));
    }
    node.shards.shut();
    CO_TRY_OK(co_await send(*stream, all));
    CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(100)));
    CO_EXPECT(node.shards.waiting == 2);
    node.shards.open();
    for (int i = 0; i < 100; ++i) {
        CO_TRY(auto const frame, co_await read_frame(*stream));
        CO_EXPECT(frame.type == FrameType::get_done && frame.payload.size() == 1U << 20U);
    }
    co_return Result<void>();
}
TEST(ShardServer, WhatOneConnectionHoldsIsBounded) { run_node_test<asks_for_much>(); }
TEST(ShardServerOnLoopback, WhatOneConnectionHoldsIsBounded) {
    run_node_test_on_loopback<asks_for_much>();
}

Task<void> never_reads(Node& node) {
    node.shards.shards[test_shard(1)] = test_put(1, payload_bytes_max).payload;
    CO_TRY(auto const stream, co_await node.connect());
    std::string all;
    for (std::uint64_t request = 1; request <= 8; ++request) {
        all += frame_text(get_frame(request, 1));
    }
    CO_TRY_OK(co_await send(*stream, all));
    CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(800)));
    std::size_t size = 0;
    Bytes piece(1U << 20U);
    while (true) {
        auto const got = co_await read_some(*stream, piece);
        if (!got || *got == 0) break;
        size += *got;
    }
    CO_EXPECT(size < 8 * payload_bytes_max);
    co_return Result<void>();
}
TEST(ShardServer, PeerThatNeverReadsIsCut) { run_node_test<never_reads>(); }

Task<void> cancelled_get(Node& node) {
    node.shards.shards[test_shard(1)] = test_put(1, 1U << 20U).payload;
    CO_TRY(auto const stream, co_await node.connect());
    node.shards.shut();
    auto const cancel = Frame{.type = FrameType::cancel, .request = 1};
    auto const ping = Frame{.type = FrameType::ping, .request = 2};
    CO_TRY_OK(co_await send(*stream, frame_text(get_frame(1, 1)) + frame_text(cancel)));
    CO_TRY_OK(co_await send(*stream, frame_text(ping)));
    CO_TRY(auto const pong, co_await read_frame(*stream));
    CO_EXPECT(pong.type == FrameType::pong);
    node.shards.open();
    CO_TRY_OK(co_await send(*stream, frame_text(get_frame(3, 99))));
    CO_TRY(auto const next, co_await read_frame(*stream));
    CO_EXPECT(next.request == 3);
    co_return Result<void>();
}
TEST(ShardServer, CancelledRequestIsNotAnswered) { run_node_test<cancelled_get>(); }

Task<void> stop_gracefully(Node& node) {
    auto const client = node.client();
    node.shards.shut();
    int done = 0;
    TaskGroup calls(node.loop.executor);
    calls.spawn("test put", put_one(*client, 1, done));
    while (node.shards.waiting == 0) CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(1)));
    TaskGroup stopping(node.loop.executor);
    stopping.spawn("test stop", node.server->stop(seconds(5)));
    CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(20)));
    CO_EXPECT(done == 0);
    node.shards.open();
    CO_TRY_OK(co_await calls.join());
    CO_EXPECT(done == 1);
    CO_TRY_OK(co_await stopping.join());
    co_return Result<void>();
}
TEST(ShardServer, StopLetsRunningRequestsBeAnswered) { run_node_test<stop_gracefully>(); }

Task<void> stop_hard(Node& node) {
    auto const client = node.client();
    node.shards.shut();
    TaskGroup calls(node.loop.executor);
    int done = 0;
    calls.spawn("test put", put_one(*client, 1, done));
    while (node.shards.waiting == 0) CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(1)));
    auto const start = node.loop.clock->steady();
    CO_TRY_OK(co_await node.server->stop(milliseconds(50)));
    CO_EXPECT(node.loop.clock->steady() - start < seconds(5));
    CO_TRY_OK(co_await calls.join());
    CO_EXPECT(done == 0 && node.shards.shards.empty());
    co_return Result<void>();
}
TEST(ShardServer, StopCutsWhatDoesNotEndInTime) { run_node_test<stop_hard>(); }

// Frames in the binary messages of a browser's WebSocket.

Task<void> serve_page(Node& node, HttpExchange& exchange) {
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    co_return co_await node.server->serve_websocket(*socket);
}

Task<Frame> ask(WebSocket& socket, Frame const& frame) {
    CO_TRY_OK(co_await socket.send_binary(write_frame(frame)));
    CO_TRY(auto message, co_await socket.receive());
    CO_EXPECT(!message.is_text);
    co_return parse_frame(std::move(message.data));
}

Task<void> talk_as_page(Node& node, WebSocket& socket) {
    auto put = write_call(1, Context{}, Timestamp{}, test_put(7, payload_bytes_max));
    CO_TRY(auto const receipt, co_await ask(socket, put));
    CO_EXPECT(receipt.request == 1 && receipt.type == FrameType::put_done);
    CO_TRY(auto const range, co_await ask(socket, get_frame(2, 7)));
    CO_EXPECT(range.type == FrameType::get_done);
    CO_EXPECT(range.payload == test_put(7, payload_bytes_max).payload);
    put.request = 3;
    put.payload[5] ^= std::byte{1};
    CO_TRY(auto const corrupt, co_await ask(socket, put));
    CO_EXPECT(corrupt.request == 3 && parse_failure(corrupt).code == Errc::corrupt);
    CO_EXPECT(node.shards.shards[test_shard(7)] == test_put(7, payload_bytes_max).payload);

    CO_TRY_OK(co_await socket.send_text("no frame"));
    CO_TRY(auto message, co_await socket.receive());
    CO_TRY(auto const refusal, parse_frame(std::move(message.data)));
    CO_EXPECT(refusal.request == 0 && parse_failure(refusal).code == Errc::invalid);
    auto const closed = co_await socket.receive();
    CO_EXPECT(!closed && closed.error().code == Errc::cancelled);
    co_return Result<void>();
}

/// A node's web door, and a page that has opened its socket there.
template <Task<void> (*body)(Node&, WebSocket&)>
Task<void> with_page(Node& node) {
    auto const random = make_seeded_random(1);
    HttpRoutes routes;
    routes.add("GET", "/shards", "shards", [&node](HttpExchange& exchange) {
        return serve_page(node, exchange);
    });
    HttpServerParts parts;
    parts.executor = node.loop.executor;
    parts.clock = node.loop.clock;
    parts.random = random.get();
    parts.routes = &routes;
    auto const web = make_http_server(parts);
    Address const any{.host = "127.0.0.1", .port = 0};
    CO_TRY(auto const listener, node.loop.network->listen(any));
    node.loop.tasks.spawn("test accept", web->accept_from(*listener));
    auto const client = make_http_client(*node.loop.network, *node.loop.clock);
    auto const url = "ws://" + listener->address().text() + "/shards";
    CO_TRY(auto const socket, co_await client->connect_websocket(url, Headers()));
    auto const talked = co_await body(node, *socket);
    CO_TRY_OK(co_await web->stop(seconds(1)));
    co_return talked;
}
TEST(ShardServer, FramesTravelInWebSocketMessages) { run_node_test<with_page<talk_as_page>>(); }

Task<void> stop_with_page(Node& node, WebSocket& socket) {
    CO_TRY(auto const missing, co_await ask(socket, get_frame(1, 7)));
    CO_EXPECT(parse_failure(missing).code == Errc::not_found);
    TaskGroup stopping(node.loop.executor);
    stopping.spawn("test stop", node.server->stop(seconds(5)));
    auto const closed = co_await socket.receive();
    CO_EXPECT(!closed && closed.error().code == Errc::cancelled);
    co_return co_await stopping.join();
}
TEST(ShardServer, StopSaysGoodbyeToPages) { run_node_test<with_page<stop_with_page>>(); }

}  // namespace
}  // namespace disgrafs::wire
