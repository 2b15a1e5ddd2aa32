#pragma once

/// \file cluster/placement.hpp  On which storage nodes the shards of a stripe are put.
///
/// Weighted rendezvous hashing (Thaler & Ravishankar 1998; weights: Schindelhauer & Schomaker
/// 2005): node n with weight w and hash h of (stripe, n) has the cost −log2(h / 2^64) / w; the
/// cheapest win. So a node gets shards in proportion to its free space, and a node that comes or
/// goes moves nothing else. The result is written down in the manifest: a later version of this
/// file may decide otherwise.
///
/// All arithmetic is on integers and specified here, so that every compiler places alike.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.hpp"

namespace disgrafs::cluster {

/// A storage node that could take a shard.
struct Candidate {
    MemberId node;
    std::uint64_t free_bytes = 0;
    bool is_doubtful =
        false;  ///< Was late or failed a moment ago: taken only when others do not do.
};

/// The candidates in order of preference for stripe `stripe` of `upload`; each once. Those in doubt
/// come last. Cost: n log n, some 100 ns a candidate.
std::vector<MemberId> ranked(
    UploadId upload, std::uint32_t stripe, std::span<Candidate const> candidates
);

/// −log2(hash / 2^64) as a fixed-point number with 32 binary places; hash 0 counts as 1.
/// From 0 (exclusive, for hash near 2^64: at least 1 unit) to 64 · 2^32.
std::uint64_t negative_log2(std::uint64_t hash);

}  // namespace disgrafs::cluster
