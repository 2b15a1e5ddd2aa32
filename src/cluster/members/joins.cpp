#include "cluster/members/joins.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "io/network.hpp"
#include "wire/member_proof.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t disk_id_bytes_max = 64;
constexpr std::size_t members_max = 4096;

bool is_name(std::string_view name) {
    auto const is_control = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    };
    return !name.empty() && name.size() <= name_bytes_max && is_utf8(name) &&
           std::ranges::none_of(name, is_control);
}

Result<void> check_request(wire::JoinRequest const& request) {
    if (request.role == wire::Role::index) {
        return fail(Errc::invalid, "an index server does not join by a token");
    }
    if (!request.name.empty() && !is_name(request.name)) {
        return fail(Errc::invalid, "a member's name has 1 to {} bytes, no blanks", name_bytes_max);
    }
    if (request.role == wire::Role::worker) return {};
    if (request.disk_id.empty() || request.disk_id.size() > disk_id_bytes_max) {
        return fail(Errc::invalid, "a storage node joins with the id of its disk");
    }
    TRY_OK(parse_address(request.address));
    return {};
}

std::string free_name(Registry const& registry, wire::JoinRequest const& request) {
    if (!request.name.empty() && registry.find_name(request.name) == nullptr) return request.name;
    auto const* const stem = request.role == wire::Role::storage ? "n" : "w";
    for (std::size_t number = 1;; ++number) {
        auto name = fmt::format("{}{}", stem, number);
        if (registry.find_name(name) == nullptr) return name;
    }
}

// A worker keeps nothing: one that comes again under the name of one that is gone takes its place.
MemberRow const* gone_worker(Members const& members, std::string const& name) {
    auto const* const row = members.registry().find_name(name);
    bool const is_gone =
        row != nullptr && row->role == wire::Role::worker && !members.is_up(row->id);
    return is_gone ? row : nullptr;
}

// The member that this request says it is; nullptr: a new one.
Result<MemberRow const*> claimed(Members const& members, wire::JoinRequest const& request) {
    auto const& registry = members.registry();
    auto const* const of_disk = request.role == wire::Role::worker
                                    ? gone_worker(members, request.name)
                                    : registry.find_disk(request.disk_id);
    bool const has_token = wire::equal_proof(request.token, registry.identity().join_token);
    if (request.previous.value == 0) {
        if (!has_token) return fail(Errc::denied, "the join token is wrong");
        return of_disk;
    }
    auto const& here = registry.identity().cluster_id;
    if (!request.cluster_id.empty() && request.cluster_id != here) {
        return fail(
            Errc::invalid,
            "the data folder belongs to another cluster ({}): start with an empty one, or there",
            request.cluster_id
        );
    }
    auto const* const before = registry.find(request.previous);
    if (before == nullptr) {
        return fail(
            Errc::conflict,
            "there is no member {} in this cluster: the data folder belongs to another cluster",
            request.previous.value
        );
    }
    auto const proof = wire::rejoin_proof(before->key, request.disk_id, request.address);
    if (!wire::equal_proof(request.proof, proof)) {
        return fail(Errc::denied, "the proof of being member {} is wrong", request.previous.value);
    }
    if (before->disk_id != request.disk_id || before->role != request.role) {
        return fail(
            Errc::conflict,
            "{} has another disk: start this one with an empty data folder, as a new member",
            before->name
        );
    }
    return before;
}

// A live member answers at its address; a second one with its disk must be a copy.
Result<void> check_alive(Members const& members, MemberRow const& row, std::string const& address) {
    bool const is_alive = members.is_up(row.id);
    if (!is_alive || row.address == address) return {};
    return fail(
        Errc::conflict,
        "the disk of {} is in use at {}: two storage nodes must not share a disk or a copy of it",
        row.name,
        row.address
    );
}

}  // namespace

Task<wire::JoinAnswer> join_member(Members& members, Random& random, wire::JoinRequest request) {
    auto& registry = members.registry();
    CO_TRY_OK(check_request(request));
    CO_TRY(auto const* const before, claimed(members, request));
    MemberRow row;
    if (before == nullptr) {
        if (registry.rows().size() >= members_max) {
            co_return fail(Errc::exhausted, "the cluster has {} members already", members_max);
        }
        row.role = request.role;
        row.name = free_name(registry, request);
        row.address = request.address;
        row.disk_id = request.disk_id;
        CO_TRY(row, co_await registry.add(std::move(row)));
        LOG_INFO("a new member", kv("member", row.name), kv("address", row.address));
    } else {
        row = *before;
        CO_TRY_OK(check_alive(members, row, request.address));
        bool const needs_key = request.previous.value == 0;
        bool const moved = row.address != request.address;
        if (needs_key) random.fill(row.key);
        row.address = request.address;
        if (needs_key || moved) CO_TRY_OK(co_await registry.change(row));
        LOG_INFO("a member is back", kv("member", row.name), kv("address", row.address));
    }
    members.changed(row.id);
    co_return wire::JoinAnswer{
        .id = row.id,
        .name = row.name,
        .cluster_id = registry.identity().cluster_id,
        .key = row.key,
        .epoch = registry.epoch(),
    };
}

}  // namespace disgrafs::cluster
