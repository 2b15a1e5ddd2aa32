/// \file gateway/search_routes.cpp  GET /search: words to files, as the asking user sees them.

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

Task<void> search(Services& services, wire::HttpExchange& exchange, files::User const& user) {
    auto const& request = exchange.request();
    Bounds const limits{.least = 1, .most = 100, .fallback = 20};
    Bounds const offsets{.least = 0, .most = 10'000, .fallback = 0};
    CO_TRY(auto const limit, number_query(request, "limit", limits));
    CO_TRY(auto const offset, number_query(request, "offset", offsets));
    auto const begin = services.clock.steady();
    search::SearchRequest wanted;
    wanted.query = text_query(request, "q");
    if (wanted.query.empty()) co_return fail(Errc::invalid, "'q' is missing: what to look for");
    if (wanted.query.size() > 1000) co_return fail(Errc::invalid, "'q' is longer than 1,000 bytes");
    wanted.limit = limit;
    wanted.offset = offset;
    wanted.is_visible = [&rights = services.files.rights(), id = user.id](NodeId node) {
        return rights.sees(id, node) && rights.of(id, node).read;
    };
    CO_TRY(auto const found, co_await services.search.search(std::move(wanted)));
    json::array hits;
    for (auto const& hit : found.hits) {
        auto const entry = co_await services.files.entry(exchange.context(), hit.node);
        if (!entry) continue;  // Deleted while we looked.
        auto row = to_json(*entry);
        row["score"] = hit.score;
        row["snippet"] = hit.snippet;
        hits.push_back(std::move(row));
    }
    json::array facets;
    for (auto const& facet : found.facets) {
        facets.push_back(json::object{{"tag", facet.tag}, {"count", facet.count}});
    }
    auto const took = services.clock.steady() - begin;
    json::object const out{
        {"total", found.total},
        {"took_ms", std::chrono::duration<double, std::milli>(took).count()},
        {"event", services.search.watermark()},
        {"hits", std::move(hits)},
        {"facets", std::move(facets)}
    };
    co_return co_await send_json(exchange, 200, out);
}

}  // namespace

void add_search_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/search", "search", search);
}

}  // namespace disgrafs::gateway
