/// Damage on the disk, and disks that refuse: what is found, what is said, and what stays whole.

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "storage/testing/store_model.hpp"

namespace disgrafs::storage {
namespace {

class StoreDamage : public testing::Test {
 protected:
    void SetUp() override { ASSERT_TRUE(on.open()); }
    /// `count` shards of `size` bytes: uploads 1 …
    std::vector<TestShard> put_some(std::uint64_t count, std::uint32_t size) {
        std::vector<TestShard> shards;
        for (std::uint64_t upload = 1; upload <= count; ++upload) {
            shards.push_back(make_shard(upload, size));
            EXPECT_TRUE(on.put(shards.back()));
        }
        return shards;
    }
    void forget_checkpoints() {
        for (auto const& [path, content] : on.files(checkpoints)) {
            ASSERT_TRUE(on.run(on.world.disk("n1").remove(path)));
        }
    }
    /// Header and payload of a shard's record lie so far apart.
    static std::int64_t header_of(TestShard const& shard) {
        return -static_cast<std::int64_t>(payload_offset(shard.size()));
    }

    static constexpr char const* checkpoints = "checkpoints";
    StoreWorld on;
};

TEST_F(StoreDamage, FlippedBitMakesItsShardCorruptAndNoOther) {
    auto const shards = put_some(5, 3000);
    ASSERT_EQ(on.flip(shards[2].payload, 1500), 1);
    EXPECT_EQ(on.code_of_get(shards[2]), Errc::corrupt);
    EXPECT_EQ(on.code_of_get(shards[2]), Errc::corrupt);
    for (auto const n : {0, 1, 3, 4})
        EXPECT_TRUE(on.reads_back(shards[static_cast<std::size_t>(n)]));
    EXPECT_EQ(on.store->counts().corrupt_shards, 1U);
    auto const list = on.store->list({}, 100);
    ASSERT_EQ(list.entries.size(), 5U);
    for (auto const& entry : list.entries) {
        EXPECT_EQ(entry.is_corrupt, entry.place.id == shards[2].id());
    }
}

TEST_F(StoreDamage, CorruptShardIsHealedByTheSameBytesAndByNoOthers) {
    auto const shards = put_some(3, 3000);
    ASSERT_EQ(on.flip(shards[1].payload, 0), 1);
    EXPECT_EQ(on.code_of_get(shards[1]), Errc::corrupt);
    EXPECT_EQ(code_of(on.put(make_shard(2, 3000, 99))), Errc::conflict);
    ASSERT_TRUE(on.put(shards[1]));
    EXPECT_TRUE(on.reads_back(shards[1]));
    EXPECT_EQ(on.store->counts().corrupt_shards, 0U);
    on.crash_and_open();
    EXPECT_TRUE(on.reads_back(shards[1]));
    EXPECT_EQ(on.store->counts().shards, 3U);
}

TEST_F(StoreDamage, OnlyTheDamagedBlockOfAShardIsRefused) {
    constexpr auto unit = erasure::unit_bytes;
    auto const shard = make_shard(1, 4 * unit);
    ASSERT_TRUE(on.put(shard));
    ASSERT_EQ(on.flip(shard.payload, 2 * unit + 5), 1);
    EXPECT_TRUE(on.get(shard.id(), 0, 2 * unit));
    EXPECT_TRUE(on.get(shard.id(), 3 * unit, unit));
    EXPECT_EQ(code_of(on.get(shard.id(), 2 * unit, unit)), Errc::corrupt);
}

TEST_F(StoreDamage, LostHeaderIsCorruptWhileTheIndexKnowsTheShard) {
    auto const shards = put_some(3, 3000);
    ASSERT_EQ(on.flip(shards[1].payload, header_of(shards[1]) + 20), 1);
    EXPECT_EQ(on.code_of_get(shards[1]), Errc::corrupt);
    on.reopen();  // from the checkpoint
    EXPECT_EQ(on.code_of_get(shards[1]), Errc::corrupt);
    EXPECT_TRUE(on.reads_back(shards[0]));
    EXPECT_TRUE(on.reads_back(shards[2]));
}

TEST_F(StoreDamage, InTheMiddleOfTheLogCutsNothing) {
    auto const shards = put_some(6, 3000);
    on.close();
    forget_checkpoints();
    ASSERT_EQ(on.flip(shards[1].payload, header_of(shards[1]) + 20), 1);
    ASSERT_EQ(on.flip(shards[3].payload, 100), 1);
    auto const before = on.files(segment_folder);
    auto const found = on.recovery();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->replayed, 5U);
    EXPECT_EQ(found->corrupt, 0U) << "what was synced is left to reads and scrub";
    EXPECT_EQ(found->lost, 1U) << "sequence numbers tell that one is missing";
    EXPECT_EQ(found->cut, 0U);
    auto const after = on.files(segment_folder);
    ASSERT_EQ(after.size(), 1U);
    auto const& bytes = after.begin()->second;
    EXPECT_EQ(bytes.size(), superblock_bytes + 6 * batch_align);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), before.begin()->second.begin()));
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(shards[1]), Errc::not_found);
    EXPECT_EQ(on.code_of_get(shards[3]), Errc::corrupt);
    for (auto const n : {0U, 2U, 4U, 5U}) EXPECT_TRUE(on.reads_back(shards[n])) << n;
    ASSERT_TRUE(on.put(shards[1])) << "repair brings it back";
    EXPECT_TRUE(on.reads_back(shards[1]));
}

