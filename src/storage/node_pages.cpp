#include "storage/node_pages.hpp"

#include "wire/member_pages.hpp"

namespace disgrafs::storage {

wire::Heartbeat heartbeat(ShardStore const& store) {
    auto const counts = store.counts();
    wire::Heartbeat heartbeat;
    heartbeat.capacity_bytes = counts.capacity_bytes;
    heartbeat.free_bytes = counts.free_bytes;
    heartbeat.used_bytes = counts.used_bytes;
    heartbeat.file_system = counts.file_system;
    heartbeat.disk_bytes = counts.disk_bytes;
    heartbeat.shards = counts.shards;
    heartbeat.sequence = counts.sequence;
    heartbeat.corrupt_shards = counts.corrupt_shards;
    heartbeat.damage_found = counts.damage_found;
    heartbeat.read_only = counts.is_read_only;
    return heartbeat;
}

boost::json::object node_health(ShardStore const& store, wire::MemberClient const& member) {
    auto const counts = store.counts();
    auto out = wire::health_of(member, "storage");
    bool const is_member = member.identity().id != MemberId{};
    if (is_member && counts.is_read_only) out["status"] = "read_only";
    out["disk"] = store.disk_id();
    out["shards"] = counts.shards;
    out["corrupt_shards"] = counts.corrupt_shards;
    out["used_bytes"] = counts.used_bytes;
    out["free_bytes"] = counts.free_bytes;
    out["capacity_bytes"] = counts.capacity_bytes;
    out["sequence"] = counts.sequence;
    return out;
}

}  // namespace disgrafs::storage
