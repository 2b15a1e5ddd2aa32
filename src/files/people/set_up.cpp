/// \file files/people/set_up.cpp  The first start: the folders at the top and the administrator.

#include <string_view>
#include <utility>

#include "files/commit.hpp"
#include "files/people/people_core.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

constexpr std::string_view admin_name = "admin";
/// 32 signs that are not mistaken for each other: 5 bits each.
constexpr std::string_view signs = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr int groups = 4;
constexpr int signs_per_group = 5;

std::string random_password(Random& random) {
    static_assert(signs.size() == 32);
    std::string password;
    for (int group = 0; group < groups; ++group) {
        if (group != 0) password.push_back('-');
        for (int i = 0; i < signs_per_group; ++i) password.push_back(signs[random.below(32)]);
    }
    return password;
}

NodeId add_top(graph::Transaction& change, std::string_view name, Timestamp now) {
    graph::Properties properties{
        {"owner", ""}, {"root", true}, {"created", now.us}, {"modified", now.us}
    };
    return change.create_named(
        {std::string(graph::label::folder)}, std::string(name), std::move(properties)
    );
}

Task<void> fill(PeopleCore& core, PasswordHash const& hash, graph::Transaction& change) {
    auto const now = core.parts.clock->now();
    auto const root = add_top(change, root_name, now);
    add_top(change, trash_name, now);
    auto const home = add_top(change, home_name, now);
    change.add_child(root, std::string(home_name), home);
    NewUser const admin{
        .name = std::string(admin_name),
        .hash = hash,
        .is_admin = true,
        .is_first_password = true,
        .quota_bytes = 0
    };
    create_user(change, home, admin, now);
    co_return Result<void>{};
}

}  // namespace

Task<std::optional<std::string>> set_up(PeopleCore& core) {
    CO_TRY_OK(co_await core.sessions.load());
    core.nobody = core.passwords.unknown();
    if (root_of(core.image())) co_return std::optional<std::string>();
    auto const password = random_password(*core.parts.random);
    CO_TRY(auto const hash, co_await core.passwords.hash(password));
    auto const body = [&](graph::Transaction& change) { return fill(core, hash, change); };
    CO_TRY_OK(co_await core.commit(body));
    co_return std::optional(password);
}

}  // namespace disgrafs::files
