#include "storage/log/record_reader.hpp"

#include <utility>

#include "base/assert.hpp"

namespace disgrafs::storage {
namespace {

Task<Bytes> read_exactly(StoreCore& core, File& file, std::uint64_t offset, std::size_t size) {
    auto const before = core.parts.clock->steady();
    CO_TRY(auto bytes, co_await file.read_at(offset, size));
    observe(core.metrics.read, *core.parts.clock, before);
    if (bytes.size() != size) co_return fail(Errc::corrupt, "segment ends within the record");
    co_return bytes;
}

/// The header, and that it is of this very shard.
Result<RecordHeader> header_of(StoreCore& core, IndexEntry const& entry, ByteView bytes) {
    auto const& segments = core.catalog.segments();
    auto const segment = segments.find(entry.segment);
    if (segment == segments.end()) return fail(Errc::corrupt, "segment {} is gone", entry.segment);
    RecordSpot const spot{segment->second.stamp, entry.offset};
    TRY(auto header, parse_header(bytes, spot));
    auto const is_same = header.place == entry.place() && header.root == entry.root &&
                         header.type == RecordType::data;
    if (!is_same) return fail(Errc::corrupt, "another shard's record stands there");
    return header;
}

Task<wire::ShardRange> try_range(
    StoreCore& core, IndexEntry const& entry, std::uint32_t offset, std::uint32_t size
) {
    auto const head_bytes = payload_offset(entry.payload_bytes());
    CO_TRY(auto const file, co_await core.files.open(entry.segment));
    // From the shard's beginning one read does; the payload of a later range stands by itself.
    auto const first_bytes = head_bytes + (offset == 0 ? size : 0);
    CO_TRY(auto bytes, co_await read_exactly(core, *file, entry.offset, first_bytes));
    CO_TRY(auto const header, header_of(core, entry, bytes));
    CO_TRY(auto blocks, parse_blocks(ByteView(bytes).subspan(record_header_bytes), header));

    wire::ShardRange range;
    range.shard_size_bytes = header.payload_bytes;
    if (offset == 0) {
        bytes.erase(bytes.begin(), bytes.begin() + head_bytes);
        range.payload = std::move(bytes);
    } else {
        auto const at = std::uint64_t{entry.offset} + head_bytes + offset;
        CO_TRY(range.payload, co_await read_exactly(core, *file, at, size));
    }
    auto const first = offset / erasure::unit_bytes;
    CO_TRY_OK(check_payload(range.payload, blocks, first));
    auto const from = blocks.begin() + first;
    range.blocks.assign(from, from + block_count(size));
    co_return range;
}

Task<WholeRecord> try_record(StoreCore& core, IndexEntry const& entry) {
    CO_TRY(auto const file, co_await core.files.open(entry.segment));
    auto const size = record_bytes(entry.payload_bytes());
    WholeRecord whole;
    CO_TRY(whole.bytes, co_await read_exactly(core, *file, entry.offset, size));
    CO_TRY(auto const header, header_of(core, entry, whole.bytes));
    CO_TRY(whole.record, parse_record(whole.bytes, header.spot));
    co_return whole;
}

bool is_still_there(StoreCore& core, IndexEntry const& entry) {
    auto const* const now = core.catalog.index().find(entry.id());
    return now != nullptr && now->segment == entry.segment && now->offset == entry.offset;
}

/// What stopped by the caller's wish, or for want of memory or descriptors, says nothing about the
/// shard.
template <typename T>
Result<T> judged(StoreCore& core, IndexEntry const& entry, Result<T> result) {
    if (result || result.error().code == Errc::cancelled) return result;
    if (result.error().code == Errc::exhausted) {
        return fail(Errc::unavailable, "shard not read: {}", result.error().message);
    }
    if (!is_still_there(core, entry)) return fail(Errc::conflict, "shard was moved meanwhile");
    core.lose(entry, result.error());
    return fail(Errc::corrupt, "shard cannot be read: {}", result.error().message);
}

}  // namespace

Task<wire::ShardRange> read_range(
    StoreCore& core, IndexEntry entry, std::uint32_t offset, std::uint32_t size
) {
    DISGRAFS_ASSERT(offset + std::uint64_t{size} <= entry.payload_bytes(), "range {}", offset);
    co_return judged(core, entry, co_await try_range(core, entry, offset, size));
}

Task<WholeRecord> read_record(StoreCore& core, IndexEntry entry) {
    co_return judged(core, entry, co_await try_record(core, entry));
}

Task<WholeRecord> read_record_at(StoreCore& core, std::uint32_t segment, RecordHeader header) {
    CO_TRY(auto const file, co_await core.files.open(segment));
    auto const size = record_bytes(header.payload_bytes);
    WholeRecord whole;
    CO_TRY(whole.bytes, co_await read_exactly(core, *file, header.spot.offset, size));
    CO_TRY(whole.record, parse_record(whole.bytes, header.spot));
    co_return whole;
}

}  // namespace disgrafs::storage
