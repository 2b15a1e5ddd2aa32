#include "cluster/gauges.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::array states{
    MemberState::up,
    MemberState::suspect,
    MemberState::down,
    MemberState::out,
    MemberState::draining
};

void set_margins(
    std::array<Gauge*, ClusterMetrics::margins>& gauges, std::map<int, std::uint64_t> const& counts
) {
    std::array<double, ClusterMetrics::margins> sums{};
    for (auto const& [margin, count] : counts) {
        if (margin < 0) continue;
        auto const at = std::min<std::size_t>(static_cast<std::size_t>(margin), sums.size() - 1);
        sums[at] += static_cast<double>(count);
    }
    for (std::size_t at = 0; at < sums.size(); ++at) gauges[at]->Set(sums[at]);
}

std::uint64_t below_zero(std::map<int, std::uint64_t> const& counts) {
    std::uint64_t sum = 0;
    for (auto const& [margin, count] : counts) sum += margin < 0 ? count : 0;
    return sum;
}

// How unevenly the nodes that are up are filled: 0 … 1.
double skew_of(std::vector<Member> const& members) {
    double least = 1;
    double most = 0;
    for (auto const& member : members) {
        auto const& heartbeat = member.heartbeat;
        if (member.state != MemberState::up || heartbeat.capacity_bytes == 0) continue;
        auto const used = static_cast<double>(heartbeat.used_bytes) /
                          static_cast<double>(heartbeat.capacity_bytes);
        least = std::min(least, used);
        most = std::max(most, used);
    }
    return std::max(most - least, 0.0);
}

}  // namespace

void MemberGauges::set(std::vector<Member> const& members) {
    std::set<std::pair<std::string, Labels>> shown;
    auto const show = [&](char const* name, char const* help, Labels labels, double value) {
        gauge(name, help, labels).Set(value);
        shown.emplace(name, std::move(labels));
    };
    for (auto const& member : members) {
        Labels const node{{"node", member.name}};
        Labels labels = node;
        labels["role"] = wire::name_of(member.role);
        auto const expected = "1 for every member that should exist, dead ones too.";
        show("disgrafs_member_expected", expected, labels, 1);
        auto const up = "1 while its heartbeat is fresh, seen by the index server.";
        show("disgrafs_member_up", up, labels, member.state == MemberState::up ? 1 : 0);
        for (auto const state : states) {
            Labels of_state = node;
            of_state["state"] = name_of(state);
            auto const help = "One of up, suspect, down, out, draining is 1.";
            show("disgrafs_member_state", help, of_state, member.state == state ? 1 : 0);
        }
        if (member.last_heartbeat.us == 0) continue;  // Absent until it happened.
        auto const last = member.last_heartbeat.seconds();
        auto const heartbeat = "Unix time of last heartbeat.";
        show("disgrafs_member_heartbeat_timestamp_seconds", heartbeat, node, last);
    }
    for (auto const& [name, labels] : shown_) {
        if (!shown.contains({name, labels})) forget_gauge(name, labels);
    }
    shown_ = std::move(shown);
}

void set_gauges(ClusterStatus const& status, Healing const& healing) {
    auto& metrics = cluster_metrics();
    set_margins(metrics.stripes, status.stripes_by_margin);
    set_margins(metrics.repair_queue, status.repair.queued_by_margin);
    metrics.stripes_lost.Set(static_cast<double>(below_zero(status.stripes_by_margin)));
    auto const risk = healing.margins().risk();
    metrics.files_at_risk.Set(static_cast<double>(risk.at_risk));
    metrics.files_lost.Set(static_cast<double>(risk.lost));
    metrics.placement_violations.Set(static_cast<double>(healing.margins().violations()));
    metrics.repair_eta.Set(status.repair.eta_seconds);
    auto const* const since = "disgrafs_repair_oldest_degraded_timestamp_seconds";
    if (auto const oldest = healing.queue().oldest()) {
        gauge(since, "When the longest degraded stripe lost redundancy.").Set(oldest->seconds());
    } else {
        forget_gauge(since);  // Nothing is degraded: an old time would keep its alert burning.
    }
    auto const layout = status.write_layout;
    auto const share = static_cast<double>(layout.k) / layout.total();
    metrics.capacity_usable.Set(static_cast<double>(status.capacity_bytes) * share);
    metrics.capacity_used.Set(static_cast<double>(status.used_bytes));
    metrics.balance_skew.Set(skew_of(status.members));
}

}  // namespace disgrafs::cluster
