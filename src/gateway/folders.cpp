/// \file gateway/folders.cpp  Folders: list, make, move, delete; entries by path.

#include <string>
#include <utility>

#include "gateway/answers.hpp"
#include "gateway/handlers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

Task<void> list_folder(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const& request = exchange.request();
    Bounds const bounds{.least = 1, .most = 1000, .fallback = 200};
    CO_TRY(auto const limit, number_query(request, "limit", bounds));
    files::ListOptions options{.after = text_query(request, "after"), .limit = limit};
    CO_TRY(
        auto const listing,
        co_await services.files.list(exchange.context(), path_capture(request), std::move(options))
    );
    json::array entries;
    for (auto const& entry : listing.entries) entries.push_back(to_json(entry));
    json::object out{
        {"folder", to_json(listing.folder)},
        {"entries", std::move(entries)},
        {"total", listing.total},
        {"next", nullptr}
    };
    if (listing.next) out["next"] = *listing.next;
    co_return co_await send_json(exchange, 200, out);
}

Task<void> make_folder(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const path = path_capture(exchange.request());
    CO_TRY(auto const entry, co_await services.files.make_folder(exchange.context(), path));
    auto const out = to_json(entry);
    co_return co_await send_json(exchange, 201, out);
}

Task<void> show_entry(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const path = path_capture(exchange.request());
    CO_TRY(auto const entry, co_await services.files.find(exchange.context(), path));
    CO_TRY(auto const out, co_await detail_of(services, exchange.context(), entry.id));
    co_return co_await send_json(exchange, 200, out);
}

Task<void> move(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto from, text_member(body, "from"));
    CO_TRY(auto to, text_member(body, "to"));
    CO_TRY(
        auto const entry,
        co_await services.files.move(exchange.context(), std::move(from), std::move(to))
    );
    auto const out = to_json(entry);
    co_return co_await send_json(exchange, 200, out);
}

Task<void> remove(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    auto const& request = exchange.request();
    auto const path = path_capture(request);
    auto const is_purge = text_query(request, "purge") == "1";
    NodeId id;
    if (is_purge) {
        CO_TRY(auto const entry, co_await services.files.find(exchange.context(), path));
        id = entry.id;
    }
    CO_TRY_OK(co_await services.files.remove(exchange.context(), path));
    if (is_purge) CO_TRY_OK(co_await services.files.purge(exchange.context(), id));
    co_return co_await send_nothing(exchange);
}

}  // namespace

void add_file_routes(RouteTable& table) {
    table.signed_in("PUT", "/api/v1/files/{path*}", "put", put_file);
    table.signed_in("GET", "/api/v1/files/{path*}", "get", get_file);
    table.signed_in("HEAD", "/api/v1/files/{path*}", "head", get_file);
    table.signed_in("DELETE", "/api/v1/files/{path*}", "delete", remove);
}

void add_folder_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/folders/{path*}", "list", list_folder);
    table.signed_in("POST", "/api/v1/folders/{path*}", "make_folder", make_folder);
    table.signed_in("GET", "/api/v1/entries/{path*}", "entry", show_entry);
    table.signed_in("POST", "/api/v1/move", "move", move);
}

}  // namespace disgrafs::gateway
