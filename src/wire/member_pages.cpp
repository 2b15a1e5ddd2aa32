#include "wire/member_pages.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "base/metrics.hpp"

namespace disgrafs::wire {
namespace {

constexpr char const* ok = "ok";

char const* status_of(MemberClient const& member) {
    if (member.identity().id == MemberId{}) return "not_member";
    return member.may_act() ? ok : "no_lease";
}

Task<void> answer_health(HttpExchange& exchange, boost::json::object health) {
    HttpAnswer answer;
    answer.status = health.at("status").as_string() == ok ? 200 : 503;
    answer.headers["Content-Type"] = "application/json";
    answer.body = boost::json::serialize(health);
    co_return co_await exchange.send(std::move(answer));
}

}  // namespace

Task<void> answer_metrics(HttpExchange& exchange) {
    HttpAnswer answer;
    answer.headers["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8";
    answer.body = write_metrics();
    co_return co_await exchange.send(std::move(answer));
}

boost::json::object health_of(MemberClient const& member, std::string_view role) {
    boost::json::object out;
    out["status"] = status_of(member);
    out["role"] = role;
    out["id"] = member.identity().id.value;
    out["name"] = member.identity().name;
    out["epoch"] = member.epoch();
    return out;
}

void add_member_pages(HttpRoutes& routes, std::function<boost::json::object()> health) {
    routes.add("GET", "/metrics", "metrics", answer_metrics);
    auto const page = [health = std::move(health)](HttpExchange& exchange) {
        return answer_health(exchange, health());
    };
    routes.add("GET", "/api/v1/health", "health", page);
}

}  // namespace disgrafs::wire
