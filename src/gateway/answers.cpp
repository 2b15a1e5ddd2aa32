#include "gateway/answers.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/text.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

json::object to_json(files::May may) {
    return {{"read", may.read}, {"write", may.write}, {"share", may.share}};
}

}  // namespace

json::object to_json(files::Entry const& entry) {
    json::object out{
        {"id", fmt::format("{}", entry.id.value)},
        {"kind", entry.kind == files::Kind::file ? "file" : "folder"},
        {"name", entry.name},
        {"path", entry.path},
        {"owner", entry.owner},
        {"created", to_rfc3339(entry.created)},
        {"modified", to_rfc3339(entry.modified)},
        {"may", to_json(entry.may)}
    };
    if (entry.kind == files::Kind::folder) {
        out["children"] = entry.children;
        return out;
    }
    out["size"] = entry.size_bytes;
    out["media_type"] = entry.media_type;
    out["version"] = entry.version;
    out["sha256"] = entry.sha256;
    out["etag"] = "\"" + entry.sha256 + "\"";
    out["analysed"] = entry.analysed;
    out["tags"] = json::array(entry.tags.begin(), entry.tags.end());
    return out;
}

json::object to_json(files::User const& user) {
    return {
        {"id", fmt::format("{}", user.id.value)},
        {"name", user.name},
        {"role", user.is_admin ? "admin" : "user"},
        {"home", user.home},
        {"quota_bytes", user.quota_bytes},
        {"used_bytes", user.used_bytes},
        {"disabled", user.is_disabled},
        {"groups", json::array(user.groups.begin(), user.groups.end())}
    };
}

json::object to_json(files::Grant const& grant) {
    auto out = to_json(grant.may);
    out["path"] = grant.path;
    out["principal"] = grant.principal;
    return out;
}

json::object to_json(cluster::Member const& member) {
    auto const& beat = member.heartbeat;
    json::object out{
        {"id", fmt::format("{}", member.id.value)},
        {"name", member.name},
        {"role", wire::name_of(member.role)},
        {"address", member.address},
        {"state", cluster::name_of(member.state)},
        {"since", to_rfc3339(member.since)}
    };
    if (member.last_heartbeat.us != 0) out["last_heartbeat"] = to_rfc3339(member.last_heartbeat);
    if (member.role == wire::Role::storage) {
        out["capacity_bytes"] = beat.capacity_bytes;
        out["free_bytes"] = beat.free_bytes;
        out["used_bytes"] = beat.used_bytes;
        out["disk_nodes"] = member.disk_nodes;
        out["shards"] = beat.shards;
        out["corrupt_shards"] = beat.corrupt_shards;
        out["read_only"] = beat.read_only;
    }
    return out;
}

json::object to_json(cluster::RepairStatus const& repair) {
    json::object by_margin;
    for (auto const& [margin, count] : repair.queued_by_margin) {
        by_margin[fmt::format("{}", margin)] = count;
    }
    return {
        {"queued_stripes", repair.queued_stripes},
        {"queued_contents", repair.queued_contents},
        {"queued_by_margin", std::move(by_margin)},
        {"repaired_stripes", repair.repaired_stripes},
        {"repaired_bytes", repair.repaired_bytes},
        {"failures", repair.failures},
        {"round_done", repair.round_done},
        {"round_total", repair.round_total},
        {"eta_seconds", repair.eta_seconds},
        {"waits_for", repair.waits_for}
    };
}

json::object to_json(analysis::QueueStatus const& status, std::size_t workers) {
    return {
        {"queued", status.queued},
        {"running", status.running},
        {"failed", status.failed},
        {"workers", workers}
    };
}

Task<void> send_json(wire::HttpExchange& exchange, int status, json::value const& body) {
    wire::HttpAnswer out{.status = status, .headers = {}, .body = json::serialize(body)};
    out.headers["Content-Type"] = "application/json";
    out.headers["Cache-Control"] = "no-store";
    co_return co_await exchange.send(std::move(out));
}

Task<void> send_nothing(wire::HttpExchange& exchange) {
    wire::HttpAnswer out{.status = 204, .headers = {}, .body = {}};
    co_return co_await exchange.send(std::move(out));
}

Task<json::object> read_json(wire::HttpExchange& exchange) {
    CO_TRY(auto const text, co_await exchange.read_all(1U << 20U));
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 16;
    auto parsed = json::parse(text, error, {}, options);
    if (error) co_return fail(Errc::invalid, "the body is not JSON: {}", error.message());
    if (!parsed.is_object()) co_return fail(Errc::invalid, "the body must be a JSON object");
    co_return std::move(parsed.get_object());
}

Result<std::string> text_member(json::object const& object, std::string_view name) {
    auto const* found = object.if_contains(name);
    if (found == nullptr) return fail(Errc::invalid, "'{}' is missing", name);
    if (!found->is_string()) return fail(Errc::invalid, "'{}' must be a text", name);
    return std::string(found->get_string());
}

bool flag_member(json::object const& object, std::string_view name, bool fallback) {
    auto const* found = object.if_contains(name);
    return found != nullptr && found->is_bool() ? found->get_bool() : fallback;
}

Result<std::optional<std::uint64_t>> number_member(
    json::object const& object, std::string_view name
) {
    auto const* found = object.if_contains(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    if (found->is_int64() && found->get_int64() >= 0) {
        return static_cast<std::uint64_t>(found->get_int64());
    }
    if (found->is_uint64()) return found->get_uint64();
    return fail(Errc::invalid, "'{}' must be a whole number, 0 or more", name);
}

Result<std::uint64_t> number_query(
    wire::HttpRequest const& request, std::string const& name, Bounds bounds
) {
    auto const found = request.query.find(name);
    if (found == request.query.end()) return bounds.fallback;
    auto const number = parse_number(found->second);
    if (!number || *number < bounds.least || *number > bounds.most) {
        return fail(
            Errc::invalid, "'{}' must be a number from {} to {}", name, bounds.least, bounds.most
        );
    }
    return *number;
}

std::string text_query(wire::HttpRequest const& request, std::string const& name) {
    auto const found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

std::string path_capture(wire::HttpRequest const& request) {
    return "/" + (request.captures.empty() ? std::string() : request.captures.front());
}

Result<NodeId> id_capture(wire::HttpRequest const& request) {
    auto const number = parse_number(request.captures.at(0));
    if (!number || *number == 0) {
        return fail(Errc::invalid, "'{}' is not the id of a node", request.captures.at(0));
    }
    return NodeId{*number};
}

std::string header(wire::HttpRequest const& request, std::string_view name) {
    auto const found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

}  // namespace disgrafs::gateway
