#include "sim/hall.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace disgrafs::sim {

namespace {

constexpr std::size_t nodes_first = 6;
constexpr std::size_t nodes_max = 7;
constexpr std::size_t harmed_max = 2;
constexpr Duration whole_within = std::chrono::minutes(10);
constexpr Duration look_every = std::chrono::milliseconds(200);
/// Two rounds of the scrubber, a heartbeat, an inventory.
constexpr Duration scrub_found_within = 2 * scrub_every + std::chrono::seconds(8);

}  // namespace

Hall::Hall(SimWorld& world, bool with_canary)
    : world_(world), with_canary_(with_canary), users_(world.executor()) {}

Task<void> Hall::open() {
    CO_TRY(index_, co_await IndexHost::open(world_));
    for (std::size_t number = 1; number <= nodes_first; ++number) CO_TRY_OK(co_await add_node());
    co_return co_await wait_whole();
}

Task<void> Hall::stop() {
    (void)co_await users_.stop();
    for (auto& [name, node] : nodes_) {
        if (node) (void)co_await node->stop();
    }
    nodes_.clear();
    if (index_) (void)co_await index_->stop();
    index_.reset();
    co_return Result<void>{};
}

Task<void> Hall::harm() {
    auto const dice = below(100);
    if (dice < 30) co_return co_await crash_node();
    if (dice < 45) co_return co_await crash_index();
    if (dice < 57) co_return co_await cut_node();
    if (dice < 69) co_return co_await rot_node();
    if (dice < 79) co_return co_await trouble_node();
    if (dice < 89) co_return co_await bend_clock();
    if (dice < 95) co_return co_await lose_power();
    if (dice < 98) co_return co_await stay_away();
    if (nodes_.size() < nodes_max) co_return co_await add_node();
    co_return Result<void>{};
}

Task<void> Hall::sleep_below(Duration bound) {
    Duration const pause(static_cast<std::int64_t>(below(static_cast<std::uint64_t>(bound.count())))
    );
    co_return co_await world_.clock().sleep(pause);
}

/// The node to harm next: one that is harmed already, or a new one while there may be more.
Task<Hall::Name> Hall::choose_victim() {
    auto const name = fmt::format("n{}", 1 + below(nodes_.size()));
    if (!harmed_.contains(name) && harmed_.size() >= harmed_max) CO_TRY_OK(co_await wait_whole());
    harmed_.insert(name);
    co_return name;
}

/// `name` is harmed, and is the one that may lie from now on.
Task<void> Hall::may_lie(Name name) {
    if (!liar_.empty() && liar_ != name) CO_TRY_OK(co_await wait_whole());
    harmed_.insert(name);
    liar_ = name;
    co_return Result<void>{};
}

Task<void> Hall::crash_node() {
    CO_TRY(auto const name, co_await choose_victim());
    CO_TRY_OK(co_await stop_node(name));
    if (below(2) == 0) CO_TRY_OK(co_await start_node(name));
    co_return Result<void>{};
}

/// So long that its shards are made anew elsewhere.
Task<void> Hall::stay_away() {
    CO_TRY(auto const name, co_await choose_victim());
    CO_TRY_OK(co_await stop_node(name));
    Duration const absence = std::chrono::seconds(100);
    co_return co_await world_.clock().sleep(absence);
}

Task<void> Hall::cut_node() {
    CO_TRY(auto const name, co_await choose_victim());
    if (below(2) == 0) {
        world_.cut("index", name);
    } else {
        world_.heal("index", name);
    }
    co_return co_await sleep_below(std::chrono::seconds(3));
}

Task<void> Hall::rot_node() {
    CO_TRY(auto const name, co_await choose_victim());
    CO_TRY_OK(co_await may_lie(name));
    auto const* const where = below(5) == 0 ? "checkpoints/" : "segments/";
    auto const bits = 1 + below(4);
    for (std::uint64_t bit = 0; bit < bits; ++bit) (void)world_.rot(name, where);
    co_return Result<void>{};
}

Task<void> Hall::trouble_node() {
    constexpr std::array troubles{
        SimTrouble::misdirected_write, SimTrouble::write_error, SimTrouble::sync_error
    };
    CO_TRY(auto const name, co_await choose_victim());
    auto const trouble = troubles.at(below(troubles.size()));
    if (trouble == SimTrouble::misdirected_write) CO_TRY_OK(co_await may_lie(name));
    world_.trouble(name, trouble);
    co_return Result<void>{};
}

/// A little wrong any clock may be; far off a node counts as harmed, and nothing can be asked of
/// the index server.
Task<void> Hall::bend_clock() {
    auto const ppm = static_cast<std::int64_t>(below(1'200'000)) - 600'000;
    auto const far = std::chrono::seconds(static_cast<std::int64_t>(below(7200)) - 3600);
    auto const dice = below(3);
    if (dice == 0) {
        auto const number = below(nodes_.size() + 1);
        auto const name = number == 0 ? Name("index") : fmt::format("n{}", number);
        Duration const near(far.count() * 1000);
        world_.set_clock(name, ppm / 60, near);
        co_return Result<void>{};
    }
    if (dice == 1) {
        world_.set_clock("index", ppm / 60, far);
        co_return co_await sleep_below(std::chrono::seconds(20));
    }
    CO_TRY(auto const name, co_await choose_victim());
    world_.set_clock(name, ppm, far);
    co_return co_await sleep_below(std::chrono::seconds(5));
}

