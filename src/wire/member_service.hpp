#pragma once

/// \file wire/member_service.hpp  How a process becomes and stays a member of the cluster.
///
/// Join: POST /cluster/v1/join with the join token → JoinAnswer (JSON). After that the member holds
/// one WebSocket to /cluster/v1/member?id=N (authorised by an HMAC of its key over a nonce that the
/// index server sends first): heartbeats up, leases and orders down, all JSON text messages.
/// docs/formats/membership.md has every message with an example.

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "wire/ticket.hpp"

namespace disgrafs::wire {

enum class Role : std::uint8_t { index, storage, worker };
std::string_view name_of(Role role);
Result<Role> parse_role(std::string_view name);

struct JoinRequest {
    std::string token;
    Role role = Role::storage;
    std::string address;     ///< "ip:port" where it serves; empty for a worker.
    std::string disk_id;     ///< Storage: uuid of its disk, made by the node on first start.
    MemberId previous;       ///< Set when it was a member before: then `proof` …
    std::string proof;       ///< … = hex HMAC(key, "rejoin" ‖ disk_id ‖ address).
    std::string cluster_id;  ///< With `previous`: of the cluster that it was a member of.
    std::uint64_t capacity_bytes = 0;
    std::string name;  ///< Wished name ("n3"); empty: the index server chooses.
};

struct JoinAnswer {
    MemberId id;
    std::string name;
    std::string cluster_id;
    Key key{};
    std::uint64_t epoch = 0;
};

struct Heartbeat {
    std::uint64_t capacity_bytes = 0;
    std::uint64_t free_bytes = 0;
    std::uint64_t used_bytes = 0;  ///< Live shard payload.
    std::string file_system;       ///< On which its shards lie; empty: its own.
    std::uint64_t disk_bytes = 0;  ///< Of that file system, which others may share; 0: not known.
    std::uint64_t shards = 0;
    std::uint64_t sequence = 0;  ///< Last of its log.
    std::uint64_t corrupt_shards = 0;
    std::uint64_t damage_found = 0;  ///< Times that a shard was found corrupt; only grows.
    bool read_only = false;          ///< Disk failed or full.
    std::uint32_t busy = 0;          ///< Worker: tasks under way.
};

/// Answer to each heartbeat. The member may act until `lease` after it *sent* the heartbeat, and
/// fences itself at half of that when no answer came (3FS's rule).
struct Lease {
    std::uint64_t epoch = 0;
    Duration lease{0};
};

std::string to_json(JoinRequest const& request);
Result<JoinRequest> parse_join_request(std::string_view json);
std::string to_json(JoinAnswer const& answer);
Result<JoinAnswer> parse_join_answer(std::string_view json);
std::string to_json(Heartbeat const& heartbeat);
Result<Heartbeat> parse_heartbeat(std::string_view json);
std::string to_json(Lease const& lease);
Result<Lease> parse_lease(std::string_view json);

}  // namespace disgrafs::wire
