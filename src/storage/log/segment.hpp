#pragma once

/// \file storage/log/segment.hpp  A segment: the file in which a storage node keeps many shards.
///
///     superblock 4 KiB | batch | batch | …        each batch begins at a multiple of 4 KiB
///
/// The superblock stands there twice, at byte 0 and 2048, and says whose file this is. Segments are
/// numbered upwards; the one with the highest number is written to, the others are sealed for ever.
///
/// On disk: docs/formats/segment.md.

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::storage {

/// Uuid of a disk's store, made when the store was.
using DiskId = std::array<std::byte, 16>;
std::string to_text(DiskId const& id);  ///< 8-4-4-4-12 hexadecimal digits.

inline constexpr std::uint32_t superblock_bytes = 4096;
inline constexpr char const* segment_folder = "segments";

struct Superblock {
    std::uint32_t segment = 0;
    std::uint64_t stamp = 0;  ///< Random; in every record of this file.
    DiskId disk{};
    Timestamp created;
};

/// superblock_bytes bytes.
Bytes encode_superblock(Superblock const& block);
/// Errors: corrupt (neither copy is whole), invalid (a later format).
Result<Superblock> parse_superblock(ByteView bytes);

/// "segments/0000000042"
std::string segment_path(std::uint32_t segment);
/// Errors: invalid (not the name of a segment).
Result<std::uint32_t> parse_segment_name(std::string_view name);

/// What is known of one segment, in RAM.
struct Segment {
    std::uint64_t stamp = 0;
    std::uint64_t used_bytes = superblock_bytes;  ///< All of it synced; the next batch begins here.
    std::uint64_t allocated_bytes = 0;            ///< Of the disk; equals used_bytes when sealed.
    std::uint64_t record_bytes = 0;               ///< Of all records, without padding.
    std::uint64_t live_bytes = 0;                 ///< Of those that the index points to.
    std::uint64_t live_records = 0;
    Timestamp ripe_at;  ///< When it may be compacted; 0: not dead enough.

    [[nodiscard]] std::uint64_t dead_bytes() const { return record_bytes - live_bytes; }
};

}  // namespace disgrafs::storage
