/// What a store does when nobody asks: scrubbing, compaction, checkpoints.

#include <gtest/gtest.h>

#include "io/deadline.hpp"
#include "storage/testing/store_world.hpp"
#include "storage/upkeep/pace.hpp"
#include "storage/upkeep/scrubber.hpp"

namespace disgrafs::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint32_t big = 20'000;  ///< Three to a segment.

class StoreUpkeep : public testing::Test {
 protected:
    void SetUp() override { open(); }
    void open() {
        on.close();
        auto const opened = on.open();
        ASSERT_TRUE(opened) << opened.error().message;
    }
    void put_some(std::uint64_t from, std::uint64_t to) {
        for (auto upload = from; upload <= to; ++upload) {
            ASSERT_TRUE(on.put(make_shard(upload, big))) << upload;
        }
    }
    std::size_t segments() { return on.files(segment_folder).size(); }
    StoreWorld on;
};

TEST_F(StoreUpkeep, ScrubFindsDamageBeforeAnyoneAsks) {
    put_some(1, 5);
    ASSERT_EQ(on.flip(make_shard(3, big).payload, 777), 1);
    on.keep_house();
    ASSERT_TRUE(on.sleep(seconds(2)));
    EXPECT_EQ(on.store->counts().corrupt_shards, 1U);
    EXPECT_TRUE(on.store->list({}, 10).entries[2].is_corrupt);
}

TEST_F(StoreUpkeep, ScrubFindsWhatRotsLaterInTheNextRound) {
    put_some(1, 5);
    on.keep_house();
    ASSERT_TRUE(on.sleep(hours(24)));
    ASSERT_EQ(on.flip(make_shard(3, big).payload, 777), 1);
    ASSERT_TRUE(on.sleep(hours(5 * 24)));
    EXPECT_EQ(on.store->counts().corrupt_shards, 0U) << "a round begins once a week";
    ASSERT_TRUE(on.sleep(hours(2 * 24)));
    EXPECT_EQ(on.store->counts().corrupt_shards, 1U);
}

TEST_F(StoreUpkeep, ScrubReadsNoFasterThanItMay) {
    put_some(1, 10);
    on.close();
    StoreCore core(on.parts(), on.options);
    ASSERT_TRUE(on.load(core));
    auto const begun = on.world.clock().steady();
    ASSERT_TRUE(on.run(scrub_once(core, 10 * big)));
    auto const took = on.world.clock().steady() - begun;
    EXPECT_GT(took, std::chrono::milliseconds(850));
    EXPECT_LT(took, std::chrono::milliseconds(1100));
}

TEST_F(StoreUpkeep, ShardThatReadsWellAgainIsWell) {
    put_some(1, 2);
    auto const shard = make_shard(1, big);
    ASSERT_EQ(on.flip(shard.payload, 777), 1);
    EXPECT_EQ(on.code_of_get(shard), Errc::corrupt);
    auto damaged = shard.payload;
    damaged[777] ^= std::byte{4};
    ASSERT_EQ(on.flip(damaged, 777), 1);
    EXPECT_EQ(on.code_of_get(shard), Errc::corrupt) << "it is not read again on each get";
    on.keep_house();
    ASSERT_TRUE(on.sleep(seconds(2)));
    EXPECT_TRUE(on.reads_back(shard));
    EXPECT_EQ(on.store->counts().corrupt_shards, 0U);
}

/// All of a segment but its superblock, in place of which `with` stands.
Bytes without_superblock(Bytes content, Bytes const& with) {
    std::ranges::copy(with, content.begin());
    return content;
}

TEST_F(StoreUpkeep, ScrubGivesALostSuperblockBackBeforeAStartNeedsIt) {
    put_some(1, 5);
    Superblock misplaced;
    misplaced.segment = 77;
    misplaced.disk = on.run(open_identity(on.disk, on.world.random(), {})).value().id;
    auto const whole = on.files(segment_folder);
    ASSERT_EQ(whole.size(), 2U);
    auto const& [sealed, first] = *whole.begin();
    auto const& [written_to, second] = *whole.rbegin();
    on.rewrite(sealed, without_superblock(first, Bytes(superblock_bytes)));
    on.rewrite(written_to, without_superblock(second, encode_superblock(misplaced)));
    on.keep_house();
    ASSERT_TRUE(on.sleep(seconds(2)));
    ASSERT_TRUE(on.put(make_shard(6, big)));
    on.crash();
    ASSERT_TRUE(on.files("checkpoints").empty());
    ASSERT_TRUE(on.open());
    for (std::uint64_t upload = 1; upload <= 6; ++upload) {
        EXPECT_TRUE(on.reads_back(make_shard(upload, big))) << upload;
    }
}

