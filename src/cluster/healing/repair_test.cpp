// Lost, late and damaged shards come back; contents that were written narrow become as wide as they
// should be; nobody is less safe meanwhile.

#include <algorithm>

#include <gtest/gtest.h>

#include "cluster/rows.hpp"
#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;
using std::chrono::minutes;
using std::chrono::seconds;

// Every shard that a manifest names is on its node, right to the byte; no node has two of a stripe.
Task<void> check_manifests(FakeCluster& cluster) {
    CO_TRY(
        auto const page, co_await cluster.store.scan(kv::Range::prefix(stripe_prefix()), 10'000)
    );
    for (auto const& entry : page.entries) {
        CO_TRY(auto const id, parse_stripe_key(entry.key));
        CO_TRY(auto const row, parse_stripe_row(entry.value));
        std::set<MemberId> nodes;
        for (int index = 0; index < row.total(); ++index) {
            auto const node = row.nodes[static_cast<std::size_t>(index)];
            if (node.value == 0) continue;
            EXPECT_TRUE(nodes.insert(node).second) << "two shards on node " << node.value;
            ShardId const shard{
                .upload = id.upload, .stripe = id.stripe, .index = static_cast<std::uint8_t>(index)
            };
            auto const& disk = cluster.node(node)->disk;
            auto const found = disk.shards.find(shard);
            EXPECT_NE(found, disk.shards.end());
            if (found == disk.shards.end()) continue;
            auto const blocks = row.blocks_of(index);
            EXPECT_TRUE(std::ranges::equal(found->second.blocks, blocks));
            EXPECT_FALSE(found->second.is_corrupt);
        }
    }
    co_return Result<void>();
}

TEST(Repair, NodesAwayWriteNarrowAndWidenWhenTheyReturn) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY_OK(co_await cluster.kill(1));
        CO_TRY_OK(co_await cluster.kill(2));
        std::vector<ContentId> ids;
        for (std::size_t const size : {10'000UL, 900'000UL, 17 * mib}) {
            CO_TRY(auto const id, co_await cluster.put(test_content(size, size)));
            ids.push_back(id);
        }
        CO_TRY_OK(co_await world.clock().sleep(seconds(5)));
        EXPECT_EQ(cluster.status().repair.queued_contents, 1U);  // The large one: 2+2, not 4+2.
        EXPECT_NE(cluster.status().repair.waits_for.find("4+2 need 6"), std::string::npos)
            << cluster.status().repair.waits_for;
        CO_TRY_OK(co_await cluster.revive(1));
        CO_TRY_OK(co_await cluster.revive(2));
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.status().repair.waits_for, "");
        EXPECT_EQ(cluster.stripes_with(2), cluster.status().stripes_total);
        CO_TRY(auto const places, co_await cluster.index->contents().places(ids.back()));
        EXPECT_EQ(places.layout, layout_for(SizeClass::large, 6));
        for (auto const id : ids) {
            CO_TRY(auto const row, co_await cluster.store.get(content_key(id)));
            CO_TRY(auto const content, parse_content_row(row->value));
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == test_content(content.size_bytes, content.size_bytes));
        }
        CO_TRY_OK(co_await check_manifests(cluster));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A node that is away is given up after ten minutes; its shards are made again on the others; a
