#pragma once

/// \file cluster/content/coder.hpp  The content of one stripe into its shards, with checksums; and
/// a range of a stripe back from whatever shards are there. Pure computation: run it on the cpu
/// pool.

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "cluster/rows.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::cluster {

struct CodedStripe {
    StripeRow row;              ///< No node yet: all 0.
    std::vector<Bytes> shards;  ///< k + m payloads.
};

/// `content`: 1 … layout.stripe_bytes() bytes. Cost: m multiply-adds and a CRC per byte.
CodedStripe code_stripe(erasure::Layout layout, ByteView content);

/// One shard of the same stripe again, for a second attempt.
Bytes code_shard(erasure::Layout layout, ByteView content, int index);

/// Do `blocks` (CRC32C per 64 KiB) fit `payload`, and stand so from block `first` on in `row`'s
/// shard `index`? Errors: corrupt, naming the block.
Result<void> check_blocks(StripeRow const& row, int index, std::size_t first, ByteView payload);

}  // namespace disgrafs::cluster
