#include "wire/member_client.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "wire/member_proof.hpp"

namespace disgrafs::wire {

namespace {

constexpr char const* identity_file = "member.json";
constexpr Duration pause_min = std::chrono::milliseconds(100);
constexpr Duration pause_max = std::chrono::seconds(2);
constexpr Duration answer_limit = std::chrono::seconds(5);

/// Trying again later cannot change these.
bool is_final(Errc code) {
    return code == Errc::denied || code == Errc::conflict || code == Errc::invalid;
}

Errc code_of(int status) {
    if (status == 401 || status == 403) return Errc::denied;
    if (status == 409) return Errc::conflict;
    return status >= 500 ? Errc::unavailable : Errc::invalid;
}

}  // namespace

MemberClient::MemberClient(MemberClientParts parts, MemberClientConfig config)
    : parts_(std::move(parts)), config_(std::move(config)) {}

MemberClient::~MemberClient() = default;

bool MemberClient::may_act() const {
    return lease_ > Duration(0) && parts_.clock->steady() < leased_ + lease_ / 2;
}

Task<void> MemberClient::load() {
    auto const bytes = co_await read_file(*parts_.disk, identity_file);
    if (!bytes && bytes.error().code == Errc::not_found) co_return Result<void>{};
    if (!bytes) co_return std::unexpected(bytes.error());
    auto known = parse_join_answer(as_text(*bytes));
    if (known) identity_ = *std::move(known);
    if (!known) {
        LOG_ERROR(
            "this member's identity is damaged, it joins anew by the token",
            kv("file", identity_file),
            kv("error", known.error())
        );
    }
    co_return Result<void>{};
}

Task<void> MemberClient::join() {
    JoinRequest request;
    request.token = config_.join_token;
    request.role = config_.role;
    request.address = config_.address;
    request.disk_id = config_.disk_id;
    request.name = config_.name;
    request.capacity_bytes = parts_.heartbeat().capacity_bytes;
    if (identity_.id.value != 0) {
        request.previous = identity_.id;
        request.cluster_id = identity_.cluster_id;
        request.proof = rejoin_proof(identity_.key, config_.disk_id, config_.address);
    }
    HttpCall call;
    call.method = "POST";
    call.url = config_.index_url + "/cluster/v1/join";
    call.headers["Content-Type"] = "application/json";
    call.body = to_json(request);
    call.timeout = answer_limit;
    CO_TRY(auto const got, co_await parts_.http->call(std::move(call)));
    if (got.status != 200) {
        co_return fail(
            code_of(got.status), "joining the cluster answered {}: {}", got.status, got.body
        );
    }
    CO_TRY(auto answered_identity, parse_join_answer(got.body));
    epoch_ = std::max(epoch_, answered_identity.epoch);
    auto const is_new =
        answered_identity.id != identity_.id || answered_identity.key != identity_.key;
    identity_ = std::move(answered_identity);
    if (is_new) {
        auto const text = to_json(identity_);
        CO_TRY_OK(co_await replace_file(*parts_.disk, identity_file, as_bytes(text)));
        LOG_INFO("joined", kv("member", identity_.name), kv("id", identity_.id.value));
    }
    co_return Result<void>{};
}

Task<void> MemberClient::hold_socket() {
    auto const url =
        fmt::format("{}/cluster/v1/member?id={}", config_.index_url, identity_.id.value);
    Headers const headers;
    CO_TRY(auto const socket, co_await parts_.http->connect_websocket(url, headers));
    CO_TRY(auto const first, co_await within(*parts_.clock, answer_limit, socket->receive()));
    CO_TRY(auto const nonce, parse_challenge(as_text(first.data)));
    CO_TRY_OK(co_await socket->send_text(proof_json(session_proof(identity_.key, nonce))));
    sent_.clear();
    TaskGroup beats(parts_.executor);
    beats.spawn("heartbeats", beat(*socket));
    auto const ended = co_await listen(*socket);
    CO_TRY_OK(co_await beats.stop());
    co_return ended;
}

Task<void> MemberClient::beat(WebSocket& socket) {
    while (true) {
        sent_.push_back(parts_.clock->steady());
        auto sending = socket.send_text(to_json(parts_.heartbeat()));
        CO_TRY_OK(co_await within(*parts_.clock, answer_limit, std::move(sending)));
        CO_TRY_OK(co_await parts_.clock->sleep(config_.heartbeat_every));
    }
}

Task<void> MemberClient::listen(WebSocket& socket) {
    while (true) {
        CO_TRY(auto const message, co_await within(*parts_.clock, answer_limit, socket.receive()));
        auto const text = as_text(message.data);
        auto const lease = parse_lease(text);
        if (lease) {
            if (sent_.empty()) co_return fail(Errc::invalid, "a lease without a heartbeat");
            epoch_ = std::max(epoch_, lease->epoch);
            lease_ = lease->lease;
            leased_ = sent_.front();
            sent_.pop_front();
        } else if (parts_.on_order) {
            parts_.on_order(std::string(text));
        }
    }
}

Task<void> MemberClient::run() {
    CO_TRY_OK(co_await load());
    auto pause = pause_min;
    while (true) {
        auto result = co_await join();
        if (!result && is_final(result.error().code)) co_return result;
        if (result) {
            pause = pause_min;
            result = co_await hold_socket();
        }
        if (!result && result.error().code == Errc::cancelled) {
            // Cancelled ourselves, or the other side closed: the sleep below tells which.
            LOG_DEBUG("the index server's socket closed");
        } else if (!result) {
            LOG_WARN("the index server is away", kv("error", result.error()));
        }
        CO_TRY_OK(co_await parts_.clock->sleep(pause));
        pause = std::min(pause * 2, pause_max);
    }
}

}  // namespace disgrafs::wire
