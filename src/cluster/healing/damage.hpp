#pragma once

/// \file cluster/healing/damage.hpp  A bad shard is written down: gone from its manifest, in the
/// queue.
///
/// Manifest and repair row change in one commit that requires the manifest as it was read. Reports
/// of readers are taken in the background, a bounded number at a time; what is dropped will be
/// found again.

#include <set>

#include <boost/asio/any_io_executor.hpp>

#include "cluster/content/stripe_read.hpp"
#include "io/clock.hpp"
#include "io/task_group.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

class Damage {
 public:
    Damage(kv::Store& store, Clock& clock, boost::asio::any_io_executor executor);

    /// Durable when it completes. Already known, or the shard is elsewhere by now: nothing happens.
    /// Errors: conflict (the manifest changed again and again), those of the store.
    Task<void> record(BadShard bad);
    /// The same, in the background.
    void report(BadShard bad);

    Task<void> stop() { return reports_.stop(); }

 private:
    Task<void> try_record(BadShard bad);
    Task<void> record_report(BadShard bad);

    kv::Store& store_;
    Clock& clock_;
    TaskGroup reports_;
    std::set<ShardId> under_way_;
};

}  // namespace disgrafs::cluster