TEST_F(StoreDamage, InTheLastBatchWithAValidRecordBehindItIsCorruptNotCut) {
    StoreModel model(on);
    TaskGroup writers(on.world.executor());
    for (std::uint64_t upload = 1; upload <= 4; ++upload) {
        writers.spawn("put", model.put(upload, 3000));
    }
    ASSERT_TRUE(on.run(writers.join()));
    ASSERT_EQ(on.disk.synced_files, 3U) << "identity, segment, one batch for all four";
    on.crash();
    ASSERT_EQ(on.flip(make_shard(2, 3000).payload, 7), 1);
    auto const found = on.recovery();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->cut, 0U);
    EXPECT_EQ(found->corrupt, 1U);
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(make_shard(2, 3000)), Errc::corrupt);
    for (auto const upload : {1U, 3U, 4U}) EXPECT_TRUE(on.reads_back(make_shard(upload, 3000)));
}

TEST_F(StoreDamage, TornTailIsCutOff) {
    auto const shards = put_some(3, 3000);
    on.crash();
    ASSERT_EQ(on.flip(shards[2].payload, 7), 1);
    auto const found = on.recovery();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->cut, 1U);
    EXPECT_EQ(found->corrupt, 0U);
    auto const files = on.files(segment_folder);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files.begin()->second.size(), superblock_bytes + 2 * batch_align);
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(shards[2]), Errc::not_found);
    EXPECT_TRUE(on.put(shards[2]));
    on.crash_and_open();
    for (auto const& shard : shards) EXPECT_TRUE(on.reads_back(shard));
}

// A record that is whole, with the right stamp and offset, but of another shard than the index
// says.
TEST_F(StoreDamage, RecordOfAnotherShardInItsPlaceIsCorrupt) {
    auto const shard = make_shard(1, 3000);
    ASSERT_TRUE(on.put(shard));
    auto [path, content] = *on.files(segment_folder).begin();
    auto const other = make_shard(2, 3000);
    auto const stamp = parse_superblock(content)->stamp;
    auto const record = make_record(make_header(other, {stamp, superblock_bytes}, 1), other);
    std::ranges::copy(record, content.begin() + superblock_bytes);
    on.rewrite(path, content);
    EXPECT_EQ(on.code_of_get(shard), Errc::corrupt);
}

