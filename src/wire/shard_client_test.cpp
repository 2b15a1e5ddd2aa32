#include "wire/shard_client.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/shard_messages.hpp"
#include "wire/testing/node.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Task<void> deadline(Node& node) {
    auto const client = node.client();
    node.shards.shut();
    auto const start = node.loop.clock->steady();
    auto const late = co_await client->put(node.context(milliseconds(80)), test_put(1, 10));
    auto const took = node.loop.clock->steady() - start;
    CO_EXPECT(!late && late.error().code == Errc::unavailable);
    CO_EXPECT(took >= milliseconds(80) && took < seconds(5));
    auto const passed = co_await client->put(node.context(milliseconds(-1)), test_put(1, 10));
    CO_EXPECT(!passed && passed.error().code == Errc::unavailable);
    node.shards.open();
    CO_TRY_OK(co_await client->put(node.context(seconds(5)), test_put(2, 10)));
    co_return Result<void>();
}
TEST(ShardClient, CallEndsAtItsDeadlineAndTheConnectionGoesOn) { run_node_test<deadline>(); }

Task<void> expect_unavailable(ShardService& client, int& failed) {
    auto const result = co_await client.put(nobody(), test_put(1, 10));
    if (!result && result.error().code == Errc::unavailable) ++failed;
    co_return Result<void>();
}

/// A node that accepts, and ends each connection when told.
struct DeadNode {
    explicit DeadNode(TestLoop& loop) {
        auto listening = loop.network->listen(Address{.host = "127.0.0.1", .port = 0});
        EXPECT_TRUE(listening);
        listener = *std::move(listening);
        loop.tasks.spawn("test accept", accept(*this));
    }
    static Task<void> accept(DeadNode& node) {
        while (true) {
            CO_TRY(auto stream, co_await node.listener->accept());
            node.streams.push_back(std::move(stream));
        }
    }
    std::unique_ptr<Listener> listener;
    std::vector<std::unique_ptr<Stream>> streams;
};

std::unique_ptr<ShardService> client_of(TestLoop& loop, Address node, ShardClientOptions options) {
    ShardClientParts parts;
    parts.network = loop.network;
    parts.clock = loop.clock;
    parts.tasks = &loop.tasks;
    return make_shard_client(parts, std::move(node), std::move(options));
}

Task<void> broken(TestLoop& loop) {
    DeadNode node(loop);
    auto const client = client_of(loop, node.listener->address(), {.peer = "n1"});
    TaskGroup calls(loop.executor);
    int failed = 0;
    for (int i = 0; i < 20; ++i) calls.spawn("test put", expect_unavailable(*client, failed));
    while (node.streams.empty()) CO_TRY_OK(co_await loop.clock->sleep(milliseconds(1)));
    CO_TRY_OK(co_await loop.clock->sleep(milliseconds(20)));
    CO_EXPECT(failed == 0);
    node.streams.front()->close();
    CO_TRY_OK(co_await calls.join());
    CO_EXPECT(failed == 20);
    CO_EXPECT(node.streams.size() == 1);

    auto const again = co_await client->put(nobody(), test_put(1, 10));
    CO_EXPECT(!again && again.error().code == Errc::unavailable);
    CO_EXPECT(node.streams.size() == 1);  // between attempts calls fail at once
    node.listener->close();
    co_return co_await loop.tasks.stop();
}
TEST(ShardClient, EveryCallUnderWayFailsWhenTheConnectionBreaks) { run_test(broken); }

Task<void> silent(TestLoop& loop) {
    DeadNode node(loop);
    ShardClientOptions options;
    options.peer = "n1";
    options.ping_after = milliseconds(100);
    options.silence_max = milliseconds(300);
    auto const client = client_of(loop, node.listener->address(), options);
    auto const start = loop.clock->steady();
    auto const result = co_await client->put(nobody(), test_put(1, 10));
    auto const took = loop.clock->steady() - start;
    CO_EXPECT(!result && result.error().code == Errc::unavailable);
    CO_EXPECT(took >= milliseconds(200) && took < seconds(10));
    EXPECT_THAT(result.error().message, testing::HasSubstr("silent"));
    node.listener->close();
    co_return co_await loop.tasks.stop();
}
TEST(ShardClient, NodeThatNeitherAnswersNorPongsIsGivenUp) { run_test(silent); }

