// Puts with nodes that are late, dead, full, or lie: what is acknowledged, when, and how safe it
// is.

#include <gtest/gtest.h>

#include "cluster/rows.hpp"
#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Writes, AnswerWhenEveryReceiptIsIn) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        for (auto const& node : cluster.nodes) node->faults.put_takes = milliseconds(100);
        cluster.at(3).faults.put_takes = milliseconds(300);
        auto const begun = world.clock().steady();
        CO_TRY(auto const id, co_await cluster.put(test_content(5 * mib)));
        EXPECT_GE(world.clock().steady() - begun, milliseconds(300));
        EXPECT_LT(world.clock().steady() - begun, milliseconds(400));
        EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U);
        auto const is_stored = [&] { return cluster.status().stripes_total == 1; };
        CO_TRY_OK(co_await cluster.until(is_stored));
        EXPECT_EQ(cluster.stripes_with(2), 1U);
        CO_TRY(auto const places, co_await cluster.index->contents().places(id));
        EXPECT_EQ(places.stripes.at(0).margin, 2);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// One node is late: the put answers after 500 ms, with a repair row in the batch of the manifest,
// and the margin is shown as smaller until the shard is made again.
TEST(Writes, ALateNodeCostsHalfASecondAndAMarginUntilRepair) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        cluster.at(3).faults.put_takes = seconds(4);
        auto const begun = world.clock().steady();
        auto const content = test_content(5 * mib);
        ContentOptions with;
        with.size = content.size();
        CO_TRY(auto stored, co_await cluster.upload(content, with));
        EXPECT_GE(world.clock().steady() - begun, milliseconds(500));
        EXPECT_LT(world.clock().steady() - begun, milliseconds(600));
        auto const is_repair = [](kv::Write const& write) {
            return write.key.starts_with(stripe_repair_prefix());
        };
        EXPECT_EQ(std::ranges::count_if(stored.rows, is_repair), 1);
        auto const id = stored.id;
        CO_TRY_OK(co_await cluster.commit(std::move(stored)));
        auto const is_stored = [&] { return cluster.status().stripes_total == 1; };
        CO_TRY_OK(co_await cluster.until(is_stored));
        EXPECT_EQ(cluster.stripes_with(1), 1U);
        cluster.at(3).faults.put_takes = Duration(0);
        auto const is_whole = [&] { return cluster.stripes_with(2) == 1; };
        CO_TRY_OK(co_await cluster.until(is_whole));
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == content);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, AShardThatFailsGoesToAnotherNodeAtOnce) {
    for (int fault = 0; fault < 4; ++fault) {
        TestWorld world;
        FakeCluster cluster(world);
        auto const scenario = [&]() -> Task<void> {
            CO_TRY_OK(co_await cluster.start(7));
            auto& faults = cluster.at(2).faults;
            faults.is_dead = fault == 0;  // Unnoticed: its connection still stands.
            faults.is_full = fault == 1;
            faults.lies = fault == 2;
            faults.lies_about_root = fault == 3;
            for (int count = 0; count < 10; ++count) {
                auto const begun = world.clock().steady();
                CO_TRY_OK(co_await cluster.put(test_content(2 * mib)));
                EXPECT_LT(world.clock().steady() - begun, milliseconds(100));
            }
            EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U) << fault;
            cluster.at(2).faults = {};
            co_return co_await cluster.stop();
        };
        world.passes(scenario());
    }
}

