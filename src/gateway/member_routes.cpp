/// \file gateway/member_routes.cpp  /cluster/v1: how processes become and stay members.

#include <string>
#include <utility>

#include "base/text.hpp"
#include "gateway/answers.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::gateway {

namespace {

Task<void> join(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const text, co_await exchange.read_all(64U << 10U));
    CO_TRY(auto request, wire::parse_join_request(text));
    CO_TRY(auto const joined, co_await services.cluster.join(std::move(request)));
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = wire::to_json(joined)};
    out.headers["Content-Type"] = "application/json";
    out.headers["Cache-Control"] = "no-store";
    co_return co_await exchange.send(std::move(out));
}

/// The socket proves its key itself (nonce and HMAC), so no session is asked for.
Task<void> serve_member(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const number, parse_number(text_query(exchange.request(), "id")));
    MemberId const id{number};
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    auto const ended = co_await services.cluster.serve_member(*socket, id);
    services.queue.release(id);
    co_return ended;
}

}  // namespace

void add_member_routes(RouteTable& table) {
    table.open("POST", "/cluster/v1/join", "join", join);
    table.open("GET", "/cluster/v1/member", "member", serve_member);
}

}  // namespace disgrafs::gateway
