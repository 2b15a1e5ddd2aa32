#include "io/sim_world.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "io/deadline.hpp"
#include "io/pool.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::buffer;
using boost::system::error_code;
using testing::HasSubstr;

// ── Time ────────────────────────────────────────────────────────────────────────────────────────

Task<void> note_after(SimWorld& world, Duration wait, std::string& order, char name) {
    CO_TRY_OK(co_await world.clock().sleep(wait));
    order.push_back(name);
    co_return Result<void>();
}

Task<void> sleep_in_parallel(SimWorld& world) {
    auto& clock = world.clock();
    auto const start = clock.steady();
    auto const wall = clock.now();
    TaskGroup group(world.executor());
    std::string order;
    group.spawn("c", note_after(world, 30min, order, 'c'));
    group.spawn("a", note_after(world, 0s, order, 'a'));
    group.spawn("b", note_after(world, 1ms, order, 'b'));
    group.spawn("B", note_after(world, 1ms, order, 'B'));
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(order, "abBc");
    EXPECT_EQ(clock.steady() - start, 30min);
    EXPECT_EQ(clock.now() - wall, 30min);
    co_return Result<void>();
}

TEST(SimWorld, TimeStandsStillWhileAnythingRunsThenJumps) {
    SimWorld world(1);
    EXPECT_TRUE(world.run(sleep_in_parallel(world)));
}

