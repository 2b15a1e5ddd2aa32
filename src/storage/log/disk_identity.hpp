#pragma once

/// \file storage/log/disk_identity.hpp  Who a disk is: a random uuid, written when its store was
/// made.
///
/// A folder that has segments but no identity is damaged, not empty; it is never taken for a new
/// one. On disk (docs/formats/segment.md): the file "disk".

#include "io/disk.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "storage/log/segment.hpp"

namespace disgrafs::storage {

struct DiskIdentity {
    DiskId id{};
    Timestamp created;
};

/// Two copies, a page apart, so that neither a damaged nor a misplaced page loses the disk.
Bytes encode_identity(DiskIdentity const& identity);
/// Errors: corrupt; invalid (a later format).
Result<DiskIdentity> parse_identity(ByteView bytes);

/// The identity of the disk; made, with the folders of a store, when there is no store yet.
/// Durable. Errors: corrupt, io, exhausted.
Task<DiskIdentity> open_identity(Disk& disk, Random& random, Timestamp now);

}  // namespace disgrafs::storage
