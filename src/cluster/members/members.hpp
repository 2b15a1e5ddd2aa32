#pragma once

/// \file cluster/members/members.hpp  The state of every member, from what is heard of it.
///
///     connected, heartbeat fresh          up
///     silent > suspect_after, or cut      suspect   takes no new shards from this moment
///     silent > lease                      down
///     down > out_after, no mass outage    out       durable; its shards are rebuilt elsewhere
///     heard of again                      up
///
/// A mass outage (more storage nodes down than the layout of large contents has parity) stops
/// `out`: rebuilding could not help then, and they will most likely return together.
///
/// Time comes from the steady clock. Listeners are called in the same turn of the loop in which a
/// state changes. Concurrency: one event loop.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/cluster.hpp"
#include "cluster/layouts.hpp"
#include "cluster/members/registry.hpp"
#include "cluster/placement.hpp"

namespace disgrafs::cluster {

class Members {
 public:
    using Listener = std::function<void(Member const&)>;

    Members(Registry& registry, Clock& clock, ClusterOptions options);

    void connected(MemberId id);
    void heartbeat(MemberId id, wire::Heartbeat heartbeat);
    void disconnected(MemberId id);
    /// A call to this member was late or failed: placement avoids it for a moment.
    void doubt(MemberId id);
    /// What it has was compared with the manifests: it is no longer an old copy.
    void trust(MemberId id);
    /// The registry got or changed this member.
    void changed(MemberId id);

    /// Until cancelled: lets states age, and gives up members that were away for too long.
    Task<void> run();
    /// One step of run().
    Task<void> tick();

    /// `listener` is called at each change of a member until the returned object dies.
    std::shared_ptr<void> listen(Listener listener);

    [[nodiscard]] std::vector<Member> all() const;  ///< By name.
    [[nodiscard]] std::optional<Member> find(MemberId id) const;
    [[nodiscard]] MemberState state_of(MemberId id) const;  ///< Unknown members are out.
    [[nodiscard]] bool is_up(MemberId id) const { return state_of(id) == MemberState::up; }
    /// How often this member connected since the start; 0: not yet.
    [[nodiscard]] std::uint64_t connections_of(MemberId id) const;
    /// The member came back with a log that ends before what it once had: an old copy of its disk.
    [[nodiscard]] bool went_back(MemberId id) const;

    /// Storage nodes that take new shards.
    [[nodiscard]] std::vector<Candidate> candidates() const;
    [[nodiscard]] NodeCount count() const;
    [[nodiscard]] bool is_mass_outage() const;
    [[nodiscard]] Registry& registry() const { return registry_; }

 private:
    struct Live {
        bool is_connected = false;
        bool has_beaten = false;  ///< A heartbeat came on this connection.
        bool went_back = false;
        std::uint64_t connections = 0;
        std::optional<Duration> heard;  ///< Steady, of the last heartbeat.
        Duration silent_since{0};       ///< Steady; of the state `down`.
        std::optional<Duration> doubted;
        MemberState state = MemberState::down;
        Timestamp since;
        Timestamp last_heartbeat;
        wire::Heartbeat heartbeat;
    };

    [[nodiscard]] MemberState state_now(MemberRow const& row, Live const& live) const;
    void refresh(MemberId id);
    void tell(MemberId id);
    [[nodiscard]] std::vector<MemberId> overdue() const;
    [[nodiscard]] Member view(MemberRow const& row) const;
    [[nodiscard]] bool takes_shards(Live const& live) const;

    Registry& registry_;
    Clock& clock_;
    ClusterOptions options_;
    std::map<MemberId, Live> live_;
    std::map<std::uint64_t, Listener> listeners_;
    std::uint64_t next_listener_ = 0;
    std::shared_ptr<bool> alive_;  ///< Listeners may outlive this object.
};

}  // namespace disgrafs::cluster
