#pragma once

/// \file storage/index/checkpoint.hpp  The catalog as a file, so that a start reads the log's end
/// only.
///
///     head | segments | block of entries | block … | end        each part with its own CRC32C
///
/// A checkpoint is written while the store serves: it remembers where the log ended when it began
/// (sequence, and used bytes of each segment), and the log from there on is replayed over it. What
/// changed meanwhile may stand in it or not: Catalog::apply makes both the same.
///
/// Written under another name, synced, renamed, the folder synced; the newest two are kept.
/// On disk: docs/formats/checkpoint.md.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "io/task.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

inline constexpr char const* checkpoint_folder = "checkpoints";
inline constexpr std::size_t checkpoint_block_entries = 1024;

struct CheckpointHead {
    DiskId disk{};
    std::uint64_t sequence = 0;
    std::uint32_t last_segment = 0;
    std::map<std::uint32_t, Segment> segments;  ///< stamp, used_bytes, record_bytes, ripe_at.
};

Bytes encode_checkpoint_head(CheckpointHead const& head);
/// One block of at most checkpoint_block_entries, ascending; none: the end, which names the total.
Bytes encode_entries(std::span<IndexEntry const> entries, std::uint64_t total);

/// How many bytes a part has, from its first bytes. Errors: corrupt.
inline constexpr std::size_t checkpoint_head_bytes = 56;
Result<std::size_t> head_size(ByteView first_bytes);
Result<std::size_t> block_size(std::uint32_t count);
/// `bytes` is the whole part. Errors: corrupt; invalid (a later format).
Result<CheckpointHead> parse_checkpoint_head(ByteView bytes);
Result<std::vector<IndexEntry>> parse_entries(ByteView bytes, ShardId after);
Result<std::uint64_t> parse_end(ByteView bytes);

/// Durable when it completes. Errors: exhausted, io, cancelled: the older ones are still there.
Task<void> write_checkpoint(StoreCore& core);

struct LoadedCheckpoint {
    CheckpointHead head;
    Catalog catalog;  ///< Not yet counted.
};
/// The newest that is whole; none when there is none. Errors: io; corrupt, when it is of another
/// disk.
Task<std::optional<LoadedCheckpoint>> load_checkpoint(StoreCore& core);

}  // namespace disgrafs::storage
