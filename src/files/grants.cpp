/// \file files/grants.cpp  MAY edges: what users and groups may do with a node and all below it.
///
/// Who shares gives away what it has itself, no more. Write and share include read: who may change
/// a folder sees what is in it.

#include <algorithm>
#include <optional>
#include <utility>

#include "files/operations.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;
using graph::Direction;

/// "user:NAME" or "group:NAME". Errors: invalid, not_found.
Result<NodeId> find_principal(graph::Image const& image, std::string_view text) {
    auto const colon = text.find(':');
    auto const kind = text.substr(0, colon);
    if (colon == std::string_view::npos || (kind != "user" && kind != "group")) {
        return fail(Errc::invalid, "'{}' is neither user:NAME nor group:NAME", text);
    }
    auto const name = text.substr(colon + 1);
    auto const found = image.named(kind == "user" ? label::user : label::group, name);
    if (!found) return fail(Errc::not_found, "there is no {} '{}'", kind, name);
    return *found;
}

std::string principal_name(graph::Image const& image, NodeId id) {
    auto const* node = image.node(id);
    if (node == nullptr) return {};
    auto const kind = node->has_label(label::group) ? "group" : "user";
    return fmt::format("{}:{}", kind, (*node)["name"].text());
}

std::optional<graph::EdgeRecord> find_grant(
    graph::Image const& image, NodeId principal, NodeId node
) {
    auto const grants = image.edges(node, Direction::in, edge::may);
    auto const found = std::ranges::find(grants, principal, &graph::EdgeRecord::from);
    return found == grants.end() ? std::nullopt : std::optional(*found);
}

bool is_self_or_group(graph::Image const& image, NodeId user, NodeId principal) {
    if (user == principal) return true;
    auto const groups = image.edges(user, Direction::out, edge::member);
    return std::ranges::find(groups, principal, &graph::EdgeRecord::to) != groups.end();
}

Result<void> check_grant(May own, Grant const& grant) {
    auto const& may = grant.may;
    if (!may.read && !may.write && !may.share) {
        return fail(Errc::invalid, "the grant allows nothing: revoke it instead");
    }
    if (!may.read) return fail(Errc::invalid, "who may write or share must be able to read");
    auto const has_it = own.share && (!may.write || own.write);
    if (has_it) return {};
    return fail(Errc::denied, "you may not grant this on {}", grant.path);
}

Task<void> fill_grant(Core& core, NodeId user, Grant const& grant, graph::Transaction& change) {
    CO_TRY(auto const node, core.resolve(user, grant.path));
    CO_TRY_OK(check_grant(core.rights.of(user, node), grant));
    CO_TRY(auto const principal, find_principal(core.image(), grant.principal));
    graph::Properties properties{
        {"read", grant.may.read}, {"write", grant.may.write}, {"share", grant.may.share}
    };
    if (auto const old = find_grant(core.image(), principal, node)) {
        change.set(old->id, std::move(properties));
    } else {
        change.create_edge(principal, edge::may, node, std::move(properties));
    }
    change.set(node, {});  // Two grants at once come one after the other: one edge each.
    co_return Result<void>{};
}

Task<void> fill_revoke(
    Core& core,
    NodeId user,
    std::string const& path,
    std::string const& principal,
    graph::Transaction& change
) {
    CO_TRY(auto const node, core.resolve(user, path));
    CO_TRY(auto const holder, find_principal(core.image(), principal));
    if (!core.rights.of(user, node).share && holder != user) {
        co_return fail(Errc::denied, "you may not revoke rights on {}", path);
    }
    auto const old = find_grant(core.image(), holder, node);
    if (!old) co_return fail(Errc::not_found, "{} has no grant on {}", principal, path);
    change.remove_edge(old->id);
    change.set(node, {});
    co_return Result<void>{};
}

}  // namespace

Task<void> grant_rights(Core& core, NodeId user, Grant grant) {
    auto const body = [&](graph::Transaction& change) {
        return fill_grant(core, user, grant, change);
    };
    co_return co_await core.commit(body);
}

Task<void> revoke_rights(Core& core, NodeId user, std::string path, std::string principal) {
    auto const body = [&](graph::Transaction& change) {
        return fill_revoke(core, user, path, principal, change);
    };
    co_return co_await core.commit(body);
}

Result<std::vector<Grant>> list_grants(Core& core, NodeId user, std::string const& path) {
    TRY(auto const node, core.resolve(user, path));
    auto const& image = core.image();
    auto const sees_all = core.rights.of(user, node).share;
    std::vector<Grant> grants;
    for (auto const& edge : image.edges(node, Direction::in, edge::may)) {
        if (!sees_all && !is_self_or_group(image, user, edge.from)) continue;
        Grant grant;
        grant.path = core.rights.path(node);
        grant.principal = principal_name(image, edge.from);
        grant.may = {
            .read = edge["read"].boolean(),
            .write = edge["write"].boolean(),
            .share = edge["share"].boolean()
        };
        grants.push_back(std::move(grant));
    }
    return grants;
}

}  // namespace disgrafs::files
