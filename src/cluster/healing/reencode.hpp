#pragma once

/// \file cluster/healing/reencode.hpp  A content is written again, as wide as it should be.
///
///     1. a new upload id, with a durable word for which content it is
///     2. read the content, check its SHA-256, write it with the wanted layout, every shard
///     3. commit: the content's row names the new upload, the old one is released: both, or neither
///
/// Readers see the old bytes or the new ones, which are the same. The old shards are garbage only
/// after the commit.

#include "cluster/content/striped_upload.hpp"
#include "cluster/contents.hpp"
#include "cluster/healing/stripe_repair.hpp"
#include "io/wake.hpp"

namespace disgrafs::cluster {

struct ReencodeParts {
    UploadParts upload;
    Uploads* uploads = nullptr;
    Contents* contents = nullptr;
    Semaphore* budget = nullptr;  ///< Bytes of memory for stripes that are repaired.
    std::size_t budget_bytes = 0;
};

class Reencode {
 public:
    explicit Reencode(ReencodeParts parts) : parts_(parts) {}

    /// Errors: those of the store, cancelled.
    Task<RepairOutcome> reencode(Context context, ContentId id);

 private:
    struct Swap;

    Task<RepairOutcome> swap(Swap change);
    Task<RepairOutcome> drop(ContentId id, kv::Revision row);
    Task<void> copy(Context context, ContentId id, ContentRow const& row, StripedUpload& to);

    ReencodeParts parts_;
};

}  // namespace disgrafs::cluster
