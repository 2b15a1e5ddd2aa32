#pragma once

/// \file cluster/cluster.hpp  The members of the cluster as the index server knows them, live.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "cluster/contents.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "kv/store.hpp"
#include "wire/http.hpp"
#include "wire/member_service.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::cluster {

/// up: lease is fresh. suspect: the connection broke or a heartbeat is late. down: the lease ran
/// out. out: down for so long that its shards are rebuilt elsewhere. draining: an operator is
/// emptying it.
enum class MemberState : std::uint8_t { up, suspect, down, out, draining };
std::string_view name_of(MemberState state);

struct Member {
    MemberId id;
    std::string name;  ///< "n1" …, unique.
    wire::Role role = wire::Role::storage;
    std::string address;
    std::string disk_id;
    MemberState state = MemberState::down;
    Timestamp since;  ///< Of this state.
    Timestamp last_heartbeat;
    wire::Heartbeat heartbeat;  ///< The last one.
    int disk_nodes = 1;         ///< Storage nodes on the same disk, itself too.
};

struct RepairStatus {
    std::uint64_t queued_stripes = 0;  ///< Stripes waiting, and under way.
    std::map<int, std::uint64_t> queued_by_margin;
    std::uint64_t queued_contents = 0;   ///< Contents to be re-encoded to their policy.
    std::uint64_t repaired_stripes = 0;  ///< Since start.
    std::uint64_t repaired_bytes = 0;
    std::uint64_t failures = 0;
    std::uint64_t round_done = 0;   ///< Of the round under way: done and total, for a
    std::uint64_t round_total = 0;  ///< progress bar; equal when nothing is queued.
    double eta_seconds = 0;         ///< 0: nothing to do, or unknown.
    std::string waits_for;          ///< Why nothing moves, or empty.
};

struct ClusterStatus {
    std::string cluster_id;
    std::uint64_t epoch = 0;
    std::vector<Member> members;       ///< By name.
    std::uint64_t capacity_bytes = 0;  ///< A disk that several nodes share counts once.
    std::uint64_t used_bytes = 0;
    std::uint64_t stripes_total = 0;
    std::map<int, std::uint64_t>
        stripes_by_margin;  ///< Live: missing and unreachable shards count.
    RepairStatus repair;
    erasure::Layout write_layout;  ///< What a large file would get now.
    bool can_write = false;
    bool can_read_all = false;
};

struct ClusterOptions {
    Duration lease = std::chrono::seconds(10);
    Duration heartbeat_every = std::chrono::seconds(1);
    Duration suspect_after = std::chrono::seconds(2);  ///< Without a heartbeat.
    Duration out_after = std::chrono::minutes(10);
    Duration late_shard =
        std::chrono::milliseconds(500);  ///< A put does not wait longer, if it may.
    Duration hedge_after = std::chrono::milliseconds(50);  ///< A read asks parity then.
    std::uint64_t repair_bytes_per_s = 256ULL << 20U;
    std::uint64_t buffer_bytes_max = 192ULL << 20U;  ///< Stripe buffers of all uploads and reads.
    Duration garbage_every = std::chrono::minutes(5);
    Duration abandoned_after =
        std::chrono::hours(1);                     ///< An upload that did not commit is aborted.
    Duration quarantine = std::chrono::hours(24);  ///< Between release and removal of shards.
    Duration inventory_every = std::chrono::hours(24);  ///< And after each connection of a node.
};

/// A broken connection makes a member suspect at once and unusable for new writes.
struct ClusterEvent {
    enum class Kind : std::uint8_t { member_changed, repair_progress } kind;
    Member member;        ///< member_changed.
    RepairStatus repair;  ///< repair_progress: at most 4 a second.
};

class Cluster {
 public:
    virtual ~Cluster() = default;

    virtual Contents& contents() = 0;
    [[nodiscard]] virtual ClusterStatus status() const = 0;
    virtual std::shared_ptr<void> listen(std::function<void(ClusterEvent const&)> listener) = 0;

    /// Membership, called by the gateway's /cluster/v1 handlers.
    /// Errors: denied (token, proof), conflict (that disk is in use by a live member, or belongs to
    /// another cluster), invalid.
    virtual Task<wire::JoinAnswer> join(wire::JoinRequest request) = 0;
    /// Serve one member's WebSocket until it ends: nonce, proof, then heartbeats and leases.
    virtual Task<void> serve_member(wire::WebSocket& socket, MemberId id) = 0;
    /// The key of a member, to check what it signs. Errors: not_found.
    virtual Result<wire::Key> key_of(MemberId id) const = 0;
    [[nodiscard]] virtual std::string join_token() const = 0;
    /// Send a JSON order to a worker or node over its socket; false when it is not connected.
    virtual bool order(MemberId id, std::string json) = 0;

    /// Heartbeats watched, repair and garbage loops run until stop().
    virtual Task<void> run() = 0;
    virtual Task<void> stop() = 0;
};

/// How shard services are reached: TCP in life, fakes in tests.
using ConnectShards =
    std::function<std::unique_ptr<wire::ShardService>(MemberId node, std::string address)>;

struct ClusterParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    Pool* cpu = nullptr;  ///< Erasure and hashing.
    boost::asio::any_io_executor executor;
    ConnectShards connect;
};

/// Loads members, policy and repair rows from the store; makes cluster id and join token on the
/// first start.
Task<std::unique_ptr<Cluster>> open_cluster(ClusterParts parts, ClusterOptions options);

}  // namespace disgrafs::cluster
