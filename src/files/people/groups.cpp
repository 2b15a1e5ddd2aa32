/// \file files/people/groups.cpp  Groups and who is in them.

#include <algorithm>
#include <utility>

#include "files/people/people_core.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;
using graph::Direction;

Task<void> fill_add(PeopleCore& core, std::string const& name, graph::Transaction& change) {
    if (core.image().named(label::group, name)) {
        co_return fail(Errc::conflict, "there is a group '{}' already", name);
    }
    change.create_named({std::string(label::group)}, name, {});
    co_return Result<void>{};
}

Task<void> fill_member(
    PeopleCore& core,
    std::string const& group_name,
    std::string const& user_name,
    bool is_member,
    graph::Transaction& change
) {
    auto const group = core.image().named(label::group, group_name);
    if (!group) co_return fail(Errc::not_found, "there is no group '{}'", group_name);
    CO_TRY(auto const user, core.find_user(user_name));
    auto const memberships = core.image().edges(user, Direction::out, edge::member);
    auto const found = std::ranges::find(memberships, *group, &graph::EdgeRecord::to);
    auto const was_member = found != memberships.end();
    if (was_member == is_member) co_return Result<void>{};
    change.set(user, {});  // Two changes at once come one after the other.
    if (is_member) {
        change.create_edge(user, edge::member, *group, {});
    } else {
        change.remove_edge(found->id);
    }
    co_return Result<void>{};
}

}  // namespace

Task<void> add_group(PeopleCore& core, NodeId by, std::string name) {
    CO_TRY_OK(core.check_admin(by));
    CO_TRY_OK(check_principal_name(name));
    auto const body = [&](graph::Transaction& change) { return fill_add(core, name, change); };
    co_return co_await core.commit(body);
}

Task<void> set_member(
    PeopleCore& core, NodeId by, std::string group, std::string user, bool is_member
) {
    CO_TRY_OK(core.check_admin(by));
    auto const body = [&](graph::Transaction& change) {
        return fill_member(core, group, user, is_member, change);
    };
    co_return co_await core.commit(body);
}

std::vector<People::Group> list_groups(PeopleCore const& core, NodeId by) {
    std::vector<People::Group> groups;
    auto const& image = core.image();
    for (auto const id : image.with_label(label::group)) {
        People::Group group;
        group.name = (*image.node(id))["name"].text();
        auto is_own = core.is_admin(by);
        for (auto const& member : image.edges(id, Direction::in, edge::member)) {
            auto const* user = image.node(member.from);
            if (user != nullptr) group.members.emplace_back((*user)["name"].text());
            is_own = is_own || member.from == by;
        }
        std::ranges::sort(group.members);
        if (is_own) groups.push_back(std::move(group));
    }
    std::ranges::sort(groups, {}, &People::Group::name);
    return groups;
}

}  // namespace disgrafs::files
