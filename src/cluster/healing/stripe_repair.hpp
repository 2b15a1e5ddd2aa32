#pragma once

/// \file cluster/healing/stripe_repair.hpp  The missing shards of one stripe are made again.
///
///     1. read manifest and repair row, with their revisions
///     2. missing: shards that are nowhere, or on members that are out; others that are down may
///     return
///     3. read k shards, compute the missing ones, check them against the manifest's checksums
///     4. put each on a node that is up and holds no other shard of the stripe
///     5. commit: manifest with the new places, repair row removed, both as they were read
///
/// Nothing is removed before something better is durable. A stripe of a content that is gone drops
/// its row.

#include <cstdint>
#include <string>

#include "cluster/content/node_calls.hpp"
#include "cluster/content/stripe_reader.hpp"
#include "cluster/content/uploads.hpp"
#include "cluster/healing/stripe_locks.hpp"

namespace disgrafs::cluster {

struct RepairOutcome {
    enum class Kind : std::uint8_t {
        done,   ///< Whole, or nothing is left to do.
        waits,  ///< Cannot go on before the members change; `why` for people.
        again,  ///< Somebody changed it meanwhile: try again.
    };
    Kind kind = Kind::done;
    std::uint64_t written_bytes = 0;
    std::string why;
};

struct StripeRepairParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    NodeCalls* calls = nullptr;
    StripeReader* reader = nullptr;
    Uploads* uploads = nullptr;
    StripeLocks* locks = nullptr;
};

class StripeRepair {
 public:
    explicit StripeRepair(StripeRepairParts parts) : parts_(parts) {}

    /// Errors: those of the store, cancelled.
    Task<RepairOutcome> repair(Context context, StripeId id);

    /// Bytes that a repair of this stripe would move; 0 when it is gone.
    Task<std::uint64_t> cost(StripeId id);

 private:
    struct Job;

    Task<RepairOutcome> drop(StripeId id, kv::Revision row);
    Task<void> place_shard(Context context, Job& job, int index, Bytes payload);
    Task<RepairOutcome> commit(Job& job);
    Task<void> ask_for_reencode(StripeId id);
    [[nodiscard]] std::vector<int> missing(StripeRow const& row) const;
    [[nodiscard]] std::string too_few_nodes(StripeRow const& row) const;

    StripeRepairParts parts_;
};

}  // namespace disgrafs::cluster
