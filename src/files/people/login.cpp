/// \file files/people/login.cpp  Signing in and out; whose token this is.

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "files/people/people_core.hpp"

namespace disgrafs::files {

namespace {

constexpr auto session_time = std::chrono::hours(24 * 30);
constexpr auto slide_time = std::chrono::hours(1);
constexpr std::size_t sessions_per_user_max = 100;
constexpr std::size_t swept_per_login = 32;
constexpr std::size_t limited_name_bytes = 64;

std::unexpected<Error> refused() { return fail(Errc::denied, "wrong name or password"); }

std::string random_token(Random& random) {
    std::array<std::byte, 32> bytes{};
    random.fill(bytes);
    return to_hex(bytes);
}

/// The user whose password it is. The same work is done when there is none.
Task<NodeId> verify(PeopleCore& core, std::string const& name, std::string password) {
    auto const user = core.image().named(graph::label::user, name);
    auto const* row = user ? core.sessions.password(*user) : nullptr;
    auto const is_possible = row != nullptr && password.size() <= password_bytes_max;
    auto const hash = is_possible ? row->hash : core.nobody;
    password.resize(std::min(password.size(), password_bytes_max));
    CO_TRY(auto const is_right, co_await core.passwords.is_right(std::move(password), hash));
    if (!is_possible || !is_right) co_return refused();
    auto const* node = core.image().node(*user);
    if (node == nullptr || (*node)["disabled"].boolean()) co_return refused();
    co_return *user;
}

/// The new session's row; dead sessions, and the oldest of too many, go in the same commit.
Task<void> fill_login(
    PeopleCore& core, TokenHash token, NodeId user, Timestamp now, graph::Transaction& change
) {
    auto const* password = core.sessions.password(user);
    if (password == nullptr) co_return refused();
    SessionRow const row{
        .user = user, .epoch = password->epoch, .created = now, .expires = now + session_time
    };
    auto gone = core.sessions.dead(now, swept_per_login);
    auto own = core.sessions.of(user);
    auto const is_gone = [&](TokenHash const& each) { return std::ranges::count(gone, each) > 0; };
    std::erase_if(own, is_gone);
    for (std::size_t i = 0; i + sessions_per_user_max <= own.size() && i < swept_per_login; ++i) {
        gone.push_back(own[i]);
    }
    auto& rows = change.rows();
    for (auto const& each : gone) rows.remove(session_key(each));
    rows.put(session_key(token), encode(row));
    co_return Result<void>{};
}

/// A session in use lives on. What fails here is tried again with the next request.
Task<void> slide(PeopleCore& core, TokenHash token, Sessions::Held held, Timestamp now) {
    held.row.expires = now + session_time;
    auto const change = core.parts.graph->begin();
    change->rows().require(session_key(token), held.revision);
    change->rows().put(session_key(token), encode(held.row));
    auto const done = co_await change->commit();
    if (!done && done.error().code != Errc::conflict) {
        LOG_WARN("a session was not prolonged", kv("error", done.error()));
    }
    co_return Result<void>{};
}

}  // namespace

Task<Session> login(PeopleCore& core, std::string name, std::string password, std::string address) {
    auto const key = name.substr(0, limited_name_bytes);
    CO_TRY_OK(core.limits.check(key, address, core.parts.clock->steady()));
    auto const verified = co_await verify(core, name, std::move(password));
    if (!verified && verified.error().code == Errc::denied) {
        core.limits.note_failure(key, address, core.parts.clock->steady());
    }
    CO_TRY(auto const user, verified);
    core.limits.note_success(key);
    auto const now = core.parts.clock->now();
    Session session{
        .token = random_token(*core.parts.random), .expires = now + session_time, .user = user
    };
    auto const token = hash_of(session.token);
    auto const body = [&](graph::Transaction& change) {
        return fill_login(core, token, user, now, change);
    };
    CO_TRY_OK(co_await core.commit(body));
    co_return session;
}

Task<User> authenticate(PeopleCore& core, std::string token) {
    auto const hash = hash_of(token);
    auto const now = core.parts.clock->now();
    auto const* held = core.sessions.find(hash);
    if (held == nullptr || !core.sessions.is_valid(held->row, now)) {
        co_return fail(Errc::denied, "sign in again: this session has ended");
    }
    auto const user = held->row.user;
    auto const* node = core.image().node(user);
    if (node == nullptr || (*node)["disabled"].boolean()) {
        co_return fail(Errc::denied, "this user is disabled");
    }
    if (now + session_time - held->row.expires > slide_time) {
        CO_TRY_OK(co_await slide(core, hash, *held, now));
    }
    co_return core.describe(user);
}

Task<void> logout(PeopleCore& core, std::string token) {
    auto const hash = hash_of(token);
    if (core.sessions.find(hash) == nullptr) co_return Result<void>{};
    auto const change = core.parts.graph->begin();
    change->rows().remove(session_key(hash));
    CO_TRY_OK(co_await change->commit());
    co_return Result<void>{};
}

}  // namespace disgrafs::files
