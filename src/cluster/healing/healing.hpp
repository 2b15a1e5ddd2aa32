#pragma once

/// \file cluster/healing/healing.hpp  Everything that keeps contents whole in the background, wired
/// up.
///
///     commits → Follower → Margins, RepairQueue → Repair → StripeRepair, Reencode → commits
///     members → Inventory → Damage → commits            clock → Garbage → commits

#include <functional>

#include "cluster/content/stored_contents.hpp"
#include "cluster/healing/damage.hpp"
#include "cluster/healing/follower.hpp"
#include "cluster/healing/garbage.hpp"
#include "cluster/healing/inventory.hpp"
#include "cluster/healing/margins.hpp"
#include "cluster/healing/reencode.hpp"
#include "cluster/healing/repair.hpp"
#include "cluster/healing/repair_queue.hpp"
#include "cluster/healing/stripe_locks.hpp"
#include "cluster/healing/stripe_repair.hpp"

namespace disgrafs::cluster {

struct HealingParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    boost::asio::any_io_executor executor;
    NodeCalls* calls = nullptr;
    Uploads* uploads = nullptr;
    StoredContents* contents = nullptr;
    Damage* damage = nullptr;
    std::function<void(RepairStatus const&)> on_progress;
};

class Healing {
 public:
    Healing(HealingParts parts, ClusterOptions const& options);

    /// Starts its loops in `loops`.
    void start(TaskGroup& loops);
    /// Cancels jobs under way; the loops must have ended.
    Task<void> stop();

    void member_changed(Member const& member);

    [[nodiscard]] Margins const& margins() const { return margins_; }
    [[nodiscard]] RepairQueue const& queue() const { return queue_; }
    [[nodiscard]] RepairStatus repair_status() const;
    [[nodiscard]] bool is_loaded() const { return follower_.is_loaded(); }

    /// For tests and `fsck`: one pass now.
    Inventory& inventory() { return inventory_; }
    Garbage& garbage() { return garbage_; }

 private:
    void loaded();

    HealingParts parts_;
    Margins margins_;
    RepairQueue queue_;
    StripeLocks locks_;
    std::size_t budget_bytes_;
    Semaphore budget_;
    StripeRepair stripes_;
    Reencode reencode_;
    Repair repair_;
    Follower follower_;
    Inventory inventory_;
    Garbage garbage_;
};

}  // namespace disgrafs::cluster
