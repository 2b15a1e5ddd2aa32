// Bad shards are written down, also when two of one stripe are found at the same moment.

#include "cluster/healing/damage.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "cluster/layouts.hpp"
#include "cluster/testing/memory_store.hpp"
#include "cluster/testing/test_world.hpp"

namespace disgrafs::cluster {
namespace {

constexpr StripeId stripe{.upload = {.block = 7, .index = 1}, .stripe = 0};

struct Scene {
    TestWorld world;
    MemoryStore store{world.executor()};
    Damage damage{store, world.clock(), world.executor()};

    /// A copy on each of the members 1, 2, 3.
    Task<void> put_manifest() {
        StripeRow row;
        row.layout = layout_for(SizeClass::copies, 3);
        row.content_bytes = 1;
        row.nodes = {{1}, {2}, {3}};
        row.blocks = {5};
        kv::Batch batch;
        batch.put(stripe_key(stripe), write_row(row));
        CO_TRY_OK(co_await store.commit(std::move(batch)));
        co_return Result<void>();
    }
    Task<std::vector<MemberId>> nodes() {
        CO_TRY(auto const entry, co_await store.get(stripe_key(stripe)));
        CO_TRY(auto row, parse_stripe_row(entry->value));
        co_return std::move(row.nodes);
    }
    static BadShard bad(int index) {
        return {
            .stripe = stripe,
            .index = index,
            .node = {static_cast<std::uint64_t>(index) + 1},
            .reason = RepairRow::Reason::corrupt
        };
    }
};

TEST(Damage, LeavesTheManifestAndWaitsForRepair) {
    Scene on;
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await on.put_manifest());
        CO_TRY_OK(co_await on.damage.record(Scene::bad(1)));
        CO_TRY(auto const nodes, co_await on.nodes());
        EXPECT_EQ(nodes, (std::vector<MemberId>{{1}, {}, {3}}));
        EXPECT_EQ(on.store.count(stripe_repair_prefix()), 1U);
        auto const commits = on.store.commits();
        CO_TRY_OK(co_await on.damage.record(Scene::bad(1)));
        EXPECT_EQ(on.store.commits(), commits) << "it was known";
        co_return Result<void>();
    };
    on.world.passes(scenario());
}

TEST(Damage, OfTwoShardsOfAStripeAtOnceIsBothWrittenDown) {
    Scene on;
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await on.put_manifest());
        on.store.meanwhile([&] { return on.damage.record(Scene::bad(2)); });
        CO_TRY_OK(co_await on.damage.record(Scene::bad(0)));
        CO_TRY(auto const nodes, co_await on.nodes());
        EXPECT_EQ(nodes, (std::vector<MemberId>{{}, {2}, {}}));
        co_return Result<void>();
    };
    on.world.passes(scenario());
}

// Whoever asked must know that it has to ask again.
TEST(Damage, ThatCannotBeWrittenDownIsAnError) {
    Scene on;
    std::function<Task<void>()> interfere;
    interfere = [&]() -> Task<void> {
        CO_TRY_OK(co_await on.put_manifest());
        on.store.meanwhile(interfere);
        co_return Result<void>();
    };
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await on.put_manifest());
        on.store.meanwhile(interfere);
        auto const done = co_await on.damage.record(Scene::bad(0));
        EXPECT_FALSE(done);
        if (!done) EXPECT_EQ(done.error().code, Errc::conflict);
        co_return Result<void>();
    };
    on.world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