// A user's file may hold anything, also bytes of a segment. Where the header around them is
// destroyed, the search for the next record goes through them.
TEST_F(StoreDamage, RecordWithinAPayloadIsNotTakenForOne) {
    auto const victim = make_shard(1, 100);
    ASSERT_TRUE(on.put(victim));
    auto const segment = on.files(segment_folder).begin()->second;
    auto forger = make_shard(2, 20'000);
    std::copy_n(segment.begin() + superblock_bytes, 8192, forger.payload.begin());
    auto const forged = make_shard(3, 50);
    auto const guess = make_record(make_header(forged, {0, 12'288}, 1), forged);
    std::ranges::copy(guess, forger.payload.begin() + 8192 - 92 + 64 * 10);
    forger.blocks = erasure::block_checksums(forger.payload);
    ASSERT_TRUE(on.put(forger));
    auto const last = make_shard(4, 100);
    ASSERT_TRUE(on.put(last));
    on.close();
    forget_checkpoints();
    ASSERT_EQ(on.flip(forger.payload, header_of(forger) + 20), 1);
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.store->list({}, 10).entries.size(), 2U);
    EXPECT_TRUE(on.reads_back(victim));
    EXPECT_TRUE(on.reads_back(last));
    EXPECT_EQ(on.code_of_get(forged), Errc::not_found);
}

TEST_F(StoreDamage, DamagedCheckpointsCostTimeNotShards) {
    auto const shards = put_some(5, 3000);
    ASSERT_TRUE(on.remove(shards[0].id()));
    on.reopen();
    ASSERT_TRUE(on.put(make_shard(6, 100)));
    ASSERT_TRUE(on.close());
    auto files = on.files(checkpoints);
    ASSERT_EQ(files.size(), 2U);
    std::size_t damaged = 0;
    for (auto& [path, content] : files) {
        content[content.size() / 2] ^= std::byte{1};
        on.rewrite(path, content);
        ++damaged;
        auto const found = on.recovery();
        ASSERT_TRUE(found) << found.error().message;
        EXPECT_EQ(found->from_checkpoint == 0, damaged == 2);
        ASSERT_TRUE(on.open());
        for (std::size_t n = 1; n < 5; ++n) EXPECT_TRUE(on.reads_back(shards[n])) << n;
        EXPECT_TRUE(on.reads_back(make_shard(6, 100)));
        EXPECT_EQ(code_of(on.put(shards[0])), Errc::conflict);
        on.crash();
    }
}

TEST_F(StoreDamage, StoreThatLostItsIdentityIsNotTakenForANewOne) {
    put_some(2, 100);
    on.close();
    auto const before = on.files(segment_folder);
    ASSERT_TRUE(on.run(on.world.disk("n1").remove("disk")));
    EXPECT_EQ(code_of(on.open()), Errc::corrupt);
    EXPECT_EQ(on.files(segment_folder), before);
    auto const made = on.run(on.world.disk("n1").open("disk", OpenMode::read));
    EXPECT_EQ(code_of(made), Errc::not_found) << "no new identity either";
}

TEST_F(StoreDamage, DamagedIdentityRefusesToOpen) {
    on.close();
    auto bytes = on.run(read_file(on.world.disk("n1"), "disk")).value();
    bytes[14] ^= std::byte{1};
    on.rewrite("disk", bytes);
    ASSERT_TRUE(on.open()) << "its copy is whole";
    on.close();
    bytes[4096 + 14] ^= std::byte{1};
    on.rewrite("disk", bytes);
    EXPECT_EQ(code_of(on.open()), Errc::corrupt);
}

TEST_F(StoreDamage, SegmentOfAnotherDiskRefusesToOpen) {
    StoreWorld other(2);
    ASSERT_TRUE(other.open());
    ASSERT_TRUE(other.put(make_shard(9, 100)));
    other.close();
    put_some(2, 100);
    on.close();
    on.rewrite("segments/0000000007", other.files(segment_folder).begin()->second);
    auto const opened = on.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_NE(opened.error().message.find("belongs to disk"), std::string::npos);
}

TEST_F(StoreDamage, MissingSegmentMakesItsShardsCorrupt) {
    auto const shards = put_some(2, 100);
    on.reopen();
    auto const later = make_shard(9, 100);
    ASSERT_TRUE(on.put(later));
    on.close();
    ASSERT_TRUE(on.run(on.world.disk("n1").remove("segments/0000000001")));
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(shards[0]), Errc::corrupt);
    EXPECT_EQ(on.store->counts().corrupt_shards, 2U);
    EXPECT_TRUE(on.reads_back(later));
    ASSERT_TRUE(on.put(shards[0]));
    EXPECT_TRUE(on.reads_back(shards[0]));
}

TEST_F(StoreDamage, SegmentWithoutSuperblockIsKeptAndReadByWhatTheCheckpointKnows) {
    auto const shards = put_some(2, 100);
    on.close();
    auto content = on.files(segment_folder).begin()->second;
    std::fill_n(content.begin(), superblock_bytes, std::byte{0xEE});
    on.rewrite("segments/0000000001", content);
    ASSERT_TRUE(on.open());
    EXPECT_TRUE(on.reads_back(shards[0]));
    on.close();
    forget_checkpoints();
    content = on.files(segment_folder).begin()->second;
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(shards[0]), Errc::not_found);
    ASSERT_TRUE(on.put(make_shard(9, 100)));
    EXPECT_EQ(on.files(segment_folder).at("segments/0000000001"), content) << "it was touched";
}

TEST_F(StoreDamage, FailedSyncStopsAllWritingAndAnswersNothing) {
    auto const first = make_shard(1, 3000);
    auto const second = make_shard(2, 3000);
    ASSERT_TRUE(on.put(first));
    on.world.faults().sync_error = 1;
    EXPECT_EQ(code_of(on.put(second)), Errc::io);
    on.world.faults().sync_error = 0;
    EXPECT_TRUE(on.store->counts().is_read_only);
    auto const syncs = on.disk.synced_files;
    EXPECT_EQ(code_of(on.put(make_shard(3, 100))), Errc::io) << "the disk works again: too late";
    EXPECT_EQ(code_of(on.remove(first.id())), Errc::io);
    EXPECT_EQ(on.disk.synced_files, syncs) << "never retried";
    EXPECT_TRUE(on.reads_back(first));
    on.crash_and_open();
    EXPECT_FALSE(on.store->counts().is_read_only);
    EXPECT_TRUE(on.reads_back(first));
    EXPECT_TRUE(on.put(second));
    EXPECT_TRUE(on.reads_back(second));
}

TEST_F(StoreDamage, FailedWriteStopsAllWritingAndAnswersNothing) {
    auto const first = make_shard(1, 3000);
    ASSERT_TRUE(on.put(first));
    on.world.faults().write_error = 1;
    EXPECT_EQ(code_of(on.put(make_shard(2, 3000))), Errc::io);
    on.world.faults().write_error = 0;
    EXPECT_TRUE(on.store->counts().is_read_only);
    EXPECT_EQ(code_of(on.put(make_shard(2, 3000))), Errc::io);
    EXPECT_TRUE(on.reads_back(first));
    on.reopen();
    EXPECT_TRUE(on.put(make_shard(2, 3000)));
}

// Rot and misdirected writes at random: whatever comes back is what was stored, or an error.
TEST(StoreRot, NoReadEverGivesWrongBytes) {
    std::uint64_t corrupt = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        SimFaults faults;
        faults.misdirected_write = 0.02;
        StoreWorld on(seed, faults);
        ASSERT_TRUE(on.open());
        std::vector<TestShard> stored;
        for (std::uint64_t upload = 1; upload <= 40; ++upload) {
            auto const size = static_cast<std::uint32_t>(on.world.random().below(9000)) + 1;
            auto const shard = make_shard(upload, size);
            if (on.put(shard)) stored.push_back(shard);
            if (on.world.random().happens(0.2)) on.world.rot("n1", segment_folder);
        }
        for (int turn = 0; turn < 3; ++turn) {
            for (auto const& shard : stored) corrupt += !on.reads_back(shard);
            on.crash();
            auto const opened = on.open();
            ASSERT_TRUE(opened) << opened.error().message;
        }
        if (HasFailure()) FAIL();
    }
    EXPECT_GT(corrupt, 100U) << "nothing was damaged, so nothing was tested";
}

