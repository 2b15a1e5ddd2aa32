/// \file gateway/nodes.cpp  One file or folder by its node id: detail, places, text.

#include <string>
#include <utility>

#include <fmt/format.h>

#include "analysis/rows.hpp"
#include "base/text.hpp"
#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

Task<void> show(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const out, co_await detail_of(services, exchange.context(), id));
    co_return co_await send_json(exchange, 200, out);
}

char const* role_of(erasure::Layout layout, std::size_t index) {
    if (layout.k == 1) return "copy";
    return index < layout.k ? "data" : "parity";
}

json::object to_json(cluster::StripePlaces const& stripe) {
    json::array shards;
    for (std::size_t index = 0; index < stripe.shards.size(); ++index) {
        auto const& shard = stripe.shards[index];
        json::object row{
            {"index", index},
            {"role", role_of(stripe.layout, index)},
            {"node", nullptr},
            {"up", shard.is_up},
            {"size", shard.size_bytes}
        };
        if (shard.node.value != 0) row["node"] = shard.node_name;
        shards.push_back(std::move(row));
    }
    return {
        {"layout", fmt::format("{}+{}", stripe.layout.k, stripe.layout.m)},
        {"content_bytes", stripe.content_bytes},
        {"margin", stripe.margin},
        {"shards", std::move(shards)}
    };
}

Task<void> show_places(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const version, co_await services.files.version(exchange.context(), id, 0));
    CO_TRY(auto const places, co_await services.cluster.contents().places(version.content));
    json::array stripes;
    for (auto const& stripe : places.stripes) stripes.push_back(to_json(stripe));
    auto const layout = places.layout;
    auto const is_copies = layout.matrix == erasure::Matrix::replica;
    json::object const out{
        {"size", places.size_bytes},
        {"inline", places.is_inline},
        {"layout", fmt::format("{}+{}", layout.k, layout.m)},
        {"matrix", is_copies ? "replica" : "cauchy"},
        {"stripe_count", places.stripe_count},
        {"stripes", std::move(stripes)}
    };
    co_return co_await send_json(exchange, 200, out);
}

Task<void> show_text(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const entry, co_await services.files.entry(exchange.context(), id));
    CO_TRY(auto const row, co_await services.graph.store().get(analysis::text_key(entry.id)));
    if (!row || !entry.may.read)
        co_return fail(Errc::not_found, "no text was found in {}", entry.path);
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = std::string(as_text(row->value))};
    out.headers["Content-Type"] = "text/plain; charset=utf-8";
    out.headers["X-Content-Type-Options"] = "nosniff";
    co_return co_await exchange.send(std::move(out));
}

/// Puts the current version into the analysis queue again.
Task<void> analyse_again(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const entry, co_await services.files.entry(exchange.context(), id));
    if (entry.kind != files::Kind::file) co_return fail(Errc::invalid, "a folder is not analysed");
    if (!entry.may.write) co_return fail(Errc::denied, "you may not change {}", entry.path);
    auto const transaction = services.graph.begin();
    transaction->set(entry.id, {{"analysed", "queued"}});
    services.queue.add(*transaction, entry.id, entry.version);
    CO_TRY(auto const revision, co_await transaction->commit());
    (void)revision;
    wire::HttpAnswer out{.status = 202, .headers = {}, .body = {}};
    co_return co_await exchange.send(std::move(out));
}

}  // namespace

void add_node_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/nodes/{id}", "node", show);
    table.signed_in("GET", "/api/v1/nodes/{id}/places", "places", show_places);
    table.signed_in("GET", "/api/v1/nodes/{id}/text", "text", show_text);
    table.signed_in("POST", "/api/v1/nodes/{id}/analyse", "analyse", analyse_again);
}

}  // namespace disgrafs::gateway
