#include "app/control.hpp"

#include <array>
#include <string>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "wire/ticket.hpp"

namespace disgrafs::app {

namespace json = boost::json;

Control::Control(Parts parts) : parts_(std::move(parts)), tasks_(parts_.executor) {
    std::array<std::byte, 24> random{};
    parts_.random->fill(random);
    secret_ = to_hex(random);
    add_routes();
}

Result<void> Control::check_secret(wire::HttpExchange const& exchange) const {
    auto const& headers = exchange.request().headers;
    auto const found = headers.find("Authorization");
    auto const wanted = "Bearer " + secret_;
    if (found == headers.end() || !wire::equal_secret(as_bytes(found->second), as_bytes(wanted))) {
        return fail(Errc::denied, "the secret of control.json is missing or wrong");
    }
    return {};
}

void Control::add_routes() {
    using Exchange = wire::HttpExchange;
    routes_.add("GET", "/members", "list", [this](Exchange& e) { return list(e); });
    routes_.add("POST", "/members/{id}/start", "start", [this](Exchange& e) { return begin(e); });
    routes_.add("POST", "/members/{id}/stop", "stop", [this](Exchange& e) { return end(e); });
}

Task<void> Control::list(wire::HttpExchange& exchange) {
    CO_TRY_OK(check_secret(exchange));
    json::array members;
    for (auto const& member : parts_.supervisor->facts()) {
        members.push_back(json::object{
            {"id", member.choice.id},
            {"role", member.choice.role},
            {"address", member.choice.address},
            {"pid", member.pid}
        });
    }
    wire::HttpAnswer text{.status = 200, .headers = {}, .body = json::serialize(members)};
    co_return co_await exchange.send(std::move(text));
}

Task<void> Control::begin(wire::HttpExchange& exchange) {
    CO_TRY_OK(check_secret(exchange));
    CO_TRY_OK(parts_.supervisor->start(exchange.request().captures.at(0)));
    wire::HttpAnswer nothing{.status = 204, .headers = {}, .body = {}};
    co_return co_await exchange.send(std::move(nothing));
}

Task<void> Control::end(wire::HttpExchange& exchange) {
    CO_TRY_OK(check_secret(exchange));
    CO_TRY_OK(co_await parts_.supervisor->stop(exchange.request().captures.at(0)));
    wire::HttpAnswer nothing{.status = 204, .headers = {}, .body = {}};
    co_return co_await exchange.send(std::move(nothing));
}

Result<void> Control::start() {
    wire::HttpServerParts const server_parts{
        .executor = parts_.executor,
        .clock = parts_.clock,
        .random = parts_.random,
        .routes = &routes_,
        .observe = {}
    };
    server_ = wire::make_http_server(server_parts);
    TRY(listener_, parts_.network->listen(Address{"127.0.0.1", 0}));
    tasks_.spawn("control", server_->accept_from(*listener_));
    json::object const object{
        {"url", "http://" + listener_->address().text()}, {"secret", secret_}
    };
    return replace_small_file(
        parts_.folder->file("control.json"), json::serialize(object) + "\n", 0600
    );
}

Task<void> Control::stop() {
    ::unlink(parts_.folder->file("control.json").c_str());
    if (listener_) listener_->close();
    if (server_) CO_TRY_OK(co_await server_->stop(std::chrono::milliseconds(200)));
    co_return co_await tasks_.stop();
}

Task<void> command_member(
    Network& network, Clock& clock, std::string folder, std::string action, std::string id
) {
    auto const text = read_small_file(folder + "/control.json");
    if (!text) {
        co_return fail(
            Errc::not_found,
            "no `disgrafs up` runs on {}: start it, or name its folder with --data",
            folder
        );
    }
    boost::system::error_code error;
    auto const parsed = json::parse(*text, error);
    auto const* object = error ? nullptr : parsed.if_object();
    auto const* url = object == nullptr ? nullptr : object->if_contains("url");
    auto const* secret = object == nullptr ? nullptr : object->if_contains("secret");
    if (url == nullptr || secret == nullptr || !url->is_string() || !secret->is_string()) {
        co_return fail(Errc::corrupt, "{}/control.json is not readable", folder);
    }
    auto const client = wire::make_http_client(network, clock);
    wire::HttpCall call;
    call.method = action == "list" ? "GET" : "POST";
    call.url = std::string(url->get_string()) + "/members";
    if (action != "list") call.url += fmt::format("/{}/{}", id, action);
    call.headers["Authorization"] = "Bearer " + std::string(secret->get_string());
    CO_TRY(auto const got, co_await client->call(std::move(call)));
    if (got.status >= 300) {
        auto const problem = json::parse(got.body, error);
        auto const* detail =
            error || !problem.is_object() ? nullptr : problem.get_object().if_contains("detail");
        auto const is_text = detail != nullptr && detail->is_string();
        auto const said = is_text ? std::string(detail->get_string()) : got.body;
        co_return fail(Errc::conflict, "{}", said);
    }
    if (action != "list") co_return Result<void>{};
    auto const members = json::parse(got.body, error);
    if (error || !members.is_array()) co_return fail(Errc::corrupt, "unreadable answer");
    for (auto const& member : members.get_array()) {
        auto const& facts = member.as_object();
        auto const pid = facts.at("pid").as_int64();
        fmt::print(
            "{:<8} {:<8} {:<22} {}\n",
            std::string_view(facts.at("id").as_string()),
            std::string_view(facts.at("role").as_string()),
            std::string_view(facts.at("address").as_string()),
            pid == 0 ? "stopped" : fmt::format("pid {}", pid)
        );
    }
    co_return Result<void>{};
}

}  // namespace disgrafs::app
