#pragma once

/// \file wire/testing/node.hpp  A storage node on loopback, without its disk: tests only.

#include <chrono>
#include <memory>
#include <utility>

#include "wire/shard_client.hpp"
#include "wire/shard_server.hpp"
#include "wire/testing/loop.hpp"
#include "wire/testing/shards.hpp"

namespace disgrafs::wire {

/// A storage node on loopback, without its disk.
struct Node {
    Node(TestLoop& test_loop, ShardServerOptions options) : loop(test_loop), shards(loop.executor) {
        auto listening = loop.network->listen(Address{.host = "127.0.0.1", .port = 0});
        EXPECT_TRUE(listening);
        listener = *std::move(listening);
        ShardServerParts parts;
        parts.executor = loop.executor;
        parts.clock = loop.clock;
        parts.service = &shards;
        server = make_shard_server(parts, options);
        loop.tasks.spawn("test accept", accept(*this));
    }

    static Task<void> accept(Node& node) {
        while (true) {
            CO_TRY(auto stream, co_await node.listener->accept());
            node.loop.tasks.spawn("test serve", node.server->serve(std::move(stream), {}));
        }
    }

    std::unique_ptr<ShardService> client(ShardClientOptions options = {}) {
        options.peer = "n1";
        ShardClientParts parts;
        parts.network = loop.network;
        parts.clock = loop.clock;
        parts.tasks = &loop.tasks;
        return make_shard_client(parts, listener->address(), std::move(options));
    }
    Task<std::unique_ptr<Stream>> connect() {
        return loop.network->connect(listener->address(), std::chrono::seconds(2));
    }
    Context context(Duration left) const {
        Context made;
        made.request_id = "0123456789abcdef";
        made.deadline = loop.clock->now() + left;
        return made;
    }

    TestLoop& loop;
    TestShards shards;
    std::unique_ptr<Listener> listener;
    std::unique_ptr<ShardServer> server;
};

using NodeTest = Task<void> (*)(Node&);

template <NodeTest body>
Task<void> with_node(TestLoop& loop) {
    using std::chrono::milliseconds;
    ShardServerOptions options;
    options.stall_timeout = milliseconds(200);
    options.requests_max = 8;
    options.bytes_max = 8U << 20U;
    options.bytes_total_max = 12U << 20U;
    Node node(loop, options);
    auto const result = co_await body(node);
    node.shards.open();
    co_await node.server->stop(std::chrono::seconds(1));
    co_await loop.tasks.stop();
    co_return result;
}

template <NodeTest body>
void run_node_test() {
    run_test(with_node<body>);
}
template <NodeTest body>
void run_node_test_on_loopback() {
    run_on_loopback(with_node<body>);
}

}  // namespace disgrafs::wire
