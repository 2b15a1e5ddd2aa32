#include "storage/index/catalog.hpp"

#include <gtest/gtest.h>

#include "storage/testing/shards.hpp"

namespace disgrafs::storage {
namespace {

struct Log {
    Catalog catalog;

    Log() {
        for (std::uint32_t id : {1U, 2U, 3U}) catalog.segments()[id].stamp = id;
    }
    void data(TestShard const& shard, std::uint32_t segment, std::uint32_t offset) {
        catalog.apply(make_header(shard, {segment, offset}, 1), segment);
    }
    void tombstone(ShardId id, std::uint32_t segment, std::uint32_t offset) {
        catalog.apply(make_tombstone(id, {segment, offset}, 1), segment);
    }
    IndexEntry const& entry(ShardId id) { return *catalog.index().find(id); }
};

TEST(Catalog, LaterRecordOfAShardWins) {
    Log log;
    auto const shard = make_shard(1, 1000);
    log.data(shard, 2, 4096);
    log.data(shard, 1, 8192);  // read again, or applied out of order
    EXPECT_EQ(log.entry(shard.id()).segment, 2U);
    log.data(shard, 2, 8192);
    EXPECT_EQ(log.entry(shard.id()).offset, 8192U);
    EXPECT_EQ(log.catalog.shards(), 1U);
    EXPECT_EQ(log.catalog.live_payload_bytes(), 1000U);
    EXPECT_EQ(log.catalog.segment(1).live_records, 0U);
    EXPECT_EQ(log.catalog.segment(2).live_bytes, record_bytes(1000));
    EXPECT_EQ(log.catalog.segment(2).dead_bytes(), record_bytes(1000));
}

TEST(Catalog, TombstoneWinsWhateverTheOrder) {
    for (bool const tombstone_first : {true, false}) {
        Log log;
        auto const shard = make_shard(1, 1000);
        if (tombstone_first) log.tombstone(shard.id(), 1, 4096);
        log.data(shard, 2, 4096);
        if (!tombstone_first) log.tombstone(shard.id(), 1, 4096);
        EXPECT_TRUE(log.entry(shard.id()).is_removed());
        EXPECT_EQ(log.catalog.shards(), 0U);
        EXPECT_EQ(log.catalog.live_payload_bytes(), 0U);
        EXPECT_EQ(log.catalog.segment(2).dead_bytes(), record_bytes(1000));
        EXPECT_EQ(log.catalog.segment(1).live_records, 1U);
    }
}

TEST(Catalog, MarkReachesOnlyTheRecordThatWasSeen) {
    Log log;
    auto const shard = make_shard(1, 1000);
    log.data(shard, 1, 4096);
    auto const seen = log.entry(shard.id());
    log.data(shard, 2, 4096);
    log.catalog.mark(seen, ShardState::corrupt);
    EXPECT_EQ(log.catalog.corrupt_shards(), 0U);
    auto const moved = log.entry(shard.id());
    log.catalog.mark(moved, ShardState::corrupt);
    EXPECT_EQ(log.catalog.corrupt_shards(), 1U);
    log.data(shard, 3, 4096);  // healed by another record
    EXPECT_EQ(log.catalog.corrupt_shards(), 0U);
    EXPECT_EQ(log.catalog.shards(), 1U);
}

TEST(Catalog, DamageFoundOnlyGrows) {
    Log log;
    auto const shard = make_shard(1, 1000);
    log.data(shard, 1, 4096);
    log.catalog.mark(log.entry(shard.id()), ShardState::corrupt);
    log.catalog.mark(log.entry(shard.id()), ShardState::corrupt);  // known already
    EXPECT_EQ(log.catalog.damage_found(), 1U);
    log.data(shard, 2, 4096);
    EXPECT_EQ(log.catalog.corrupt_shards(), 0U);
    EXPECT_EQ(log.catalog.damage_found(), 1U);
    log.catalog.mark(log.entry(shard.id()), ShardState::corrupt);
    EXPECT_EQ(log.catalog.corrupt_shards(), 1U);
    EXPECT_EQ(log.catalog.damage_found(), 2U);
}

TEST(Catalog, ShardsOfAMissingSegmentBecomeCorrupt) {
    Log log;
    auto const shard = make_shard(1, 1000);
    auto const other = make_shard(2, 1000);
    log.data(shard, 1, 4096);
    log.data(other, 2, 4096);
    log.tombstone(make_shard(3, 1).id(), 1, 8192);
    log.catalog.segments().erase(1);
    EXPECT_EQ(log.catalog.recount(), 1U);
    EXPECT_EQ(log.entry(shard.id()).state_of(), ShardState::corrupt);
    EXPECT_EQ(log.entry(other.id()).state_of(), ShardState::live);
    EXPECT_EQ(log.catalog.shards(), 2U);
    EXPECT_EQ(log.catalog.corrupt_shards(), 1U);
}

TEST(Catalog, RecountFindsWhatWasCountedAllAlong) {
    Log log;
    auto const random = make_seeded_random(3);
    for (int n = 0; n < 2000; ++n) {
        auto const shard = make_shard(random->below(300) + 1, 500);
        auto const segment = static_cast<std::uint32_t>(random->below(3) + 1);
        auto const offset = static_cast<std::uint32_t>(n * 4096);
        if (random->happens(0.2)) {
            log.tombstone(shard.id(), segment, offset);
        } else {
            log.data(shard, segment, offset);
        }
    }
    auto const shards = log.catalog.shards();
    auto const bytes = log.catalog.live_payload_bytes();
    auto const segments = log.catalog.segments();
    EXPECT_EQ(log.catalog.recount(), 0U);
    EXPECT_EQ(log.catalog.shards(), shards);
    EXPECT_EQ(log.catalog.live_payload_bytes(), bytes);
    for (auto const& [id, segment] : segments) {
        EXPECT_EQ(log.catalog.segment(id).live_bytes, segment.live_bytes);
        EXPECT_EQ(log.catalog.segment(id).live_records, segment.live_records);
    }
}

}  // namespace
}  // namespace disgrafs::storage
