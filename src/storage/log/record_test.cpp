#include "storage/log/record.hpp"

#include <gtest/gtest.h>

#include "storage/testing/shards.hpp"

namespace disgrafs::storage {
namespace {

constexpr RecordSpot spot{0x1122334455667788, 8192};

Errc error_of(Bytes const& bytes, RecordSpot at = spot) {
    auto const record = parse_record(bytes, at);
    EXPECT_FALSE(record);
    return record ? Errc::cancelled : record.error().code;
}

TEST(Record, ReadsWhatWasWritten) {
    for (auto const size : {1U, 63U, 4096U, 65'536U, 65'537U, 200'000U}) {
        auto const shard = make_shard(7, size);
        auto const header = make_header(shard, spot, 42);
        auto const bytes = make_record(header, shard);
        ASSERT_EQ(bytes.size(), record_bytes(size));
        EXPECT_EQ(bytes.size() % record_align, 0U);
        auto const record = parse_record(bytes, spot);
        ASSERT_TRUE(record) << record.error().message;
        EXPECT_EQ(record->header.place, shard.place);
        EXPECT_EQ(record->header.sequence, 42U);
        EXPECT_EQ(record->header.durable, 41U);
        EXPECT_EQ(record->header.written, header.written);
        EXPECT_EQ(record->blocks, shard.blocks);
        EXPECT_EQ(Bytes(record->payload.begin(), record->payload.end()), shard.payload);
    }
}

TEST(Record, ShardOfNoBytesAndTombstoneAreHeaderAndFooter) {
    auto const shard = make_empty_shard(3);
    auto const data = make_record(make_header(shard, spot, 1), shard);
    auto const tombstone = make_record(make_tombstone(shard.id(), spot, 2));
    EXPECT_EQ(data.size(), 128U);
    EXPECT_EQ(tombstone.size(), 128U);
    EXPECT_TRUE(parse_record(data, spot));
    auto const read = parse_record(tombstone, spot);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->header.type, RecordType::tombstone);
    EXPECT_EQ(read->header.place.id, shard.id());
}

// Every single flipped bit of a record is found, except in the zeros that fill it up to its size:
// nothing reads those.
TEST(Record, AnyFlippedBitIsFound) {
    auto const shard = make_shard(7, 100);
    auto const whole = make_record(make_header(shard, spot, 42), shard);
    auto const padding_begin = payload_offset(100) + 100;
    auto const padding_end = whole.size() - record_footer_bytes;
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        if (bit / 8 >= padding_begin && bit / 8 < padding_end) continue;
        auto changed = whole;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_FALSE(parse_record(changed, spot)) << "bit " << bit;
    }
}

TEST(Record, OfAnotherSegmentOrOffsetIsNone) {
    auto const shard = make_shard(7, 100);
    auto const bytes = make_record(make_header(shard, spot, 42), shard);
    EXPECT_EQ(error_of(bytes, {spot.stamp, spot.offset + 4096}), Errc::corrupt);
    EXPECT_EQ(error_of(bytes, {spot.stamp + 1, spot.offset}), Errc::corrupt);
}

TEST(Record, CutShortAtAnyByteIsCorrupt) {
    auto const shard = make_shard(7, 100);
    auto const whole = make_record(make_header(shard, spot, 42), shard);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Bytes const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_EQ(error_of(part), Errc::corrupt) << size;
    }
}

// A header whose checksum fits may still say what cannot be, if a later version wrote it wrongly.
TEST(Record, FieldsThatDoNotFitTogetherAreCorrupt) {
    auto const shard = make_shard(7, 100);
    auto const good = make_header(shard, spot, 42);
    ASSERT_TRUE(parse_record(make_record(good, shard), spot));
    auto header = good;
    header.place.layout.k = 0;
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
    header = good;
    header.place.id.index = 3;  // of 1 + 2
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
    header = good;
    header.place.content_bytes = 101;
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
    header = good;
    header.type = static_cast<RecordType>(9);
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
    header = good;
    header.root ^= 1U;
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
    header = good;
    header.type = RecordType::tombstone;
    EXPECT_EQ(error_of(make_record(header, shard)), Errc::corrupt);
}

TEST(Record, OfALaterFormatIsRefusedNotSkipped) {
    auto const shard = make_shard(7, 100);
    auto bytes = make_record(make_header(shard, spot, 42), shard);
    bytes[4] = std::byte{record_format + 1};
    ByteWriter crc;
    crc.u32(erasure::crc32c(ByteView(bytes).first(record_header_bytes - 4)));
    std::ranges::copy(crc.view(), bytes.begin() + record_header_bytes - 4);
    EXPECT_EQ(error_of(bytes), Errc::invalid);
}

TEST(Record, WrongBlockIsNamed) {
    auto const shard = make_shard(7, 200'000);
    auto changed = shard.payload;
    changed[150'000] ^= std::byte{1};
    EXPECT_TRUE(check_payload(shard.payload, shard.blocks, 0));
    auto const bad = check_payload(changed, shard.blocks, 0);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().message, "block 2 does not match its checksum");
    auto const range = ByteView(shard.payload).subspan(65'536, 65'536);
    EXPECT_TRUE(check_payload(range, shard.blocks, 1));
    EXPECT_FALSE(check_payload(range, shard.blocks, 2));
}

}  // namespace
}  // namespace disgrafs::storage
