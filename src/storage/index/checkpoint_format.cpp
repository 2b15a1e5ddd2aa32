#include <algorithm>

#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"
#include "storage/index/checkpoint.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint64_t checkpoint_magic = 0x504B435346524744;  // "DGRFSCKP"
constexpr std::uint32_t checkpoint_format = 1;
constexpr std::uint32_t segments_max = 16U << 20U;
constexpr std::size_t segment_row_bytes = 36;
constexpr std::size_t entry_bytes = 40;
constexpr std::size_t crc_bytes = 4;
constexpr std::size_t end_bytes = 16;

Bytes with_crc(ByteWriter& out) {
    out.u32(erasure::crc32c(out.view()));
    return out.take();
}

Result<void> check_crc(ByteView bytes, char const* what) {
    if (bytes.size() < crc_bytes) return fail(Errc::corrupt, "{} cut short", what);
    auto const body = bytes.first(bytes.size() - crc_bytes);
    ByteReader in(bytes.subspan(body.size()));
    if (in.u32() != erasure::crc32c(body)) return fail(Errc::corrupt, "{} with a wrong crc", what);
    return {};
}

std::uint8_t flags_of(IndexEntry const& entry) {
    return static_cast<std::uint8_t>(entry.state | (entry.is_wide << 2U) | (entry.matrix << 3U));
}

Result<void> check_entry(IndexEntry const& entry, ShardId after) {
    if (entry.id() <= after) return fail(Errc::corrupt, "checkpoint entries out of order");
    if (entry.is_removed()) return {};
    auto const place = entry.place();
    auto const is_whole = entry.state <= static_cast<int>(ShardState::corrupt) &&
                          erasure::check_stored(place.layout) &&
                          place.id.index < place.layout.total() && place.content_bytes > 0 &&
                          place.content_bytes <= place.layout.stripe_bytes();
    if (!is_whole) return fail(Errc::corrupt, "checkpoint entry with a bad place");
    return {};
}

}  // namespace

Bytes encode_checkpoint_head(CheckpointHead const& head) {
    ByteWriter out;
    out.u64(checkpoint_magic).u32(checkpoint_format).u32(head.last_segment).raw(head.disk);
    out.u64(head.sequence).u64(0).u32(static_cast<std::uint32_t>(head.segments.size())).u32(0);
    for (auto const& [id, segment] : head.segments) {
        out.u32(id).u64(segment.stamp).u64(segment.used_bytes).u64(segment.record_bytes);
        out.u64(static_cast<std::uint64_t>(segment.ripe_at.us));
    }
    return with_crc(out);
}

Result<std::size_t> head_size(ByteView first_bytes) {
    ByteReader in(first_bytes);
    if (in.u64() != checkpoint_magic) return fail(Errc::corrupt, "no checkpoint");
    auto const format = in.u32();
    in.raw(36);
    auto const count = in.u32();
    in.u32();
    if (!in.ok()) return fail(Errc::corrupt, "checkpoint cut short");
    if (format != checkpoint_format) return fail(Errc::invalid, "checkpoint of format {}", format);
    if (count > segments_max) return fail(Errc::corrupt, "checkpoint of {} segments", count);
    return checkpoint_head_bytes + count * segment_row_bytes + crc_bytes;
}

Result<CheckpointHead> parse_checkpoint_head(ByteView bytes) {
    TRY(auto const size, head_size(bytes));
    if (bytes.size() != size) return fail(Errc::corrupt, "checkpoint head cut short");
    TRY_OK(check_crc(bytes, "checkpoint head"));
    ByteReader in(bytes.first(size - crc_bytes));
    CheckpointHead head;
    in.raw(12);
    head.last_segment = in.u32();
    std::ranges::copy(in.raw(head.disk.size()), head.disk.begin());
    head.sequence = in.u64();
    in.u64();
    auto const count = in.u32();
    in.u32();
    for (std::uint32_t n = 0; n < count; ++n) {
        auto const id = in.u32();
        auto& segment = head.segments[id];
        segment.stamp = in.u64();
        segment.used_bytes = segment.allocated_bytes = in.u64();
        segment.record_bytes = in.u64();
        segment.ripe_at.us = static_cast<std::int64_t>(in.u64());
    }
    TRY_OK(in.finish("checkpoint head"));
    if (head.segments.size() != count) return fail(Errc::corrupt, "a segment stands there twice");
    return head;
}

Bytes encode_entries(std::span<IndexEntry const> entries, std::uint64_t total) {
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(entries.size()));
    if (entries.empty()) out.u64(total);
    for (auto const& entry : entries) {
        out.u64(entry.upload.block).u64(entry.upload.index).u32(entry.stripe);
        out.u32(entry.content_bytes).u32(entry.root).u32(entry.segment).u32(entry.offset);
        out.u8(entry.index).u8(entry.k).u8(entry.m).u8(flags_of(entry));
    }
    return with_crc(out);
}

Result<std::size_t> block_size(std::uint32_t count) {
    if (count == 0) return end_bytes;
    if (count > checkpoint_block_entries) return fail(Errc::corrupt, "block of {} entries", count);
    return crc_bytes + count * entry_bytes + crc_bytes;
}

Result<std::vector<IndexEntry>> parse_entries(ByteView bytes, ShardId after) {
    TRY_OK(check_crc(bytes, "checkpoint block"));
    ByteReader in(bytes.first(bytes.size() - crc_bytes));
    auto const count = in.u32();
    TRY(auto const size, block_size(count));
    if (size != bytes.size()) return fail(Errc::corrupt, "block of {} entries cut short", count);
    std::vector<IndexEntry> entries(count);
    for (auto& entry : entries) {
        entry.upload.block = in.u64();
        entry.upload.index = in.u64();
        entry.stripe = in.u32();
        entry.content_bytes = in.u32();
        entry.root = in.u32();
        entry.segment = in.u32();
        entry.offset = in.u32();
        entry.index = in.u8();
        entry.k = in.u8();
        entry.m = in.u8();
        auto const flags = in.u8();
        entry.state = flags & 3U;
        entry.is_wide = (flags >> 2U) & 1U;
        entry.matrix = (flags >> 3U) & 31U;
        TRY_OK(check_entry(entry, after));
        after = entry.id();
    }
    TRY_OK(in.finish("checkpoint block"));
    return entries;
}

Result<std::uint64_t> parse_end(ByteView bytes) {
    TRY_OK(check_crc(bytes, "checkpoint end"));
    ByteReader in(bytes.first(bytes.size() - crc_bytes));
    if (in.u32() != 0) return fail(Errc::corrupt, "checkpoint without its end");
    auto const total = in.u64();
    TRY_OK(in.finish("checkpoint end"));
    return total;
}

}  // namespace disgrafs::storage
