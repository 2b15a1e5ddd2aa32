/// \file files/people/accounts.cpp  Users: add, change, list, and their passwords.

#include <algorithm>
#include <utility>

#include "files/people/people_core.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

std::size_t count_admins(PeopleCore const& core) {
    auto const users = core.image().with_label(graph::label::user);
    auto const is_admin = [&](NodeId user) { return core.is_admin(user); };
    return static_cast<std::size_t>(std::ranges::count_if(users, is_admin));
}

/// A new password ends all sessions but the one kept. Two changes at once: one has a conflict.
Result<void> put_password(
    PeopleCore const& core, NodeId user, PasswordHash const& hash, graph::Transaction& change
) {
    auto const* old = core.sessions.password(user);
    if (old == nullptr) return fail(Errc::not_found, "the user has no password");
    PasswordRow const row{.hash = hash, .epoch = old->epoch + 1, .is_first = false};
    change.rows().put(password_key(user), encode(row));
    change.set(user, {});
    return {};
}

void keep_session(
    PeopleCore const& core, NodeId user, std::string const& token, graph::Transaction& change
) {
    auto const hash = hash_of(token);
    auto const* held = core.sessions.find(hash);
    if (held == nullptr || held->row.user != user) return;
    auto row = held->row;
    ++row.epoch;
    change.rows().require(session_key(hash), held->revision);
    change.rows().put(session_key(hash), encode(row));
}

bool has_first_password(PeopleCore const& core, NodeId user) {
    auto const* row = core.sessions.password(user);
    return row != nullptr && row->is_first;
}

void tell_first_changed(PeopleCore const& core, bool was_first) {
    if (was_first && core.parts.on_first_password_changed) core.parts.on_first_password_changed();
}

Task<void> fill_add(
    PeopleCore& core, NewUser const& user, graph::Transaction& change, NodeId& made
) {
    auto const& image = core.image();
    auto const home = image.named(graph::label::folder, home_name);
    if (!home) co_return fail(Errc::unavailable, "the drive is not set up yet");
    if (image.named(graph::label::user, user.name)) {
        co_return fail(Errc::conflict, "there is a user '{}' already", user.name);
    }
    if (image.child(*home, user.name)) {
        co_return fail(Errc::conflict, "there is a folder /home/{} already", user.name);
    }
    made = create_user(change, *home, user, core.parts.clock->now());
    co_return Result<void>{};
}

struct Wanted {
    NodeId user;
    UserChange change;
    std::optional<PasswordHash> hash;
};

Task<void> fill_change(PeopleCore& core, Wanted const& wanted, graph::Transaction& change) {
    auto const& to = wanted.change;
    graph::Properties properties;
    if (to.is_admin) properties["role"] = *to.is_admin ? "admin" : "user";
    if (to.is_disabled) properties["disabled"] = *to.is_disabled;
    if (to.quota_bytes) properties["quota_bytes"] = static_cast<std::int64_t>(*to.quota_bytes);
    auto const ends = to.is_admin == false || to.is_disabled == true;
    if (ends) {
        change.lock("admins");
        if (core.is_admin(wanted.user) && count_admins(core) == 1) {
            co_return fail(Errc::conflict, "this is the last administrator");
        }
    }
    change.set(wanted.user, std::move(properties));
    if (wanted.hash) CO_TRY_OK(put_password(core, wanted.user, *wanted.hash, change));
    co_return Result<void>{};
}

Task<void> fill_password(
    PeopleCore& core,
    NodeId user,
    std::uint64_t epoch,
    PasswordHash const& hash,
    std::string const& token,
    graph::Transaction& change
) {
    auto const* now = core.sessions.password(user);
    if (now == nullptr || now->epoch != epoch) {
        co_return fail(Errc::conflict, "the password was changed meanwhile");
    }
    CO_TRY_OK(put_password(core, user, hash, change));
    keep_session(core, user, token, change);
    co_return Result<void>{};
}

}  // namespace

Task<User> add_user(PeopleCore& core, NodeId by, NewUser user, std::string password) {
    CO_TRY_OK(core.check_admin(by));
    CO_TRY_OK(check_principal_name(user.name));
    CO_TRY_OK(check_password(password));
    if (user.quota_bytes > INT64_MAX) co_return fail(Errc::invalid, "the quota is too large");
    CO_TRY(user.hash, co_await core.passwords.hash(std::move(password)));
    NodeId made;
    auto const body = [&](graph::Transaction& change) {
        return fill_add(core, user, change, made);
    };
    CO_TRY_OK(co_await core.commit(body));
    co_return core.describe(made);
}

Task<User> change_user(PeopleCore& core, NodeId by, std::string name, UserChange change) {
    CO_TRY_OK(core.check_admin(by));
    CO_TRY(auto const user, core.find_user(name));
    if (change.quota_bytes.value_or(0) > INT64_MAX) {
        co_return fail(Errc::invalid, "the quota is too large");
    }
    Wanted wanted{.user = user, .change = std::move(change), .hash = std::nullopt};
    if (wanted.change.password) {
        CO_TRY_OK(check_password(*wanted.change.password));
        CO_TRY(wanted.hash, co_await core.passwords.hash(*wanted.change.password));
    }
    auto const was_first = has_first_password(core, user);
    auto const body = [&](graph::Transaction& filled) { return fill_change(core, wanted, filled); };
    CO_TRY_OK(co_await core.commit(body));
    tell_first_changed(core, was_first && wanted.hash.has_value());
    co_return core.describe(user);
}

Task<void> change_password(
    PeopleCore& core,
    NodeId user,
    std::string old_password,
    std::string new_password,
    std::string token
) {
    auto const* row = core.sessions.password(user);
    if (row == nullptr) co_return fail(Errc::denied, "only users have a password");
    CO_TRY_OK(check_password(new_password));
    auto const name = core.describe(user).name;
    auto const address = "user " + name;
    CO_TRY_OK(core.limits.check(name, address, core.parts.clock->steady()));
    auto const before = *row;
    auto const is_known = co_await core.passwords.is_right(std::move(old_password), before.hash);
    CO_TRY(auto const is_right, is_known);
    if (!is_right) {
        core.limits.note_failure(name, address, core.parts.clock->steady());
        co_return fail(Errc::denied, "the old password is wrong");
    }
    core.limits.note_success(name);
    CO_TRY(auto const hash, co_await core.passwords.hash(std::move(new_password)));
    auto const body = [&](graph::Transaction& change) {
        return fill_password(core, user, before.epoch, hash, token, change);
    };
    CO_TRY_OK(co_await core.commit(body));
    tell_first_changed(core, before.is_first);
    co_return Result<void>{};
}

std::vector<User> list_users(PeopleCore const& core, NodeId by) {
    std::vector<User> users;
    for (auto const id : core.image().with_label(graph::label::user)) {
        if (id == by || core.is_admin(by)) users.push_back(core.describe(id));
    }
    std::ranges::sort(users, {}, &User::name);
    return users;
}

}  // namespace disgrafs::files
