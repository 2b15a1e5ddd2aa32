// Reads: only the blocks that are needed, from any k shards, late and damaged ones included.

#include <gtest/gtest.h>

#include "cluster/rows.hpp"
#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;
constexpr std::size_t unit = erasure::unit_bytes;
using std::chrono::milliseconds;

Bytes part_of(Bytes const& content, std::size_t offset, std::size_t size) {
    auto const begin = std::min(offset, content.size());
    auto const end = std::min(begin + size, content.size());
    return {
        content.begin() + static_cast<std::ptrdiff_t>(begin),
        content.begin() + static_cast<std::ptrdiff_t>(end)
    };
}

// The node that holds shard `index` of stripe 0.
Task<FakeNode*> holder(FakeCluster& cluster, ContentId id, std::uint8_t index) {
    CO_TRY(auto const entry, co_await cluster.store.get(content_key(id)));
    CO_TRY(auto const row, parse_content_row(entry->value));
    StripeId const stripe{.upload = row.upload, .stripe = 0};
    CO_TRY(auto const manifest, co_await cluster.store.get(stripe_key(stripe)));
    CO_TRY(auto const places, parse_stripe_row(manifest->value));
    co_return cluster.node(places.nodes.at(index));
}

// A sequence of random ranges gives the bytes of the content, whichever nodes are dead.
TEST(Reads, AnyRangeWithAnyDeadNodesGivesTheBytesOfTheContent) {
    for (int const nodes : {1, 2, 3, 4, 6, 9}) {
        TestWorld world;
        FakeCluster cluster(world);
        auto const scenario = [&]() -> Task<void> {
            CO_TRY_OK(co_await cluster.start(nodes));
            auto const random = make_seeded_random(static_cast<std::uint64_t>(nodes));
            for (std::size_t const size : {3000UL, 70'000UL, 900'000UL, 20 * mib + 12345}) {
                auto const content = test_content(size);
                CO_TRY(auto const id, co_await cluster.put(content));
                auto const losses = std::min(nodes - 1, 2);
                for (int round = 0; round < 12; ++round) {
                    std::set<std::size_t> dead;
                    auto const count = random->below(static_cast<std::uint64_t>(losses) + 1);
                    while (dead.size() < count) {
                        dead.insert(random->below(static_cast<std::uint64_t>(nodes)));
                    }
                    for (auto const number : dead) CO_TRY_OK(co_await cluster.kill(number));
                    auto const offset = random->below(size + 10);
                    auto const length = random->below(random->happens(0.5) ? 3 * unit : 8 * mib);
                    auto& contents = cluster.index->contents();
                    CO_TRY(auto const read, co_await contents.read(Context(), id, offset, length));
                    EXPECT_TRUE(read == part_of(content, offset, length))
                        << nodes << " nodes, " << size << ": " << offset << " + " << length;
                    for (auto const number : dead) CO_TRY_OK(co_await cluster.revive(number));
                }
            }
            co_return co_await cluster.stop();
        };
        world.passes(scenario());
    }
}

