#include "storage/index/shard_index.hpp"

#include <map>

#include <gtest/gtest.h>

#include "storage/testing/shards.hpp"

namespace disgrafs::storage {
namespace {

IndexEntry entry_of(ShardId id) {
    return {.upload = id.upload, .stripe = id.stripe, .root = id.stripe + 1, .index = id.index};
}

std::vector<ShardId> ids_after(ShardIndex const& index, ShardId after) {
    std::vector<ShardId> ids;
    for (auto some = index.some_after(after); !some.empty(); some = index.some_after(ids.back())) {
        for (auto const& entry : some) ids.push_back(entry.id());
    }
    return ids;
}

TEST(ShardIndex, EntryKeepsWhatARecordSays) {
    auto const shard = make_shard(9, 5000, 0, 2);
    auto const entry = make_entry(make_header(shard, {7, 4096}, 1), 77);
    EXPECT_EQ(entry.id(), shard.id());
    EXPECT_EQ(entry.place(), shard.place);
    EXPECT_EQ(entry.payload_bytes(), 5000U);
    EXPECT_EQ(entry.root, shard.root());
    EXPECT_EQ(entry.segment, 77U);
    EXPECT_EQ(entry.offset, 4096U);
    EXPECT_EQ(entry.state_of(), ShardState::live);
    auto const tombstone = make_entry(make_tombstone(shard.id(), {7, 8192}, 2), 78);
    EXPECT_TRUE(tombstone.is_removed());
    EXPECT_EQ(tombstone.payload_bytes(), 0U);
    EXPECT_EQ(tombstone.removed_at(), Timestamp{1'750'000'000'000'000});
}

// The same operations on the index and on a std::map of the same keys, in random order.
TEST(ShardIndex, AgreesWithAMap) {
    auto const random = make_seeded_random(1);
    ShardIndex index;
    std::map<ShardId, std::uint32_t> map;
    for (int n = 0; n < 20'000; ++n) {
        ShardId const id{
            {random->below(3), random->below(500)},
            static_cast<std::uint32_t>(random->below(20)),
            static_cast<std::uint8_t>(random->below(4))
        };
        auto* const found = index.find(id);
        ASSERT_EQ(found != nullptr, map.contains(id));
        if (found != nullptr) continue;
        index.insert(entry_of(id));
        map.emplace(id, id.stripe + 1);
    }
    ASSERT_EQ(index.size(), map.size());
    std::vector<ShardId> keys;
    for (auto const& [id, root] : map) {
        ASSERT_NE(index.find(id), nullptr);
        EXPECT_EQ(index.find(id)->root, root);
        keys.push_back(id);
    }
    EXPECT_EQ(
        ids_after(index, {}),
        std::vector<ShardId>(keys.begin() + (keys[0] == ShardId{}), keys.end())
    );
    for (std::size_t at : {std::size_t{10}, keys.size() / 2, keys.size() - 1}) {
        auto const rest = keys.begin() + static_cast<std::ptrdiff_t>(at) + 1;
        EXPECT_EQ(ids_after(index, keys[at]), std::vector<ShardId>(rest, keys.end()));
    }
    EXPECT_TRUE(index.some_after({{9, 9}, 9, 9}).empty());
}

TEST(ShardIndex, NeedsAtMost64BytesAShardInAnyOrderOfArrival) {
    constexpr std::uint64_t count = 200'000;
    auto const random = make_seeded_random(2);
    ShardIndex ascending;
    ShardIndex interleaved;
    ShardIndex scattered;
    for (std::uint64_t n = 0; n < count; ++n) {
        ascending.insert(entry_of({{1, n}, 0, 0}));
        interleaved.insert(entry_of({{n % 7, n}, 0, 0}));
        scattered.insert(entry_of({{random->next(), n}, 0, 0}));
    }
    EXPECT_LE(ascending.memory_bytes(), count * 42);
    EXPECT_LE(interleaved.memory_bytes(), count * 42);
    EXPECT_LE(scattered.memory_bytes(), count * 64);
}

TEST(ShardIndex, EmptyOneHasNothing) {
    ShardIndex index;
    EXPECT_EQ(index.find({{1, 1}, 0, 0}), nullptr);
    EXPECT_TRUE(index.first().empty());
    EXPECT_TRUE(index.some_after({}).empty());
}

}  // namespace
}  // namespace disgrafs::storage