Task<void> stop_sleeper(SimWorld& world) {
    auto const start = world.clock().steady();
    TaskGroup group(world.executor());
    std::string order;
    group.spawn("a", note_after(world, Duration::max(), order, 'a'));
    CO_TRY_OK(co_await world.clock().sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(order, "");
    EXPECT_EQ(world.clock().steady() - start, 1ms);
    auto const late = co_await within(world.clock(), 5ms, world.clock().sleep(1h));
    EXPECT_EQ(late.error().code, Errc::unavailable);
    EXPECT_EQ(world.clock().steady() - start, 6ms);
    co_return Result<void>();
}

TEST(SimWorld, SleepersAreCancelledAndDeadlinesHold) {
    SimWorld world(1);
    EXPECT_TRUE(world.run(stop_sleeper(world)));
}

Task<void> run_slow_clock(SimWorld& world) {
    auto& right = world.clock();
    auto& slow = world.clock("slow");
    world.set_clock("slow", -500'000, 10s);
    auto const right_start = right.steady();
    auto const slow_start = slow.steady();
    auto const wall_start = slow.now();
    EXPECT_EQ(wall_start - right.now(), 10s);
    CO_TRY_OK(co_await slow.sleep(3s));
    EXPECT_EQ(right.steady() - right_start, 6s);
    EXPECT_EQ(slow.steady() - slow_start, 3s);
    EXPECT_EQ(slow.now() - wall_start, 3s);
    world.set_clock("slow", 100);
    EXPECT_EQ(slow.steady() - slow_start, 3s) << "no jump";
    CO_TRY_OK(co_await right.sleep(1'000s));
    EXPECT_EQ(slow.steady() - slow_start, 3s + 1000s + 100ms);
    for (Duration const wait : {1us, 999'999us, 1'000'001us}) {
        auto const start = slow.steady();
        CO_TRY_OK(co_await slow.sleep(wait));
        EXPECT_GE(slow.steady() - start, wait) << "never shorter than asked";
    }
    co_return Result<void>();
}

TEST(SimWorld, AHostsClockMayRunSlowOrFast) {
    SimWorld world(1);
    EXPECT_TRUE(world.run(run_slow_clock(world)));
}

Task<void> wait_for(Wake& wake) { co_return co_await wake.wait(); }

TEST(SimWorld, ADeadlockIsToldNotWaitedFor) {
    SimWorld world(1);
    auto wake = std::make_unique<Wake>(world.executor());
    auto const result = world.run(wait_for(*wake));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::exhausted);
    EXPECT_THAT(result.error().message, HasSubstr("deadlock"));
}

Task<void> sleep_for(SimWorld& world, Duration wait) {
    co_return co_await world.clock().sleep(wait);
}

TEST(SimWorld, ALimitOfSimulatedTimeEndsTheRun) {
    SimWorld world(1);
    auto const result = world.run(sleep_for(world, 2h), 1h);
    EXPECT_THAT(result.error().message, HasSubstr("not done after 3600"));
    EXPECT_TRUE(world.run(sleep_for(world, 2h), 3h)) << "and the world goes on";
}

Task<void> compute(SimWorld& world) {
    auto const work = []() -> Result<int> { return 6 * 7; };
    CO_TRY(auto const number, co_await offload(world.pool(), work));
    EXPECT_EQ(number, 42);
    co_return fail(Errc::corrupt, "the task's own error");
}

TEST(SimWorld, RunGivesTheErrorOfItsTask) {
    SimWorld world(1);
    EXPECT_EQ(world.run(compute(world)).error().code, Errc::corrupt);
}

// ── Network ─────────────────────────────────────────────────────────────────────────────────────

struct Pair {
    std::unique_ptr<Stream> client;  ///< Of host "a".
    std::unique_ptr<Stream> server;  ///< Of host "b".
};

Task<Pair> connect_pair(SimWorld& world) {
    Address const any = world.host_address("b", 0);
    CO_TRY(auto const listener, world.network("b").listen(any));
    Pair pair;
    CO_TRY(pair.client, co_await world.network("a").connect(listener->address(), 5s));
    CO_TRY(pair.server, co_await listener->accept());
    co_return pair;
}

Task<void> send(Stream& stream, std::string text) {
    auto const [error, size] = co_await boost::asio::async_write(stream, buffer(text), answer);
    if (error) co_return fail(Errc::unavailable, "send: {}", error.message());
    co_return Result<void>();
}

Task<std::string> receive(Stream& stream, std::size_t size) {
    std::string text(size, '\0');
    auto const [error, got] = co_await boost::asio::async_read(stream, buffer(text), answer);
    if (error) co_return fail(Errc::unavailable, "{}", error.message());
    co_return text;
}

Task<void> stream_much(SimWorld& world) {
    CO_TRY(auto const pair, co_await connect_pair(world));
    std::string large;
    while (large.size() < 3'000'000) large += std::to_string(large.size()) + " ";
    TaskGroup group(world.executor());
    group.spawn("up", send(*pair.client, large));
    group.spawn("down", send(*pair.server, "answer"));
    CO_TRY(auto const got, co_await receive(*pair.server, large.size()));
    EXPECT_EQ(got, large);
    CO_TRY(auto const answered, co_await receive(*pair.client, 6));
    EXPECT_EQ(answered, "answer");
    CO_TRY_OK(co_await group.join());
    pair.client->shutdown_send();
    auto const end = co_await receive(*pair.server, 1);
    EXPECT_EQ(end.error().message, error_code(boost::asio::error::eof).message());
    CO_TRY_OK(co_await send(*pair.server, "still"));
    CO_TRY(auto const still, co_await receive(*pair.client, 5));
    EXPECT_EQ(pair.client->peer().host, world.host_address("b", 0).host);
    EXPECT_EQ(pair.server->peer().host, world.host_address("a", 0).host);
    co_return Result<void>();
}

TEST(SimNetwork, AStreamKeepsItsOrderWhateverTheLatency) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SimWorld world(seed);
        auto const result = world.run(stream_much(world));
        EXPECT_TRUE(result) << seed << result.error().message;
    }
}

Task<void> send_stamp(SimWorld& world, std::string name, std::string& order) {
    CO_TRY(auto const pair, co_await connect_pair(world));
    CO_TRY_OK(co_await send(*pair.client, name));
    CO_TRY(auto const got, co_await receive(*pair.server, 1));
    order += got;
    co_return Result<void>();
}

Task<void> race(SimWorld& world, std::string& order) {
    TaskGroup group(world.executor());
    for (char const name : {'1', '2', '3'})
        group.spawn("racer", send_stamp(world, std::string(1, name), order));
    co_return co_await group.join();
}

TEST(SimNetwork, ConnectionsOvertakeEachOther) {
    std::set<std::string> orders;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SimWorld world(seed);
        std::string order;
        EXPECT_TRUE(world.run(race(world, order)));
        orders.insert(order);
    }
    EXPECT_EQ(orders.size(), 6U) << "every order of three";
}

Task<void> fill_window(SimWorld& world) {
    CO_TRY(auto const pair, co_await connect_pair(world));
    TaskGroup group(world.executor());
    group.spawn("up", send(*pair.client, std::string(1'000'000, 'x')));
    CO_TRY_OK(co_await world.clock().sleep(10s));
    EXPECT_EQ(group.count(), 1U) << "nobody reads, so the writer waits";
    CO_TRY_OK(co_await group.stop());
    co_return Result<void>();
}

TEST(SimNetwork, AWriterWaitsForItsReader) {
    SimWorld world(3);
    testing::internal::CaptureStderr();
    EXPECT_TRUE(world.run(fill_window(world)));
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("Operation canceled"));
}