TEST_F(StoreUpkeep, ScrubWritesOverNoSuperblockOfOthersAndNotWhenReadOnly) {
    put_some(1, 2);
    auto const [path, content] = *on.files(segment_folder).begin();
    Superblock of_another_disk;
    of_another_disk.segment = 1;
    auto const foreign = without_superblock(content, encode_superblock(of_another_disk));
    on.rewrite(path, foreign);
    on.keep_house();
    ASSERT_TRUE(on.sleep(seconds(2)));
    EXPECT_EQ(on.files(segment_folder).at(path), foreign);
    on.rewrite(path, content);
    on.reopen();
    on.world.faults().sync_error = 1;
    EXPECT_FALSE(on.put(make_shard(3, big)));
    on.world.faults().sync_error = 0;
    ASSERT_TRUE(on.store->counts().is_read_only);
    auto const lost = without_superblock(content, Bytes(superblock_bytes));
    on.rewrite(path, lost);
    on.keep_house();
    ASSERT_TRUE(on.sleep(seconds(2)));
    EXPECT_EQ(on.files(segment_folder).at(path), lost);
}

TEST_F(StoreUpkeep, MostlyDeadSegmentsGoAndWhatLivesStays) {
    put_some(1, 30);
    ASSERT_EQ(segments(), 10U);
    for (std::uint64_t upload = 1; upload <= 30; ++upload) {
        if (upload % 3 != 0) ASSERT_TRUE(on.remove(make_shard(upload, big).id()));
    }
    on.keep_house();
    ASSERT_TRUE(on.sleep(minutes(3)));
    EXPECT_LE(segments(), 6U);
    for (int turn = 0; turn < 2; ++turn) {
        for (std::uint64_t upload = 1; upload <= 30; ++upload) {
            auto const shard = make_shard(upload, big);
            if (upload % 3 == 0) {
                EXPECT_TRUE(on.reads_back(shard)) << upload;
            } else {
                EXPECT_EQ(code_of(on.put(shard)), Errc::conflict) << upload;
            }
        }
        on.crash_and_open();
    }
    EXPECT_EQ(on.store->counts().shards, 10U);
}

TEST_F(StoreUpkeep, RemovedShardKeepsItsBytesForADay) {
    on.options.compact_after = hours(24);
    open();
    put_some(1, 12);
    for (std::uint64_t upload = 1; upload <= 9; ++upload) {
        ASSERT_TRUE(on.remove(make_shard(upload, big).id()));
    }
    on.keep_house();
    ASSERT_TRUE(on.sleep(hours(23)));
    auto const bytes = make_shard(1, big).payload;
    EXPECT_EQ(on.flip(bytes, 0), 1) << "still there";
    ASSERT_TRUE(on.sleep(hours(2)));
    EXPECT_LE(segments(), 3U);
    EXPECT_EQ(on.flip(bytes, 0), 0);
}

// A segment is half dead since yesterday, so it is compacted; what was removed a moment ago is in
// it.
TEST_F(StoreUpkeep, WhatWasRemovedLaterIsCopiedAlong) {
    on.options.compact_after = hours(24);
    open();
    put_some(1, 6);
    ASSERT_TRUE(on.remove(make_shard(1, big).id()));
    ASSERT_TRUE(on.remove(make_shard(2, big).id()));
    on.keep_house();
    ASSERT_TRUE(on.sleep(hours(20)));
    ASSERT_TRUE(on.remove(make_shard(3, big).id()));
    ASSERT_TRUE(on.sleep(hours(5)));
    EXPECT_FALSE(on.files(segment_folder).contains("segments/0000000001"));
    EXPECT_EQ(on.flip(make_shard(1, big).payload, 0), 0);
    EXPECT_EQ(on.flip(make_shard(3, big).payload, 0), 1);
    EXPECT_EQ(code_of(on.get(make_shard(3, big).id())), Errc::not_found);
    on.crash_and_open();
    EXPECT_EQ(code_of(on.get(make_shard(3, big).id())), Errc::not_found);
}

