/// \file gateway/login.cpp  Signing in and out, and who I am.

#include <string>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/text.hpp"
#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

std::string cookie_of(std::string const& token, Duration life, bool is_secure) {
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(life).count();
    return fmt::format(
        "{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}",
        session_cookie,
        token,
        seconds,
        is_secure ? "; Secure" : ""
    );
}

Task<void> login(Services& services, wire::HttpExchange& exchange) {
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto user, text_member(body, "user"));
    CO_TRY(auto password, text_member(body, "password"));
    auto const session = co_await services.people.login(
        std::move(user), std::move(password), exchange.request().peer.host
    );
    if (!session) {
        auto const& error = session.error();
        auto const status = error.code == Errc::denied      ? 401
                            : error.code == Errc::exhausted ? 429
                                                            : 0;
        co_return co_await exchange.send(wire::problem(error, exchange.context(), status));
    }
    CO_TRY(auto const who, co_await services.people.authenticate(session->token));
    json::object const out{
        {"token", session->token}, {"expires", to_rfc3339(session->expires)}, {"user", to_json(who)}
    };
    wire::HttpAnswer text{.status = 200, .headers = {}, .body = json::serialize(out)};
    text.headers["Content-Type"] = "application/json";
    text.headers["Cache-Control"] = "no-store";
    auto const life = session->expires - services.clock.now();
    text.headers["Set-Cookie"] = cookie_of(session->token, life, exchange.request().is_secure);
    co_return co_await exchange.send(std::move(text));
}

/// The token of a request that authenticate() has let in.
std::string token_of(wire::HttpRequest const& request) {
    auto token = header(request, "Authorization");
    if (!token.empty()) return token.substr(std::string("Bearer ").size());
    auto const cookies = header(request, "Cookie");
    auto const name = std::string(session_cookie) + "=";
    auto const at = cookies.find(name);
    return cookies.substr(at + name.size(), cookies.find(';', at) - at - name.size());
}

Task<void> logout(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    auto const& request = exchange.request();
    CO_TRY_OK(co_await services.people.logout(token_of(request)));
    wire::HttpAnswer out{.status = 204, .headers = {}, .body = {}};
    out.headers["Set-Cookie"] = cookie_of("", Duration(0), request.is_secure);
    co_return co_await exchange.send(std::move(out));
}

Task<void> me(Services& /*services*/, wire::HttpExchange& exchange, files::User const& user) {
    auto const out = to_json(user);
    co_return co_await send_json(exchange, 200, out);
}

Task<void> change_password(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto old_password, text_member(body, "old"));
    CO_TRY(auto new_password, text_member(body, "new"));
    CO_TRY_OK(co_await services.people.change_password(
        exchange.context(),
        std::move(old_password),
        std::move(new_password),
        token_of(exchange.request())
    ));
    co_return co_await send_nothing(exchange);
}

}  // namespace

void add_login_routes(RouteTable& table) {
    table.open("POST", "/api/v1/login", "login", login);
    table.signed_in("POST", "/api/v1/logout", "logout", logout);
    table.signed_in("GET", "/api/v1/me", "me", me);
    table.signed_in("PUT", "/api/v1/me/password", "change_password", change_password);
}

}  // namespace disgrafs::gateway