class FullDisk : public testing::Test {
 protected:
    void SetUp() override {
        on.world.faults().disk_capacity_bytes = capacity;
        on.options.segment_bytes = 1U << 20U;
        ASSERT_TRUE(on.open());
    }
    /// Puts until the disk is full; how many were taken.
    std::uint64_t fill(std::uint64_t first) {
        for (auto upload = first; upload < first + 1000; ++upload) {
            auto const stored = on.put(make_shard(upload, big));
            if (stored) continue;
            EXPECT_EQ(stored.error().code, Errc::exhausted) << stored.error().message;
            return upload - first;
        }
        return 1000;
    }
    static constexpr std::uint32_t big = 200'000;
    static constexpr std::uint64_t capacity = 32U << 20U;
    StoreWorld on;
};

TEST_F(FullDisk, RefusesPutsKeepsAReserveAndStillDeletes) {
    auto const count = fill(1);
    EXPECT_GT(count, 130U);
    EXPECT_LT(count, 160U);
    auto const space = on.run(on.world.disk("n1").space());
    EXPECT_GE(space->free_bytes, capacity / 30);
    EXPECT_FALSE(on.store->counts().is_read_only);
    for (std::uint64_t upload = 1; upload <= count; ++upload) {
        auto const removed = on.remove(make_shard(upload, big).id());
        ASSERT_TRUE(removed) << upload << removed.error().message;
    }
    EXPECT_TRUE(on.close()) << "the checkpoint fits";
}

