#pragma once

/// \file sim/canary_disk.hpp  A planted bug: a disk whose sync() of segments answers without
/// syncing.
///
/// All else on the disk is synced as asked, so a storage node starts as ever, and loses only shards
/// that it answered for. A simulation that does not catch it would not catch the real thing.

#include <memory>

#include "io/disk.hpp"

namespace disgrafs::sim {

/// `disk` outlives it.
std::unique_ptr<Disk> make_canary_disk(Disk& disk);

}  // namespace disgrafs::sim
