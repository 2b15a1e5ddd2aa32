#pragma once

/// \file storage/log/record.hpp  One entry of a segment as bytes: header | block checksums |
/// payload | footer.
///
/// A header is bound to its place: it carries its segment's random stamp and its own offset, both
/// under its checksum. So neither what a file left behind, nor a write that landed elsewhere, nor a
/// header that somebody hid inside a payload passes for a record.
///
/// On disk (docs/formats/segment.md). Numbers are little-endian.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::storage {

/// Persisted; a number never changes its meaning.
enum class RecordType : std::uint8_t { data = 1, tombstone = 2 };

inline constexpr std::uint8_t record_format = 1;
inline constexpr std::uint32_t record_header_bytes = 88;
inline constexpr std::uint32_t record_footer_bytes = 16;
/// Records begin at multiples of this, so that a search after damage has few places to look.
inline constexpr std::uint32_t record_align = 64;
/// A batch begins at a multiple of this: a page that holds an answered record is never written
/// again.
inline constexpr std::uint32_t batch_align = 4096;

/// Where a record stands. `stamp` is the segment's own random number.
struct RecordSpot {
    std::uint64_t stamp = 0;
    std::uint32_t offset = 0;
};

struct RecordHeader {
    RecordType type = RecordType::data;
    RecordSpot spot;
    std::uint64_t sequence = 0;  ///< Grows with every record of the log, without gaps.
    std::uint64_t durable = 0;   ///< Last sequence known to be synced when this was written.
    Timestamp written;           ///< When it first was; kept by compaction.
    wire::ShardPlace place;      ///< A tombstone has only the id.
    std::uint32_t payload_bytes = 0;
    std::uint32_t root = 0;  ///< erasure::shard_root; 0 in a tombstone.
};

/// Number of 64 KiB blocks of a payload: 0 … 64.
std::uint32_t block_count(std::uint32_t payload_bytes);
/// Bytes of header and block checksums, that is, where the payload begins in its record.
std::uint32_t payload_offset(std::uint32_t payload_bytes);
/// Bytes of the whole record, a multiple of record_align.
std::uint32_t record_bytes(std::uint32_t payload_bytes);

/// What stands before the payload, and after it (zeros up to record_align, then the footer last).
Bytes encode_head(RecordHeader const& header, std::span<std::uint32_t const> blocks);
Bytes encode_tail(RecordHeader const& header);

/// Does it begin as records do? Cheap, for searching; parse_header decides.
bool looks_like_record(ByteView bytes);
/// The header in the first record_header_bytes of `bytes`. Errors: corrupt, when it is none,
/// belongs to another spot, or its fields do not fit together; invalid, when its format is a later
/// one.
Result<RecordHeader> parse_header(ByteView bytes, RecordSpot spot);
/// The block checksums, from the bytes after the header. Errors: corrupt (do not make the root).
Result<std::vector<std::uint32_t>> parse_blocks(ByteView bytes, RecordHeader const& header);
/// Blocks `first` … of a payload against their checksums. Errors: corrupt, naming the block.
Result<void> check_payload(
    ByteView payload, std::span<std::uint32_t const> blocks, std::uint32_t first
);

struct Record {
    RecordHeader header;
    std::vector<std::uint32_t> blocks;
    ByteView payload;  ///< Within the bytes that were parsed.
};
/// A whole record, every byte of it verified. `bytes` may be longer. Errors: as parse_header.
Result<Record> parse_record(ByteView bytes, RecordSpot spot);

}  // namespace disgrafs::storage
