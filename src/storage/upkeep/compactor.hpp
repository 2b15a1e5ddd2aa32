#pragma once

/// \file storage/upkeep/compactor.hpp  Gives the space of removed shards back to the disk.
///
/// A sealed segment of which half is dead for longer than compact_after is emptied: what lives, and
/// what was removed more recently, is copied to the log's end by the committer (synced, then the
/// index points there); then the file is unlinked. A segment goes only when the index points to
/// nothing in it, so a shard that cannot be copied keeps its segment. Near the disk's end a tenth
/// is enough.
///
/// Tombstones are copied for ever: they are what refuses a removed shard that comes late.

#include "io/task.hpp"
#include "storage/log/committer.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

/// Compact what is ripe now, at no more than `bytes_per_s` (0: without a limit). Answers how many
/// segments went. Errors: exhausted, io, cancelled; nothing is lost by them.
Task<std::size_t> compact(StoreCore& core, Committer& committer, std::uint64_t bytes_per_s);

}  // namespace disgrafs::storage
