/// \file files/restore.cpp  Out of the trash, to where it was: one commit.
///
/// Where it was is the folder of then, wherever that stands now. If that folder is itself gone,
/// the folders of the old path are made again.

#include <utility>

#include "files/operations.hpp"
#include "files/parents.hpp"
#include "files/places.hpp"
#include "files/trash.hpp"

namespace disgrafs::files {

namespace {

/// The old folder when it is in the tree, else the one at the old path, made as needed.
Result<NodeId> folder_for(
    Core const& core, NodeId user, graph::EdgeRecord const& edge, graph::Transaction& change
) {
    auto const old = old_folder(edge);
    if (core.rights.sees(user, old)) {
        TRY_OK(core.check_write(user, old));
        return old;
    }
    TRY(auto path, parse_path(edge["from"].text()));
    path.pop_back();
    TRY(auto const walk, core.walk(user, path));
    TRY_OK(check_can_make(core, user, walk));
    if (walk.missing.size() > parents_per_commit) {
        return fail(Errc::not_found, "there is no {} any more: make it first", to_text(path));
    }
    return add_folders(core, change, walk.at, walk.missing, user);
}

Task<void> fill(Core& core, NodeId user, NodeId node, graph::Transaction& change) {
    CO_TRY(auto const edge, find_trashed(core, user, node));
    auto const name = std::string(edge["name"].text());
    CO_TRY(auto const folder, folder_for(core, user, edge, change));
    if (core.image().child(folder, name)) {
        auto const path = core.rights.path(folder);
        co_return fail(
            Errc::conflict, "there is a {} in {} already: move that away first", name, path
        );
    }
    if (is_folder(*core.image().node(node))) change.lock("tree");
    change.remove_edge(edge.id);
    change.add_child(folder, name, node);
    co_return Result<void>{};
}

}  // namespace

Task<Entry> restore_entry(Core& core, NodeId user, NodeId node) {
    auto const body = [&](graph::Transaction& change) { return fill(core, user, node, change); };
    CO_TRY_OK(co_await core.commit(body));
    co_return entry_of(core, user, node);
}

}  // namespace disgrafs::files
