#pragma once

/// \file storage/log/record_reader.hpp  Stored records back from the disk, verified before use.
///
/// What does not verify, or cannot be read, is reported to StoreCore::lose() and answered with
/// corrupt; unless the shard was moved or removed meanwhile: then the answer is conflict, and the
/// caller looks it up again. `entry` is a copy, since the index may change while the disk is read.

#include "io/task.hpp"
#include "storage/log/record.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

/// Bytes [offset, offset + size) of the shard. Reads the header, the block checksums and the blocks
/// of the range, nothing else. `offset` is a multiple of 64 KiB; so is `size`, unless it reaches
/// the end. Errors: corrupt, conflict.
Task<wire::ShardRange> read_range(
    StoreCore& core, IndexEntry entry, std::uint32_t offset, std::uint32_t size
);

struct WholeRecord {
    Bytes bytes;
    Record record;  ///< Into `bytes`.
};
/// Every byte of the record verified. Errors: corrupt, conflict.
Task<WholeRecord> read_record(StoreCore& core, IndexEntry entry);
/// The same for a record that the index need not point to; nothing is reported. Errors: corrupt,
/// io.
Task<WholeRecord> read_record_at(StoreCore& core, std::uint32_t segment, RecordHeader header);

}  // namespace disgrafs::storage
