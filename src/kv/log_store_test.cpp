#include "kv/log_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/clock.hpp"
#include "io/disk.hpp"
#include "kv/test_crash.hpp"

namespace disgrafs::kv {
namespace {

using ::testing::HasSubstr;

constexpr char const* first_log = "store/log-0000000000000001";

/// Three groups of one commit each.
Task<Bytes> write_three(StoreWorld& world, Disk& disk) {
    CO_TRY(auto const store, co_await world.open(StoreWorld::many_events));
    for (int i = 0; i < 3; ++i) CO_TRY_OK(co_await put_many(*store, world.executor(), i, 1));
    CO_TRY_OK(co_await store->stop());
    co_return co_await read_file(disk, first_log);
}

/// The revision of a store whose only log holds `bytes`.
Task<Revision> open_on(StoreWorld& world, Disk& disk, ByteView bytes) {
    CO_TRY_OK(co_await replace_file(disk, first_log, bytes));
    CO_TRY(auto const store, co_await world.open(StoreWorld::many_events));
    auto const revision = store->revision();
    CO_TRY_OK(co_await store->stop());
    co_return revision;
}

TEST(LogStore, EveryCutOfTheLastGroupIsATornTailAndIsForgotten) {
    struct Story {
        static Task<void> tell(LogWorld& world) {
            CO_TRY(auto const bytes, co_await write_three(world, world.disk()));
            auto const group = bytes.size() / 3;
            EXPECT_EQ(group, 512U);
            auto const used = 32 + ByteReader(ByteView(bytes).subspan(2 * group + 4)).u32();
            for (auto size = 2 * group; size < bytes.size(); ++size) {
                auto const cut = ByteView(bytes).first(size);
                CO_TRY(auto const revision, co_await open_on(world, world.disk(), cut));
                EXPECT_EQ(revision, size < 2 * group + used ? 2U : 3U) << size;
            }
            auto zeros = bytes;
            zeros.resize(zeros.size() + 5000);
            CO_TRY(auto const revision, co_await open_on(world, world.disk(), zeros));
            EXPECT_EQ(revision, 3U);
            co_return Result<void>{};
        }
    };
    LogWorld world;
    auto const told = world.sim().run(Story::tell(world));
    EXPECT_TRUE(told) << told.error().message;
}

TEST(LogStore, EveryFlippedBitBeforeTheLastGroupIsCorrupt) {
    struct Story {
        static Task<void> tell(LogWorld& world) {
            CO_TRY(auto const bytes, co_await write_three(world, world.disk()));
            int corrupt = 0;
            for (std::size_t at = 0; at < 1024; at += 3) {
                auto flipped = bytes;
                flipped[at] ^= std::byte{1} << (at % 8);
                auto const revision = co_await open_on(world, world.disk(), flipped);
                if (revision) {
                    EXPECT_EQ(*revision, 3U) << "in silence, at " << at;  // it was padding
                } else {
                    EXPECT_EQ(revision.error().code, Errc::corrupt);
                    EXPECT_THAT(revision.error().message, HasSubstr(first_log));
                    ++corrupt;
                }
            }
            EXPECT_GT(corrupt, 20);
            co_return Result<void>{};
        }
    };
    LogWorld world;
    auto const told = world.sim().run(Story::tell(world));
    EXPECT_TRUE(told) << told.error().message;
}

TEST(LogStore, MissingLogAndMissingOrDamagedSnapshotAreCorruptNotEmpty) {
    struct Story {
        static Task<void> refuses(LogWorld& world, std::string path) {
            auto& disk = world.disk();
            CO_TRY(auto const kept, co_await read_file(disk, path));
            CO_TRY_OK(co_await disk.remove(path));
            auto const without = co_await world.open(5);
            EXPECT_TRUE(!without && without.error().code == Errc::corrupt) << path;
            co_return co_await replace_file(disk, path, kept);
        }
        static Task<void> tell(LogWorld& world) {
            CO_TRY(auto store, co_await world.open(5));
            for (int i = 0; i < 30; ++i) {
                CO_TRY_OK(co_await put_many(*store, world.executor(), i, 1));
            }
            CO_TRY_OK(co_await store->stop());
            store.reset();
            CO_TRY(auto const names, co_await world.disk().list("store"));
            EXPECT_GT(names.size(), 3U);  // LOCK, two logs, a snapshot
            auto const snapshot = "store/" + names.back();
            auto const last_log = "store/" + names[names.size() - 2];
            EXPECT_THAT(snapshot, HasSubstr("snapshot-"));
            EXPECT_THAT(last_log, HasSubstr("log-"));
            CO_TRY_OK(co_await refuses(world, snapshot));
            CO_TRY_OK(co_await refuses(world, last_log));
            CO_TRY(auto const bytes, co_await read_file(world.disk(), snapshot));
            auto flipped = bytes;
            flipped[flipped.size() / 2] ^= std::byte{1};
            CO_TRY_OK(co_await replace_file(world.disk(), snapshot, flipped));
            auto const damaged = co_await world.open(5);
            EXPECT_TRUE(!damaged && damaged.error().code == Errc::corrupt);
            CO_TRY_OK(co_await replace_file(world.disk(), snapshot, bytes));
            CO_TRY(store, co_await world.open(5));
            EXPECT_EQ(store->revision(), 30U);
            co_return co_await store->stop();
        }
    };
    LogWorld world({.log_bytes_max = 2000});
    auto const told = world.sim().run(Story::tell(world));
    EXPECT_TRUE(told) << told.error().message;
}

TEST(LogStore, FullDiskRefusesCommitsAndHealsWhenThereIsSpace) {
    struct Story {
        static Task<void> tell(LogWorld& world) {
            CO_TRY(auto const store, co_await world.open(StoreWorld::many_events));
            CO_TRY_OK(co_await put_many(*store, world.executor(), 0, 1));
            world.sim().faults().disk_capacity_bytes = 100'000;
            Batch batch;
            batch.put("large", Bytes(500'000));
            auto again = batch;
            auto const refused = co_await store->commit(std::move(batch));
            EXPECT_TRUE(!refused && refused.error().code == Errc::exhausted);
            world.sim().faults().disk_capacity_bytes = 1U << 30U;
            CO_TRY(auto const revision, co_await store->commit(std::move(again)));
            EXPECT_EQ(revision, 2U);
            co_return co_await store->stop();
        }
    };
    LogWorld world;
    auto const told = world.sim().run(Story::tell(world));
    EXPECT_TRUE(told) << told.error().message;
}

/// Several lives of one store, each ended by power loss at a random moment.
class LogCrash : public ::testing::Test {
 protected:
    struct Life {
        static Task<void> lose_power(LogWorld& world, Duration after) {
            CO_TRY_OK(co_await world.sim().clock().sleep(after));
            world.sim().crash("index");
            co_return Result<void>{};
        }
        static Task<void> tell(LogWorld& world, Notes& notes) {
            for (int life = 0; life < 4; ++life) {
                Duration const after(static_cast<std::int64_t>(world.sim().random().below(40'000)));
                TaskGroup group(world.executor());
                group.spawn("power", lose_power(world, after));
                (void)co_await write_together(world, notes);
                CO_TRY_OK(co_await group.join());
                world.sim().start("index");
                CO_TRY_OK(co_await check_all(world, notes));
            }
            co_return Result<void>{};
        }
    };
};

TEST_F(LogCrash, WhatWasAnsweredSurvivesAndTheRestIsWholeOrAbsent) {
    std::uint64_t lost = 0;
    std::uint64_t torn = 0;
    std::size_t asked = 0;
    std::size_t there = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        LogWorld world({.log_bytes_max = 20'000}, seed);
        Notes notes;
        auto const told = world.sim().run(Life::tell(world, notes));
        ASSERT_TRUE(told) << "seed " << seed << ": " << told.error().message;
        lost += world.sim().tally("lost_page");
        torn += world.sim().tally("torn_page");
        asked += notes.asked;
        there += notes.answered.size();
    }
    EXPECT_GT(lost, 50U);
    EXPECT_GT(torn, 5U);
    EXPECT_GT(there, 1000U);
    EXPECT_GT(asked, there) << "no crash fell into a commit";
}

/// A disk that writes in the wrong place or rots may cost the store its start, never its truth.
TEST_F(LogCrash, DamageOfTheDiskIsToldNeverServed) {
    int told_damage = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        LogWorld world({.log_bytes_max = 20'000}, seed);
        world.sim().faults().bit_flip = 0.2;
        Notes notes;
        auto const told = world.sim().run(Life::tell(world, notes));
        if (told) continue;
        ++told_damage;
        EXPECT_EQ(told.error().code, Errc::corrupt) << told.error().message;
        EXPECT_THAT(told.error().message, ::testing::Not(HasSubstr("is lost"))) << "seed " << seed;
    }
    EXPECT_GT(told_damage, 5);
}

}  // namespace
}  // namespace disgrafs::kv