/// A slow disk is no dead node: pongs keep the call alive beyond silence_max.
Task<void> slow(Node& node) {
    ShardClientOptions options;
    options.ping_after = milliseconds(50);
    options.silence_max = milliseconds(150);
    auto const client = node.client(options);
    node.shards.shut();
    auto const start = node.loop.clock->steady();
    auto const late = co_await client->put(node.context(milliseconds(800)), test_put(1, 10));
    CO_EXPECT(!late);
    CO_EXPECT(node.loop.clock->steady() - start >= milliseconds(800));
    EXPECT_THAT(late.error().message, testing::HasSubstr("in time"));
    co_return Result<void>();
}
TEST(ShardClient, NodeThatIsSlowButPongsIsWaitedFor) { run_node_test<slow>(); }

Task<void> comes_back(TestLoop& loop) {
    Address address;
    {
        DeadNode const node(loop);
        address = node.listener->address();
        node.listener->close();
        CO_TRY_OK(co_await loop.clock->sleep(milliseconds(1)));
    }
    ShardClientOptions options;
    options.peer = "n1";
    options.retry_min = milliseconds(20);
    auto const client = client_of(loop, address, options);
    auto const refused = co_await client->put(nobody(), test_put(1, 10));
    CO_EXPECT(!refused && refused.error().code == Errc::unavailable);

    CO_TRY(auto const listener, loop.network->listen(address));
    TestShards shards(loop.executor);
    ShardServerParts parts;
    parts.executor = loop.executor;
    parts.clock = loop.clock;
    parts.service = &shards;
    auto const server = make_shard_server(parts);
    CO_TRY_OK(co_await loop.clock->sleep(milliseconds(30)));
    TaskGroup calls(loop.executor);
    int done = 0;
    auto const put = [](ShardService& service, int& count) -> Task<void> {
        CO_TRY_OK(co_await service.put(nobody(), test_put(1, 10)));
        ++count;
        co_return Result<void>();
    };
    calls.spawn("test put", put(*client, done));
    CO_TRY(auto stream, co_await listener->accept());
    loop.tasks.spawn("test serve", server->serve(std::move(stream), {}));
    CO_TRY_OK(co_await calls.join());
    CO_EXPECT(done == 1);
    co_return co_await server->stop(seconds(1));
}
TEST(ShardClient, NodeThatComesBackIsUsedAgain) { run_test(comes_back); }

Task<void> cancelled_call(Node& node) {
    auto const client = node.client();
    node.shards.shut();
    int failed = 0;
    TaskGroup calls(node.loop.executor);
    calls.spawn("test put", expect_unavailable(*client, failed));
    while (node.shards.waiting == 0) CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(1)));
    CO_TRY_OK(co_await calls.stop());
    CO_EXPECT(failed == 0);
    node.shards.open();
    CO_TRY_OK(co_await client->put(node.context(seconds(5)), test_put(2, 10)));
    co_return Result<void>();
}
TEST(ShardClient, CancelledCallLeavesTheConnectionUsable) { run_node_test<cancelled_call>(); }

Task<void> destroyed(Node& node) {
    {
        auto const client = node.client();
        CO_TRY_OK(co_await client->put(node.context(seconds(5)), test_put(1, 10)));
    }
    CO_TRY_OK(co_await node.loop.clock->sleep(milliseconds(10)));
    auto const client = node.client();
    CO_TRY_OK(co_await client->put(node.context(seconds(5)), test_put(2, 10)));
    co_return Result<void>();
}
TEST(ShardClient, MayBeDestroyedWhileConnected) { run_node_test<destroyed>(); }

/// A node whose disk flipped a bit after its own check.
Task<void> corrupt(Node& node) {
    CO_TRY(auto const listener, node.loop.network->listen(Address{.host = "127.0.0.1", .port = 0}));
    auto const client = client_of(node.loop, listener->address(), {.peer = "n1"});
    auto const liar = [](Listener& at) -> Task<void> {
        CO_TRY(auto const stream, co_await at.accept());
        Bytes request(frame_head_bytes);
        CO_TRY_OK(co_await read_full(*stream, request));
        ShardRange range;
        range.payload = to_bytes("payload");
        range.blocks = erasure::block_checksums(range.payload);
        range.payload.front() = std::byte{'P'};
        auto const lie = write_frame(write_answer(1, std::move(range)));
        CO_TRY_OK(co_await send(*stream, as_text(lie)));
        auto const rest = co_await read_to_end(*stream);
        co_return Result<void>();
    };
    node.loop.tasks.spawn("test liar", liar(*listener));
    auto const got = co_await client->get(node.context(seconds(5)), test_get(1));
    CO_EXPECT(!got && got.error().code == Errc::corrupt);
    co_return Result<void>();
}
TEST(ShardClient, RangeThatDoesNotMatchItsChecksumsIsCorrupt) { run_node_test<corrupt>(); }

}  // namespace
}  // namespace disgrafs::wire
