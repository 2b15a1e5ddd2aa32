#pragma once

/// \file cluster/content/node_calls.hpp  Calls to storage nodes: tickets written, answers checked.
///
/// A receipt counts only when it is signed with the node's key and says exactly what was sent. A
/// node that fails, or lies, is avoided by placement for a moment.
///
/// Concurrency: one event loop.

#include <map>
#include <memory>
#include <string>

#include "base/context.hpp"
#include "cluster/cluster.hpp"
#include "cluster/members/members.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::cluster {

class NodeCalls {
 public:
    NodeCalls(Members& members, Clock& clock, ConnectShards connect);

    /// Durable when it completes. `blocks` are the CRC32C of `payload` per 64 KiB. Errors: those of
    /// ShardService::put; corrupt (the receipt does not fit); unavailable (no such node, no answer
    /// within 10 s).
    Task<wire::Receipt> put(
        Context context,
        MemberId node,
        wire::ShardPlace place,
        std::vector<std::uint32_t> blocks,
        Bytes payload
    );
    /// Bytes [offset, offset + size) of a shard. They are checked by the caller, who knows the
    /// checksums. Errors: those of ShardService::get; corrupt when the length is another.
    Task<Bytes> get(
        Context context, MemberId node, ShardId shard, std::uint32_t offset, std::uint32_t size
    );
    Task<void> remove(Context context, MemberId node, ShardId shard);
    Task<wire::ShardList> list(Context context, MemberId node, ShardId after, std::uint32_t limit);

    /// Calls to `node` will come: its counters exist from now on, at 0. Connects nothing yet.
    void expect(MemberId node);

    [[nodiscard]] Members& members() const { return members_; }

 private:
    struct Link {
        std::string address;
        std::shared_ptr<wire::ShardService> service;
    };

    Result<std::shared_ptr<wire::ShardService>> link(MemberId node);
    Result<wire::Ticket> ticket(
        MemberId node, wire::Verb verb, ShardId shard, std::uint32_t size_max
    ) const;

    Members& members_;
    Clock& clock_;
    ConnectShards connect_;
    std::map<MemberId, Link> links_;
};

}  // namespace disgrafs::cluster
