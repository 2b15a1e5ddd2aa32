#include "cluster/members/members.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "cluster/members/capacity.hpp"

namespace disgrafs::cluster {
namespace {

constexpr Duration tick_every = std::chrono::milliseconds(100);
constexpr Duration doubt_for = std::chrono::seconds(3);
constexpr std::uint64_t full_share = 100;  ///< A node with less than 1/100 free takes no shards.

bool is_storage(MemberRow const& row) { return row.role == wire::Role::storage; }

}  // namespace

std::string_view name_of(MemberState state) {
    switch (state) {
        case MemberState::up:
            return "up";
        case MemberState::suspect:
            return "suspect";
        case MemberState::down:
            return "down";
        case MemberState::out:
            return "out";
        case MemberState::draining:
            return "draining";
    }
    return "unknown";
}

Members::Members(Registry& registry, Clock& clock, ClusterOptions options)
    : registry_(registry), clock_(clock), options_(options), alive_(std::make_shared<bool>(true)) {
    for (auto const& [id, row] : registry_.rows()) {
        auto& live = live_[id];
        live.silent_since = clock_.steady();
        live.since = clock_.now();
        live.state = state_now(row, live);
    }
}

void Members::connected(MemberId id) {
    auto& live = live_[id];
    live.is_connected = true;
    live.has_beaten = false;
    live.connections += 1;
    refresh(id);
}

void Members::heartbeat(MemberId id, wire::Heartbeat heartbeat) {
    auto& live = live_[id];
    if (!live.is_connected) return;
    if (heartbeat.sequence < live.heartbeat.sequence) {
        live.went_back = true;
        LOG_ERROR(
            "a member came back with an older copy of its data",
            kv("member", id.value),
            kv("sequence", heartbeat.sequence),
            kv("sequence_before", live.heartbeat.sequence)
        );
    }
    live.has_beaten = true;
    bool const is_news = live.went_back || heartbeat.read_only != live.heartbeat.read_only ||
                         heartbeat.corrupt_shards != live.heartbeat.corrupt_shards;
    live.heard = clock_.steady();
    live.last_heartbeat = clock_.now();
    live.heartbeat = heartbeat;
    auto const before = live.state;
    refresh(id);
    if (is_news && live.state == before) tell(id);
}

void Members::disconnected(MemberId id) {
    live_[id].is_connected = false;
    live_[id].has_beaten = false;
    refresh(id);
}

void Members::doubt(MemberId id) { live_[id].doubted = clock_.steady(); }

void Members::trust(MemberId id) {
    auto const found = live_.find(id);
    if (found == live_.end() || !found->second.went_back) return;
    found->second.went_back = false;
    tell(id);
}

void Members::changed(MemberId id) {
    if (!live_.contains(id)) {
        live_[id].silent_since = clock_.steady();
        live_[id].since = clock_.now();
    }
    refresh(id);
    tell(id);
}

Task<void> Members::run() {
    for (;;) {
        CO_TRY_OK(co_await clock_.sleep(tick_every));
        auto const ticked = co_await tick();
        if (!ticked) LOG_ERROR("a member's state was not written", kv("error", ticked.error()));
    }
}

Task<void> Members::tick() {
    std::vector<MemberId> returned;
    for (auto const& [id, row] : registry_.rows()) {
        refresh(id);
        if (row.is_out && is_up(id)) returned.push_back(id);
    }
    for (auto const id : overdue()) {
        auto row = *registry_.find(id);
        row.is_out = true;
        LOG_WARN("a storage node is given up and rebuilt elsewhere", kv("member", row.name));
        CO_TRY_OK(co_await registry_.change(std::move(row)));
        changed(id);
    }
    for (auto const id : returned) {
        auto row = *registry_.find(id);
        row.is_out = false;
        LOG_INFO("a storage node that was given up is back", kv("member", row.name));
        CO_TRY_OK(co_await registry_.change(std::move(row)));
        changed(id);
    }
    co_return Result<void>();
}

std::shared_ptr<void> Members::listen(Listener listener) {
    auto const number = next_listener_++;
    listeners_.emplace(number, std::move(listener));
    auto const forget = [this, number, alive = std::weak_ptr(alive_)](void*) {
        if (!alive.expired()) listeners_.erase(number);
    };
    return {static_cast<void*>(this), forget};
}

std::vector<Member> Members::all() const {
    std::vector<Member> members;
    for (auto const& [id, row] : registry_.rows()) members.push_back(view(row));
    mark_shared_disks(members);
    std::ranges::sort(members, {}, &Member::name);
    return members;
}

std::optional<Member> Members::find(MemberId id) const {
    auto const members = all();
    auto const found = std::ranges::find(members, id, &Member::id);
    if (found == members.end()) return std::nullopt;
    return *found;
}

MemberState Members::state_of(MemberId id) const {
    auto const found = live_.find(id);
    return found == live_.end() ? MemberState::out : found->second.state;
}

std::uint64_t Members::connections_of(MemberId id) const {
    auto const found = live_.find(id);
    return found == live_.end() ? 0 : found->second.connections;
}

bool Members::went_back(MemberId id) const {
    auto const found = live_.find(id);
    return found != live_.end() && found->second.went_back;
}

std::vector<Candidate> Members::candidates() const {
    std::vector<Candidate> nodes;
    for (auto const& [id, row] : registry_.rows()) {
        auto const found = live_.find(id);
        if (!is_storage(row) || found == live_.end() || !takes_shards(found->second)) continue;
        auto const& live = found->second;
        bool const is_doubtful = live.doubted && clock_.steady() - *live.doubted < doubt_for;
        nodes.push_back(
            {.node = id, .free_bytes = live.heartbeat.free_bytes, .is_doubtful = is_doubtful}
        );
    }
    return nodes;
}

NodeCount Members::count() const {
    NodeCount count;
    for (auto const& [id, row] : registry_.rows()) {
        if (!is_storage(row)) continue;
        count.registered += 1;
        auto const found = live_.find(id);
        if (found == live_.end() || found->second.state != MemberState::up) continue;
        (takes_shards(found->second) ? count.usable : count.full) += 1;
    }
    return count;
}

bool Members::is_mass_outage() const {
    int away = 0;
    for (auto const& [id, row] : registry_.rows()) {
        if (is_storage(row) && state_of(id) == MemberState::down) away += 1;
    }
    auto const registered = count().registered;
    return registered > 0 && away > layout_for(SizeClass::large, registered).m;
}

MemberState Members::state_now(MemberRow const& row, Live const& live) const {
    auto const otherwise = row.is_out ? MemberState::out : MemberState::down;
    if (!live.heard) return otherwise;
    auto const silent = clock_.steady() - *live.heard;
    if (live.has_beaten && silent <= options_.suspect_after) return MemberState::up;
    return silent <= options_.lease ? MemberState::suspect : otherwise;
}

void Members::refresh(MemberId id) {
    auto const* const row = registry_.find(id);
    auto const found = live_.find(id);
    if (row == nullptr || found == live_.end()) return;
    auto& live = found->second;
    auto const state = state_now(*row, live);
    if (state == live.state) return;
    LOG_INFO(
        "a member changes state",
        kv("member", row->name),
        kv("from", name_of(live.state)),
        kv("to", name_of(state))
    );
    live.state = state;
    live.since = clock_.now();
    if (state == MemberState::down) live.silent_since = clock_.steady();
    tell(id);
}

void Members::tell(MemberId id) {
    auto const member = find(id);
    if (!member) return;
    auto const listeners = listeners_;  // A listener may come or go while it is called.
    for (auto const& [number, listener] : listeners) {
        if (listeners_.contains(number)) listener(*member);
    }
}

std::vector<MemberId> Members::overdue() const {
    std::vector<MemberId> ids;
    if (is_mass_outage()) return ids;
    for (auto const& [id, row] : registry_.rows()) {
        if (!is_storage(row) || row.is_out || state_of(id) != MemberState::down) continue;
        auto const away = clock_.steady() - live_.at(id).silent_since;
        if (away >= options_.out_after) ids.push_back(id);
    }
    return ids;
}

Member Members::view(MemberRow const& row) const {
    Member member{
        .id = row.id,
        .name = row.name,
        .role = row.role,
        .address = row.address,
        .disk_id = row.disk_id,
        .state = state_of(row.id),
        .since = {},
        .last_heartbeat = {},
        .heartbeat = {},
        .disk_nodes = 1,
    };
    auto const found = live_.find(row.id);
    if (found != live_.end()) {
        member.since = found->second.since;
        member.last_heartbeat = found->second.last_heartbeat;
        member.heartbeat = found->second.heartbeat;
    }
    return member;
}

bool Members::takes_shards(Live const& live) const {
    auto const& heartbeat = live.heartbeat;
    bool const is_full = heartbeat.free_bytes <= heartbeat.capacity_bytes / full_share;
    return live.state == MemberState::up && !heartbeat.read_only && !is_full;
}

}  // namespace disgrafs::cluster
