#include "storage/node_pages.hpp"

#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/metrics.hpp"

namespace disgrafs::storage {
namespace {

Task<void> metrics(wire::HttpExchange& exchange) {
    wire::HttpAnswer answer;
    answer.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = write_metrics();
    co_return co_await exchange.send(std::move(answer));
}

Task<void> frames(wire::HttpExchange& exchange, wire::ShardServer& shards) {
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    co_return co_await shards.serve_websocket(*socket);
}

}  // namespace

wire::Heartbeat heartbeat(ShardStore const& store) {
    auto const counts = store.counts();
    wire::Heartbeat heartbeat;
    heartbeat.capacity_bytes = counts.capacity_bytes;
    heartbeat.free_bytes = counts.free_bytes;
    heartbeat.used_bytes = counts.used_bytes;
    heartbeat.shards = counts.shards;
    heartbeat.sequence = counts.sequence;
    heartbeat.corrupt_shards = counts.corrupt_shards;
    heartbeat.read_only = counts.is_read_only;
    return heartbeat;
}

void NodePages::add_to(wire::HttpRoutes& routes, wire::ShardServer& shards) {
    routes.add("GET", "/metrics", "metrics", metrics);
    auto const health_page = [this](wire::HttpExchange& exchange) { return health(exchange); };
    routes.add("GET", "/api/v1/health", "health", health_page);
    auto const frames_page = [&shards](wire::HttpExchange& exchange) {
        return frames(exchange, shards);
    };
    routes.add("GET", "/shards/v1", "frames", frames_page);
}

char const* NodePages::status() const {
    if (member_.identity().id == MemberId{}) return "not_member";
    if (store_.counts().is_read_only) return "read_only";
    if (!member_.may_act()) return "no_lease";
    return "ok";
}

bool NodePages::is_healthy() const { return std::string_view(status()) == "ok"; }

std::string NodePages::health_json() const {
    auto const counts = store_.counts();
    boost::json::object out;
    out["status"] = status();
    out["role"] = "storage";
    out["id"] = member_.identity().id.value;
    out["name"] = member_.identity().name;
    out["disk"] = store_.disk_id();
    out["epoch"] = member_.epoch();
    out["shards"] = counts.shards;
    out["corrupt_shards"] = counts.corrupt_shards;
    out["used_bytes"] = counts.used_bytes;
    out["free_bytes"] = counts.free_bytes;
    out["capacity_bytes"] = counts.capacity_bytes;
    out["sequence"] = counts.sequence;
    return boost::json::serialize(out);
}

Task<void> NodePages::health(wire::HttpExchange& exchange) const {
    wire::HttpAnswer answer;
    answer.status = is_healthy() ? 200 : 503;
    answer.headers["Content-Type"] = "application/json";
    answer.body = health_json();
    co_return co_await exchange.send(std::move(answer));
}

}  // namespace disgrafs::storage
