#pragma once

/// \file sim/hall.hpp  The machines of one seed, and what befalls them.
///
/// Harmed are at most m = 2 storage nodes at a time; before others are, everything is brought back
/// and healed. Damage that nobody notices at once (rot, a misdirected write) befalls at most one of
/// them, since an upload is answered when one shard is still on its way. The index server crashes
/// at will, its clock jumps, and now and then the power of the whole hall fails: none of this may
/// cost an acknowledged byte.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "sim/hosts.hpp"

namespace disgrafs::sim {

class Hall {
 public:
    Hall(SimWorld& world, bool with_canary);

    Task<void> open();
    Task<void> stop();

    /// The index server; between the steps of a scenario it is there.
    IndexHost& index() { return *index_; }
    /// Who uses the index server while it may crash: a crash waits for them.
    TaskGroup& users() { return users_; }

    /// One of the harms below, by chance.
    Task<void> harm();
    Task<void> crash_index();
    Task<void> crash_node();
    Task<void> lose_power();  ///< All at once.
    /// Everything up, connected, on time and healed. Errors: corrupt (not within ten minutes).
    Task<void> wait_whole();
    /// Two nodes go and stay away.
    Task<void> lose_two();

    std::uint64_t crashes = 0;

 private:
    using Name = std::string;

    std::uint64_t below(std::uint64_t bound) { return world_.random().below(bound); }
    Task<void> sleep_below(Duration bound);

    Task<Name> choose_victim();
    Task<void> may_lie(Name name);
    Task<void> stay_away();
    Task<void> cut_node();
    Task<void> rot_node();
    Task<void> trouble_node();
    Task<void> bend_clock();
    Task<void> add_node();

    Task<void> stop_node(Name name);
    Task<void> start_node(Name name);
    Task<void> restart_read_only();
    Task<void> restart_index();
    Task<void> wait_healed();
    [[nodiscard]] bool is_whole();

    SimWorld& world_;
    bool with_canary_;
    TaskGroup users_;
    std::unique_ptr<IndexHost> index_;
    std::map<Name, std::unique_ptr<NodeHost>> nodes_;
    std::set<Name> harmed_;
    Name liar_;  ///< The harmed node that may hold bad bytes unnoticed; or empty.
};

}  // namespace disgrafs::sim
