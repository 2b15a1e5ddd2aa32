#include "files/parents.hpp"

#include <algorithm>
#include <utility>

#include "files/commit.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

/// Twice as often as the deepest path needs.
constexpr int rounds_max = 64;

/// Whoever makes a folder owns it; what the cluster itself makes belongs to the folder's owner.
std::string owner_for(Core const& core, NodeId folder, NodeId user) {
    if (user.value != 0) return core.user_name(user);
    auto const* node = core.image().node(folder);
    return node == nullptr ? std::string() : std::string((*node)["owner"].text());
}

Task<void> make_some(Core& core, NodeId user, Path const& path, graph::Transaction& change) {
    CO_TRY(auto const walk, core.walk(user, path));
    if (walk.missing.size() <= parents_per_commit) co_return Result<void>{};
    CO_TRY_OK(check_can_make(core, user, walk));
    auto const names = std::span(walk.missing).first(parents_per_commit);
    add_folders(core, change, walk.at, names, user);
    co_return Result<void>{};
}

}  // namespace

Result<void> check_can_make(Core const& core, NodeId user, Walk const& walk) {
    auto const* node = core.image().node(walk.at);
    if (node != nullptr && is_folder(*node)) return core.check_write(user, walk.at);
    return fail(Errc::conflict, "{} is a file, not a folder", core.rights.path(walk.at));
}

NodeId add_folders(
    Core const& core,
    graph::Transaction& change,
    NodeId folder,
    std::span<std::string const> names,
    NodeId user
) {
    auto const owner = owner_for(core, folder, user);
    for (auto const& name : names) folder = add_folder(change, folder, name, owner, core.now());
    return folder;
}

Task<void> make_far_parents(Core& core, NodeId user, Path path) {
    for (int round = 0; round < rounds_max; ++round) {
        CO_TRY(auto const walk, core.walk(user, path));
        if (walk.missing.size() <= parents_per_commit) co_return Result<void>{};
        auto const body = [&](graph::Transaction& change) {
            return make_some(core, user, path, change);
        };
        CO_TRY_OK(co_await core.commit(body));
    }
    co_return fail(Errc::conflict, "folders on the way to {} vanish again", to_text(path));
}

}  // namespace disgrafs::files
