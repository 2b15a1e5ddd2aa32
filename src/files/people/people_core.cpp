#include "files/people/people_core.hpp"

#include <algorithm>
#include <utility>

#include "files/commit.hpp"
#include "files/path.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t principal_bytes_max = 64;

}  // namespace

PeopleCore::PeopleCore(PeopleParts given)
    : parts(std::move(given)),
      passwords(*parts.cpu, *parts.random, parts.executor),
      sessions(*parts.graph) {}

bool PeopleCore::is_admin(NodeId user) const {
    if (user.value == 0) return true;
    auto const* node = image().node(user);
    if (node == nullptr || !node->has_label(graph::label::user)) return false;
    return (*node)["role"].text() == "admin" && !(*node)["disabled"].boolean();
}

Result<void> PeopleCore::check_admin(NodeId user) const {
    if (is_admin(user)) return {};
    return fail(Errc::denied, "only an administrator may do this");
}

Result<NodeId> PeopleCore::find_user(std::string_view name) const {
    auto const found = image().named(graph::label::user, name);
    if (!found) return fail(Errc::not_found, "there is no user '{}'", name);
    return *found;
}

User PeopleCore::describe(NodeId id) const {
    auto const& node = *image().node(id);
    User user;
    user.id = id;
    user.name = node["name"].text();
    user.is_admin = node["role"].text() == "admin";
    user.is_disabled = node["disabled"].boolean();
    user.quota_bytes = static_cast<std::uint64_t>(node["quota_bytes"].integer());
    user.used_bytes = parts.used_bytes(id);
    user.home = "/home/" + user.name;
    for (auto const& member : image().edges(id, graph::Direction::out, graph::edge::member)) {
        auto const* group = image().node(member.to);
        if (group != nullptr) user.groups.emplace_back((*group)["name"].text());
    }
    std::ranges::sort(user.groups);
    return user;
}

Task<void> PeopleCore::commit(std::function<Task<void>(graph::Transaction&)> body) const {
    return commit_changes(*parts.graph, std::move(body));
}

Result<void> check_principal_name(std::string_view name) {
    TRY_OK(check_name(name));
    auto const is_odd = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ':';
    };
    if (name.size() > principal_bytes_max) {
        return fail(Errc::invalid, "a name has at most {} bytes", principal_bytes_max);
    }
    if (std::ranges::any_of(name, is_odd) || name.starts_with(' ') || name.ends_with(' ')) {
        return fail(Errc::invalid, "'{}' cannot be a name: no ':', no space at its ends", name);
    }
    return {};
}

NodeId create_user(
    graph::Transaction& change, NodeId home_folder, NewUser const& user, Timestamp now
) {
    graph::Properties properties{
        {"role", user.is_admin ? "admin" : "user"},
        {"quota_bytes", static_cast<std::int64_t>(user.quota_bytes)},
        {"disabled", false},
        {"created", now.us}
    };
    auto const id =
        change.create_named({std::string(graph::label::user)}, user.name, std::move(properties));
    auto const home = add_folder(change, home_folder, user.name, user.name, now);
    change.create_edge(id, graph::edge::home, home, {});
    PasswordRow const row{.hash = user.hash, .epoch = 1, .is_first = user.is_first_password};
    change.rows().put(password_key(id), encode(row));
    return id;
}

}  // namespace disgrafs::files
