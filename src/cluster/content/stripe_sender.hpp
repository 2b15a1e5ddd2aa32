#pragma once

/// \file cluster/content/stripe_sender.hpp  The shards of one stripe to as many storage nodes.
///
/// All are sent at once. A shard that fails goes to another node as long as there is one. The
/// answer comes when all receipts are in; or, with receipts_needed() of them, when the rest is late
/// or sits on nodes that are no longer up. What comes later than the answer changes nothing: the
/// missing shards stand as 0 in the row, and repair sees to them.
///
/// Concurrency: one event loop. Late puts go on after the answer, until they end or stop().

#include <memory>
#include <set>

#include "cluster/content/alarm.hpp"
#include "cluster/content/coder.hpp"
#include "cluster/content/node_calls.hpp"
#include "io/pool.hpp"
#include "io/task_group.hpp"

namespace disgrafs::cluster {

struct StripeToSend {
    StripeId id;
    CodedStripe coded;
    ByteView content;              ///< Of the stripe, for second attempts; lives as long as …
    std::shared_ptr<void> memory;  ///< … this.
    bool must_be_whole = false;    ///< Answer only with every receipt.
};

class StripeSender {
 public:
    StripeSender(NodeCalls& calls, Alarm& alarm, Pool& cpu, boost::asio::any_io_executor executor);

    /// The stripe's row with the nodes that gave receipts. Errors: unavailable (too few receipts),
    /// exhausted (too few, and a disk was full), cancelled.
    Task<StripeRow> send(Context context, StripeToSend stripe);

    Task<void> stop() { return puts_.stop(); }

 private:
    struct Sending;
    struct Pending;

    Task<void> put(std::shared_ptr<Sending> sending, int index, MemberId node, Pending pending);
    [[nodiscard]] bool is_decided(Sending const& sending) const;
    [[nodiscard]] std::optional<MemberId> take_spare(Sending& sending) const;

    NodeCalls& calls_;
    Alarm& alarm_;
    Pool& cpu_;
    TaskGroup puts_;
    std::set<Sending*> running_;
    std::shared_ptr<void> listening_;
};

}  // namespace disgrafs::cluster
