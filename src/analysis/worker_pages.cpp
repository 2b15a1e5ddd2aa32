#include "analysis/worker_pages.hpp"

#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/metrics.hpp"

namespace disgrafs::analysis {

namespace {

Task<void> metrics(wire::HttpExchange& exchange) {
    wire::HttpAnswer answer;
    answer.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = write_metrics();
    co_return co_await exchange.send(std::move(answer));
}

}  // namespace

void WorkerPages::add_to(wire::HttpRoutes& routes) {
    routes.add("GET", "/metrics", "metrics", metrics);
    auto const health_page = [this](wire::HttpExchange& exchange) { return health(exchange); };
    routes.add("GET", "/api/v1/health", "health", health_page);
}

std::string WorkerPages::health_json() const {
    boost::json::object out;
    out["status"] = status();
    out["role"] = "worker";
    out["id"] = member_.identity().id.value;
    out["name"] = member_.identity().name;
    out["epoch"] = member_.epoch();
    out["busy"] = busy_;
    out["processes"] = processes_;
    return boost::json::serialize(out);
}

bool WorkerPages::is_healthy() const { return std::string_view(status()) == "ok"; }

char const* WorkerPages::status() const {
    if (member_.identity().id == MemberId{}) return "not_member";
    if (!member_.may_act()) return "no_lease";
    return "ok";
}

Task<void> WorkerPages::health(wire::HttpExchange& exchange) const {
    wire::HttpAnswer answer;
    answer.status = is_healthy() ? 200 : 503;
    answer.headers["Content-Type"] = "application/json";
    answer.body = health_json();
    co_return co_await exchange.send(std::move(answer));
}

}  // namespace disgrafs::analysis
