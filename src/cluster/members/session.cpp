#include "cluster/members/session.hpp"

#include <array>
#include <utility>

#include "base/log.hpp"
#include "wire/member_proof.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t outbox_max = 1000;
constexpr Duration proof_within = std::chrono::seconds(10);
constexpr Duration close_within = std::chrono::seconds(2);
constexpr std::uint16_t normal_closure = 1000;
constexpr std::uint16_t policy_violation = 1008;
constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t try_again_later = 1013;

}  // namespace

struct Sessions::Session {
    Session(wire::WebSocket& on, MemberId of, boost::asio::any_io_executor executor)
        : socket(on), id(of), has_mail(std::move(executor)) {}

    void post(std::string text) {
        outbox.push_back(std::move(text));
        has_mail.notify();
    }
    void end(std::uint16_t code) {
        close_code = code;
        is_over = true;
        has_mail.notify();
    }

    wire::WebSocket& socket;
    MemberId id;
    std::deque<std::string> outbox;
    Wake has_mail;
    bool is_over = false;  ///< The sender must close the socket.
    std::uint16_t close_code = normal_closure;
};

Sessions::Sessions(
    Members& members,
    Clock& clock,
    Random& random,
    boost::asio::any_io_executor executor,
    Duration lease
)
    : members_(members),
      clock_(clock),
      random_(random),
      executor_(executor),
      lease_(lease),
      ended_(executor) {}

Task<void> Sessions::serve(wire::WebSocket& socket, MemberId id) {
    if (is_stopping_) co_return fail(Errc::cancelled, "the index server is stopping");
    CO_TRY_OK(co_await within(clock_, proof_within, prove(socket, id)));
    auto const older = sessions_.find(id);
    if (older != sessions_.end()) older->second->end(try_again_later);
    Session session(socket, id, executor_);
    TaskGroup sender(executor_);
    sessions_[id] = &session;
    running_ += 1;
    members_.connected(id);
    sender.spawn("member sender", say(session));
    auto result = co_await hear(session);
    auto const mine = sessions_.find(id);
    if (mine != sessions_.end() && mine->second == &session) {
        sessions_.erase(mine);
        members_.disconnected(id);
    }
    (void)co_await sender.stop();
    (void)co_await within(clock_, close_within, socket.close(session.close_code, ""));
    running_ -= 1;
    ended_.notify();
    co_return result;
}

bool Sessions::order(MemberId id, std::string json) {
    auto const found = sessions_.find(id);
    if (found == sessions_.end() || found->second->outbox.size() >= outbox_max) return false;
    found->second->post(std::move(json));
    return true;
}

Task<void> Sessions::stop() {
    is_stopping_ = true;
    for (auto const& [id, session] : sessions_) session->end(going_away);
    while (running_ > 0) CO_TRY_OK(co_await ended_.wait());
    co_return Result<void>();
}

Task<void> Sessions::prove(wire::WebSocket& socket, MemberId id) {
    auto const* const row = members_.registry().find(id);
    if (row == nullptr) {
        (void)co_await socket.close(policy_violation, "no such member");
        co_return fail(Errc::not_found, "no member {}", id.value);
    }
    std::array<std::byte, 32> bytes{};
    random_.fill(bytes);
    auto const nonce = to_hex(bytes);
    auto const expected = wire::session_proof(row->key, nonce);
    CO_TRY_OK(co_await socket.send_text(wire::challenge_json(nonce)));
    CO_TRY(auto const message, co_await socket.receive());
    auto const proof = wire::parse_proof(as_text(message.data));
    if (!proof || !wire::equal_proof(*proof, expected)) {
        (void)co_await socket.close(policy_violation, "wrong proof");
        co_return fail(Errc::denied, "the proof of being member {} is wrong", id.value);
    }
    co_return Result<void>();
}

// Heartbeats until the socket ends; each is answered by a lease.
Task<void> Sessions::hear(Session& session) {
    for (;;) {
        CO_TRY(auto const message, co_await session.socket.receive());
        auto const heartbeat = wire::parse_heartbeat(as_text(message.data));
        if (!heartbeat) {
            session.close_code = policy_violation;
            co_return std::unexpected(heartbeat.error());
        }
        if (session.is_over) co_return fail(Errc::cancelled, "the session was replaced");
        members_.heartbeat(session.id, *heartbeat);
        if (session.outbox.size() >= outbox_max) {
            session.close_code = try_again_later;
            co_return fail(Errc::exhausted, "a member does not read what it is sent");
        }
        wire::Lease const lease{.epoch = members_.registry().epoch(), .lease = lease_};
        session.post(wire::to_json(lease));
    }
}

// The only sender of a socket. When the session is over it closes the socket, which ends hear()
// too.
Task<void> Sessions::say(Session& session) {
    while (!session.is_over) {
        if (session.outbox.empty()) {
            CO_TRY_OK(co_await session.has_mail.wait());
            continue;
        }
        auto text = std::move(session.outbox.front());
        session.outbox.pop_front();
        CO_TRY_OK(co_await session.socket.send_text(std::move(text)));
    }
    co_return co_await session.socket.close(session.close_code, "");
}

}  // namespace disgrafs::cluster