TEST_F(StoreUpkeep, CorruptShardKeepsItsSegmentUntilItIsHealed) {
    put_some(1, 6);
    ASSERT_TRUE(on.remove(make_shard(1, big).id()));
    ASSERT_TRUE(on.remove(make_shard(2, big).id()));
    auto const shard = make_shard(3, big);
    ASSERT_EQ(on.flip(shard.payload, 777), 1);
    on.keep_house();
    ASSERT_TRUE(on.sleep(minutes(5)));
    EXPECT_TRUE(on.files(segment_folder).contains("segments/0000000001"));
    EXPECT_EQ(on.code_of_get(shard), Errc::corrupt);
    ASSERT_TRUE(on.put(shard));
    ASSERT_TRUE(on.sleep(minutes(5)));
    EXPECT_FALSE(on.files(segment_folder).contains("segments/0000000001"));
    EXPECT_TRUE(on.reads_back(shard));
}

TEST_F(StoreUpkeep, ReadersDoNotNoticeThatAShardMoves) {
    put_some(1, 12);
    for (std::uint64_t const upload : {1U, 2U, 4U, 5U, 7U, 8U}) {
        ASSERT_TRUE(on.remove(make_shard(upload, big).id()));
    }
    on.keep_house();
    auto const before = segments();
    auto const read = [&](std::uint64_t upload) -> Task<void> {
        auto const shard = make_shard(upload, big);
        for (int n = 0; n < 20'000; ++n) {
            auto const range = co_await on.store->get(shard.id(), 0, 0);
            EXPECT_TRUE(range && range->payload == shard.payload) << n;
            if (!range) break;
            auto const pause = std::chrono::milliseconds(5);
            co_await on.world.clock().sleep(pause);
        }
        co_return Result<void>();
    };
    TaskGroup readers(on.world.executor());
    for (std::uint64_t const upload : {3U, 6U, 9U}) readers.spawn("read", read(upload));
    ASSERT_TRUE(on.run(readers.join()));
    EXPECT_LT(segments(), before);
}

TEST_F(StoreUpkeep, SmallSegmentsOfManyStartsAreMadeIntoOne) {
    std::vector<TestShard> shards;
    for (std::uint64_t upload = 1; upload <= 10; ++upload) {
        shards.push_back(make_shard(upload, 100));
        ASSERT_TRUE(on.put(shards.back()));
        on.crash_and_open();
    }
    on.options.segment_bytes = 1U << 20U;
    open();
    EXPECT_EQ(segments(), 10U);
    on.keep_house();
    ASSERT_TRUE(on.sleep(minutes(2)));
    EXPECT_LE(segments(), 2U);
    for (auto const& shard : shards) EXPECT_TRUE(on.reads_back(shard));
}

TEST_F(StoreUpkeep, CleanStopLeavesNothingToReplay) {
    put_some(1, 20);
    ASSERT_TRUE(on.remove(make_shard(3, big).id()));
    auto const sequence = on.store->counts().sequence;
    on.close();
    auto const found = on.recovery();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->from_checkpoint, 20U);
    EXPECT_EQ(found->replayed, 0U);
    open();
    EXPECT_EQ(on.store->counts().sequence, sequence);
    EXPECT_EQ(on.store->counts().shards, 19U);
    EXPECT_EQ(on.store->counts().used_bytes, 19U * big);
}

TEST_F(StoreUpkeep, OnlyTheLogSinceTheCheckpointIsReplayed) {
    put_some(1, 20);
    open();
    put_some(21, 25);
    on.crash();
    auto const found = on.recovery();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->from_checkpoint, 20U);
    EXPECT_EQ(found->replayed, 5U);
}

TEST_F(StoreUpkeep, NewestTwoCheckpointsAreKept) {
    for (std::uint64_t upload = 1; upload <= 5; ++upload) {
        ASSERT_TRUE(on.put(make_shard(upload, 100)));
        open();
    }
    EXPECT_EQ(on.files("checkpoints").size(), 2U);
}

