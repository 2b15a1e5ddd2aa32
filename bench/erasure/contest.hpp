#pragma once

/// \file contest.hpp  Works that several codecs do in turns, and how a turn is timed.
///
/// bench/erasure/run.py asks for one round at a time, so that the contestants of this program and
/// of others alternate and noise of the machine hits all alike.

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "isal.hpp"
#include "jerasure.hpp"

namespace disgrafs::erasure::bench {

/// Who takes part: a name and the work of one turn, given its number.
struct Contestant {
    std::string name;
    std::function<void(std::size_t turn)> work;
};

struct Contest {
    std::vector<Contestant> contestants;
    std::size_t turns = 1;  ///< A round takes each turn at least once: a walk through memory.
    bool is_wall_time =
        false;              ///< Else CPU time of this thread: others on the machine don't count.
    std::size_t works = 1;  ///< How many works one turn does.
    std::shared_ptr<void> kept;  ///< What the works point to.
};

/// The words of a request: `encode k=10 m=4 shard=32768 stripes=1`.
struct Request {
    std::string work;
    std::map<std::string, std::size_t> numbers;

    [[nodiscard]] std::size_t number(std::string const& name, std::size_t otherwise = 0) const;
};

/// Other people's libraries; one that could not be loaded is absent.
struct Peers {
    std::vector<Isal> isal;
    std::vector<Jerasure> jerasure;
};

/// Nanoseconds per work of each contestant, in one round.
std::vector<double> run_round(Contest const& contest);

Contest make_encode(Request const& request, Peers const& peers);
Contest make_decode(Request const& request, Peers const& peers);
Contest make_fused(Request const& request, Peers const& peers);
Contest make_checksum(Request const& request, Peers const& peers);
Contest make_plan(Request const& request, Peers const& peers);
Contest make_inverse(Request const& request, Peers const& peers);
Contest make_wide(Request const& request, Peers const& peers);
Contest make_threads(Request const& request, Peers const& peers);

}  // namespace disgrafs::erasure::bench
