#pragma once

/// \file cluster/healing/follower.hpp  What the commits say about contents, stripes and repairs.
///
/// At the start all rows are read at one revision, then every event after it. From them follow: the
/// margins, the repair queue, which uploads are content, and what the manifest cache must forget.
/// Nobody else writes those, so they are what the store says, whoever committed it.
///
/// A stream that was trimmed is answered by reading everything again. Concurrency: one event loop.

#include <functional>

#include "cluster/content/manifests.hpp"
#include "cluster/content/uploads.hpp"
#include "cluster/healing/margins.hpp"
#include "cluster/healing/repair_queue.hpp"
#include "io/clock.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

struct FollowerParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    Uploads* uploads = nullptr;
    Manifests* manifests = nullptr;
    Margins* margins = nullptr;
    RepairQueue* queue = nullptr;
    std::function<void()> on_change;  ///< After each event that changed a margin or the queue.
    std::function<void()> on_loaded;  ///< After everything was read.
};

class Follower {
 public:
    explicit Follower(FollowerParts parts) : parts_(std::move(parts)) {}

    /// Until cancelled, or the store stops.
    Task<void> run();
    /// False until everything was read once.
    [[nodiscard]] bool is_loaded() const { return is_loaded_; }
    [[nodiscard]] kv::Revision revision() const { return revision_; }

 private:
    Task<void> load();
    Task<void> load_contents(kv::Snapshot& snapshot);
    Task<void> load_stripes(kv::Snapshot& snapshot);
    Task<void> load_repairs(kv::Snapshot& snapshot);
    Task<void> follow(kv::EventStream& events);
    Task<void> apply(kv::Event const& event);
    Task<void> apply(kv::Write const& write);
    Task<void> apply_content(kv::Write const& write);
    Task<void> adopt(UploadId upload);
    Result<void> apply_stripe(kv::Write const& write);
    Result<void> apply_upload(kv::Write const& write);
    Result<void> apply_repair(kv::Write const& write);

    FollowerParts parts_;
    kv::Revision revision_ = 0;
    bool is_loaded_ = false;
};

}  // namespace disgrafs::cluster
