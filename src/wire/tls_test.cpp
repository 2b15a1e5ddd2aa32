#include "wire/tls.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/frame.hpp"
#include "wire/testing/node.hpp"
#include "wire/testing/site.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;
using ContextPointer = std::shared_ptr<TlsContext const>;

constexpr Timestamp today{1'790'000'000'000'000};

/// One certificate for all tests here: making it costs a millisecond.
Certificate const& our_certificate() {
    static Certificate const made = *make_certificate({"localhost", "127.0.0.1"}, today);
    return made;
}
ContextPointer server_context() { return *TlsContext::for_server(our_certificate()); }
ContextPointer client_context() {
    TlsTrust trust;
    trust.fingerprint = *fingerprint_of(our_certificate().chain_pem);
    return *TlsContext::for_client(trust);
}

/// Both ends of a connection, TLS on both or what became of it.
struct Ends {
    std::unique_ptr<Stream> server;
    std::unique_ptr<Stream> client;
    Result<void> server_result;
    Result<void> client_result;
};

Task<void> open_server(Ends& ends, ContextPointer context) {
    auto opened = co_await make_tls_stream(std::move(ends.server), std::move(context), "");
    if (opened) ends.server = *std::move(opened);
    if (!opened) ends.server_result = std::unexpected(opened.error());
    co_return Result<void>();
}

Task<Ends> open_both(TestLoop& loop, ContextPointer client, std::string name) {
    CO_TRY(auto const listener, loop.network->listen(Address{.host = "127.0.0.1", .port = 0}));
    Ends ends;
    CO_TRY(ends.client, co_await loop.network->connect(listener->address(), seconds(1)));
    CO_TRY(ends.server, co_await listener->accept());
    TaskGroup opening(loop.executor);
    opening.spawn("test open", open_server(ends, server_context()));
    auto opened =
        co_await make_tls_stream(std::move(ends.client), std::move(client), std::move(name));
    if (opened) ends.client = *std::move(opened);
    if (!opened) ends.client_result = std::unexpected(opened.error());
    CO_TRY_OK(co_await opening.join());
    co_return ends;
}

Task<Ends> open_trusted(TestLoop& loop) {
    CO_TRY(auto ends, co_await open_both(loop, client_context(), "localhost"));
    CO_TRY_OK(ends.client_result);
    CO_TRY_OK(ends.server_result);
    co_return ends;
}

Task<void> send_many(Stream& stream, std::size_t size) {
    std::string const piece(100'003, 'x');
    for (std::size_t sent = 0; sent < size;) {
        auto const part = std::string_view(piece).substr(0, std::min(piece.size(), size - sent));
        CO_TRY_OK(co_await send(stream, part));
        sent += part.size();
    }
    stream.shutdown_send();
    co_return Result<void>();
}

Task<void> both_ways(TestLoop& loop) {
    CO_TRY(auto const ends, co_await open_trusted(loop));
    CO_EXPECT(is_tls(*ends.client) && is_tls(*ends.server));
    TaskGroup sending(loop.executor);
    sending.spawn("test send", send_many(*ends.client, 3'000'000));
    sending.spawn("test send", send_many(*ends.server, 2'000'000));
    CO_TRY(auto const at_server, co_await read_to_end(*ends.server));
    CO_TRY(auto const at_client, co_await read_to_end(*ends.client));
    CO_EXPECT(at_server == std::string(3'000'000, 'x'));
    CO_EXPECT(at_client == std::string(2'000'000, 'x'));
    CO_TRY_OK(co_await sending.join());
    co_return Result<void>();
}
TEST(Tls, BytesGoBothWaysAtOnceAndBothEnds) { run_test(both_ways); }
TEST(TlsOnLoopback, BytesGoBothWaysAtOnceAndBothEnds) { run_on_loopback(both_ways); }

Task<void> cut_short(TestLoop& loop) {
    CO_TRY(auto ends, co_await open_trusted(loop));
    CO_TRY_OK(co_await send(*ends.client, "part"));
    Bytes part(4);
    CO_TRY_OK(co_await read_full(*ends.server, part));
    ends.client->close();  // no close_notify
    auto const end = co_await read_some(*ends.server, part);
    CO_EXPECT(!end && end.error().code == Errc::unavailable);
    co_return Result<void>();
}
TEST(Tls, EndWithoutGoodbyeIsAnErrorAndNoEnd) { run_test(cut_short); }

Task<void> trust(TestLoop& loop) {
    TlsTrust other;
    other.fingerprint = std::string(64, 'a');
    auto const other_print = *TlsContext::for_client(other);
    CO_TRY(auto const wrong_print, co_await open_both(loop, other_print, "localhost"));
    CO_EXPECT(!wrong_print.client_result);
    CO_EXPECT(wrong_print.client_result.error().code == Errc::denied);

    TlsTrust authority;
    authority.authorities_pem = our_certificate().chain_pem;
    auto const by_name = *TlsContext::for_client(authority);
    CO_TRY(auto const right_name, co_await open_both(loop, by_name, "localhost"));
    CO_TRY_OK(right_name.client_result);
    CO_TRY(auto const right_ip, co_await open_both(loop, by_name, "127.0.0.1"));
    CO_TRY_OK(right_ip.client_result);
    for (std::string const name : {"example.org", "127.0.0.2"}) {
        CO_TRY(auto const wrong_name, co_await open_both(loop, by_name, name));
        CO_EXPECT(!wrong_name.client_result);
        CO_EXPECT(wrong_name.client_result.error().code == Errc::denied);
    }
    auto const machine = *TlsContext::for_client(TlsTrust());
    CO_TRY(auto const unknown, co_await open_both(loop, machine, "localhost"));
    CO_EXPECT(!unknown.client_result && unknown.client_result.error().code == Errc::denied);
    CO_TRY(auto const shown, fingerprint_of(our_certificate().chain_pem));
    EXPECT_THAT(unknown.client_result.error().message, HasSubstr(shown));
    co_return Result<void>();
}
TEST(Tls, OnlyTheTrustedCertificateIsAccepted) { run_test(trust); }

TEST(Tls, WrongPemIsRefused) {
    auto swapped = our_certificate();
    swapped.key_pem = make_certificate({"localhost"}, today)->key_pem;
    EXPECT_FALSE(TlsContext::for_server(swapped)) << "the key of another certificate";
    EXPECT_FALSE(TlsContext::for_server({.chain_pem = "x", .key_pem = "y"}));
    EXPECT_FALSE(TlsContext::for_client({.authorities_pem = "x", .fingerprint = ""}));
    EXPECT_FALSE(TlsContext::for_client({.authorities_pem = "", .fingerprint = "abcd"}));
}

/// The site, with TLS.
template <Task<void> (*body)(Site&, HttpClient&)>
Task<void> with_secure_site(TestLoop& loop) {
    HttpServerOptions options;
    options.head_timeout = milliseconds(300);
    Site site(loop, options, server_context());
    auto const client = make_http_client(*loop.network, *loop.clock, client_context());
    auto const result = co_await body(site, *client);
    co_await site.server->stop(seconds(1));
    co_await loop.tasks.stop();
    co_return result;
}

Task<void> https(Site& site, HttpClient& client) {
    auto const secure = "https://" + site.listener->address().text();
    HttpCall call;
    call.url = secure + "/stream/5000000";
    CO_TRY(auto const answer, co_await client.call(std::move(call)));
    CO_EXPECT(answer.status == 200 && answer.body == std::string(5'000'000, 'x'));
    auto const socket_url = "wss://" + site.listener->address().text() + "/ws";
    CO_TRY(auto const socket, co_await client.connect_websocket(socket_url, Headers()));
    CO_TRY_OK(co_await socket->send_text("over TLS"));
    CO_TRY(auto const message, co_await socket->receive());
    EXPECT_EQ(as_text(message.data), "over TLS");
    auto const without = make_http_client(*site.loop.network, *site.loop.clock);
    HttpCall other;
    other.url = secure;
    auto const refused = co_await without->call(std::move(other));
    CO_EXPECT(!refused && refused.error().code == Errc::invalid);
    co_return Result<void>();
}
TEST(Tls, HttpAndWebSocketsTravelOverIt) { run_test(with_secure_site<https>); }
TEST(TlsOnLoopback, HttpAndWebSocketsTravelOverIt) { run_on_loopback(with_secure_site<https>); }

Task<void> plain(Site& site, HttpClient& client) {
    HttpCall call;
    call.url = site.url("/hello");
    CO_TRY(auto const hello, co_await client.call(std::move(call)));
    EXPECT_EQ(hello.body, "hello");
    co_return Result<void>();
}
TEST(TlsOnLoopback, PlainHttpOfThisMachineIsServedBesideIt) {
    run_on_loopback(with_secure_site<plain>);
}

Task<void> broken_handshakes(Site& site, HttpClient& client) {
    for (std::string const& bytes :
         {std::string("\x16\x03\x01\x00\x05hello", 10), std::string("\x16")}) {
        CO_TRY(auto const stream, co_await site.connect());
        CO_TRY_OK(co_await send(*stream, bytes));
        auto const rest = co_await read_to_end(*stream);  // an alert, or nothing; but an end
    }
    HttpCall call;
    call.url = "https://" + site.listener->address().text() + "/hello";
    CO_TRY(auto const answer, co_await client.call(std::move(call)));
    CO_EXPECT(answer.body == "hello");
    co_return Result<void>();
}
TEST(Tls, BrokenHandshakesEndAndHarmNobody) { run_test(with_secure_site<broken_handshakes>); }

/// Another machine must use TLS; what it sends in plain text is answered, and not believed.
Task<void> from_far(SimWorld& world) {
    TestLoop loop(world.executor(), world.network("server"), world.clock());
    Site site(loop, HttpServerOptions(), server_context());
    auto& far = world.network("far");
    auto address = world.host_address("server", site.listener->address().port);
    CO_TRY(auto const plain, co_await far.connect(address, seconds(1)));
    CO_TRY_OK(co_await send(*plain, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"));
    CO_TRY(auto const answer, co_await read_to_end(*plain));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer, HasSubstr("use https"));
    auto const client = make_http_client(far, world.clock(), client_context());
    HttpCall call;
    call.url = "https://" + address.text() + "/hello";
    CO_TRY(auto const hello, co_await client->call(std::move(call)));
    EXPECT_EQ(hello.body, "hello");
    co_await site.server->stop(seconds(1));
    co_return co_await loop.tasks.stop();
}
TEST(Tls, PlainHttpFromAnotherMachineIsRefused) {
    SimWorld world(1);
    expect_passed(world.run(from_far(world)));
}

Task<void> serve_frames(Node& node, Listener& listener) {
    CO_TRY(auto stream, co_await listener.accept());
    CO_TRY(auto secure, co_await make_tls_stream(std::move(stream), server_context(), ""));
    co_return co_await node.server->serve(std::move(secure), Bytes());
}

Task<void> shards(Node& node) {
    CO_TRY(auto const listener, node.loop.network->listen(Address{.host = "127.0.0.1", .port = 0}));
    node.loop.tasks.spawn("test serve", serve_frames(node, *listener));
    ShardClientParts parts;
    parts.network = node.loop.network;
    parts.clock = node.loop.clock;
    parts.tasks = &node.loop.tasks;
    parts.tls = client_context();
    ShardClientOptions options;
    options.peer = "n1";
    auto const client = make_shard_client(parts, listener->address(), options);
    CO_TRY_OK(co_await client->put(node.context(seconds(5)), test_put(1, payload_bytes_max)));
    CO_TRY(auto const range, co_await client->get(node.context(seconds(5)), test_get(1)));
    CO_EXPECT(range.payload == test_put(1, payload_bytes_max).payload);
    co_return Result<void>();
}
TEST(Tls, ShardsTravelOverIt) { run_node_test<shards>(); }

}  // namespace
}  // namespace disgrafs::wire