TEST_F(FullDisk, ManyWritersAtOnceDoNotFillTheReserve) {
    on.close();
    on.options.batch_bytes_max = 1;  // one by one, so that the last of the space could be used
    ASSERT_TRUE(on.open());
    auto const put = [&](std::uint64_t upload) -> Task<void> {
        auto const shard = make_shard(upload, big);
        co_await on.store->put(shard.place, shard.blocks, shard.payload);
        co_return Result<void>();
    };
    TaskGroup writers(on.world.executor());
    for (std::uint64_t upload = 1; upload <= 200; ++upload) writers.spawn("put", put(upload));
    ASSERT_TRUE(on.run(writers.join()));
    auto const space = on.run(on.world.disk("n1").space());
    EXPECT_GE(space->free_bytes, capacity / 30);
    EXPECT_GT(on.store->counts().shards, 130U);
}

TEST_F(FullDisk, SpaceOfRemovedShardsComesBack) {
    on.keep_house();
    auto const count = fill(1);
    for (std::uint64_t upload = 1; upload <= count; upload += 2) {
        ASSERT_TRUE(on.remove(make_shard(upload, big).id()));
    }
    ASSERT_TRUE(on.remove(make_shard(2, big).id()));
    ASSERT_TRUE(on.sleep(std::chrono::minutes(3)));
    EXPECT_GT(fill(10'000), count / 3);
    for (std::uint64_t upload = 4; upload <= count; upload += 2) {
        EXPECT_TRUE(on.reads_back(make_shard(upload, big))) << upload;
    }
    on.close();
}

// Others fill the file system to the last byte: shards are refused, but what is there can be
// removed, and a checkpoint is written; the ballast makes room for that.
TEST_F(FullDisk, FilledByOthersStillDeletes) {
    on.keep_house();
    ASSERT_TRUE(on.put(make_shard(1, big)));
    ASSERT_TRUE(on.sleep(std::chrono::seconds(11)));
    auto const file = on.run(on.world.disk("n1").open("foreign", OpenMode::create));
    ASSERT_TRUE(file);
    auto size = capacity;
    while (size > 0 && !on.run((*file)->allocate(size))) size -= 4096;
    std::uint64_t upload = 2;
    while (on.put(make_shard(upload, big))) ++upload;
    EXPECT_EQ(code_of(on.put(make_shard(upload, big))), Errc::exhausted);
    for (std::uint64_t n = 1; n < 40; ++n) {
        auto const removed = on.remove(make_shard(n, big).id());
        ASSERT_TRUE(removed) << n << removed.error().message;
    }
    EXPECT_FALSE(on.store->counts().is_read_only);
    EXPECT_TRUE(on.close());
    ASSERT_TRUE(on.open());
    EXPECT_EQ(code_of(on.put(make_shard(1, big))), Errc::conflict);
    EXPECT_TRUE(on.remove(make_shard(500, big).id()));
}

TEST_F(FullDisk, BallastOfAnEarlierStartIsFoundAgain) {
    on.keep_house();
    ASSERT_TRUE(on.sleep(std::chrono::seconds(11)));
    on.close();
    auto const file = on.run(on.world.disk("n1").open("foreign", OpenMode::create));
    ASSERT_TRUE(file);
    auto size = capacity;
    while (size > 0 && !on.run((*file)->allocate(size))) size -= 4096;
    ASSERT_TRUE(on.open());
    EXPECT_EQ(code_of(on.put(make_shard(1, big))), Errc::exhausted);
    EXPECT_TRUE(on.remove(make_shard(1, big).id()));
}

TEST_F(FullDisk, CapacityBelowTheDisksIsKept) {
    on.close();
    on.options.capacity_bytes = 8U << 20U;
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.store->counts().capacity_bytes, 8U << 20U);
    auto const count = fill(1);
    EXPECT_GT(count, 30U);
    EXPECT_LT(count, 40U);
    EXPECT_LT(on.store->counts().free_bytes, 210'000U);
}

}  // namespace
}  // namespace disgrafs::storage
