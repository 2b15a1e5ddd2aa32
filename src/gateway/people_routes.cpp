/// \file gateway/people_routes.cpp  Users and groups.

#include <string>
#include <utility>

#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

/// "admin" or "user"; anything else is refused. Errors: invalid.
Result<bool> admin_member(json::object const& body) {
    TRY(auto const role, text_member(body, "role"));
    if (role != "admin" && role != "user") return fail(Errc::invalid, "'role' is user or admin");
    return role == "admin";
}

Task<void>
list_users(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const users, co_await services.people.users(exchange.context()));
    json::array list;
    for (auto const& user : users) list.push_back(to_json(user));
    json::object const out{{"users", std::move(list)}};
    co_return co_await send_json(exchange, 200, out);
}

Task<void> add_user(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto name, text_member(body, "name"));
    CO_TRY(auto password, text_member(body, "password"));
    auto is_admin = false;
    if (body.contains("role")) {
        CO_TRY(is_admin, admin_member(body));
    }
    CO_TRY(auto const quota, number_member(body, "quota_bytes"));
    CO_TRY(
        auto const user,
        co_await services.people.add_user(
            exchange.context(), std::move(name), std::move(password), is_admin, quota.value_or(0)
        )
    );
    auto const out = to_json(user);
    co_return co_await send_json(exchange, 201, out);
}

Task<void> change_user(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    auto const name = exchange.request().captures.at(0);
    CO_TRY(auto const body, co_await read_json(exchange));
    files::UserChange change;
    if (body.contains("role")) {
        CO_TRY(change.is_admin, admin_member(body));
    }
    if (body.contains("disabled")) change.is_disabled = flag_member(body, "disabled", false);
    if (body.contains("password")) {
        CO_TRY(change.password, text_member(body, "password"));
    }
    CO_TRY(change.quota_bytes, number_member(body, "quota_bytes"));
    CO_TRY(
        auto const user,
        co_await services.people.change_user(exchange.context(), name, std::move(change))
    );
    auto const out = to_json(user);
    co_return co_await send_json(exchange, 200, out);
}

json::object to_json(files::People::Group const& group) {
    return {
        {"name", group.name}, {"members", json::array(group.members.begin(), group.members.end())}
    };
}

Task<void> list_groups(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const groups, co_await services.people.groups(exchange.context()));
    json::array list;
    for (auto const& group : groups) list.push_back(to_json(group));
    json::object const out{{"groups", std::move(list)}};
    co_return co_await send_json(exchange, 200, out);
}

Task<void>
add_group(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto const name, text_member(body, "name"));
    CO_TRY_OK(co_await services.people.add_group(exchange.context(), name));
    files::People::Group const group{.name = name, .members = {}};
    auto const out = to_json(group);
    co_return co_await send_json(exchange, 201, out);
}

Task<void> set_member(Services& services, wire::HttpExchange& exchange, bool is_member) {
    auto const& captures = exchange.request().captures;
    CO_TRY_OK(co_await services.people.set_member(
        exchange.context(), captures.at(0), captures.at(1), is_member
    ));
    co_return co_await send_nothing(exchange);
}

Task<void>
add_member(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    return set_member(services, exchange, true);
}

Task<void> remove_member(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    return set_member(services, exchange, false);
}

}  // namespace

void add_people_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/users", "users", list_users);
    table.signed_in("POST", "/api/v1/users", "add_user", add_user);
    table.signed_in("PATCH", "/api/v1/users/{name}", "change_user", change_user);
    table.signed_in("GET", "/api/v1/groups", "groups", list_groups);
    table.signed_in("POST", "/api/v1/groups", "add_group", add_group);
    table.signed_in("PUT", "/api/v1/groups/{name}/members/{user}", "add_member", add_member);
    table.signed_in(
        "DELETE", "/api/v1/groups/{name}/members/{user}", "remove_member", remove_member
    );
}

}  // namespace disgrafs::gateway
