#include "storage/storage_node.hpp"

#include <optional>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "io/pool.hpp"
#include "io/sim_world.hpp"
#include "io/testing.hpp"
#include "storage/testing/fake_index.hpp"
#include "storage/testing/shards.hpp"
#include "wire/shard_client.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::storage {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

/// A fake index server on "index", a node on "n1", a client on "client".
class StorageNodeTest : public testing::Test {
 protected:
    StorageNodeTest() : tasks(world.executor()) { start_log(LogLevel::off, "test"); }

    void SetUp() override {
        FakeIndexParts parts;
        parts.clock = &world.clock();
        parts.random = &world.random();
        parts.network = &world.network("index");
        parts.executor = world.executor();
        index.emplace(parts, world.host_address("index", 8080));
        start_node();
        wire::ShardClientParts with;
        with.network = &world.network("client");
        with.clock = &world.clock();
        with.tasks = &tasks;
        client = wire::make_shard_client(with, node->address(), {.peer = "n1"});
        http = wire::make_http_client(world.network("client"), world.clock());
    }
    void TearDown() override {
        client.reset();
        EXPECT_TRUE(run(tasks.stop()));
        stop_node();
        EXPECT_TRUE(run(index->stop()));
    }

    template <typename T>
    Result<T> run(Task<T> task) {
        std::optional<Result<T>> result;
        auto const ran = world.run(keep(std::move(task), result));
        if (!result) return std::unexpected(ran.error());
        return *std::move(result);
    }
    template <typename T>
    static Task<void> keep(Task<T> task, std::optional<Result<T>>& result) {
        result = co_await std::move(task);
        co_return Result<void>();
    }
    void sleep(Duration duration) { ASSERT_TRUE(run(world.clock().sleep(duration))); }

    StorageNodeOptions options() {
        StorageNodeOptions options;
        options.listen = world.host_address("n1", 0);
        options.index_url = index->url();
        options.join_token = token;
        options.name = "n1";
        options.store.segment_bytes = 1U << 20U;
        return options;
    }
    void start_node() {
        StorageNodeParts parts;
        parts.disk = &world.disk("n1");
        parts.clock = &world.clock();
        parts.random = &world.random();
        parts.network = &world.network("n1");
        parts.executor = world.executor();
        auto opened = run(open_storage_node(parts, options()));
        ASSERT_TRUE(opened) << opened.error().message;
        node = *std::move(opened);
        node_ended.reset();
        running.emplace(world.executor());
        running->spawn("node", keep(node->run(), node_ended));
        sleep(seconds(2));
    }
    void stop_node() {
        if (node == nullptr) return;
        EXPECT_TRUE(run(node->stop()));
        EXPECT_TRUE(run(running->join()));
        node.reset();
    }

    /// A ticket that is good for everything, on the shard of `shard`.
    wire::Ticket ticket(wire::Verb verb, ShardId shard, std::uint32_t size_max = 0) {
        wire::Ticket ticket;
        ticket.verb = verb;
        ticket.shard = shard;
        ticket.size_max = size_max;
        ticket.node = index->answer.id;
        ticket.epoch = 3;
        ticket.expires = world.clock().now() + seconds(60);
        return ticket;
    }
    Result<wire::Receipt> put(TestShard const& shard, wire::Ticket const& with) {
        wire::PutShard request{with, shard.place, shard.blocks, shard.payload};
        return run(client->put(context(), std::move(request)));
    }
    Result<wire::Receipt> put(TestShard const& shard) {
        auto const allowed = ticket(wire::Verb::put, shard.id(), shard.size());
        return put(shard, wire::sign_ticket(allowed, index->answer.key));
    }
    Result<wire::ShardRange> get(ShardId shard) {
        auto const allowed = wire::sign_ticket(ticket(wire::Verb::get, shard), index->answer.key);
        return run(client->get(context(), {allowed, shard, 0, 0}));
    }
    Result<void> remove(ShardId shard) {
        auto const allowed =
            wire::sign_ticket(ticket(wire::Verb::remove, shard), index->answer.key);
        return run(client->remove(context(), allowed, shard));
    }
    Result<wire::ShardList> list() {
        auto const allowed = wire::sign_ticket(ticket(wire::Verb::list, {}), index->answer.key);
        return run(client->list(context(), {allowed, {}, 100}));
    }
    Context context() {
        Context context;
        context.request_id = "0123456789abcdef";
        context.deadline = world.clock().now() + seconds(20);
        return context;
    }
    Result<wire::HttpAnswer> page(std::string const& path) {
        wire::HttpCall call;
        call.url = "http://" + node->address().text() + path;
        return run(http->call(std::move(call)));
    }
    std::string health() {
        auto const answer = page("/api/v1/health");
        if (!answer) return answer.error().message;
        return std::string(boost::json::parse(answer->body).at("status").as_string());
    }

