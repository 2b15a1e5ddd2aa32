#pragma once

/// \file storage/node_pages.hpp  What a storage node says about itself: in its health page
/// (wire/member_pages.hpp), and in heartbeats.

#include <boost/json/object.hpp>

#include "storage/shard_store.hpp"
#include "wire/member_client.hpp"

namespace disgrafs::storage {

wire::Heartbeat heartbeat(ShardStore const& store);

/// health_of the member, "status" also "read_only", and "disk", "shards", "used_bytes" …
boost::json::object node_health(ShardStore const& store, wire::MemberClient const& member);

}  // namespace disgrafs::storage