// Thousands of entries in many blocks, while puts and removals go on; then a crash.
TEST_F(StoreUpkeep, CheckpointWrittenWhileOthersWriteIsAsGoodAsAny) {
    on.options.segment_bytes = 8U << 20U;
    open();
    auto const put_many = [&](std::uint64_t from, std::uint64_t to) -> Task<void> {
        for (auto upload = from; upload <= to; ++upload) {
            auto const shard = make_shard(upload, 10);
            auto const stored = co_await on.store->put(shard.place, shard.blocks, shard.payload);
            EXPECT_TRUE(stored);
            if (upload % 5 == 0) {
                auto const removed = co_await on.store->remove(shard.id());
                EXPECT_TRUE(removed);
            }
        }
        co_return Result<void>();
    };
    TaskGroup writers(on.world.executor());
    for (std::uint64_t writer = 0; writer < 30; ++writer) {
        writers.spawn("put", put_many(writer * 1000 + 1, writer * 1000 + 300));
    }
    ASSERT_TRUE(on.run(writers.join()));
    on.crash_and_open();  // it replays, so it wishes a checkpoint
    on.keep_house();
    for (std::uint64_t writer = 0; writer < 30; ++writer) {
        writers.spawn("put", put_many(writer * 1000 + 301, writer * 1000 + 330));
    }
    bool is_written = false;
    on.disk.on_step = [&](std::string const& what) {
        is_written = is_written || what.starts_with("rename checkpoints");
    };
    ASSERT_TRUE(on.sleep(seconds(5)));
    for (std::uint64_t writer = 0; writer < 30; ++writer) {
        writers.spawn("put", put_many(writer * 1000 + 331, writer * 1000 + 400));
    }
    ASSERT_TRUE(on.run(writers.join()));
    EXPECT_TRUE(is_written);
    on.disk.on_step = [](std::string const&) {};  // `is_written` ends before the disk does
    on.crash_and_open();
    EXPECT_EQ(on.store->counts().shards, 30U * 320U);
    EXPECT_TRUE(on.reads_back(make_shard(7331, 10)));
    EXPECT_EQ(code_of(on.put(make_shard(7330, 10))), Errc::conflict);
}

TEST_F(StoreUpkeep, PutWhoseCallerGivesUpIsDurableOrNotButNeverHalf) {
    on.world.faults().sync_latency_max = std::chrono::milliseconds(50);
    auto const shard = make_shard(1, big);
    auto putting = on.store->put(shard.place, shard.blocks, shard.payload);
    auto const soon = std::chrono::milliseconds(1);
    auto const given_up = on.run(within(on.world.clock(), soon, std::move(putting)));
    EXPECT_EQ(code_of(given_up), Errc::unavailable);
    EXPECT_TRUE(on.put(shard));
    EXPECT_TRUE(on.reads_back(shard));
    EXPECT_EQ(on.store->counts().sequence, 1U) << "it was stored once";
}

TEST_F(StoreUpkeep, MoreThanTheQueueHoldsIsShed) {
    on.options.segment_bytes = 256U << 20U;
    open();
    std::map<Errc, int> codes;
    auto const put = [&](TestShard shard) -> Task<void> {
        auto const id = shard.place;
        auto const stored = co_await on.store->put(id, shard.blocks, std::move(shard.payload));
        ++codes[code_of(stored)];
        co_return Result<void>();
    };
    TaskGroup writers(on.world.executor());
    for (std::uint64_t upload = 1; upload <= 15; ++upload) {
        writers.spawn("put", put(make_shard(upload, 4U << 20U)));
    }
    for (std::uint64_t upload = 100; upload < 5000; ++upload) {
        writers.spawn("put", put(make_shard(upload, 60'000)));
    }
    ASSERT_TRUE(on.run(writers.join()));
    EXPECT_GT(codes[Errc::unavailable], 500);
    EXPECT_EQ(codes[Errc::unavailable] + codes[StoreWorld::no_error], 15 + 4900);
    EXPECT_EQ(on.store->counts().shards, static_cast<std::uint64_t>(codes[StoreWorld::no_error]));
}

}  // namespace
}  // namespace disgrafs::storage
