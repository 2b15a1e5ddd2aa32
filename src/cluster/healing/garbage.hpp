#pragma once

/// \file cluster/healing/garbage.hpp  Shards of uploads that are content no more, or never were.
///
/// An upload is garbage only by a positive word in the store (W u: aborted or released). Its shards
/// are removed when that word is older than the quarantine; then its manifest rows. The word itself
/// stays, as `collected`, until the block of its id is closed: it is what a late commit fails upon.
///
/// Any error ends the pass: what was not removed is tried again in the next. Uploads with shards on
/// members that are away wait for them; what a member that is out still has, its inventory removes
/// when it returns.

#include <boost/asio/any_io_executor.hpp>

#include "cluster/cluster.hpp"
#include "cluster/content/node_calls.hpp"
#include "cluster/content/uploads.hpp"

namespace disgrafs::cluster {

struct GarbageParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    boost::asio::any_io_executor executor;
    NodeCalls* calls = nullptr;
    Uploads* uploads = nullptr;
    ClusterOptions options;
};

class Garbage {
 public:
    explicit Garbage(GarbageParts parts) : parts_(std::move(parts)) {}

    /// A pass every garbage_every, until cancelled.
    Task<void> run();
    /// Ends a pass under way before its next removal.
    void stop() { is_stopping_ = true; }

    struct Tally {
        std::uint64_t aborted = 0;        ///< Uploads marked in this pass.
        std::uint64_t collected = 0;      ///< Uploads whose last shard is gone.
        std::uint64_t waiting = 0;        ///< In quarantine, or their members are away.
        std::uint64_t waiting_bytes = 0;  ///< Shards of those, as far as manifests tell.
        std::uint64_t removed_shards = 0;
    };
    /// Errors: those of nodes and store; the pass ended there.
    Task<Tally> collect();

 private:
    struct Found;

    Task<void> look_at(kv::Entry const& entry, Tally& tally);
    Task<Found> find_shards(UploadId upload);
    Task<void> list_shards(Found& found);
    Task<void> list_shards_of(Found& found, MemberId node);
    Task<void> remove_shards(Found const& found);
    Task<void> remove_rows(UploadId upload, Found const& found);
    Task<void> forget(kv::Entry const& entry, UploadId upload);
    Task<bool> is_closed(std::uint64_t block);

    GarbageParts parts_;
    bool is_stopping_ = false;
};

}  // namespace disgrafs::cluster
