#pragma once

/// \file kv/log_format.hpp  The files of the log store (docs/formats/kv-log.md).
///
///     log      = group…         snapshot = "DGKS" version u32 | revision, group u64 | count varint
///     |
///                                entry… | crc u32
///     group    = header | payload | zeros up to a multiple of 512
///     header   = "DGKL" | payload bytes u32 | number u64 | first revision u64 | payload crc u32 |
///     header crc u32 payload  = event run…     (docs/formats/events.md)        entry = key run |
///     revision u64 | value run
///
/// Groups are numbered 1, 2, 3 … over all logs, and each is synced before the next is written. So a
/// damaged group with a later one behind it was acknowledged: that is corruption. Without one
/// behind it, it is the torn tail that power loss leaves, and nobody was told that it is there.

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "kv/event_hub.hpp"
#include "kv/store.hpp"

namespace disgrafs::kv {

inline constexpr std::size_t group_align_bytes = 512;

struct LogGroup {
    std::uint64_t number = 0;
    std::vector<EventPtr> events;  ///< At least one.
};

/// Errors of decoding: corrupt.
Bytes encode_group(LogGroup const& group);

/// What lies at the start of `bytes`.
struct FoundGroup {
    LogGroup group;
    std::size_t size_bytes = 0;  ///< With padding.
};
/// nullopt: no whole, undamaged group. Errors: corrupt (undamaged, but not understood).
Result<std::optional<FoundGroup>> decode_group(ByteView bytes);

/// Whether a group with a number above `number` begins at any multiple of 512 in `bytes`.
bool has_later_group(ByteView bytes, std::uint64_t number);

struct LogSnapshot {
    Revision revision = 0;
    std::uint64_t group = 0;  ///< Number of the last group that is in it.
    std::vector<Entry> entries;
};
Bytes encode_snapshot(LogSnapshot const& snapshot);
Result<LogSnapshot> decode_snapshot(ByteView bytes);

}  // namespace disgrafs::kv
