#pragma once

/// \file cluster/content/stripe_reader.hpp  A range of a stripe's content, from any k of its
/// shards.
///
///     unit u of 64 KiB lies in column (shard) u mod k, row u div k
///
///     healthy     only the units asked for, from their data shards, side by side
///     one late    after hedge_after the rows asked for are also fetched from other shards
///     degraded    k columns of the rows asked for; the missing units are computed
///
/// Every 64 KiB is checked against the manifest before it is used; a wrong one counts as missing
/// and is reported. Shards on nodes that are not up are asked last.

#include <functional>
#include <memory>

#include "cluster/content/stripe_read.hpp"

namespace disgrafs::cluster {

class StripeReader {
 public:
    StripeReader(StripeReadParts parts, Alarm& hedge);

    /// Content bytes [begin, begin + size) of the stripe; 1 ≤ size, within the stripe. Errors:
    /// unavailable (fewer than k shards can be read), corrupt (so because checksums are wrong).
    Task<Bytes> read(
        Context context,
        StripeId id,
        std::shared_ptr<StripeRow const> row,
        std::uint32_t begin,
        std::uint32_t size
    );

    /// Whole shards `wanted`, each read where it is, or computed from k others. Errors: as above.
    Task<std::vector<Bytes>> rebuild(
        Context context, StripeId id, std::shared_ptr<StripeRow const> row, std::vector<int> wanted
    );

 private:
    StripeReadParts parts_;
    Alarm& hedge_;
};

}  // namespace disgrafs::cluster