TEST(Reads, FetchOnlyTheBlocksThatAreNeeded) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        auto const content = test_content(16 * mib);
        CO_TRY(auto const id, co_await cluster.put(content));
        auto& contents = cluster.index->contents();
        struct Case {
            std::size_t offset, size, blocks;
        };
        for (auto const& [offset, size, blocks] :
             {Case{0, 1, 1}, Case{unit - 1, 2, 2}, Case{5 * unit, unit, 1}, Case{7, 8 * mib, 129}
             }) {
            auto const before = cluster.got_bytes();
            CO_TRY(auto const read, co_await contents.read(Context(), id, offset, size));
            EXPECT_TRUE(read == part_of(content, offset, size));
            EXPECT_EQ(cluster.got_bytes() - before, blocks * unit) << offset << " + " << size;
        }
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Reads, AHungNodeCostsOneHedgeNotATimeout) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        for (std::size_t const size : {5000UL, 500'000UL, 8 * mib}) {
            auto const content = test_content(size);
            CO_TRY(auto const id, co_await cluster.put(content));
            CO_TRY(auto* const node, co_await holder(cluster, id, 0));
            node->faults.get_takes = std::chrono::minutes(1);
            auto const begun = world.clock().steady();
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == content);
            auto const pieces = size / 3'000'000 + 1;
            EXPECT_LE(world.clock().steady() - begun, milliseconds(50) * pieces + milliseconds(1));
            EXPECT_GE(world.clock().steady() - begun, milliseconds(50));
            node->faults.get_takes = Duration(0);
        }
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A flipped bit, on the wire or on the disk, is never seen by the reader; the shard is made again.
TEST(Reads, DamagedShardsCountAsMissingAndAreRepaired) {
    for (bool const on_disk : {false, true}) {
        TestWorld world;
        FakeCluster cluster(world);
        auto const scenario = [&]() -> Task<void> {
            CO_TRY_OK(co_await cluster.start(6));
            auto const content = test_content(3 * mib);
            CO_TRY(auto const id, co_await cluster.put(content));
            CO_TRY(auto* const node, co_await holder(cluster, id, 1));
            node->faults.flips_bits = !on_disk;
            if (on_disk) node->disk.find_damage(node->disk.shards.begin()->first);
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == content);
            auto const is_noted = [&] { return cluster.store.count(stripe_repair_prefix()) == 1; };
            CO_TRY_OK(co_await cluster.until(is_noted));
            node->faults.flips_bits = false;
            auto const is_whole = [&] { return cluster.stripes_with(2) == 1; };
            CO_TRY_OK(co_await cluster.until(is_whole));
            EXPECT_EQ(cluster.store.count(stripe_repair_prefix()), 0U);
            co_return co_await cluster.stop();
        };
        world.passes(scenario());
    }
}

// The node says it has the shard, sound and well, but it is another one (a misdirected write).
TEST(Reads, AWellFormedShardWithOtherBytesIsFoundOut) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        auto const content = test_content(60'000);
        CO_TRY(auto const id, co_await cluster.put(content));
        CO_TRY(auto* const node, co_await holder(cluster, id, 0));
        auto& shard = node->disk.shards.begin()->second;
        shard.payload = test_content(60'000, 99);
        shard.blocks = erasure::block_checksums(shard.payload);
        CO_TRY(auto const read, co_await cluster.get(id));
        EXPECT_TRUE(read == content);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Reads, MoreLossesThanParityAreUnavailableAndSayWhatIsThere) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(6));
        CO_TRY(auto const id, co_await cluster.put(test_content(5 * mib)));
        for (std::size_t number = 0; number < 3; ++number) CO_TRY_OK(co_await cluster.kill(number));
        auto const read = co_await cluster.get(id);
        EXPECT_EQ(read.error().code, Errc::unavailable);
        EXPECT_NE(read.error().message.find("3 shards of 6"), std::string::npos)
            << read.error().message;
        EXPECT_FALSE(cluster.status().can_read_all);
        EXPECT_EQ(cluster.stripes_with(-1), 1U);
        CO_TRY_OK(co_await cluster.revive(0));
        EXPECT_TRUE(co_await cluster.get(id));
        EXPECT_TRUE(cluster.status().can_read_all);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Reads, DamageInMoreShardsThanParityIsCorruptNotAGuess) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        CO_TRY(auto const id, co_await cluster.put(test_content(5000)));
        for (auto const& node : cluster.nodes) node->faults.flips_bits = true;
        auto const read = co_await cluster.get(id);
        EXPECT_FALSE(read);
        if (!read) EXPECT_NE(read.error().message, "");
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Reads, UnknownContentIsNotFoundAndTooMuchIsInvalid) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(1));
        auto& contents = cluster.index->contents();
        ContentId const nobody{.block = 7, .index = 7};
        EXPECT_EQ((co_await contents.read(Context(), nobody, 0, 1)).error().code, Errc::not_found);
        EXPECT_EQ((co_await contents.places(nobody)).error().code, Errc::not_found);
        EXPECT_EQ((co_await contents.release(nobody)).error().code, Errc::not_found);
        CO_TRY(auto const id, co_await cluster.put(test_content(5000)));
        auto const much = co_await contents.read(Context(), id, 0, 8 * mib + 1);
        EXPECT_EQ(much.error().code, Errc::invalid);
        CO_TRY(auto const behind, co_await contents.read(Context(), id, 5000, 10));
        EXPECT_TRUE(behind.empty());
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
