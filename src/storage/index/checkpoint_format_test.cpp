#include <gtest/gtest.h>

#include "storage/index/checkpoint.hpp"
#include "storage/testing/shards.hpp"

namespace disgrafs::storage {
namespace {

CheckpointHead some_head() {
    CheckpointHead head;
    head.disk[3] = std::byte{9};
    head.sequence = 77;
    head.last_segment = 5;
    head.segments[2] = {.stamp = 11, .used_bytes = 8192, .record_bytes = 4000, .ripe_at = {123}};
    head.segments[5].stamp = 12;
    return head;
}

std::vector<IndexEntry> some_entries() {
    std::vector<IndexEntry> entries;
    entries.push_back(make_entry(make_header(make_shard(1, 1000), {11, 4096}, 1), 2));
    entries.push_back(make_entry(make_header(make_empty_shard(2), {11, 8192}, 2), 2));
    entries.push_back(make_entry(make_tombstone(make_shard(3, 1).id(), {12, 4096}, 3), 5));
    entries[1].set_state(ShardState::corrupt);
    return entries;
}

TEST(CheckpointFormat, HeadReadsBack) {
    auto const bytes = encode_checkpoint_head(some_head());
    EXPECT_EQ(head_size(ByteView(bytes).first(checkpoint_head_bytes)), bytes.size());
    auto const head = parse_checkpoint_head(bytes);
    ASSERT_TRUE(head) << head.error().message;
    EXPECT_EQ(head->disk, some_head().disk);
    EXPECT_EQ(head->sequence, 77U);
    EXPECT_EQ(head->last_segment, 5U);
    ASSERT_EQ(head->segments.size(), 2U);
    EXPECT_EQ(head->segments.at(2).stamp, 11U);
    EXPECT_EQ(head->segments.at(2).used_bytes, 8192U);
    EXPECT_EQ(head->segments.at(2).record_bytes, 4000U);
    EXPECT_EQ(head->segments.at(2).ripe_at, Timestamp{123});
}

TEST(CheckpointFormat, EntriesReadBack) {
    auto const entries = some_entries();
    auto const bytes = encode_entries(entries, 3);
    EXPECT_EQ(block_size(3), bytes.size());
    auto const read = parse_entries(bytes, {});
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 3U);
    for (std::size_t n = 0; n < 3; ++n) {
        auto const& entry = (*read)[n];
        EXPECT_EQ(entry.id(), entries[n].id());
        EXPECT_EQ(entry.state_of(), entries[n].state_of());
        EXPECT_EQ(entry.segment, entries[n].segment);
        EXPECT_EQ(entry.offset, entries[n].offset);
        EXPECT_EQ(entry.root, entries[n].root);
        EXPECT_EQ(entry.payload_bytes(), entries[n].payload_bytes());
    }
    EXPECT_EQ(parse_end(encode_entries({}, 3)), 3U);
}

TEST(CheckpointFormat, AnyFlippedBitIsFound) {
    auto const expect_found = [](Bytes const& whole, auto parse) {
        ASSERT_TRUE(parse(whole));
        for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
            auto changed = whole;
            changed[bit / 8] ^= std::byte{1} << (bit % 8);
            EXPECT_FALSE(parse(changed)) << "bit " << bit;
        }
    };
    auto const parse_block = [](ByteView bytes) { return parse_entries(bytes, {}); };
    expect_found(encode_checkpoint_head(some_head()), parse_checkpoint_head);
    expect_found(encode_entries(some_entries(), 3), parse_block);
    expect_found(encode_entries({}, 3), parse_end);
}

TEST(CheckpointFormat, EntriesOutOfOrderAreCorrupt) {
    auto entries = some_entries();
    EXPECT_FALSE(parse_entries(encode_entries(entries, 3), entries[0].id()));
    std::swap(entries[0], entries[2]);
    auto const bytes = encode_entries(entries, 3);
    EXPECT_EQ(parse_entries(bytes, {}).error().code, Errc::corrupt);
}

TEST(CheckpointFormat, EntryThatCannotBeIsCorrupt) {
    auto entries = some_entries();
    entries[0].k = 0;
    EXPECT_EQ(parse_entries(encode_entries(entries, 3), {}).error().code, Errc::corrupt);
    entries = some_entries();
    entries[0].content_bytes = 0;
    EXPECT_EQ(parse_entries(encode_entries(entries, 3), {}).error().code, Errc::corrupt);
    entries = some_entries();
    entries[0].state = 3;
    EXPECT_EQ(parse_entries(encode_entries(entries, 3), {}).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace disgrafs::storage
