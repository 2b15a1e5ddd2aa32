#include "files/people/sessions.hpp"

#include <utility>

#include "base/log.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t page = 1000;

}  // namespace

Task<void> Sessions::load() {
    // Events of commits during the scan come again: a row read twice is the same row.
    listening_ = graph_.listen([this](graph::Graph::Change const& change) {
        if (change.event != nullptr) follow(*change.event);
    });
    CO_TRY_OK(co_await load_passwords());
    co_return co_await load_sessions();
}

PasswordRow const* Sessions::password(NodeId user) const {
    auto const found = passwords_.find(user);
    return found == passwords_.end() ? nullptr : &found->second;
}

Sessions::Held const* Sessions::find(TokenHash const& token) const {
    auto const found = sessions_.find(token);
    return found == sessions_.end() ? nullptr : &found->second;
}

std::vector<TokenHash> Sessions::of(NodeId user) const {
    std::vector<TokenHash> tokens;
    auto const found = by_user_.find(user);
    if (found == by_user_.end()) return tokens;
    for (auto const& [created, token] : found->second) tokens.push_back(token);
    return tokens;
}

std::vector<TokenHash> Sessions::dead(Timestamp now, std::size_t limit) const {
    std::vector<TokenHash> tokens;
    for (auto const& [token, held] : sessions_) {
        if (tokens.size() == limit) break;
        if (!is_valid(held.row, now)) tokens.push_back(token);
    }
    return tokens;
}

bool Sessions::is_valid(SessionRow const& row, Timestamp now) const {
    auto const* current = password(row.user);
    return row.expires > now && current != nullptr && current->epoch == row.epoch;
}

Task<void> Sessions::load_passwords() {
    auto range = kv::Range::prefix(std::string(password_prefix));
    for (;;) {
        CO_TRY(auto const rows, co_await graph_.store().scan(range, page));
        for (auto const& entry : rows.entries) {
            CO_TRY(auto const user, parse_password_key(entry.key));
            CO_TRY(passwords_[user], decode_password(entry.value));
        }
        if (!rows.more) co_return Result<void>{};
        range.first = rows.entries.back().key + '\0';
    }
}

Task<void> Sessions::load_sessions() {
    auto range = kv::Range::prefix(std::string(session_prefix));
    for (;;) {
        CO_TRY(auto const rows, co_await graph_.store().scan(range, page));
        for (auto const& entry : rows.entries) {
            CO_TRY(auto const token, parse_session_key(entry.key));
            CO_TRY(auto const row, decode_session(entry.value));
            put_session(token, {row, entry.revision});
        }
        if (!rows.more) co_return Result<void>{};
        range.first = rows.entries.back().key + '\0';
    }
}

void Sessions::follow(kv::Event const& event) {
    for (auto const& write : event.writes) {
        Result<void> read;
        if (write.key.starts_with(password_prefix)) read = read_password(write);
        if (write.key.starts_with(session_prefix)) read = read_session(write, event.revision);
        if (!read) LOG_ERROR("a row of people is not understood", kv("error", read.error()));
    }
}

Result<void> Sessions::read_password(kv::Write const& write) {
    TRY(auto const user, parse_password_key(write.key));
    passwords_.erase(user);
    if (!write.value) return {};
    TRY(passwords_[user], decode_password(*write.value));
    return {};
}

Result<void> Sessions::read_session(kv::Write const& write, kv::Revision revision) {
    TRY(auto const token, parse_session_key(write.key));
    drop_session(token);
    if (!write.value) return {};
    TRY(auto const row, decode_session(*write.value));
    put_session(token, {row, revision});
    return {};
}

void Sessions::put_session(TokenHash const& token, Held held) {
    drop_session(token);
    by_user_[held.row.user].insert({held.row.created, token});
    sessions_[token] = held;
}

void Sessions::drop_session(TokenHash const& token) {
    auto const found = sessions_.find(token);
    if (found == sessions_.end()) return;
    auto const owner = by_user_.find(found->second.row.user);
    owner->second.erase({found->second.row.created, token});
    if (owner->second.empty()) by_user_.erase(owner);
    sessions_.erase(found);
}

}  // namespace disgrafs::files