// Two of six nodes die while a large upload runs: it goes on as 2+2, is readable with any two more
// nodes dead, and becomes 4+2 when the two are back.
TEST(Writes, AnUploadGoesOnWithAnotherLayoutWhenNodesDieInItsMiddle) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        auto const content = test_content(50'000'000);
        ContentOptions const with;
        CO_TRY(auto const writer, co_await cluster.index->contents().begin(Context(), with));
        std::size_t at = 0;
        while (at < content.size()) {
            if (at == 20'000'000) {
                CO_TRY_OK(co_await world.clock().sleep(seconds(1)));
                CO_TRY_OK(co_await cluster.kill(0));
                CO_TRY_OK(co_await cluster.kill(4));
            }
            auto const begin = content.begin() + static_cast<std::ptrdiff_t>(at);
            CO_TRY_OK(co_await writer->write(Bytes(begin, begin + 1'000'000)));
            at += 1'000'000;
        }
        CO_TRY(auto stored, co_await writer->finish());
        auto const id = stored.id;
        CO_TRY_OK(co_await cluster.commit(std::move(stored)));
        CO_TRY(auto const degraded, co_await cluster.get(id));
        EXPECT_TRUE(degraded == content);
        CO_TRY(auto const entry, co_await cluster.store.get(content_key(id)));
        CO_TRY(auto const row, parse_content_row(entry->value));
        EXPECT_GE(row.runs.size(), 2U);
        EXPECT_EQ(row.runs.back().layout.k, 2);
        EXPECT_FALSE(row.is_as_wanted());
        CO_TRY_OK(co_await cluster.revive(0));
        CO_TRY_OK(co_await cluster.revive(4));
        CO_TRY_OK(co_await cluster.until_whole());
        CO_TRY(auto const healed_entry, co_await cluster.store.get(content_key(id)));
        CO_TRY(auto const healed, parse_content_row(healed_entry->value));
        EXPECT_TRUE(healed.is_as_wanted());
        EXPECT_EQ(healed.sha256, row.sha256);
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == content);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, TooFewNodesAreRefusedBeforeTheFirstByteAndSayHowManyAreNeeded) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        for (std::size_t number = 0; number < 4; ++number) CO_TRY_OK(co_await cluster.kill(number));
        EXPECT_FALSE(cluster.status().can_write);
        ContentOptions with;
        with.size = 10'000;
        auto const refused = co_await cluster.index->contents().begin(Context(), with);
        EXPECT_EQ(refused.error().code, Errc::unavailable);
        EXPECT_NE(refused.error().message.find("needs 3 storage nodes"), std::string::npos);
        // What needs no node is taken.
        CO_TRY(auto const id, co_await cluster.put(test_content(2000)));
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == test_content(2000));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, AFullClusterSaysThatItIsFull) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        for (auto const& node : cluster.nodes) node->faults.is_full = true;
        // The heartbeats do not know it yet: the nodes themselves refuse.
        EXPECT_EQ((co_await cluster.put(test_content(5000))).error().code, Errc::exhausted);
        auto const is_full = [&] { return !cluster.status().can_write; };
        CO_TRY_OK(co_await cluster.until(is_full));
        EXPECT_EQ((co_await cluster.put(test_content(5000))).error().code, Errc::exhausted);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, OtherLengthsThanAnnouncedAreInvalid) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        for (std::uint64_t const announced : {0U, 1U, 99'999U, 100'001U, 3'000'000U}) {
            ContentOptions with;
            with.size = announced;
            auto const stored = co_await cluster.upload(test_content(100'000), with);
            EXPECT_FALSE(stored);
            if (!stored) EXPECT_EQ(stored.error().code, Errc::invalid) << announced;
        }
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, APolicyDecidesTheLayoutOfLargeFiles) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        ContentOptions with;
        with.policy = erasure::Layout{.k = 3, .m = 2, .w = 8, .matrix = erasure::Matrix::cauchy};
        auto const content = test_content(7 * mib);
        CO_TRY(auto const id, co_await cluster.put(content, with));
        CO_TRY(auto const places, co_await cluster.index->contents().places(id));
        EXPECT_EQ(places.layout, *with.policy);
        EXPECT_EQ(places.stripes.at(0).shards.size(), 5U);
        with.policy->m = 1;
        with.size = content.size();
        auto const thin = co_await cluster.index->contents().begin(Context(), with);
        EXPECT_EQ(thin.error().code, Errc::invalid);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, SixtyFourPutsRunAtOnceBesideALargeOne) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        for (auto const& node : cluster.nodes) node->faults.put_takes = milliseconds(10);
        TaskGroup puts(world.executor());
        int done = 0;
        auto const put = [&](std::size_t size) -> Task<void> {
            CO_TRY(auto const id, co_await cluster.put(test_content(size, size)));
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == test_content(size, size));
            done += 1;
            co_return Result<void>();
        };
        auto const begun = world.clock().steady();
        puts.spawn("large", put(40 * mib));
        for (std::size_t index = 0; index < 64; ++index) puts.spawn("small", put(4096 + index));
        auto const are_done = [&] { return done >= 64; };
        CO_TRY_OK(co_await cluster.until(are_done));
        EXPECT_LT(world.clock().steady() - begun, milliseconds(200));
        CO_TRY_OK(co_await puts.join());
        EXPECT_EQ(done, 65);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// More large uploads than memory: they wait for each other, and all end.
TEST(Writes, LargeUploadsBeyondTheBudgetWaitAndAllEnd) {
    TestWorld world;
    ClusterOptions options;
    options.buffer_bytes_max = 64 * mib;
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        for (auto const& node : cluster.nodes) node->faults.put_takes = milliseconds(10);
        TaskGroup puts(world.executor());
        int done = 0;
        auto const put = [&](std::size_t size) -> Task<void> {
            ContentOptions with;
            if (size % 2 == 0) with.size = size;
            CO_TRY_OK(co_await cluster.put(test_content(size), with));
            done += 1;
            co_return Result<void>();
        };
        for (std::size_t index = 0; index < 12; ++index) puts.spawn("put", put(18 * mib + index));
        CO_TRY_OK(co_await puts.join());
        EXPECT_EQ(done, 12);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Writes, ARepeatedCommitOfTheSameRowsIsAConflictAndChangesNothing) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        auto const content = test_content(70'000);
        ContentOptions with;
        with.size = content.size();
        CO_TRY(auto const stored, co_await cluster.upload(content, with));
        CO_TRY_OK(co_await cluster.commit(stored));
        auto const revision = cluster.store.revision();
        EXPECT_EQ((co_await cluster.commit(stored)).error().code, Errc::conflict);
        EXPECT_EQ(cluster.store.revision(), revision);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A ticket of an older map is refused by the nodes; the shard is sent again with a new one.
TEST(Writes, AChangedMapOnTheWayIsNoFailure) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        for (auto const& node : cluster.nodes) node->faults.put_takes = milliseconds(200);
        TaskGroup puts(world.executor());
        bool is_done = false;
        auto const put = [&]() -> Task<void> {
            CO_TRY_OK(co_await cluster.put(test_content(5000)));
            is_done = true;
            co_return Result<void>();
        };
        puts.spawn("put", put());
        CO_TRY_OK(co_await world.clock().sleep(milliseconds(50)));
        CO_TRY_OK(co_await cluster.add_node());
        for (auto const& node : cluster.nodes) node->epoch_least = cluster.status().epoch;
        CO_TRY_OK(co_await puts.join());
        EXPECT_TRUE(is_done);
        EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
