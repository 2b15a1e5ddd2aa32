#pragma once

/// \file storage/upkeep/scrubber.hpp  Reads every shard now and then, so that damage is found
/// before it is needed.
///
/// Looks at each segment's superblock first, and writes one anew of which no copy is left: without
/// it, and without a checkpoint, a start could use nothing of the segment. Then it goes through
/// the index in order, verifies whole records, and never reads faster than it may.
/// What is damaged is marked corrupt (list() shows it, the cluster repairs it); a corrupt shard
/// that reads well again is well.

#include "io/task.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

/// Rounds over all shards, each begun scrub_every after the last was begun, until cancelled.
Task<void> scrub(StoreCore& core);

/// One round, at once, at no more than `bytes_per_s` (0: without a limit).
Task<void> scrub_once(StoreCore& core, std::uint64_t bytes_per_s);

}  // namespace disgrafs::storage
