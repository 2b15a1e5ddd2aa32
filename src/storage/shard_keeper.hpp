#pragma once

/// \file storage/shard_keeper.hpp  ShardService on a store: permission first, then the disk, then a
/// receipt.
///
/// Order of checks: member yet (unavailable), ticket (denied), lease for what writes (unavailable),
/// then the store's own. Nothing is read or written before the ticket is good.
///
/// Concurrency: one event loop.

#include "io/clock.hpp"
#include "storage/node_metrics.hpp"
#include "storage/shard_store.hpp"
#include "wire/member_client.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::storage {

class ShardKeeper final : public wire::ShardService {
 public:
    ShardKeeper(ShardStore& store, wire::MemberClient const& member, Clock const& clock)
        : store_(store), member_(member), clock_(clock) {}

    Task<wire::Receipt> put(Context context, wire::PutShard request) override;
    Task<wire::ShardRange> get(Context context, wire::GetShard request) override;
    Task<void> remove(Context context, wire::Ticket ticket, ShardId shard) override;
    Task<wire::ShardList> list(Context context, wire::ListShards request) override;

 private:
    Task<wire::Receipt> permitted_put(wire::PutShard request);
    Task<wire::ShardRange> permitted_get(wire::GetShard const& request);
    Task<void> permitted_remove(wire::Ticket const& ticket, ShardId shard);
    [[nodiscard]] Result<wire::ShardList> permitted_list(wire::ListShards const& request) const;
    [[nodiscard]] Result<void> check(
        wire::Ticket const& ticket, wire::Verb verb, ShardId shard, std::uint64_t size_bytes
    ) const;

    ShardStore& store_;
    wire::MemberClient const& member_;
    Clock const& clock_;
    NodeMetrics metrics_;
};

}  // namespace disgrafs::storage