// file survives two further losses. When it returns it is a member like the others.
TEST(Repair, ANodeThatStaysAwayIsGivenUpAndRebuiltOnTheOthers) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(9));
        std::vector<ContentId> ids;
        for (std::size_t count = 0; count < 12; ++count) {
            CO_TRY(
                auto const id, co_await cluster.put(test_content(70'000 + count * 80'000, count))
            );
            ids.push_back(id);
        }
        CO_TRY_OK(co_await cluster.kill(3));
        CO_TRY_OK(co_await world.clock().sleep(minutes(9)));
        EXPECT_EQ(cluster.status().repair.queued_stripes, 0U);
        auto const is_out = [&] {
            auto const members = cluster.status().members;
            return std::ranges::count(members, MemberState::out, &Member::state) == 1;
        };
        CO_TRY_OK(co_await cluster.until(is_out));
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.stripes_with(2), 12U);
        CO_TRY_OK(co_await check_manifests(cluster));
        CO_TRY_OK(co_await cluster.kill(0));
        CO_TRY_OK(co_await cluster.kill(8));
        for (std::size_t count = 0; count < 12; ++count) {
            CO_TRY(auto const read, co_await cluster.get(ids[count]));
            EXPECT_TRUE(read == test_content(70'000 + count * 80'000, count));
        }
        for (std::size_t const number : {0U, 8U, 3U}) CO_TRY_OK(co_await cluster.revive(number));
        auto const is_back = [&] { return !is_out(); };
        CO_TRY_OK(co_await cluster.until(is_back));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Repair, AMassOutageGivesNobodyUpAndSaysSo) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY_OK(co_await cluster.put(test_content(5 * mib)));
        for (std::size_t number = 0; number < 3; ++number) CO_TRY_OK(co_await cluster.kill(number));
        CO_TRY_OK(co_await world.clock().sleep(minutes(60)));
        for (auto const& member : cluster.status().members) {
            EXPECT_NE(member.state, MemberState::out) << member.name;
        }
        EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U);
        for (std::size_t number = 0; number < 3; ++number)
            CO_TRY_OK(co_await cluster.revive(number));
        EXPECT_EQ(cluster.stripes_with(2), 1U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// With k + m = N there is no other node: repair waits, says for what, and ends when a node comes.
TEST(Repair, WaitsForANodeWhenThereIsNoneToPutTheShardOn) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const id, co_await cluster.put(test_content(5 * mib)));
        CO_TRY_OK(co_await cluster.kill(2));
        CO_TRY_OK(co_await world.clock().sleep(minutes(12)));
        auto const status = cluster.status();
        EXPECT_EQ(status.repair.queued_stripes, 1U);
        EXPECT_EQ(status.repair.queued_by_margin.at(1), 1U);
        EXPECT_NE(status.repair.waits_for.find("4+2 need 6"), std::string::npos)
            << status.repair.waits_for;
        CO_TRY_OK(co_await cluster.add_node());
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.stripes_with(2), 1U);
        CO_TRY_OK(co_await check_manifests(cluster));
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == test_content(5 * mib));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Repair, TheMostEndangeredStripeComesFirst) {
    TestWorld world;
    ClusterOptions options;
    options.repair_bytes_per_s = mib;  // One stripe after the other, slowly.
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(8));
        std::vector<ContentId> ids;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            CO_TRY(auto const id, co_await cluster.put(test_content(2 * mib, seed)));
            ids.push_back(id);
        }
        // All lose one shard, the last of them two.
        auto const lose = [&](ContentId id, std::uint8_t shard) -> Task<void> {
            StripeId const stripe{.upload = id, .stripe = 0};
            CO_TRY(auto const entry, co_await cluster.store.get(stripe_key(stripe)));
            CO_TRY(auto row, parse_stripe_row(entry->value));
            row.nodes[shard] = {};
            kv::Batch batch;
            batch.put(entry->key, write_row(row));
            RepairRow const repair{.reason = RepairRow::Reason::missing, .since = {1}};
            batch.put(stripe_repair_key(stripe), write_row(repair));
            CO_TRY_OK(co_await cluster.store.commit(std::move(batch)));
            co_return Result<void>();
        };
        for (auto const id : ids) CO_TRY_OK(co_await lose(id, 0));
        CO_TRY_OK(co_await lose(ids.back(), 1));
        auto const is_safe = [&] { return cluster.stripes_with(0) == 0; };
        CO_TRY_OK(co_await world.clock().sleep(std::chrono::milliseconds(1)));
        CO_TRY_OK(co_await cluster.until(is_safe));
        EXPECT_GE(cluster.status().repair.queued_stripes, 12U);
        CO_TRY_OK(co_await world.clock().sleep(seconds(10)));
        auto const progress = cluster.status().repair;
        EXPECT_GT(progress.eta_seconds, 1);
        EXPECT_EQ(progress.round_total, progress.round_done + progress.queued_stripes);
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.stripes_with(2), 20U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A node comes back with a disk of yesterday: what it lacks is found and made again.
TEST(Repair, AnOldCopyOfADiskIsRecognisedAndMadeWhole) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const before, co_await cluster.put(test_content(2 * mib, 1)));
        auto const old = cluster.at(4).disk;
        CO_TRY(auto const after, co_await cluster.put(test_content(2 * mib, 2)));
        CO_TRY_OK(co_await world.clock().sleep(seconds(3)));
        CO_TRY_OK(co_await cluster.kill(4));
        cluster.at(4).disk = old;
        CO_TRY_OK(co_await cluster.revive(4));
        EXPECT_EQ(cluster.stripes_with(2), 0U);  // It counts again after the comparison.
        auto const is_whole = [&] { return cluster.stripes_with(2) == 2; };
        CO_TRY_OK(co_await cluster.until(is_whole));
        CO_TRY_OK(co_await check_manifests(cluster));
        CO_TRY(auto const one, co_await cluster.get(before));
        CO_TRY(auto const two, co_await cluster.get(after));
        EXPECT_TRUE(one == test_content(2 * mib, 1));
        EXPECT_TRUE(two == test_content(2 * mib, 2));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// What a scrubber marks as damaged is repaired before anybody reads it, the first time and later.
