/// \file gateway/trash.cpp  The trash: what lies there, back again, or gone for ever.

#include <utility>

#include "base/text.hpp"
#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

Task<void> list(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const trash, co_await services.files.trash(exchange.context()));
    json::array entries;
    for (auto const& thrown : trash) {
        entries.push_back(json::object{
            {"entry", to_json(thrown.entry)},
            {"deleted", to_rfc3339(thrown.deleted)},
            {"by", thrown.by},
            {"from", thrown.from}
        });
    }
    json::object const out{{"entries", std::move(entries)}};
    co_return co_await send_json(exchange, 200, out);
}

Task<void> restore(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const entry, co_await services.files.restore(exchange.context(), id));
    auto const out = to_json(entry);
    co_return co_await send_json(exchange, 200, out);
}

Task<void> purge(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY_OK(co_await services.files.purge(exchange.context(), id));
    co_return co_await send_nothing(exchange);
}

}  // namespace

void add_trash_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/trash", "trash", list);
    table.signed_in("POST", "/api/v1/trash/{id}/restore", "restore", restore);
    table.signed_in("DELETE", "/api/v1/trash/{id}", "purge", purge);
}

}  // namespace disgrafs::gateway
