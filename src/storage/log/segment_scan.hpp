#pragma once

/// \file storage/log/segment_scan.hpp  The records of a segment, read from its file in order.
///
/// Where no record stands although the file goes on, the next one is searched for at every multiple
/// of record_align. The scan only reports; what a hole means is decided by recovery and compaction.

#include <cstdint>
#include <vector>

#include "io/disk.hpp"
#include "io/task.hpp"
#include "storage/log/record.hpp"

namespace disgrafs::storage {

struct SegmentScan {
    std::vector<RecordHeader> records;  ///< Headers verified; payloads not.
    std::uint64_t end = 0;              ///< Where the next batch would begin.
    std::uint64_t file_bytes = 0;
};

/// From byte `from` (a multiple of batch_align) on. Cost: 256 KiB of reading per record, at most,
/// and the rest of the file once. Errors: io; invalid (a record of a later format).
Task<SegmentScan> scan_segment(File& file, std::uint64_t stamp, std::uint64_t from);

}  // namespace disgrafs::storage
