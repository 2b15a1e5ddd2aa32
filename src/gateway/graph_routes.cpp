/// \file gateway/graph_routes.cpp  The graph for the page: the whole drive, or what is around a
/// node.

#include <utility>

#include "gateway/answers.hpp"
#include "gateway/graph_view.hpp"

namespace disgrafs::gateway {

namespace {

Task<void> overview(Services& services, wire::HttpExchange& exchange, files::User const& user) {
    Bounds const bounds{.least = 1, .most = 10'000, .fallback = 5'000};
    CO_TRY(auto const limit, number_query(exchange.request(), "limit", bounds));
    CO_TRY(auto const out, co_await services.graph_view->overview(user.id, limit));
    co_return co_await send_json(exchange, 200, out);
}

Task<void> neighbours(Services& services, wire::HttpExchange& exchange, files::User const& user) {
    auto const& request = exchange.request();
    CO_TRY(auto const id, id_capture(request));
    Bounds const depths{.least = 1, .most = 3, .fallback = 1};
    Bounds const limits{.least = 1, .most = 2000, .fallback = 200};
    CO_TRY(auto const depth, number_query(request, "depth", depths));
    CO_TRY(auto const limit, number_query(request, "limit", limits));
    CO_TRY(auto const part, visible_neighbours(services, user.id, id, depth, limit));
    auto const out = to_json(services, part);
    co_return co_await send_json(exchange, 200, out);
}

}  // namespace

void add_graph_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/graph", "graph", overview);
    table.signed_in("GET", "/api/v1/nodes/{id}/neighbours", "neighbours", neighbours);
}

}  // namespace disgrafs::gateway