Task<void> Hall::add_node() {
    auto const name = fmt::format("n{}", nodes_.size() + 1);
    co_return co_await start_node(name);
}

Task<void> Hall::crash_index() {
    ++crashes;
    world_.crash("index");
    co_return co_await restart_index();
}

Task<void> Hall::lose_power() {
    ++crashes;
    std::vector<Name> dead;
    for (auto const& [name, node] : nodes_) {
        if (node) dead.push_back(name);
    }
    world_.crash("index");
    for (auto const& name : dead) world_.crash(name);
    for (auto const& name : dead) CO_TRY_OK(co_await stop_node(name));
    CO_TRY_OK(co_await restart_index());
    for (auto const& name : dead) CO_TRY_OK(co_await start_node(name));
    co_return Result<void>{};
}

Task<void> Hall::restart_index() {
    co_await users_.join();
    (void)co_await index_->stop();
    index_.reset();
    world_.start("index");
    CO_TRY(index_, co_await IndexHost::open(world_));
    co_return Result<void>{};
}

Task<void> Hall::stop_node(Name name) {
    auto const node = std::exchange(nodes_[name], nullptr);
    if (!node) co_return Result<void>{};
    if (world_.is_up(name)) {
        ++crashes;
        world_.crash(name);
    }
    (void)co_await node->stop();
    co_return Result<void>{};
}

Task<void> Hall::start_node(Name name) {
    world_.start(name);
    world_.trouble(name, SimTrouble::none);
    auto const token = index_->cluster().join_token();
    auto opened = co_await NodeHost::open(world_, name, token, with_canary_);
    if (!opened) {
        co_return fail(Errc::corrupt, "{} does not start: {}", name, opened.error().message);
    }
    nodes_[name] = *std::move(opened);
    co_return Result<void>{};
}

Task<void> Hall::restart_read_only() {
    std::vector<Name> broken;
    for (auto const& [name, node] : nodes_) {
        if (node && node->is_read_only()) broken.push_back(name);
    }
    for (auto const& name : broken) {
        CO_TRY_OK(co_await stop_node(name));
        CO_TRY_OK(co_await start_node(name));
    }
    co_return Result<void>{};
}

Task<void> Hall::wait_whole() {
    world_.set_clock("index", 0);
    std::vector<Name> names;
    for (auto const& [name, node] : nodes_) names.push_back(name);
    for (auto const& name : names) {
        world_.heal("index", name);
        world_.set_clock(name, 0);
        world_.trouble(name, SimTrouble::none);
        if (!nodes_[name]) CO_TRY_OK(co_await start_node(name));
    }
    CO_TRY_OK(co_await restart_read_only());
    CO_TRY_OK(co_await wait_healed());
    if (!liar_.empty()) {
        CO_TRY_OK(co_await world_.clock().sleep(scrub_found_within));
        CO_TRY_OK(co_await wait_healed());
    }
    harmed_.clear();
    liar_.clear();
    co_return Result<void>{};
}

Task<void> Hall::wait_healed() {
    for (Duration waited{}; waited < whole_within; waited += look_every) {
        if (is_whole()) co_return Result<void>{};
        CO_TRY_OK(co_await world_.clock().sleep(look_every));
    }
    auto const status = index_->cluster().status();
    std::string members;
    for (auto const& member : status.members) {
        members += fmt::format(" {} {}", member.name, cluster::name_of(member.state));
    }
    co_return fail(
        Errc::corrupt,
        "not whole after ten minutes: {} stripes and {} contents wait ({});{}",
        status.repair.queued_stripes,
        status.repair.queued_contents,
        status.repair.waits_for,
        members
    );
}

bool Hall::is_whole() {
    auto const status = index_->cluster().status();
    auto const up = std::ranges::count_if(status.members, [](cluster::Member const& member) {
        return member.state == cluster::MemberState::up;
    });
    if (static_cast<std::size_t>(up) != nodes_.size()) return false;
    if (status.repair.queued_stripes + status.repair.queued_contents != 0) return false;
    return std::ranges::all_of(status.stripes_by_margin, [](auto const& row) {
        return row.first >= 2 || row.second == 0;
    });
}

Task<void> Hall::lose_two() {
    auto const one = 1 + below(nodes_.size());
    auto const other = 1 + (one + below(nodes_.size() - 1)) % nodes_.size();
    CO_TRY_OK(co_await stop_node(fmt::format("n{}", one)));
    CO_TRY_OK(co_await stop_node(fmt::format("n{}", other)));
    co_return co_await world_.clock().sleep(std::chrono::seconds(3));
}

}  // namespace disgrafs::sim
