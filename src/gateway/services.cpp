#include "gateway/services.hpp"

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace disgrafs::gateway {

namespace {

/// One cookie of a Cookie header (RFC 6265 §5.4), or empty.
std::string cookie(wire::HttpRequest const& request, std::string_view name) {
    auto const found = request.headers.find("Cookie");
    if (found == request.headers.end()) return {};
    for (auto part : split(found->second, ';')) {
        while (part.starts_with(' ')) part.remove_prefix(1);
        if (part.starts_with(name) && part.substr(name.size()).starts_with('=')) {
            return std::string(part.substr(name.size() + 1));
        }
    }
    return {};
}

bool changes_something(std::string const& method) {
    return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// A WebSocket opened by another site's page carries our cookie but that site's Origin.
bool is_foreign_origin(wire::HttpRequest const& request) {
    auto const origin = request.headers.find("Origin");
    auto const host = request.headers.find("Host");
    if (origin == request.headers.end() || host == request.headers.end()) return false;
    return !origin->second.ends_with("://" + host->second);
}

Task<void> run_signed(Services& services, wire::HttpExchange& exchange, SignedHandler handler) {
    auto const user = co_await authenticate(services, exchange);
    if (!user && user.error().code == Errc::denied) {
        auto refusal = wire::problem(user.error(), exchange.context(), 401);
        refusal.headers["WWW-Authenticate"] = "Bearer realm=\"DisGraFS\"";
        co_return co_await exchange.send(std::move(refusal));
    }
    if (!user) co_return std::unexpected(user.error());
    exchange.context().user = user->id;
    co_return co_await handler(services, exchange, *user);
}

}  // namespace

std::string token_of(wire::HttpRequest const& request) {
    auto const found = request.headers.find("Authorization");
    if (found == request.headers.end()) return cookie(request, session_cookie);
    std::string_view const value = found->second;
    constexpr std::string_view scheme = "bearer ";
    if (to_lower_ascii(value.substr(0, scheme.size())) != scheme) return {};
    return std::string(value.substr(scheme.size()));
}

Task<files::User> authenticate(Services& services, wire::HttpExchange& exchange) {
    auto const& request = exchange.request();
    auto token = token_of(request);
    if (token.empty()) {
        co_return fail(Errc::denied, "nobody is signed in: POST /api/v1/login first");
    }
    if (!request.headers.contains("Authorization")) {
        auto const wanted = request.headers.find("X-Requested-With");
        auto const is_ours = wanted != request.headers.end() && wanted->second == "disgrafs";
        if (is_foreign_origin(request) || (changes_something(request.method) && !is_ours)) {
            co_return fail(
                Errc::denied, "a request by cookie needs the header X-Requested-With: disgrafs"
            );
        }
    }
    co_return co_await services.people.authenticate(std::move(token));
}

void RouteTable::open(
    char const* method, char const* pattern, char const* op, OpenHandler handler
) {
    auto run = [&services = services_, handler](wire::HttpExchange& exchange) {
        return handler(services, exchange);
    };
    routes_.add(method, pattern, op, std::move(run));
}

void RouteTable::signed_in(
    char const* method, char const* pattern, char const* op, SignedHandler handler
) {
    auto run = [&services = services_, handler](wire::HttpExchange& exchange) {
        return run_signed(services, exchange, handler);
    };
    routes_.add(method, pattern, op, std::move(run));
}

}  // namespace disgrafs::gateway
