#pragma once

/// \file cluster/healing/inventory.hpp  What a node has, against what the manifests say it has.
///
/// After each (re)connection of a storage node, when it reports damage, and once a day, its list of
/// shards is merged with the manifests, page by page, in the background:
///
///     manifest yes, node no or damaged   asked again by a read; then written down as bad (Damage)
///     manifest no, upload is garbage     removed after the quarantine, on that positive word only
///     manifest names another node        a stray: removed when the stripe is whole without it
///     upload open or unknown             left alone
///
/// Any error ends the pass; it begins again later. One node at a time.

#include <map>

#include "cluster/cluster.hpp"
#include "cluster/content/node_calls.hpp"
#include "cluster/content/uploads.hpp"
#include "cluster/healing/damage.hpp"
#include "cluster/healing/stripe_locks.hpp"

namespace disgrafs::cluster {

struct InventoryParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    NodeCalls* calls = nullptr;
    Uploads* uploads = nullptr;
    Damage* damage = nullptr;
    StripeLocks* locks = nullptr;
    Duration quarantine{0};
    Duration every{0};
};

class Inventory {
 public:
    explicit Inventory(InventoryParts parts) : parts_(parts) {}

    /// Until cancelled.
    Task<void> run();

    struct Tally {
        std::uint64_t listed = 0;
        std::uint64_t bad = 0;      ///< Missing or damaged, written down.
        std::uint64_t removed = 0;  ///< Garbage and strays.
        std::uint64_t unknown = 0;  ///< Of uploads that this store does not know.
    };
    /// One pass over one node. Errors: those of the node and of the store.
    Task<Tally> compare(MemberId node);

    [[nodiscard]] bool is_due(Member const& member) const;

 private:
    struct Done {
        std::uint64_t connection = 0;
        std::uint64_t damage_found = 0;  ///< As the node had told when the pass began.
        Duration when{0};
    };
    struct Pass;

    Task<void> compare_page(Pass& pass, wire::ShardList const& list, ShardId last);
    Task<void> check_expected(Pass& pass, StripeId id, StripeRow const& row, ShardId last);
    Task<void> check_foreign(Pass& pass, ShardId shard);
    Task<bool> is_stray(ShardId shard, MemberId node, ContentId content);

    InventoryParts parts_;
    std::map<MemberId, Done> done_;
};

}  // namespace disgrafs::cluster
