#include "wire/http/websocket.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/testing/site.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Task<std::unique_ptr<WebSocket>> open(HttpClient& client, Site const& site) {
    Headers headers;
    headers["Authorization"] = "Bearer x";
    return client.connect_websocket(site.url("/ws"), std::move(headers));
}

Task<void> echo(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const socket, co_await open(*client, site));
    for (std::size_t const size : {0UL, 1UL, 125UL, 126UL, 65535UL, 65536UL, 1UL << 20U}) {
        CO_TRY_OK(co_await socket->send_text(std::string(size, 'x')));
        CO_TRY(auto const text, co_await socket->receive());
        CO_EXPECT(text.is_text && text.data.size() == size);
        Bytes const data(size, std::byte{0xFE});
        CO_TRY_OK(co_await socket->send_binary(data));
        CO_TRY(auto const binary, co_await socket->receive());
        CO_EXPECT(!binary.is_text && binary.data == data);
    }
    CO_TRY_OK(co_await socket->close(1000, "done"));
    auto const closed = co_await socket->receive();
    CO_EXPECT(!closed && closed.error().code == Errc::cancelled);
    while (site.seen_ops.empty()) CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(1)));
    EXPECT_THAT(site.seen_ops, ElementsAre("ws 101"));
    co_return Result<void>();
}
TEST(WebSocket, EchoesTextAndBinaryOfEverySize) { run_site_test<echo>(); }
TEST(WebSocketOnLoopback, EchoesTextAndBinaryOfEverySize) { run_site_test_on_loopback<echo>(); }

Task<void> send_one(WebSocket& socket, int number) {
    return socket.send_text(std::to_string(number) + std::string(10'000, 'x'));
}

Task<void> many_senders(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const socket, co_await open(*client, site));
    TaskGroup senders(site.loop.executor);
    for (int i = 0; i < 50; ++i) senders.spawn("test send", send_one(*socket, i));
    for (int i = 0; i < 50; ++i) {
        CO_TRY(auto const message, co_await socket->receive());
        EXPECT_THAT(std::string(as_text(message.data)), StartsWith(std::to_string(i) + "x"));
    }
    CO_TRY_OK(co_await senders.join());
    co_return Result<void>();
}
TEST(WebSocket, SendersQueue) { run_site_test<many_senders>(); }

Task<void> too_large(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const socket, co_await open(*client, site));
    Bytes large((1U << 20U) + 1);
    CO_TRY_OK(co_await socket->send_binary(std::move(large)));
    auto const closed = co_await socket->receive();
    CO_EXPECT(!closed && closed.error().code == Errc::cancelled);
    CO_TRY(auto const other, co_await open(*client, site));
    CO_TRY_OK(co_await other->send_text("still here"));
    CO_TRY(auto const message, co_await other->receive());
    EXPECT_EQ(as_text(message.data), "still here");
    co_return Result<void>();
}
TEST(WebSocket, TooLargeMessageEndsOnlyItsOwnConnection) { run_site_test<too_large>(); }
TEST(WebSocketOnLoopback, TooLargeMessageEndsOnlyItsOwnConnection) {
    run_site_test_on_loopback<too_large>();
}

