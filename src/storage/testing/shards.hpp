#pragma once

/// \file storage/testing/shards.hpp  Shards for tests: their bytes follow from their id and size.

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "erasure/checksum.hpp"
#include "io/random.hpp"
#include "storage/log/record.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::storage {

struct TestShard {
    wire::ShardPlace place;
    std::vector<std::uint32_t> blocks;
    Bytes payload;

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(payload.size()); }
    [[nodiscard]] std::uint32_t root() const { return erasure::shard_root(size(), blocks); }
    [[nodiscard]] ShardId id() const { return place.id; }
};

/// A copy (k = 1) of `size` bytes, 1 byte … 4 MiB. `seed` 0: the shard's usual bytes.
inline TestShard make_shard(
    std::uint64_t upload, std::uint32_t size, std::uint64_t seed = 0, std::uint8_t index = 0
) {
    TestShard shard;
    shard.place.id = {{1, upload}, 0, index};
    shard.place.layout = {.k = 1, .m = 2, .w = 8, .matrix = erasure::Matrix::replica};
    shard.place.content_bytes = size;
    shard.payload.resize(size);
    make_seeded_random(upload * 1'000'003 + seed)->fill(shard.payload);
    shard.blocks = erasure::block_checksums(shard.payload);
    return shard;
}

/// The last data shard of a stripe too short to reach it: no bytes at all.
inline TestShard make_empty_shard(std::uint64_t upload) {
    TestShard shard;
    shard.place.id = {{1, upload}, 0, 3};
    shard.place.layout = {.k = 4, .m = 2, .w = 8, .matrix = erasure::Matrix::cauchy};
    shard.place.content_bytes = 100;
    return shard;
}

inline RecordHeader make_header(TestShard const& shard, RecordSpot spot, std::uint64_t sequence) {
    RecordHeader header;
    header.spot = spot;
    header.sequence = sequence;
    header.durable = sequence - 1;
    header.written = {1'750'000'000'000'000};
    header.place = shard.place;
    header.payload_bytes = shard.size();
    header.root = shard.root();
    return header;
}

inline RecordHeader make_tombstone(ShardId id, RecordSpot spot, std::uint64_t sequence) {
    RecordHeader header;
    header.type = RecordType::tombstone;
    header.spot = spot;
    header.sequence = sequence;
    header.durable = sequence - 1;
    header.written = {1'750'000'000'000'000};
    header.place.id = id;
    return header;
}

/// The whole record.
inline Bytes make_record(RecordHeader const& header, TestShard const& shard = {}) {
    ByteWriter out;
    out.raw(encode_head(header, shard.blocks)).raw(shard.payload).raw(encode_tail(header));
    return out.take();
}

}  // namespace disgrafs::storage
