#include "storage/log/record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint32_t header_magic = 0x43524744;  // "DGRC"
constexpr std::uint32_t footer_magic = 0x45524744;  // "DGRE"
constexpr std::uint32_t crc_bytes = 4;

std::uint32_t header_crc(ByteView head) {
    return erasure::crc32c(head.first(record_header_bytes - crc_bytes));
}

/// A header is written by us alone, so one whose checksum fits but whose fields do not is damage,
/// or a bug of the version that wrote it: either way its shard must not be used.
Result<void> check_fields(RecordHeader const& header) {
    auto const& place = header.place;
    if (header.type == RecordType::tombstone) {
        if (header.payload_bytes != 0 || header.root != 0) {
            return fail(Errc::corrupt, "tombstone with a payload");
        }
        return {};
    }
    if (header.type != RecordType::data) {
        return fail(Errc::corrupt, "record type {}", static_cast<int>(header.type));
    }
    if (auto const good = erasure::check_stored(place.layout); !good) {
        return fail(Errc::corrupt, "record with a bad layout: {}", good.error().message);
    }
    if (place.id.index >= place.layout.total() || place.content_bytes == 0 ||
        place.content_bytes > place.layout.stripe_bytes()) {
        return fail(Errc::corrupt, "record with a bad place");
    }
    if (header.payload_bytes !=
        erasure::shard_bytes(place.layout, place.content_bytes, place.id.index)) {
        return fail(Errc::corrupt, "record with {} bytes of payload", header.payload_bytes);
    }
    return {};
}

}  // namespace

std::uint32_t block_count(std::uint32_t payload_bytes) {
    return (payload_bytes + erasure::unit_bytes - 1) / erasure::unit_bytes;
}

std::uint32_t payload_offset(std::uint32_t payload_bytes) {
    return record_header_bytes + crc_bytes * block_count(payload_bytes);
}

std::uint32_t record_bytes(std::uint32_t payload_bytes) {
    auto const bytes = payload_offset(payload_bytes) + payload_bytes + record_footer_bytes;
    return (bytes + record_align - 1) / record_align * record_align;
}

Bytes encode_head(RecordHeader const& header, std::span<std::uint32_t const> blocks) {
    auto const& [id, layout, content_bytes] = header.place;
    DISGRAFS_ASSERT(
        blocks.size() == block_count(header.payload_bytes),
        "{} blocks for {} bytes",
        blocks.size(),
        header.payload_bytes
    );
    ByteWriter out;
    out.u32(header_magic).u8(record_format).u8(static_cast<std::uint8_t>(header.type)).u16(0);
    out.u64(header.spot.stamp).u64(header.sequence).u64(header.durable);
    out.u64(static_cast<std::uint64_t>(header.written.us));
    out.u64(id.upload.block).u64(id.upload.index).u32(id.stripe).u8(id.index);
    erasure::write(out, layout);
    out.u8(0).u16(0);
    out.u32(header.spot.offset).u32(content_bytes).u32(header.payload_bytes).u32(header.root);
    out.u32(header_crc(out.view()));
    DISGRAFS_ASSERT(out.size() == record_header_bytes, "header of {} bytes", out.size());
    for (auto const block : blocks) out.u32(block);
    return out.take();
}

Bytes encode_tail(RecordHeader const& header) {
    auto const used = payload_offset(header.payload_bytes) + header.payload_bytes;
    Bytes const padding(record_bytes(header.payload_bytes) - used - record_footer_bytes);
    ByteWriter out;
    out.raw(padding).u32(footer_magic).u32(header.root).u64(header.sequence);
    return out.take();
}

bool looks_like_record(ByteView bytes) {
    return bytes.size() >= record_header_bytes && ByteReader(bytes).u32() == header_magic;
}

Result<RecordHeader> parse_header(ByteView bytes, RecordSpot spot) {
    if (bytes.size() < record_header_bytes) return fail(Errc::corrupt, "record cut short");
    ByteReader in(bytes.first(record_header_bytes));
    if (in.u32() != header_magic) return fail(Errc::corrupt, "no record here");
    auto const format = in.u8();
    RecordHeader header;
    header.type = static_cast<RecordType>(in.u8());
    in.u16();
    header.spot.stamp = in.u64();
    header.sequence = in.u64();
    header.durable = in.u64();
    header.written.us = static_cast<std::int64_t>(in.u64());
    auto& [id, layout, content_bytes] = header.place;
    id.upload.block = in.u64();
    id.upload.index = in.u64();
    id.stripe = in.u32();
    id.index = in.u8();
    layout = erasure::read_layout(in);
    in.raw(3);
    header.spot.offset = in.u32();
    content_bytes = in.u32();
    header.payload_bytes = in.u32();
    header.root = in.u32();
    auto const crc = in.u32();
    TRY_OK(in.finish("record header"));
    if (crc != header_crc(bytes)) return fail(Errc::corrupt, "record header crc {:08x}", crc);
    if (header.spot.stamp != spot.stamp || header.spot.offset != spot.offset) {
        return fail(Errc::corrupt, "record of another spot (offset {})", header.spot.offset);
    }
    if (format != record_format) return fail(Errc::invalid, "record of format {}", format);
    TRY_OK(check_fields(header));
    return header;
}

Result<std::vector<std::uint32_t>> parse_blocks(ByteView bytes, RecordHeader const& header) {
    auto const count = block_count(header.payload_bytes);
    ByteReader in(bytes.first(std::min<std::size_t>(bytes.size(), std::size_t{crc_bytes} * count)));
    std::vector<std::uint32_t> blocks(count);
    for (auto& block : blocks) block = in.u32();
    TRY_OK(in.finish("block checksums"));
    if (header.type == RecordType::tombstone) return blocks;
    if (erasure::shard_root(header.payload_bytes, blocks) != header.root) {
        return fail(Errc::corrupt, "block checksums do not make the root {:08x}", header.root);
    }
    return blocks;
}

Result<void> check_payload(
    ByteView payload, std::span<std::uint32_t const> blocks, std::uint32_t first
) {
    for (auto block = first; !payload.empty(); ++block) {
        auto const piece =
            payload.first(std::min<std::size_t>(payload.size(), erasure::unit_bytes));
        if (block >= blocks.size() || erasure::crc32c(piece) != blocks[block]) {
            return fail(Errc::corrupt, "block {} does not match its checksum", block);
        }
        payload = payload.subspan(piece.size());
    }
    return {};
}

Result<Record> parse_record(ByteView bytes, RecordSpot spot) {
    TRY(auto header, parse_header(bytes, spot));
    auto const size = header.payload_bytes;
    auto const whole = record_bytes(size);
    if (bytes.size() < whole) return fail(Errc::corrupt, "record cut short");
    TRY(auto blocks, parse_blocks(bytes.subspan(record_header_bytes), header));
    auto const payload = bytes.subspan(payload_offset(size), size);
    TRY_OK(check_payload(payload, blocks, 0));
    ByteReader in(bytes.subspan(whole - record_footer_bytes, record_footer_bytes));
    auto const magic = in.u32();
    auto const root = in.u32();
    auto const sequence = in.u64();
    if (magic != footer_magic || root != header.root || sequence != header.sequence) {
        return fail(Errc::corrupt, "record {} without its footer", header.sequence);
    }
    return Record{header, std::move(blocks), payload};
}

}  // namespace disgrafs::storage
