/// \file gateway/cluster_routes.cpp  How the cluster is: for everyone signed in, and health for
/// machines.

#include <string>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

std::size_t count_up(cluster::ClusterStatus const& status, wire::Role role) {
    std::size_t count = 0;
    for (auto const& member : status.members) {
        if (member.role == role && member.state == cluster::MemberState::up) ++count;
    }
    return count;
}

/// 200 while requests can be answered at all, so that a load balancer keeps sending reads.
Task<void> health(Services& services, wire::HttpExchange& exchange) {
    auto const status = services.cluster.status();
    auto const is_whole = status.can_write && status.can_read_all &&
                          status.repair.queued_stripes + status.repair.queued_contents == 0;
    json::object const out{
        {"status",
         is_whole              ? "ok"
         : status.can_read_all ? "degraded"
                               : "failing"},
        {"can_read", status.can_read_all},
        {"can_write", status.can_write},
        {"storage_up", count_up(status, wire::Role::storage)},
        {"version", DISGRAFS_VERSION},
        {"event", services.graph.image().revision()}
    };
    co_return co_await send_json(exchange, 200, out);
}

Task<void> show(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    auto const status = services.cluster.status();
    json::array members;
    for (auto const& member : status.members) members.push_back(to_json(member));
    json::object by_margin;
    for (auto const& [margin, count] : status.stripes_by_margin) {
        by_margin[fmt::format("{}", margin)] = count;
    }
    auto const layout = status.write_layout;
    auto const workers = count_up(status, wire::Role::worker);
    json::object const out{
        {"cluster_id", status.cluster_id},
        {"epoch", status.epoch},
        {"members", std::move(members)},
        {"capacity_bytes", status.capacity_bytes},
        {"used_bytes", status.used_bytes},
        {"stripes_total", status.stripes_total},
        {"stripes_by_margin", std::move(by_margin)},
        {"repair", to_json(status.repair)},
        {"write_layout", fmt::format("{}+{}", layout.k, layout.m)},
        {"can_write", status.can_write},
        {"can_read_all", status.can_read_all},
        {"analysis", to_json(services.queue.status(), workers)},
        {"files", services.graph.image().count_label(graph::label::file)},
        {"logical_bytes", services.files.logical_bytes()}
    };
    co_return co_await send_json(exchange, 200, out);
}

}  // namespace

void add_cluster_routes(RouteTable& table) {
    table.open("GET", "/api/v1/health", "health", health);
    table.signed_in("GET", "/api/v1/cluster", "cluster", show);
}

}  // namespace disgrafs::gateway
