#include "wire/member_service.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "wire/json.hpp"

namespace disgrafs::wire {
namespace json = boost::json;
namespace {

constexpr JsonLimits message_limits{.bytes_max = 64U << 10U, .depth_max = 8};
constexpr std::size_t word_bytes_max = 256;
constexpr auto lease_us_max = static_cast<std::uint64_t>(Duration(std::chrono::hours(24)).count());

struct RoleName {
    Role role;
    std::string_view name;
};
constexpr std::array role_names{
    RoleName{Role::index, "index"},
    RoleName{Role::storage, "storage"},
    RoleName{Role::worker, "worker"},
};

Result<Key> parse_key(std::string_view hex) {
    auto const bytes = from_hex(hex);
    Key key{};
    if (!bytes || bytes->size() != key.size()) {
        return fail(Errc::invalid, "\"key\" must be {} hex digits", 2 * key.size());
    }
    std::ranges::copy(*bytes, key.begin());
    return key;
}

}  // namespace

std::string_view name_of(Role role) {
    auto const* const found = std::ranges::find(role_names, role, &RoleName::role);
    return found == role_names.end() ? "unknown" : found->name;
}

Result<Role> parse_role(std::string_view name) {
    auto const* const found = std::ranges::find(role_names, name, &RoleName::name);
    if (found != role_names.end()) return found->role;
    return fail(Errc::invalid, "no role \"{}\": index, storage or worker", name);
}

std::string to_json(JoinRequest const& request) {
    json::object out;
    out["token"] = request.token;
    out["role"] = name_of(request.role);
    out["address"] = request.address;
    out["disk_id"] = request.disk_id;
    out["previous"] = request.previous.value;
    out["proof"] = request.proof;
    out["cluster_id"] = request.cluster_id;
    out["capacity_bytes"] = request.capacity_bytes;
    out["name"] = request.name;
    return json::serialize(out);
}

Result<JoinRequest> parse_join_request(std::string_view text) {
    TRY(auto fields, JsonFields::parse(text, "join request", message_limits));
    JoinRequest request;
    request.token = fields.text("token", word_bytes_max, "");
    auto const role = fields.text("role", word_bytes_max);
    request.address = fields.text("address", word_bytes_max, "");
    request.disk_id = fields.text("disk_id", word_bytes_max, "");
    request.previous.value = fields.number("previous", ~0ULL, 0);
    request.proof = fields.text("proof", word_bytes_max, "");
    request.cluster_id = fields.text("cluster_id", word_bytes_max, "");
    request.capacity_bytes = fields.number("capacity_bytes", ~0ULL, 0);
    request.name = fields.text("name", word_bytes_max, "");
    TRY_OK(fields.finish());
    TRY(request.role, parse_role(role));
    return request;
}

std::string to_json(JoinAnswer const& answer) {
    json::object out;
    out["id"] = answer.id.value;
    out["name"] = answer.name;
    out["cluster_id"] = answer.cluster_id;
    out["key"] = to_hex(answer.key);
    out["epoch"] = answer.epoch;
    return json::serialize(out);
}

Result<JoinAnswer> parse_join_answer(std::string_view text) {
    TRY(auto fields, JsonFields::parse(text, "join answer", message_limits));
    JoinAnswer answer;
    answer.id.value = fields.number("id");
    answer.name = fields.text("name", word_bytes_max);
    answer.cluster_id = fields.text("cluster_id", word_bytes_max);
    auto const key = fields.text("key", word_bytes_max);
    answer.epoch = fields.number("epoch");
    if (answer.id.value == 0) fields.refuse("id", "must not be 0");
    TRY_OK(fields.finish());
    TRY(answer.key, parse_key(key));
    return answer;
}

std::string to_json(Heartbeat const& heartbeat) {
    json::object out;
    out["capacity_bytes"] = heartbeat.capacity_bytes;
    out["free_bytes"] = heartbeat.free_bytes;
    out["used_bytes"] = heartbeat.used_bytes;
    out["file_system"] = heartbeat.file_system;
    out["disk_bytes"] = heartbeat.disk_bytes;
    out["shards"] = heartbeat.shards;
    out["sequence"] = heartbeat.sequence;
    out["corrupt_shards"] = heartbeat.corrupt_shards;
    out["damage_found"] = heartbeat.damage_found;
    out["read_only"] = heartbeat.read_only;
    out["busy"] = heartbeat.busy;
    return json::serialize(out);
}

Result<Heartbeat> parse_heartbeat(std::string_view text) {
    TRY(auto fields, JsonFields::parse(text, "heartbeat", message_limits));
    Heartbeat heartbeat;
    heartbeat.capacity_bytes = fields.number("capacity_bytes");
    heartbeat.free_bytes = fields.number("free_bytes");
    heartbeat.used_bytes = fields.number("used_bytes");
    heartbeat.file_system = fields.text("file_system", word_bytes_max, "");
    heartbeat.disk_bytes = fields.number("disk_bytes", ~0ULL, 0);
    heartbeat.shards = fields.number("shards");
    heartbeat.sequence = fields.number("sequence");
    heartbeat.corrupt_shards = fields.number("corrupt_shards");
    // Older members do not say it: how many there are now is the best that is known.
    heartbeat.damage_found = fields.number("damage_found", ~0ULL, heartbeat.corrupt_shards);
    heartbeat.read_only = fields.flag("read_only");
    heartbeat.busy = static_cast<std::uint32_t>(fields.number("busy", ~0U));
    TRY_OK(fields.finish());
    return heartbeat;
}

std::string to_json(Lease const& lease) {
    json::object out;
    out["epoch"] = lease.epoch;
    out["lease_us"] = lease.lease.count();
    return json::serialize(out);
}

Result<Lease> parse_lease(std::string_view text) {
    TRY(auto fields, JsonFields::parse(text, "lease", message_limits));
    Lease lease;
    lease.epoch = fields.number("epoch");
    lease.lease = Duration(fields.number("lease_us", lease_us_max));
    TRY_OK(fields.finish());
    return lease;
}

}  // namespace disgrafs::wire