Task<void> cut_and_heal(SimWorld& world) {
    auto& clock = world.clock();
    CO_TRY(auto const pair, co_await connect_pair(world));
    world.cut("a", "b");
    CO_TRY_OK(co_await send(*pair.client, "one"));
    CO_TRY_OK(co_await send(*pair.client, "two"));
    auto const silence = co_await within(clock, 1min, receive(*pair.server, 6));
    EXPECT_EQ(silence.error().code, Errc::unavailable);
    auto const unreachable = co_await world.network("b").connect(world.host_address("a", 1), 1s);
    EXPECT_THAT(unreachable.error().message, HasSubstr("no answer within 1000 ms"));
    world.heal("a", "b");
    CO_TRY(auto const got, co_await receive(*pair.server, 6));
    EXPECT_EQ(got, "onetwo");
    co_return Result<void>();
}

TEST(SimNetwork, ACutLinkHoldsBytesBackUntilItIsHealed) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimWorld world(seed);
        auto const result = world.run(cut_and_heal(world));
        EXPECT_TRUE(result) << seed << ": " << result.error().message;
    }
}

Task<void> accept_quietly(Listener& listener, Result<void>& result) {
    auto const accepted = co_await listener.accept();
    if (!accepted) result = std::unexpected(accepted.error());
    co_return Result<void>();
}

Task<void> receive_quietly(Stream& stream, std::string& error) {
    auto const got = co_await receive(stream, 1);
    error = got ? "" : got.error().message;
    co_return Result<void>();
}

Task<void> crash_the_peer(SimWorld& world) {
    auto const reset = error_code(boost::asio::error::connection_reset).message();
    CO_TRY(auto const listener, world.network("b").listen(world.host_address("b", 80)));
    CO_TRY(auto const pair, co_await connect_pair(world));
    TaskGroup group(world.executor());
    Result<void> accepted;
    std::string client_error;
    std::string server_error;
    group.spawn("accept", accept_quietly(*listener, accepted));
    group.spawn("client", receive_quietly(*pair.client, client_error));
    group.spawn("server", receive_quietly(*pair.server, server_error));
    CO_TRY_OK(co_await world.clock().sleep(1ms));
    world.crash("b");
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(accepted.error().code, Errc::cancelled);
    EXPECT_EQ(client_error, reset);
    EXPECT_EQ(server_error, reset);
    auto const written = co_await send(*pair.client, "x");
    EXPECT_FALSE(written);
    auto const refused = co_await world.network("a").connect(world.host_address("b", 80), 5s);
    EXPECT_THAT(refused.error().message, HasSubstr("connection refused"));
    auto const from_the_dead = co_await world.network("b").connect(world.host_address("a", 80), 5s);
    EXPECT_EQ(from_the_dead.error().code, Errc::unavailable);
    EXPECT_EQ(world.network("b").listen(world.host_address("b", 80)).error().code, Errc::io);
    world.start("b");
    EXPECT_TRUE(world.network("b").listen(world.host_address("b", 80)));
    co_return Result<void>();
}

TEST(SimNetwork, ACrashEndsConnectionsAndPorts) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimWorld world(seed);
        auto const result = world.run(crash_the_peer(world));
        EXPECT_TRUE(result) << seed << ": " << result.error().message;
    }
}

Task<void> write_until_cut(SimWorld& world) {
    CO_TRY(auto const pair, co_await connect_pair(world));
    world.faults().connection_cut = 0.05;
    Result<void> sent;
    for (int n = 0; n < 10'000 && sent; ++n) sent = co_await send(*pair.client, "0123456789");
    EXPECT_FALSE(sent);
    world.faults().connection_cut = 0;
    std::string all;
    while (true) {
        auto const got = co_await receive(*pair.server, 1);
        if (!got) break;
        all += *got;
    }
    std::string expected;
    while (expected.size() < all.size()) expected += "0123456789";
    EXPECT_EQ(all, expected.substr(0, all.size())) << "what arrives is a prefix";
    EXPECT_EQ(world.tally("connection_cut"), 1U);
    co_return Result<void>();
}

TEST(SimNetwork, ABrokenConnectionDeliversAPrefix) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SimWorld world(seed);
        auto const result = world.run(write_until_cut(world));
        EXPECT_TRUE(result) << seed << ": " << result.error().message;
    }
}

