// What is removed, when, and what never is.

#include <gtest/gtest.h>

#include "cluster/rows.hpp"
#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

ClusterOptions short_options() {
    ClusterOptions options;
    options.quarantine = hours(1);
    options.abandoned_after = minutes(30);
    options.inventory_every = hours(1);
    return options;
}

TEST(Garbage, ReleasedContentsGoAfterTheQuarantineAndNotBefore) {
    TestWorld world;
    FakeCluster cluster(world, short_options());
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const kept, co_await cluster.put(test_content(5 * mib, 1)));
        CO_TRY(auto const gone, co_await cluster.put(test_content(40 * mib, 2)));
        auto const all = cluster.shards();
        CO_TRY_OK(co_await cluster.release(gone));
        EXPECT_EQ((co_await cluster.get(gone)).error().code, Errc::not_found);
        CO_TRY_OK(co_await world.clock().sleep(minutes(55)));
        EXPECT_EQ(cluster.shards(), all);
        EXPECT_EQ(cluster.status().stripes_total, 1U);  // But it is no longer counted.
        CO_TRY_OK(co_await world.clock().sleep(minutes(10)));
        EXPECT_EQ(cluster.shards(), 6U);
        EXPECT_EQ(cluster.store.count(stripe_prefix()), 1U);
        CO_TRY(auto const read, co_await cluster.get(kept));
        EXPECT_TRUE(read == test_content(5 * mib, 1));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A program that commits the same rows a second time, late: nothing comes to life without its