TEST(Repair, DamageThatANodeReportsIsRepairedUnread) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY_OK(co_await cluster.put(test_content(2 * mib)));
        CO_TRY_OK(co_await world.clock().sleep(seconds(10)));
        auto& disk = cluster.at(5).disk;
        auto const& [id, shard] = *disk.shards.begin();
        auto const is_sound = [&] { return !shard.is_corrupt; };
        for (int time = 0; time < 3; ++time) {  // Each time there is one bad shard, not more.
            disk.find_damage(id);
            CO_TRY_OK(co_await cluster.until(is_sound));
            CO_TRY_OK(co_await cluster.until_whole());
            CO_TRY_OK(co_await world.clock().sleep(seconds(10)));
        }
        EXPECT_EQ(cluster.stripes_with(2), 1U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Repair, QueueAndMarginsAreTheSameAfterARestart) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY_OK(co_await cluster.put(test_content(5 * mib)));
        cluster.at(0).faults.put_takes = minutes(10);
        CO_TRY_OK(co_await cluster.put(test_content(6 * mib)));
        CO_TRY_OK(co_await cluster.kill(0));
        CO_TRY_OK(co_await world.clock().sleep(seconds(2)));
        auto const before = cluster.status();
        EXPECT_EQ(before.repair.queued_stripes, 1U);
        CO_TRY_OK(co_await cluster.restart_index());
        auto const after = cluster.status();
        EXPECT_EQ(after.stripes_by_margin, before.stripes_by_margin);
        EXPECT_EQ(after.repair.queued_stripes, 1U);
        EXPECT_EQ(after.cluster_id, before.cluster_id);
        EXPECT_EQ(after.epoch, before.epoch);
        cluster.at(0).faults.put_takes = Duration(0);
        CO_TRY_OK(co_await cluster.revive(0));
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.stripes_with(2), 2U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Repair, ProgressIsToldAtMostFourTimesASecond) {
    TestWorld world;
    ClusterOptions options;
    options.repair_bytes_per_s = 4 * mib;
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(7));
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            CO_TRY_OK(co_await cluster.put(test_content(2 * mib, seed)));
        }
        std::vector<RepairStatus> told;
        Duration last{0};
        auto const listening = cluster.index->listen([&](ClusterEvent const& event) {
            if (event.kind != ClusterEvent::Kind::repair_progress) return;
            EXPECT_GE(world.clock().steady() - last, std::chrono::milliseconds(250));
            last = world.clock().steady();
            told.push_back(event.repair);
        });
        CO_TRY_OK(co_await cluster.kill(6));
        CO_TRY_OK(co_await world.clock().sleep(minutes(11)));
        CO_TRY_OK(co_await cluster.until_whole());
        CO_TRY_OK(co_await world.clock().sleep(seconds(1)));
        EXPECT_GE(told.size(), 3U);
        EXPECT_EQ(told.back().queued_stripes, 0U);
        EXPECT_EQ(told.back().round_done, told.back().round_total);
        EXPECT_GT(told.back().repaired_bytes, 0U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
