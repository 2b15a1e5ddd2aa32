#include "storage/shard_store.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "storage/testing/store_world.hpp"

namespace disgrafs::storage {
namespace {

class ShardStoreTest : public testing::Test {
 protected:
    void SetUp() override { ASSERT_TRUE(on.open()); }
    StoreWorld on;
};

TEST_F(ShardStoreTest, ShardsOfEverySizeReadBack) {
    std::vector<TestShard> shards;
    for (auto const size : {1U, 4095U, 4096U, 65'535U, 65'536U, 65'537U, 1'000'000U, 4U << 20U}) {
        shards.push_back(make_shard(shards.size() + 1, size));
    }
    shards.push_back(make_empty_shard(100));
    for (auto const& shard : shards) {
        auto const stored = on.put(shard);
        ASSERT_TRUE(stored) << stored.error().message;
        EXPECT_EQ(stored->size_bytes, shard.size());
        EXPECT_EQ(stored->root, shard.root());
    }
    for (auto const& shard : shards) EXPECT_TRUE(on.reads_back(shard)) << shard.size();
    on.reopen();
    for (auto const& shard : shards) EXPECT_TRUE(on.reads_back(shard)) << shard.size();
    EXPECT_EQ(on.store->counts().shards, shards.size());
}

TEST_F(ShardStoreTest, SequenceGrowsWithEveryRecordAndSurvivesARestart) {
    auto const first = on.put(make_shard(1, 100));
    auto const second = on.put(make_shard(2, 100));
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->sequence, first->sequence + 1);
    EXPECT_EQ(on.store->counts().sequence, second->sequence);
    on.crash_and_open();
    EXPECT_EQ(on.store->counts().sequence, second->sequence);
    EXPECT_EQ(on.put(make_shard(3, 100))->sequence, second->sequence + 1);
}

TEST_F(ShardStoreTest, SameBytesAgainGiveTheSameAnswerOtherBytesConflict) {
    auto const shard = make_shard(1, 5000);
    auto const first = on.put(shard);
    auto const again = on.put(shard);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(again->sequence, first->sequence);
    EXPECT_EQ(code_of(on.put(make_shard(1, 5000, 77))), Errc::conflict);
    EXPECT_EQ(code_of(on.put(make_shard(1, 5001))), Errc::conflict);
    EXPECT_TRUE(on.reads_back(shard));
}

TEST_F(ShardStoreTest, TwoPutsOfOneNewShardAtOnceStoreItOnce) {
    auto const shard = make_shard(1, 5000);
    auto const other = make_shard(1, 5000, 77);
    std::vector<Result<Stored>> answers;
    auto const put = [&](TestShard const& what) -> Task<void> {
        auto answer = co_await on.store->put(what.place, what.blocks, what.payload);
        answers.push_back(std::move(answer));
        co_return Result<void>();
    };
    TaskGroup group(on.world.executor());
    for (auto const* const what : {&shard, &shard, &other}) group.spawn("put", put(*what));
    ASSERT_TRUE(on.run(group.join()));
    ASSERT_EQ(answers.size(), 3U);
    ASSERT_TRUE(answers[0] && answers[1]);
    EXPECT_EQ(answers[0]->sequence, answers[1]->sequence);
    EXPECT_EQ(code_of(answers[2]), Errc::conflict);
    EXPECT_EQ(on.store->counts().sequence, answers[0]->sequence);
}

TEST_F(ShardStoreTest, PutThatDoesNotFitItselfIsRefusedAndChangesNothing) {
    auto const good = make_shard(1, 70'000);
    auto bad = good;
    bad.payload[69'999] ^= std::byte{1};
    EXPECT_EQ(code_of(on.put(bad)), Errc::corrupt);
    bad = good;
    bad.blocks.pop_back();
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    bad = good;
    bad.place.content_bytes -= 1;
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    bad = good;
    bad.place.content_bytes = 0;
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    bad = good;
    bad.place.id.index = 3;
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    bad = good;
    bad.place.layout.k = 0;
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    bad = good;
    bad.place.id.upload = {};
    EXPECT_EQ(code_of(on.put(bad)), Errc::invalid);
    EXPECT_EQ(on.store->counts().sequence, 0U);
    EXPECT_EQ(code_of(on.get(good.id())), Errc::not_found);
}

TEST_F(ShardStoreTest, RemovedShardStaysRemovedAndIsRefused) {
    auto const shard = make_shard(1, 5000);
    ASSERT_TRUE(on.put(shard));
    ASSERT_TRUE(on.remove(shard.id()));
    EXPECT_EQ(code_of(on.get(shard.id())), Errc::not_found);
    EXPECT_EQ(code_of(on.put(shard)), Errc::conflict);
    auto const sequence = on.store->counts().sequence;
    ASSERT_TRUE(on.remove(shard.id()));
    EXPECT_EQ(on.store->counts().sequence, sequence) << "a second tombstone";
    on.crash_and_open();
    EXPECT_EQ(code_of(on.get(shard.id())), Errc::not_found);
    EXPECT_EQ(code_of(on.put(shard)), Errc::conflict);
    EXPECT_EQ(on.store->counts().shards, 0U);
    EXPECT_EQ(on.store->counts().used_bytes, 0U);
}

TEST_F(ShardStoreTest, RemoveOfAShardThatNeverCameRefusesItWhenItComesLate) {
    auto const shard = make_shard(1, 5000);
    ASSERT_TRUE(on.remove(shard.id()));
    EXPECT_EQ(code_of(on.put(shard)), Errc::conflict);
    on.crash_and_open();
    EXPECT_EQ(code_of(on.put(shard)), Errc::conflict);
}

TEST_F(ShardStoreTest, RangeReadsGiveTheirBlocksAndTouchNoOthers) {
    constexpr std::uint32_t unit = erasure::unit_bytes;
    auto const shard = make_shard(1, 10 * unit + 100);
    ASSERT_TRUE(on.put(shard));
    on.disk.read_bytes = 0;
    auto const range = on.get(shard.id(), 3 * unit, 2 * unit);
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_EQ(on.disk.read_bytes, 2 * unit + payload_offset(shard.size()));
    auto const from = shard.payload.begin() + 3 * unit;
    EXPECT_EQ(range->payload, Bytes(from, from + 2 * unit));
    EXPECT_EQ(range->blocks, std::vector(shard.blocks.begin() + 3, shard.blocks.begin() + 5));
    EXPECT_EQ(range->shard_size_bytes, shard.size());
    auto const end = on.get(shard.id(), 10 * unit, 0);
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_EQ(end->payload.size(), 100U);
    EXPECT_TRUE(on.get(shard.id(), 10 * unit, 100));
}

TEST_F(ShardStoreTest, RangesThatCutABlockOrLeaveTheShardAreInvalid) {
    constexpr std::uint32_t unit = erasure::unit_bytes;
    auto const shard = make_shard(1, 2 * unit + 100);
    ASSERT_TRUE(on.put(shard));
    ASSERT_TRUE(on.put(make_empty_shard(2)));
    auto const code = [&](std::uint32_t offset, std::uint32_t size) {
        return code_of(on.get(shard.id(), offset, size));
    };
    EXPECT_EQ(code(1, 0), Errc::invalid);
    EXPECT_EQ(code(0, 100), Errc::invalid);
    EXPECT_EQ(code(2 * unit, 99), Errc::invalid);
    EXPECT_EQ(code(2 * unit, 101), Errc::invalid);
    EXPECT_EQ(code(3 * unit, 0), Errc::invalid);
    EXPECT_EQ(code(unit, 0xFFFFFFFF), Errc::invalid);
    EXPECT_EQ(code(0, unit), StoreWorld::no_error);
    EXPECT_EQ(code_of(on.get(make_empty_shard(2).id(), 0, 1)), Errc::invalid);
    EXPECT_EQ(code_of(on.get(make_empty_shard(2).id(), unit, 0)), Errc::invalid);
}

TEST_F(ShardStoreTest, ListGoesThroughAllInOrderPageByPage) {
    std::vector<TestShard> shards;
    for (std::uint64_t upload = 30; upload > 0; --upload) {
        shards.push_back(make_shard(upload, 100 + static_cast<std::uint32_t>(upload)));
        ASSERT_TRUE(on.put(shards.back()));
    }
    ASSERT_TRUE(on.remove(shards[3].id()));
    shards.erase(shards.begin() + 3);
    std::ranges::reverse(shards);
    std::vector<wire::ShardEntry> entries;
    ShardId after;
    while (true) {
        auto const page = on.store->list(after, 7);
        entries.insert(entries.end(), page.entries.begin(), page.entries.end());
        if (!page.more) break;
        ASSERT_EQ(page.entries.size(), 7U);
        after = page.entries.back().place.id;
    }
    ASSERT_EQ(entries.size(), shards.size());
    for (std::size_t n = 0; n < shards.size(); ++n) {
        EXPECT_EQ(entries[n].place, shards[n].place);
        EXPECT_EQ(entries[n].size_bytes, shards[n].size());
        EXPECT_EQ(entries[n].root, shards[n].root());
        EXPECT_FALSE(entries[n].is_corrupt);
    }
    EXPECT_TRUE(on.store->list(entries.back().place.id, 7).entries.empty());
}

// 64 writers, ten puts each, one after the other: all that wait share one sync.
TEST_F(ShardStoreTest, PutsThatArriveDuringASyncShareTheNext) {
    ASSERT_TRUE(on.put(make_shard(1000, 100)));
    auto const before = on.disk.synced_files;
    auto const write = [&](std::uint64_t writer) -> Task<void> {
        for (std::uint64_t n = 1; n <= 10; ++n) {
            auto const shard = make_shard(writer * 100 + n, 50);
            auto const stored = co_await on.store->put(shard.place, shard.blocks, shard.payload);
            EXPECT_TRUE(stored);
        }
        co_return Result<void>();
    };
    TaskGroup group(on.world.executor());
    for (std::uint64_t writer = 1; writer <= 64; ++writer) group.spawn("write", write(writer));
    ASSERT_TRUE(on.run(group.join()));
    auto const segments_made = on.disk.synced_files - before - 10;
    EXPECT_LE(segments_made, 3U);
}

TEST_F(ShardStoreTest, SecondStoreOnOneFolderIsRefused) {
    auto const second = on.run(open_shard_store(on.parts(), on.options));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_TRUE(on.put(make_shard(1, 100)));
}

TEST_F(ShardStoreTest, KeepsItsDiskIdForEver) {
    auto const id = on.store->disk_id();
    EXPECT_EQ(id.size(), 36U);
    on.crash_and_open();
    EXPECT_EQ(on.store->disk_id(), id);
    StoreWorld other(2);
    ASSERT_TRUE(other.open());
    EXPECT_NE(other.store->disk_id(), id);
}

TEST_F(ShardStoreTest, StoppedStoreRefusesEverything) {
    auto const shard = make_shard(1, 100);
    ASSERT_TRUE(on.run(on.store->stop()));
    EXPECT_EQ(code_of(on.put(shard)), Errc::cancelled);
    EXPECT_EQ(code_of(on.get(shard.id())), Errc::cancelled);
    EXPECT_EQ(code_of(on.remove(shard.id())), Errc::cancelled);
}

TEST_F(ShardStoreTest, OptionsOutOfRangeAreRefused) {
    on.close();
    on.options.segment_bytes = 1000;
    EXPECT_EQ(code_of(on.open()), Errc::invalid);
    on.options = test_options();
    on.options.reserve_ratio = 1.5;
    EXPECT_EQ(code_of(on.open()), Errc::invalid);
}

}  // namespace
}  // namespace disgrafs::storage