    std::string token = "join me";
    SimWorld world{1};
    TaskGroup tasks;
    std::optional<FakeIndex> index;
    std::unique_ptr<StorageNode> node;
    std::optional<TaskGroup> running;
    std::optional<Result<void>> node_ended;
    std::unique_ptr<wire::ShardService> client;
    std::unique_ptr<wire::HttpClient> http;
};

template <typename T>
Errc code_of(Result<T> const& result) {
    return result ? static_cast<Errc>(255) : result.error().code;
}

TEST_F(StorageNodeTest, JoinsAndTellsWhatItHas) {
    ASSERT_EQ(index->joins.size(), 1U);
    auto const& request = index->joins[0];
    EXPECT_EQ(request.token, "join me");
    EXPECT_EQ(request.role, wire::Role::storage);
    EXPECT_EQ(request.address, node->address().text());
    EXPECT_EQ(request.disk_id, node->store().disk_id());
    EXPECT_EQ(request.previous, MemberId{});
    EXPECT_EQ(request.name, "n1");
    EXPECT_GT(request.capacity_bytes, 0U);
    ASSERT_TRUE(put(make_shard(1, 5000)));
    sleep(seconds(3));
    ASSERT_GE(index->heartbeats.size(), 4U);
    auto const& heartbeat = index->heartbeats.back();
    EXPECT_EQ(heartbeat.shards, 1U);
    EXPECT_EQ(heartbeat.used_bytes, 5000U);
    EXPECT_EQ(heartbeat.sequence, 1U);
    EXPECT_FALSE(heartbeat.read_only);
    EXPECT_EQ(health(), "ok");
}

TEST_F(StorageNodeTest, ComesBackWithItsKeyToTheSamePort) {
    ASSERT_TRUE(put(make_shard(1, 5000)));
    auto const address = node->address();
    stop_node();
    token = "a token that is no longer good";
    start_node();
    EXPECT_EQ(node->address(), address);
    ASSERT_EQ(index->joins.size(), 2U);
    EXPECT_EQ(index->joins[1].previous, index->answer.id);
    EXPECT_EQ(index->wrong_proofs, 0);
    auto const range = get(make_shard(1, 5000).id());
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_EQ(range->payload, make_shard(1, 5000).payload);
}

// The disk says who it is; the token, that it may come. What cannot be understood is no reason to
// stay away for ever.
TEST_F(StorageNodeTest, JoinsAnewWhenItsIdentityIsDamaged) {
    ASSERT_TRUE(put(make_shard(1, 5000)));
    stop_node();
    Bytes const damaged(4096);
    ASSERT_TRUE(run(replace_file(world.disk("n1"), "member.json", damaged)));
    start_node();
    ASSERT_EQ(index->joins.size(), 2U);
    EXPECT_EQ(index->joins[1].previous, MemberId{});
    EXPECT_EQ(index->joins[1].disk_id, index->joins[0].disk_id);
    EXPECT_TRUE(put(make_shard(2, 5000)));
    EXPECT_TRUE(get(make_shard(1, 5000).id()));
    stop_node();
    token = "a token that is no longer good";
    start_node();
    ASSERT_EQ(index->joins.size(), 3U);
    EXPECT_EQ(index->joins[2].previous, index->answer.id) << "the identity was written again";
}

