#pragma once

/// \file storage/log/recovery.hpp  From what lies on the disk back to a catalog, at start.
///
///  1. The newest whole checkpoint; without one, an empty catalog.
///  2. The log after it is scanned and applied, segment by segment.
///  3. Every record carries the last sequence that was synced when it was written. Records up to
///  the
///     highest such number were answered; later ones belong to the last batch, which a power cut
///     may have torn in any order. Of these each is verified whole.
///  4. A torn record with no valid one after it is cut off, durably, before anything new is
///  written.
///     With a valid one after it, it counts as corrupt, and nothing is cut.
///  5. What the sequence numbers say is missing among answered records is reported as lost.
///
/// No segment is written to again after a start: the next batch begins a new one.

#include "io/task.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

struct RecoveryReport {
    std::uint64_t from_checkpoint = 0;  ///< Entries.
    std::uint64_t replayed = 0;         ///< Records.
    std::uint64_t cut = 0;              ///< Torn records.
    std::uint64_t corrupt = 0;          ///< Shards found damaged or without their segment.
    std::uint64_t lost = 0;             ///< Answered records of which not even the header is left.
};

/// Fills core.catalog, durable and last_segment. Errors: io; corrupt (a file of another disk);
/// invalid (a later format).
Task<RecoveryReport> recover(StoreCore& core);

}  // namespace disgrafs::storage