Task<void> close_early(SimWorld& world) {
    CO_TRY(auto pair, co_await connect_pair(world));
    CO_TRY_OK(co_await send(*pair.client, "question"));
    CO_TRY_OK(co_await send(*pair.server, "answer"));
    CO_TRY_OK(co_await world.clock().sleep(1s));
    pair.server->close();
    CO_TRY(auto const got, co_await receive(*pair.client, 6));
    EXPECT_EQ(got, "answer") << "it had arrived before";
    auto const end = co_await receive(*pair.client, 1);
    EXPECT_EQ(end.error().message, error_code(boost::asio::error::connection_reset).message());
    auto const closed = co_await receive(*pair.server, 1);
    EXPECT_FALSE(closed);
    co_return Result<void>();
}

TEST(SimNetwork, ClosingUnreadBytesResetsAsTcpDoes) {
    SimWorld world(1);
    auto const result = world.run(close_early(world));
    EXPECT_TRUE(result) << result.error().message;
}

Task<void> use_addresses(SimWorld& world) {
    auto& network = world.network("a");
    CO_TRY(auto const listener, network.listen(world.host_address("a", 0)));
    auto const address = listener->address();
    EXPECT_NE(address.port, 0);
    EXPECT_EQ(network.listen(address).error().code, Errc::conflict);
    EXPECT_EQ(network.listen(world.host_address("b", 80)).error().code, Errc::invalid);
    auto const refused = co_await network.connect(world.host_address("b", 80), 5s);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    Address const nowhere{.host = "192.0.2.1", .port = 80};
    auto const lost = co_await network.connect(nowhere, 5s);
    EXPECT_THAT(lost.error().message, HasSubstr("no route"));
    Address const itself{.host = "127.0.0.1", .port = address.port};
    CO_TRY(auto const stream, co_await network.connect(itself, 5s));
    Address const by_name{.host = "a", .port = address.port};
    CO_TRY(auto const named, co_await world.network("b").connect(by_name, 5s));
    EXPECT_NE(world.host_address("a", 1), world.host_address("b", 1));
    co_return Result<void>();
}

TEST(SimNetwork, HostsHaveAddressesOfTheirOwn) {
    SimWorld world(1);
    auto const result = world.run(use_addresses(world));
    EXPECT_TRUE(result) << result.error().message;
}

Task<void> accept_for_ever(SimWorld& world) {
    CO_TRY(auto const listener, world.network("b").listen(world.host_address("b", 80)));
    CO_TRY(auto const caller, co_await listener->accept());
    CO_TRY(auto const got, co_await receive(*caller, 100));
    co_return Result<void>();
}

Task<void> connect_and_wait(SimWorld& world) {
    CO_TRY(auto const pair, co_await connect_pair(world));
    CO_TRY_OK(co_await send(*pair.client, std::string(3'000'000, 'x')));
    co_return Result<void>();
}

Task<void> sync_slowly(SimWorld& world) {
    CO_TRY(auto const file, co_await world.disk("a").open("f", OpenMode::create));
    world.faults().sync_latency_max = 10'000h;
    co_return co_await file->sync();
}