TEST_F(StorageNodeTest, WrongTokenEndsIt) {
    stop_node();
    ASSERT_TRUE(run(world.disk("n1").remove("member.json")));
    token = "wrong";
    start_node();
    ASSERT_TRUE(node_ended.has_value());
    EXPECT_EQ(code_of(*node_ended), Errc::denied);
}

TEST_F(StorageNodeTest, PutGetRemoveListThroughTheWire) {
    auto const shard = make_shard(1, 200'000);
    auto const receipt = put(shard);
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->shard, shard.id());
    EXPECT_EQ(receipt->node, index->answer.id);
    EXPECT_EQ(receipt->size_bytes, shard.size());
    EXPECT_EQ(receipt->root, shard.root());
    EXPECT_EQ(receipt->sequence, 1U);
    EXPECT_TRUE(wire::is_signed(*receipt, index->answer.key));
    auto forged = *receipt;
    forged.size_bytes += 1;
    EXPECT_FALSE(wire::is_signed(forged, index->answer.key));

    auto const range = get(shard.id());
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_EQ(range->payload, shard.payload);
    ASSERT_TRUE(put(make_empty_shard(2)));
    auto const listed = list();
    ASSERT_TRUE(listed) << listed.error().message;
    EXPECT_EQ(listed->entries.size(), 2U);
    EXPECT_EQ(code_of(put(make_shard(1, 200'000, 9))), Errc::conflict);
    ASSERT_TRUE(remove(shard.id()));
    EXPECT_EQ(code_of(get(shard.id())), Errc::not_found);
    EXPECT_EQ(code_of(put(shard)), Errc::conflict);
}

// Each field wrong in turn, everything else right: denied, and nothing is changed.
TEST_F(StorageNodeTest, TicketThatIsWrongInAnyFieldIsDenied) {
    auto const shard = make_shard(1, 5000);
    auto const key = index->answer.key;
    auto const good = ticket(wire::Verb::put, shard.id(), 5000);
    std::vector<wire::Ticket> bad(6, good);
    bad[0].verb = wire::Verb::get;
    bad[1].shard.index = 1;
    bad[2].size_max = 4999;
    bad[3].node = MemberId{8};
    bad[4].epoch = 2;
    bad[5].expires = world.clock().now() + milliseconds(-1);
    for (std::size_t n = 0; n < bad.size(); ++n) {
        EXPECT_EQ(code_of(put(shard, wire::sign_ticket(bad[n], key))), Errc::denied) << n;
    }
    auto forged = wire::sign_ticket(good, key);
    forged.mac[5] ^= std::byte{1};
    EXPECT_EQ(code_of(put(shard, forged)), Errc::denied);
    EXPECT_EQ(code_of(put(shard, good)), Errc::denied) << "no MAC at all";
    EXPECT_EQ(node->store().counts().sequence, 0U);
    EXPECT_TRUE(put(shard, wire::sign_ticket(good, key)));
    auto const as_put = wire::sign_ticket(good, key);
    EXPECT_EQ(code_of(run(client->remove(context(), as_put, shard.id()))), Errc::denied);
    EXPECT_EQ(code_of(run(client->get(context(), {as_put, shard.id(), 0, 0}))), Errc::denied);
    EXPECT_EQ(code_of(run(client->list(context(), {as_put, {}, 10}))), Errc::denied);
    EXPECT_TRUE(get(shard.id()));
}

TEST_F(StorageNodeTest, TicketOfAnOlderMapIsDeniedOnceTheNodeKnowsANewer) {
    index->lease.epoch = 4;
    sleep(seconds(3));
    EXPECT_EQ(node->member().epoch(), 4U);
    EXPECT_EQ(code_of(put(make_shard(1, 100))), Errc::denied);
}

// The network between node and index server is cut: the node writes for half of its lease, then no
// more, though clients still reach it; it reads on. Healed, it writes again.
TEST_F(StorageNodeTest, WithoutALeaseItReadsButDoesNotWrite) {
    auto const shard = make_shard(1, 5000);
    ASSERT_TRUE(put(shard));
    world.cut("index", "n1");
    sleep(seconds(3));
    EXPECT_TRUE(put(make_shard(2, 5000)));
    sleep(seconds(4));
    EXPECT_EQ(code_of(put(make_shard(3, 5000))), Errc::unavailable);
    EXPECT_EQ(code_of(remove(shard.id())), Errc::unavailable);
    EXPECT_TRUE(get(shard.id()));
    EXPECT_TRUE(list());
    EXPECT_EQ(health(), "no_lease");
    world.heal("index", "n1");
    sleep(seconds(15));
    EXPECT_TRUE(put(make_shard(3, 5000)));
    EXPECT_EQ(health(), "ok");
}

TEST_F(StorageNodeTest, SilentIndexServerGivesNoLease) {
    index->gives_leases = false;
    sleep(seconds(7));
    EXPECT_EQ(code_of(put(make_shard(1, 100))), Errc::unavailable);
}

TEST_F(StorageNodeTest, PagesShowHealthAndMetrics) {
    ASSERT_TRUE(put(make_shard(1, 5000)));
    auto const answer = page("/api/v1/health");
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    auto const health = boost::json::parse(answer->body);
    EXPECT_EQ(health.at("role"), "storage");
    EXPECT_EQ(health.at("id"), 7);
    EXPECT_EQ(health.at("disk"), node->store().disk_id().c_str());
    EXPECT_EQ(health.at("shards"), 1);
    auto const metrics = page("/metrics");
    ASSERT_TRUE(metrics) << metrics.error().message;
    EXPECT_EQ(metrics->status, 200);
    for (auto const* const line : {
             "disgrafs_storage_ops_total{op=\"write_shard\",result=\"ok\"}",
             "disgrafs_storage_ops_total{op=\"read_shard\",result=\"corrupt\"} 0",
             "disgrafs_storage_op_duration_seconds_bucket{op=\"write_shard\",le=\"0.0001\"}",
             "disgrafs_storage_bytes_total{op=\"write_shard\"}",
             "disgrafs_disk_size_bytes{disk=\"d0\"}",
             "disgrafs_disk_free_bytes{disk=\"d0\"}",
             "disgrafs_disk_healthy{disk=\"d0\"} 1",
             "disgrafs_disk_errors_total{disk=\"d0\",kind=\"io\"}",
             "disgrafs_shards{disk=\"d0\",state=\"ok\"} 1",
             "disgrafs_scrub_bytes_total",
         }) {
        EXPECT_THAT(metrics->body, HasSubstr(line));
    }
    EXPECT_EQ(page("/nothing")->status, 404);
}

TEST_F(StorageNodeTest, FailedDiskIsToldToTheIndexServer) {
    world.faults().sync_error = 1;
    EXPECT_EQ(code_of(put(make_shard(1, 100))), Errc::io);
    sleep(seconds(2));
    EXPECT_TRUE(index->heartbeats.back().read_only);
    EXPECT_EQ(health(), "read_only");
    EXPECT_EQ(page("/api/v1/health")->status, 503);
}

Task<std::string> answer_to(Network& network, Address to, std::string text) {
    auto const patience = seconds(1);
    CO_TRY(auto const stream, co_await network.connect(to, patience));
    std::vector<ByteView> const parts(1, as_bytes(text));
    CO_TRY_OK(co_await wire::write_all(*stream, parts));
    std::string all;
    Bytes piece(4096);
    while (true) {
        auto const got = co_await wire::read_some(*stream, piece);
        if (!got || *got == 0) co_return all;
        all += as_text(ByteView(piece).first(*got));
    }
}

TEST_F(StorageNodeTest, WhatIsNeitherFramesNorHttpIsAnsweredAndCutOff) {
    auto& network = world.network("client");
    auto const nonsense = run(answer_to(network, node->address(), "XXXX\r\n\r\n"));
    ASSERT_TRUE(nonsense) << nonsense.error().message;
    EXPECT_THAT(*nonsense, HasSubstr("400"));
    EXPECT_TRUE(run(answer_to(network, node->address(), "DGF1" + std::string(28, 'x'))));
    EXPECT_TRUE(put(make_shard(1, 100))) << "the others are served";
}

TEST_F(StorageNodeTest, ConnectionThatSaysNothingIsClosed) {
    auto& network = world.network("client");
    auto const begun = world.clock().steady();
    auto const silent = run(answer_to(network, node->address(), "DG"));
    ASSERT_TRUE(silent) << silent.error().message;
    auto const took = world.clock().steady() - begun;
    EXPECT_GE(took, seconds(29));
    EXPECT_LE(took, seconds(95));
}

TEST_F(StorageNodeTest, StopAnswersWhatIsUnderWay) {
    world.faults().sync_latency_max = milliseconds(100);
    auto const shard = make_shard(1, 5000);
    auto const allowed = ticket(wire::Verb::put, shard.id(), shard.size());
    auto const signed_ticket = wire::sign_ticket(allowed, index->answer.key);
    wire::PutShard request{signed_ticket, shard.place, shard.blocks, shard.payload};
    std::optional<Result<wire::Receipt>> receipt;
    tasks.spawn("put", keep(client->put(context(), std::move(request)), receipt));
    sleep(milliseconds(15));
    stop_node();
    sleep(seconds(1));
    ASSERT_TRUE(receipt.has_value());
    auto const was_answered = receipt->has_value();
    start_node();
    if (was_answered) {
        auto const range = run(node->store().get(shard.id(), 0, 0));
        EXPECT_TRUE(range);
    }
    EXPECT_TRUE(was_answered);
}

// The same node on a real disk and a real network.
Task<void> on_the_real_world(boost::asio::any_io_executor executor, std::string folder) {
    Pool pool("io", 2);
    auto const clock = make_real_clock();
    auto const random = make_real_random();
    auto const network = make_real_network(executor);
    CO_TRY(auto const disk, open_real_disk(pool, folder));
    FakeIndexParts with{clock.get(), random.get(), network.get(), executor};
    FakeIndex index(with, {"127.0.0.1", 0});
    StorageNodeParts parts;
    parts.disk = disk.get();
    parts.clock = clock.get();
    parts.random = random.get();
    parts.network = network.get();
    parts.executor = executor;
    StorageNodeOptions options;
    options.index_url = index.url();
    options.join_token = index.token;
    CO_TRY(auto const node, co_await open_storage_node(parts, options));
    TaskGroup running(executor);
    running.spawn("node", node->run());
    while (!node->member().may_act()) {
        auto const moment = milliseconds(5);
        CO_TRY_OK(co_await clock->sleep(moment));
    }
    TaskGroup tasks(executor);
    wire::ShardClientParts client_parts{network.get(), clock.get(), &tasks};
    auto client = wire::make_shard_client(client_parts, node->address(), {.peer = "n1"});
    auto const shard = make_shard(1, 300'000);
    wire::Ticket ticket;
    ticket.verb = wire::Verb::put;
    ticket.shard = shard.id();
    ticket.size_max = shard.size();
    ticket.node = index.answer.id;
    ticket.epoch = 3;
    ticket.expires = clock->now() + seconds(60);
    auto const allowed = wire::sign_ticket(ticket, index.answer.key);
    wire::PutShard request{allowed, shard.place, shard.blocks, shard.payload};
    Context const context;
    auto const receipt = co_await client->put(context, std::move(request));
    EXPECT_TRUE(receipt && wire::is_signed(*receipt, index.answer.key));
    auto const range = co_await node->store().get(shard.id(), 0, 0);
    EXPECT_TRUE(range && range->payload == shard.payload);
    client.reset();
    CO_TRY_OK(co_await tasks.stop());
    CO_TRY_OK(co_await node->stop());
    CO_TRY_OK(co_await running.join());
    co_return co_await index.stop();
}

TEST(StorageNodeOnTheRealWorld, JoinsStoresAndStops) {
    start_log(LogLevel::off, "test");
    TemporaryFolder const folder;
    passes([&](auto executor) { return on_the_real_world(executor, folder.path()); });
}

}  // namespace
}  // namespace disgrafs::storage
