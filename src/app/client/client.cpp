#include "app/client/client.hpp"

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/trust.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "io/loop.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

Errc code_of(int status) {
    switch (status) {
        case 401:
        case 403:
            return Errc::denied;
        case 404:
            return Errc::not_found;
        case 409:
        case 412:
            return Errc::conflict;
        case 413:
        case 429:
        case 507:
            return Errc::exhausted;
        case 502:
        case 503:
        case 504:
            return Errc::unavailable;
        default:
            return status >= 500 ? Errc::io : Errc::invalid;
    }
}

/// Problem details as one error: what, what to do, which request.
std::unexpected<Error> problem_of(wire::HttpAnswer const& got) {
    boost::system::error_code error;
    auto const parsed = json::parse(got.body, error);
    auto const code = code_of(got.status);
    if (error || !parsed.is_object()) {
        return fail(code, "the server answered {}: {}", got.status, got.body.substr(0, 200));
    }
    auto const& object = parsed.get_object();
    auto text = text_of(object, "detail");
    if (text.empty()) text = text_of(object, "title");
    if (auto const hint = text_of(object, "hint"); !hint.empty()) text += " (" + hint + ")";
    return fail(code, "{} [request {}]", text, text_of(object, "request_id"));
}

Task<void> run_verb(
    boost::asio::any_io_executor executor,
    Credentials credentials,
    std::function<Task<void>(boost::asio::any_io_executor, Client&)> verb
) {
    CO_TRY(auto tls, trust_for(credentials.url, credentials.fingerprint));
    Client client(executor, std::move(credentials), std::move(tls));
    co_return co_await verb(executor, client);
}

}  // namespace

std::string text_of(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::uint64_t number_of(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    if (found == nullptr) return 0;
    if (found->is_uint64()) return found->get_uint64();
    return found->is_int64() && found->get_int64() > 0
               ? static_cast<std::uint64_t>(found->get_int64())
               : 0;
}

std::string api_path(std::string const& kind, std::string const& path) {
    auto const encoded = percent_encode(path, "/");
    return "/" + kind + (encoded.starts_with('/') ? "" : "/") + encoded;
}

Client::Client(
    boost::asio::any_io_executor executor,
    Credentials credentials,
    std::shared_ptr<wire::TlsContext const> tls
)
    : credentials_(std::move(credentials)),
      clock_(make_real_clock()),
      network_(make_real_network(executor)),
      http_(wire::make_http_client(*network_, *clock_, std::move(tls))) {}

Task<json::value> Client::call(wire::HttpCall call) {
    call.url = credentials_.url + "/api/v1" + call.url;
    if (!credentials_.token.empty()) {
        call.headers["Authorization"] = "Bearer " + credentials_.token;
    }
    CO_TRY(auto const got, co_await http_->call(std::move(call)));
    if (got.status >= 300) co_return problem_of(got);
    if (got.body.empty()) co_return json::value();
    boost::system::error_code error;
    auto parsed = json::parse(got.body, error);
    if (error) co_return fail(Errc::corrupt, "the answer is not JSON: {}", error.message());
    co_return parsed;
}

Task<json::value> Client::get(std::string path) {
    wire::HttpCall request;
    request.url = std::move(path);
    co_return co_await call(std::move(request));
}

Task<json::value> Client::send(std::string method, std::string path, json::value body) {
    wire::HttpCall request;
    request.method = std::move(method);
    request.url = std::move(path);
    if (!body.is_null()) {
        request.body = json::serialize(body);
        request.headers["Content-Type"] = "application/json";
    }
    co_return co_await call(std::move(request));
}

Task<json::value> Client::remove(std::string path) {
    wire::HttpCall request;
    request.method = "DELETE";
    request.url = std::move(path);
    co_return co_await call(std::move(request));
}

Task<json::value> Client::upload(
    std::string path, std::optional<std::uint64_t> size, std::function<Task<Bytes>()> source
) {
    wire::HttpCall request;
    request.method = "PUT";
    request.url = api_path("files", path);
    request.body_source = std::move(source);
    request.body_length = size;
    co_return co_await call(std::move(request));
}

Task<void> Client::download(std::string path, std::function<Task<void>(Bytes)> sink) {
    wire::HttpCall request;
    request.url = api_path("files", path);
    request.body_sink = std::move(sink);
    auto const got = co_await call(std::move(request));
    if (!got) co_return std::unexpected(got.error());
    co_return Result<void>{};
}

int run_client(std::function<Task<void>(Client&)> verb) {
    return run_client_on([&](boost::asio::any_io_executor, Client& client) { return verb(client); }
    );
}

int run_client_on(std::function<Task<void>(boost::asio::any_io_executor, Client&)> verb) {
    start_log(LogLevel::error, "cli");
    auto credentials = load_credentials();
    if (!credentials) return finish(std::unexpected(credentials.error()));
    return finish(run_loop([&](boost::asio::any_io_executor executor) {
        return run_verb(executor, *std::move(credentials), std::move(verb));
    }));
}

void print_json(json::value const& value) {
    auto const text = json::serialize(value);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

}  // namespace disgrafs::app
