#pragma once

/// \file storage/node_pages.hpp  What a storage node says about itself over HTTP, and in
/// heartbeats.

#include "storage/shard_store.hpp"
#include "wire/http.hpp"
#include "wire/member_client.hpp"
#include "wire/shard_server.hpp"

namespace disgrafs::storage {

wire::Heartbeat heartbeat(ShardStore const& store);

class NodePages {
 public:
    NodePages(ShardStore const& store, wire::MemberClient const& member)
        : store_(store), member_(member) {}

    /// /metrics, /api/v1/health, and frames over WebSocket at /shards/v1.
    void add_to(wire::HttpRoutes& routes, wire::ShardServer& shards);

    /// {"status": "ok" | "not_member" | "no_lease" | "read_only", "role", "id", "name", "disk", …}
    [[nodiscard]] std::string health_json() const;
    [[nodiscard]] bool is_healthy() const;

 private:
    [[nodiscard]] char const* status() const;
    Task<void> health(wire::HttpExchange& exchange) const;

    ShardStore const& store_;
    wire::MemberClient const& member_;
};

}  // namespace disgrafs::storage
