/// Bytes of every format on disk, as they are for ever: tests/fixtures/storage/*.hex. A change of
/// these bytes is another version of the format, with a file of its own; this one stays readable.

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "storage/index/checkpoint.hpp"
#include "storage/log/disk_identity.hpp"
#include "storage/testing/store_world.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint64_t stamp = 0x1122334455667788;
constexpr Timestamp then{1'750'000'000'000'000};

DiskId some_disk() {
    DiskId disk{};
    for (std::size_t n = 0; n < disk.size(); ++n) disk[n] = static_cast<std::byte>(0xA0 + n);
    return disk;
}

/// Shard 1 of 2+1, "hello shard", of a stripe of 65,547 bytes.
TestShard some_shard() {
    TestShard shard;
    shard.place.id = {{0x0102, 0x0304}, 5, 1};
    shard.place.layout = {.k = 2, .m = 1, .w = 8, .matrix = erasure::Matrix::cauchy};
    shard.place.content_bytes = 65'547;
    shard.payload = to_bytes("hello shard");
    shard.blocks = erasure::block_checksums(shard.payload);
    return shard;
}

struct Part {
    std::string name;
    Bytes bytes;
};

std::vector<Part> all_parts() {
    auto const shard = some_shard();
    auto const data = make_header(shard, {stamp, 4096}, 7);
    auto const tombstone = make_tombstone(shard.id(), {stamp, 8192}, 8);
    CheckpointHead head;
    head.disk = some_disk();
    head.sequence = 8;
    head.last_segment = 3;
    head.segments[3] = {.stamp = stamp, .used_bytes = 12'288, .record_bytes = 320, .ripe_at = then};
    std::vector<IndexEntry> const entries{make_entry(data, 3)};
    auto superblock = encode_superblock({3, stamp, some_disk(), then});
    superblock.resize(2048);  // the second half is the same again
    auto identity = encode_identity({some_disk(), then});
    identity.resize(4096);
    return {
        {"identity", identity},
        {"superblock", superblock},
        {"data", make_record(data, shard)},
        {"tombstone", make_record(tombstone)},
        {"checkpoint_head", encode_checkpoint_head(head)},
        {"checkpoint_block", encode_entries(entries, 1)},
        {"checkpoint_end", encode_entries({}, 1)},
    };
}

std::map<std::string, std::string> golden() {
    std::ifstream file(DISGRAFS_FIXTURES "/storage/formats-1.hex");
    EXPECT_TRUE(file) << "no golden file";
    std::map<std::string, std::string> parts;
    for (std::string name, hex; file >> name >> hex;) parts[name] = hex;
    return parts;
}

TEST(Golden, PartsAreWrittenAsEver) {
    auto const expected = golden();
    EXPECT_EQ(expected.size(), all_parts().size());
    for (auto const& [name, bytes] : all_parts()) {
        auto const found = expected.find(name);
        ASSERT_NE(found, expected.end()) << name;
        EXPECT_EQ(found->second, to_hex(bytes)) << name;
    }
}

// A disk as version 1 left it, put together from the golden parts, opens in this version.
TEST(Golden, StoreOfVersionOneOpens) {
    std::map<std::string, Bytes> parts;
    for (auto const& [name, hex] : golden()) parts[name] = from_hex(hex).value();
    StoreWorld on;
    ASSERT_TRUE(on.run(on.world.disk("n1").make_folder("segments")));
    ASSERT_TRUE(on.run(on.world.disk("n1").make_folder("checkpoints")));
    Bytes segment(4096 + 4096);
    std::ranges::copy(parts["superblock"], segment.begin());
    std::ranges::copy(parts["superblock"], segment.begin() + 2048);
    std::ranges::copy(parts["data"], segment.begin() + 4096);
    on.rewrite("disk", parts["identity"]);
    on.rewrite("segments/0000000003", segment);
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.store->disk_id(), "a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
    EXPECT_TRUE(on.reads_back(some_shard()));
    EXPECT_EQ(on.store->counts().sequence, 7U);
    on.crash();

    auto checkpoint = parts["checkpoint_head"];
    for (auto const* const name : {"checkpoint_block", "checkpoint_end"}) {
        checkpoint.insert(checkpoint.end(), parts[name].begin(), parts[name].end());
    }
    on.rewrite("checkpoints/00000000000000000008", checkpoint);
    ASSERT_TRUE(on.open());
    EXPECT_TRUE(on.reads_back(some_shard()));
    EXPECT_EQ(on.store->counts().sequence, 8U);
    on.crash();

    for (auto const& [path, bytes] : on.files("checkpoints")) {
        ASSERT_TRUE(on.run(on.world.disk("n1").remove(path)));
    }
    segment.resize(12'288);
    std::ranges::copy(parts["tombstone"], segment.begin() + 8192);
    on.rewrite("segments/0000000003", segment);
    ASSERT_TRUE(on.open());
    EXPECT_EQ(on.code_of_get(some_shard()), Errc::not_found);
    EXPECT_EQ(code_of(on.put(some_shard())), Errc::conflict);
}

}  // namespace
}  // namespace disgrafs::storage