/// Coroutines that wait in every place; the sanitizer sees what leaks or is used too late.
TEST(SimWorld, AWorldMayEndWhileCoroutinesWaitInIt) {
    SimWorld world(1);
    for (auto const start : {accept_for_ever, connect_and_wait, sync_slowly}) {
        EXPECT_FALSE(world.run(start(world), 1s));
    }
    EXPECT_FALSE(world.run(sleep_for(world, 1'000h), 1s));
    Address const nowhere = world.host_address("c", 1);
    world.cut("a", "c");
    auto connecting = [](SimWorld& of, Address to) -> Task<void> {
        CO_TRY(auto const stream, co_await of.network("a").connect(to, 100h));
        co_return Result<void>();
    };
    EXPECT_FALSE(world.run(connecting(world, nowhere), 1s));
}

// ── Determinism ─────────────────────────────────────────────────────────────────────────────────

/// A little of everything: a log server that syncs, clients that retry, crashes and cuts.
Task<void> serve_one(Stream& stream, File& log, std::uint64_t& end) {
    while (true) {
        CO_TRY(auto const word, co_await receive(stream, 8));
        auto const at = std::exchange(end, end + 8);
        std::vector<ByteView> const parts{as_bytes(word)};
        CO_TRY_OK(co_await log.write_at(at, parts));
        CO_TRY_OK(co_await log.sync());
        CO_TRY_OK(co_await send(stream, word));
    }
}

Task<void> serve(SimWorld& world) {
    CO_TRY(auto const log, co_await world.disk("server").open("log", OpenMode::create));
    CO_TRY(auto end, co_await log->size());
    CO_TRY(auto const listener, world.network("server").listen(world.host_address("server", 80)));
    std::vector<std::unique_ptr<Stream>> streams;
    TaskGroup group(world.executor());
    while (true) {
        auto stream = co_await listener->accept();
        if (!stream) break;
        streams.push_back(*std::move(stream));
        group.spawn("serve", serve_one(*streams.back(), *log, end));
    }
    co_return co_await group.stop();
}

Task<void> call_once(SimWorld& world, std::string host) {
    auto const address = world.host_address("server", 80);
    CO_TRY(auto const stream, co_await world.network(host).connect(address, 100ms));
    while (true) {
        CO_TRY_OK(co_await send(*stream, "a word  "));
        CO_TRY(auto const echo, co_await within(world.clock(), 50ms, receive(*stream, 8)));
    }
}

Task<void> call_for_ever(SimWorld& world, std::string host) {
    while (true) {
        auto const called = co_await call_once(world, host);
        CO_TRY_OK(co_await world.clock().sleep(10ms));
    }
}

Task<void> some_of_everything(SimWorld& world) {
    TaskGroup clients(world.executor());
    for (auto const* host : {"c1", "c2", "c3"}) clients.spawn("client", call_for_ever(world, host));
    for (int round = 0; round < 4; ++round) {
        TaskGroup server(world.executor());
        server.spawn("server", serve(world));
        CO_TRY_OK(co_await world.clock().sleep(Duration(world.random().below(200'000))));
        world.cut("c1", "server");
        CO_TRY_OK(co_await world.clock().sleep(Duration(world.random().below(200'000))));
        world.heal("c1", "server");
        world.crash("server");
        CO_TRY_OK(co_await server.stop());
        world.rot("server", "");
        world.start("server");
    }
    co_return co_await clients.stop();
}

struct Trace {
    std::uint64_t fingerprint = 0;
    std::uint64_t writes = 0;
    std::uint64_t crashes = 0;
    std::uint64_t lost = 0;
};

Trace trace_of(std::uint64_t seed) {
    SimFaults faults;
    faults.write_error = 0.01;
    faults.sync_error = 0.01;
    faults.bit_flip = 0.01;
    faults.misdirected_write = 0.01;
    faults.connection_cut = 0.01;
    SimWorld world(seed, faults);
    auto const result = world.run(some_of_everything(world));
    EXPECT_TRUE(result) << seed << ": " << result.error().message;
    return {
        .fingerprint = world.fingerprint(),
        .writes = world.tally("write"),
        .crashes = world.tally("crash"),
        .lost = world.tally("lost_page"),
    };
}

TEST(SimWorld, TheSameSeedGivesTheSameRunAndAnotherAnother) {
    testing::internal::CaptureStderr();  // failed tasks say so
    std::set<std::uint64_t> fingerprints;
    std::uint64_t writes = 0;
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        auto const first = trace_of(seed);
        auto const again = trace_of(seed);
        EXPECT_EQ(first.fingerprint, again.fingerprint) << "seed " << seed;
        EXPECT_EQ(first.writes, again.writes) << "seed " << seed;
        EXPECT_EQ(first.crashes, 4U);
        fingerprints.insert(first.fingerprint);
        writes += first.writes;
        lost += first.lost;
    }
    testing::internal::GetCapturedStderr();
    EXPECT_EQ(fingerprints.size(), 25U);
    EXPECT_GT(writes, 1'000U) << "else the test proves nothing";
    EXPECT_GT(lost, 10U);
}

Task<void> ask_random(SimWorld& world, std::vector<std::uint64_t>& numbers) {
    for (int n = 0; n < 5; ++n) {
        numbers.push_back(world.random().next());
        CO_TRY_OK(co_await world.disk("x").sync_dir(""));
    }
    co_return Result<void>();
}

TEST(SimWorld, TheProgramsRandomNumbersDoNotHangOnWhatTheWorldDoes) {
    std::vector<std::uint64_t> calm;
    std::vector<std::uint64_t> rough;
    SimWorld first(5);
    EXPECT_TRUE(first.run(ask_random(first, calm)));
    SimFaults faults;
    faults.sync_latency_max = 7ms;
    faults.bit_flip = 0.5;
    SimWorld second(5, faults);
    EXPECT_TRUE(second.run(ask_random(second, rough)));
    EXPECT_EQ(calm, rough);
}

}  // namespace
}  // namespace disgrafs
