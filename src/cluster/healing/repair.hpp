#pragma once

/// \file cluster/healing/repair.hpp  The repair loop: takes from the queue, works, tells how far it
/// is.
///
/// Stripes come before re-encodes, the smallest margin first, a few at a time, at most so many
/// bytes a second. What cannot go on waits until the members change, and says what it waits for.
/// When a member is given up, every stripe with a shard on it is queued.
///
/// Concurrency: one event loop.

#include <functional>
#include <memory>

#include "cluster/cluster.hpp"
#include "cluster/healing/margins.hpp"
#include "cluster/healing/pace.hpp"
#include "cluster/healing/reencode.hpp"
#include "cluster/healing/repair_queue.hpp"
#include "cluster/healing/stripe_repair.hpp"
#include "io/task_group.hpp"

namespace disgrafs::cluster {

struct RepairParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    boost::asio::any_io_executor executor;
    Members* members = nullptr;
    Margins* margins = nullptr;
    RepairQueue* queue = nullptr;
    StripeRepair* stripes = nullptr;
    Reencode* contents = nullptr;
    Semaphore* budget = nullptr;  ///< Bytes of memory for stripes that are repaired.
    std::size_t budget_bytes = 0;
    std::uint64_t bytes_per_s = 0;
    std::function<void(RepairStatus const&)> on_progress;  ///< At most 4 a second.
};

class Repair {
 public:
    explicit Repair(RepairParts parts);

    /// Until cancelled.
    Task<void> run();
    /// Tells progress while there is any; until cancelled.
    Task<void> run_progress();
    Task<void> stop();

    /// The queue, or the members, have changed.
    void wake();
    void members_changed();
    /// Queue all stripes of a member that is out. In the background.
    void give_up(MemberId node);

    [[nodiscard]] RepairStatus status() const;

 private:
    Task<void> repair_one(StripeId id);
    Task<void> reencode_one(ContentId id);
    Task<void> queue_all_of(MemberId node);
    void start_jobs();
    void ended(RepairOutcome::Kind kind, std::uint64_t bytes);

    RepairParts parts_;
    Pace pace_;
    Wake news_;
    TaskGroup jobs_;
    int stripes_running_ = 0;
    int contents_running_ = 0;
    bool reorder_wanted_ = false;
    std::uint64_t repaired_stripes_ = 0;
    std::uint64_t repaired_bytes_ = 0;
    std::uint64_t failures_ = 0;
    bool round_is_over_ = true;  ///< The queue was empty since the last job.
    std::uint64_t round_done_ = 0;
    Duration round_began_{0};
};

}  // namespace disgrafs::cluster