/// The upgrade by hand, so that frames can be wrong.
Task<std::unique_ptr<Stream>> open_raw(Site& site, std::string_view early_frames = "") {
    CO_TRY(auto stream, co_await site.connect());
    auto const request = std::string("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n") +
                         "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                         std::string(early_frames);
    CO_TRY_OK(co_await send(*stream, request));
    std::string head;
    Bytes byte(1);
    while (!head.ends_with("\r\n\r\n")) {
        CO_TRY_OK(co_await read_some(*stream, byte));
        head += static_cast<char>(byte[0]);
    }
    EXPECT_THAT(head, StartsWith("HTTP/1.1 101 "));
    EXPECT_THAT(head, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    EXPECT_THAT(head, HasSubstr("X-Request-Id: "));
    co_return stream;
}

/// A frame of a client with the mask 0, so that its payload stands as it is.
std::string frame(std::uint8_t first_byte, std::string const& payload) {
    std::string text;
    text += static_cast<char>(first_byte);
    text += static_cast<char>(0x80U | payload.size());
    return text + std::string(4, '\0') + payload;
}

Task<void> early(Site& site) {
    CO_TRY(auto const stream, co_await open_raw(site, frame(0x81, "early")));
    Bytes echoed(7);
    CO_TRY_OK(co_await read_full(*stream, echoed));
    EXPECT_EQ(
        as_text(echoed),
        "\x81\x05"
        "early"
    );
    co_return Result<void>();
}
TEST(WebSocket, FrameThatCameWithTheRequestIsNotLost) { run_site_test<early>(); }

/// Each frame breaks a rule; the answer is a close frame with a code.
Task<void> wrong_frames(Site& site) {
    struct Case {
        std::string bytes;
        std::uint8_t code_low;
    };
    std::vector<Case> const cases{
        {frame(0x81, "\xFF\xFE"), 1007 & 0xFF},       // text that is not UTF-8
        {std::string("\x81\x02hi", 4), 1002 & 0xFF},  // not masked
        {frame(0xC1, "x"), 1002 & 0xFF},              // a reserved bit
        {frame(0x83, "x"), 1002 & 0xFF},              // a reserved opcode
        {frame(0x09, "x"), 1002 & 0xFF},              // a fragmented control frame
        {frame(0x80, "x"), 1002 & 0xFF},              // a continuation of nothing
        {frame(0x88, "\x03"), 1002 & 0xFF},           // a close code cut in half
        {std::string("\x82\xFF\x00\x00\x00\x01\x00\x00\x00\x00", 10) + std::string(4, '\0'),
         1009 & 0xFF},
    };
    for (auto const& each : cases) {
        CO_TRY(auto const stream, co_await open_raw(site));
        CO_TRY_OK(co_await send(*stream, each.bytes));
        Bytes head(4);
        CO_TRY(auto const size, co_await read_full(*stream, head));
        CO_EXPECT(size == 4);
        EXPECT_EQ(head[0], std::byte{0x88}) << to_hex(as_bytes(each.bytes));
        EXPECT_EQ(head[2], std::byte{0x03});
        EXPECT_EQ(head[3], std::byte{each.code_low}) << to_hex(as_bytes(each.bytes));
    }
    co_return Result<void>();
}
TEST(WebSocket, WrongFramesCloseWithTheirCode) { run_site_test<wrong_frames>(); }
TEST(WebSocketOnLoopback, WrongFramesCloseWithTheirCode) {
    run_site_test_on_loopback<wrong_frames>();
}

Task<void> ping(Site& site) {
    CO_TRY(auto const stream, co_await open_raw(site));
    CO_TRY_OK(co_await send(*stream, frame(0x89, "are you there")));
    Bytes pong(15);
    CO_TRY_OK(co_await read_full(*stream, pong));
    EXPECT_EQ(
        as_text(pong),
        "\x8A\x0D"
        "are you there"
    );
    co_return Result<void>();
}
TEST(WebSocket, PingIsAnswered) { run_site_test<ping>(); }

/// The site's idle time is 600 ms: it pings after 200, and breaks one that never answers.
Task<void> silent(Site& site) {
    CO_TRY(auto const stream, co_await open_raw(site));
    Bytes ping_frame(2);
    CO_TRY_OK(co_await read_full(*stream, ping_frame));
    EXPECT_EQ(ping_frame[0], std::byte{0x89});
    auto const start = site.loop.clock->steady();
    auto const rest = co_await read_to_end(*stream);
    EXPECT_LT(site.loop.clock->steady() - start, seconds(5));
    co_return Result<void>();
}
TEST(WebSocket, PeerThatDoesNotAnswerPingsIsCut) { run_site_test<silent>(); }

Task<void> kept_alive(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const socket, co_await open(*client, site));
    TaskGroup reading(site.loop.executor);
    std::string got;
    auto const read = [](WebSocket& from, std::string& into) -> Task<void> {
        CO_TRY(auto const message, co_await from.receive());
        into = as_text(message.data);
        co_return Result<void>();
    };
    reading.spawn("test read", read(*socket, got));
    CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(1500)));
    CO_TRY_OK(co_await socket->send_text("awake"));
    CO_TRY_OK(co_await reading.join());
    EXPECT_EQ(got, "awake");
    co_return Result<void>();
}
TEST(WebSocket, QuietPeerThatAnswersPingsStays) { run_site_test<kept_alive>(); }

Task<void> no_upgrade(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    HttpCall call;
    call.url = site.url("/ws");
    CO_TRY(auto const answer, co_await client->call(std::move(call)));
    EXPECT_EQ(answer.status, 400);
    auto const old = std::string("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n") +
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n" +
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    CO_TRY(auto const refused, co_await site.all_of(old));
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 400 "));
    auto const missing = co_await client->connect_websocket(site.url("/none"), Headers());
    CO_EXPECT(!missing && missing.error().code == Errc::not_found);
    auto const plain = co_await client->connect_websocket(site.url("/hello"), Headers());
    CO_EXPECT(!plain && plain.error().code == Errc::unavailable);
    co_return Result<void>();
}
TEST(WebSocket, WhatIsNoUpgradeIsRefusedBothWays) { run_site_test<no_upgrade>(); }

Task<void> server_stops(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const socket, co_await open(*client, site));
    TaskGroup stopping(site.loop.executor);
    stopping.spawn("test stop", site.server->stop(seconds(5)));
    auto const start = site.loop.clock->steady();
    auto const closed = co_await socket->receive();
    CO_EXPECT(!closed && closed.error().code == Errc::cancelled);
    CO_TRY_OK(co_await stopping.join());
    EXPECT_LT(site.loop.clock->steady() - start, seconds(4));
    co_return Result<void>();
}
TEST(WebSocket, ServerSaysGoodbyeWhenItStops) { run_site_test<server_stops>(); }

/// A browser that does not say goodbye back is not waited for longer than two seconds.
Task<void> rude_peer(Site& site) {
    CO_TRY(auto const stream, co_await open_raw(site));
    auto const start = site.loop.clock->steady();
    CO_TRY_OK(co_await site.server->stop(seconds(10)));
    EXPECT_LT(site.loop.clock->steady() - start, seconds(6));
    co_return Result<void>();
}
TEST(WebSocket, PeerThatDoesNotSayGoodbyeIsNotWaitedFor) { run_site_test<rude_peer>(); }

}  // namespace
}  // namespace disgrafs::wire
