#include "io/sim_world.hpp"

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>

#include "base/assert.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/exception.hpp"
#include "io/network.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/sim_core.hpp"
#include "io/sim_disk.hpp"
#include "io/sim_network.hpp"
#include "io/task.hpp"

namespace disgrafs {

struct SimWorld::State {
    State(std::uint64_t seed, SimFaults const& faults) : core(seed, faults) {}

    SimDisk& disk(std::string const& name) {
        auto& disk = disks[name];
        if (!disk) disk = std::make_unique<SimDisk>(core, core.host(name));
        return *disk;
    }

    SimCore core;
    SimRate right;
    std::unique_ptr<Clock> clock = make_sim_clock(core, right);
    SimFabric fabric{core};
    Pool pool{"simulated", 0};
    std::map<std::string, std::unique_ptr<SimDisk>> disks;
    std::map<std::string, std::unique_ptr<SimNetwork>> networks;
    std::map<std::string, std::unique_ptr<Clock>> clocks;
};

SimWorld::SimWorld(std::uint64_t seed, SimFaults faults)
    : state_(std::make_unique<State>(seed, faults)) {}

SimWorld::~SimWorld() {
    state_->core.end();
    state_->fabric.end();
}

boost::asio::any_io_executor SimWorld::executor() { return state_->core.context.get_executor(); }

Clock& SimWorld::clock() { return *state_->clock; }

Clock& SimWorld::clock(std::string const& host) {
    auto& clock = state_->clocks[host];
    if (!clock) clock = make_sim_clock(state_->core, state_->core.host(host).rate);
    return *clock;
}

void SimWorld::set_clock(std::string const& host, std::int64_t ppm, Duration wall_offset) {
    DISGRAFS_ASSERT(ppm > -1'000'000, "a clock that is {} ppm fast stands still", ppm);
    auto& core = state_->core;
    auto& rate = core.host(host).rate;
    auto const own = rate.own(core.time);
    rate = {.ppm = ppm, .since_world = core.time, .since_own = own, .wall_offset = wall_offset};
    core.note("set_clock", core.host(host), static_cast<std::uint64_t>(ppm));
}

Random& SimWorld::random() { return *state_->core.program_random; }

Pool& SimWorld::pool() { return state_->pool; }

Disk& SimWorld::disk(std::string const& host) { return state_->disk(host); }

Network& SimWorld::network(std::string const& host) {
    auto& network = state_->networks[host];
    if (!network) {
        auto& core = state_->core;
        network =
            std::make_unique<SimNetwork>(core, state_->fabric, core.host(host), *state_->clock);
    }
    return *network;
}

Address SimWorld::host_address(std::string const& host, std::uint16_t port) const {
    return {.host = sim_ip(state_->core.host(host)), .port = port};
}

SimFaults& SimWorld::faults() { return state_->core.faults; }

Result<void> SimWorld::run(Task<void> task, Duration limit) {
    auto const outcome = std::make_shared<std::optional<Result<void>>>();
    auto const end = [outcome](std::exception_ptr const& caught, Result<void> result) {
        if (caught) result = std::unexpected(error_of(caught));
        *outcome = std::move(result);
    };
    boost::asio::co_spawn(state_->core.context, told_of_cancellation(std::move(task)), end);
    TRY_OK(state_->core.run_until([&] { return outcome->has_value(); }, limit));
    return **outcome;
}

void SimWorld::crash(std::string const& host) {
    auto& dying = state_->core.host(host);
    dying.is_up = false;
    ++dying.life;
    state_->core.note("crash", dying);
    state_->fabric.crash(dying);
    state_->disk(host).crash();
}

void SimWorld::start(std::string const& host) {
    auto& starting = state_->core.host(host);
    starting.is_up = true;
    state_->core.note("start", starting);
}

bool SimWorld::is_up(std::string const& host) const { return state_->core.host(host).is_up; }

void SimWorld::cut(std::string const& a, std::string const& b) {
    auto& one = state_->core.host(a);
    auto& two = state_->core.host(b);
    state_->core.note("cut", one, two.index);
    state_->fabric.cut(one, two);
}

void SimWorld::heal(std::string const& a, std::string const& b) {
    auto& one = state_->core.host(a);
    auto& two = state_->core.host(b);
    state_->core.note("heal", one, two.index);
    state_->fabric.heal(one, two);
}

bool SimWorld::rot(std::string const& host, std::string const& path_prefix) {
    return state_->disk(host).rot(path_prefix);
}

void SimWorld::trouble(std::string const& host, SimTrouble what) {
    auto& troubled = state_->core.host(host);
    troubled.trouble = what;
    state_->core.note("trouble", troubled, static_cast<std::uint64_t>(what));
}

std::uint64_t SimWorld::tally(std::string const& what) const {
    auto const found = state_->core.tallies.find(what);
    return found == state_->core.tallies.end() ? 0 : found->second;
}

std::uint64_t SimWorld::fingerprint() const { return state_->core.fingerprint; }

}  // namespace disgrafs