// shards.
TEST(Garbage, RowsOfACollectedUploadCanNeverBeCommitted) {
    TestWorld world;
    FakeCluster cluster(world, short_options());
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        ContentOptions const unknown;
        CO_TRY(auto const stored, co_await cluster.upload(test_content(5000), unknown));
        CO_TRY_OK(co_await cluster.commit(stored));
        CO_TRY_OK(co_await cluster.release(stored.id));
        EXPECT_EQ((co_await cluster.commit(stored)).error().code, Errc::conflict);
        CO_TRY_OK(co_await world.clock().sleep(hours(2)));
        EXPECT_EQ(cluster.shards(), 0U);
        auto const again = co_await cluster.commit(stored);
        EXPECT_FALSE(again);
        if (!again) EXPECT_EQ(again.error().code, Errc::conflict);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// An upload that broke off, one that was never committed, and the shards of a crash: all are
// collected; what is still being written is not.
TEST(Garbage, UploadsThatNeverBecameContentAreCollected) {
    TestWorld world;
    FakeCluster cluster(world, short_options());
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        ContentOptions const unknown;
        {
            CO_TRY(auto const broken, co_await cluster.index->contents().begin(Context(), unknown));
            CO_TRY_OK(co_await broken->write(test_content(20 * mib, 1)));
            CO_TRY_OK(co_await world.clock().sleep(seconds(1)));
        }
        CO_TRY(auto const uncommitted, co_await cluster.upload(test_content(3 * mib, 2), unknown));
        CO_TRY(auto const slow, co_await cluster.index->contents().begin(Context(), unknown));
        CO_TRY_OK(co_await slow->write(test_content(20 * mib, 3)));
        CO_TRY_OK(co_await world.clock().sleep(seconds(5)));
        EXPECT_EQ(cluster.shards(), 18U);
        CO_TRY_OK(co_await world.clock().sleep(hours(3)));
        EXPECT_EQ(cluster.shards(), 6U);  // The slow one's.
        EXPECT_EQ((co_await cluster.commit(uncommitted)).error().code, Errc::conflict);
        CO_TRY(auto stored, co_await slow->finish());
        auto const id = stored.id;
        CO_TRY_OK(co_await cluster.commit(std::move(stored)));
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == test_content(20 * mib, 3));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Garbage, ShardsOfUploadsThatACrashCutOffAreFoundByInventory) {
    TestWorld world;
    FakeCluster cluster(world, short_options());
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const kept, co_await cluster.put(test_content(5 * mib, 1)));
        ContentOptions const unknown;
        CO_TRY(auto const lost, co_await cluster.upload(test_content(3 * mib, 2), unknown));
        CO_TRY_OK(co_await cluster.restart_index());
        EXPECT_EQ(cluster.shards(), 12U);
        EXPECT_EQ((co_await cluster.commit(lost)).error().code, Errc::conflict);
        CO_TRY_OK(co_await world.clock().sleep(minutes(55)));
        EXPECT_EQ(cluster.shards(), 12U);
        CO_TRY_OK(co_await world.clock().sleep(hours(3)));
        EXPECT_EQ(cluster.shards(), 6U);
        CO_TRY(auto const read, co_await cluster.get(kept));
        EXPECT_TRUE(read == test_content(5 * mib, 1));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Garbage, APassWithAnErrorIsGivenUpAndTheNextOneEndsIt) {
    TestWorld world;
    ClusterOptions options;
    options.quarantine = minutes(1);
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const gone, co_await cluster.put(test_content(5 * mib)));
        CO_TRY_OK(co_await cluster.release(gone));
        // The node does not answer, and nobody knows yet: one pass breaks off.
        CO_TRY_OK(co_await world.clock().sleep(minutes(2)));
        cluster.at(3).faults.is_dead = true;
        EXPECT_FALSE(co_await cluster.index->healing().garbage().collect());
        EXPECT_EQ(cluster.store.count(upload_prefix()), 1U);
        EXPECT_EQ(cluster.store.count(stripe_prefix()), 1U);
        CO_TRY_OK(co_await cluster.kill(3));
        // Known to be away: its upload waits for it.
        CO_TRY(auto const waits, co_await cluster.index->healing().garbage().collect());
        EXPECT_EQ(waits.waiting, 1U);
        CO_TRY_OK(co_await cluster.revive(3));
        CO_TRY(auto const ends, co_await cluster.index->healing().garbage().collect());
        EXPECT_EQ(ends.collected, 1U);
        EXPECT_EQ(cluster.shards(), 0U);
        // The word stays until its block is closed, so that the old rows can never be committed
        // again.
        EXPECT_EQ(cluster.store.count(upload_prefix()), 1U);
        CO_TRY_OK(co_await cluster.restart_index());
        CO_TRY_OK(co_await cluster.index->healing().garbage().collect());
        EXPECT_EQ(cluster.store.count(upload_prefix()), 0U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// Nothing is known about an upload of another life of this store: its shards stay.
TEST(Garbage, ShardsOfUnknownUploadsAreNeverTouched) {
    TestWorld world;
    ClusterOptions options;
    options.inventory_every = hours(1);
    options.quarantine = Duration(0);
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        auto& disk = cluster.at(1).disk;
        auto const content = test_content(100);
        ShardId const strange{
            .upload = {.block = 1ULL << 60U, .index = 3}, .stripe = 0, .index = 0
        };
        disk.shards[strange] = {
            .place =
                {.id = strange, .layout = layout_for(SizeClass::copies, 3), .content_bytes = 100},
            .blocks = erasure::block_checksums(content),
            .payload = content,
            .is_corrupt = false,
        };
        CO_TRY(
            auto const tally,
            co_await cluster.index->healing().inventory().compare(cluster.at(1).id)
        );
        EXPECT_EQ(tally.unknown, 1U);
        EXPECT_EQ(tally.removed, 0U);
        CO_TRY_OK(co_await world.clock().sleep(hours(3)));
        EXPECT_TRUE(disk.shards.contains(strange));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A late shard arrives after repair has put it elsewhere: the copy too many goes, the stripe stays
// whole.
TEST(Garbage, StraysGoOnlyWhileTheStripeIsWholeWithoutThem) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(7));
        CO_TRY(auto const id, co_await cluster.put(test_content(5 * mib)));
        CO_TRY_OK(co_await cluster.kill(2));
        bool const held = !cluster.at(2).disk.shards.empty();
        CO_TRY_OK(co_await world.clock().sleep(minutes(11)));
        CO_TRY_OK(co_await cluster.until_whole());
        EXPECT_EQ(cluster.shards(), held ? 7U : 6U);
        auto const other = std::size_t{held ? 0U : 2U};
        CO_TRY_OK(co_await cluster.kill(other));
        CO_TRY_OK(co_await cluster.revive(2));
        CO_TRY_OK(co_await world.clock().sleep(seconds(10)));
        if (other != 2) {
            EXPECT_EQ(cluster.shards(), held ? 7U : 6U);  // Another node is away: it stays.
            CO_TRY_OK(co_await cluster.revive(other));
            CO_TRY(
                auto const tally,
                co_await cluster.index->healing().inventory().compare(cluster.at(2).id)
            );
            EXPECT_EQ(tally.removed, held ? 1U : 0U);
        }
        EXPECT_EQ(cluster.shards(), 6U);
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == test_content(5 * mib));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Garbage, AListThatBreaksOffRemovesNothing) {
    TestWorld world;
    ClusterOptions options;
    options.quarantine = Duration(0);
    FakeCluster cluster(world, options);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY_OK(co_await cluster.put(test_content(5 * mib)));
        cluster.at(0).faults.lists_fail = true;
        EXPECT_FALSE(co_await cluster.index->healing().inventory().compare(cluster.at(0).id));
        CO_TRY_OK(co_await world.clock().sleep(minutes(5)));
        EXPECT_EQ(cluster.shards(), 6U);
        EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
