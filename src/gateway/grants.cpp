/// \file gateway/grants.cpp  Who may read, write and share what.

#include <utility>

#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

Task<void> list(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    auto const path = text_query(exchange.request(), "path");
    CO_TRY(auto const grants, co_await services.files.grants(exchange.context(), path));
    json::array rows;
    for (auto const& grant : grants) rows.push_back(to_json(grant));
    json::object const out{{"grants", std::move(rows)}};
    co_return co_await send_json(exchange, 200, out);
}

Task<void> add(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const body, co_await read_json(exchange));
    files::Grant grant;
    CO_TRY(grant.path, text_member(body, "path"));
    CO_TRY(grant.principal, text_member(body, "principal"));
    grant.may.read = flag_member(body, "read", true);
    grant.may.write = flag_member(body, "write", false);
    grant.may.share = flag_member(body, "share", false);
    CO_TRY_OK(co_await services.files.grant(exchange.context(), grant));
    auto const out = to_json(grant);
    co_return co_await send_json(exchange, 201, out);
}

Task<void> revoke(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    auto const& request = exchange.request();
    auto const path = text_query(request, "path");
    auto const principal = text_query(request, "principal");
    CO_TRY_OK(co_await services.files.revoke(exchange.context(), path, principal));
    co_return co_await send_nothing(exchange);
}

}  // namespace

void add_grant_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/grants", "grants", list);
    table.signed_in("POST", "/api/v1/grants", "grant", add);
    table.signed_in("DELETE", "/api/v1/grants", "revoke", revoke);
}

}  // namespace disgrafs::gateway
