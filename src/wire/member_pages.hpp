#pragma once

/// \file wire/member_pages.hpp  What every member says of itself over HTTP: GET /metrics
/// (docs/metrics.md) and GET /api/v1/health.

#include <functional>
#include <string_view>

#include <boost/json/object.hpp>

#include "wire/http.hpp"
#include "wire/member_client.hpp"

namespace disgrafs::wire {

/// What this process counts, in the text format 0.0.4 of Prometheus.
Task<void> answer_metrics(HttpExchange& exchange);

/// {"status": "ok" | "not_member" | "no_lease", "role", "id", "name", "epoch"}
boost::json::object health_of(MemberClient const& member, std::string_view role);

/// Both pages. `health` is asked at each request and outlives `routes`; it is answered with 200
/// when its "status" is "ok", else with 503.
void add_member_pages(HttpRoutes& routes, std::function<boost::json::object()> health);

}  // namespace disgrafs::wire
