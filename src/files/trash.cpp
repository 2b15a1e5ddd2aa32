#include "files/trash.hpp"

#include <algorithm>
#include <utility>

#include "files/operations.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t trash_listed_max = 1000;

bool may_take(Core const& core, NodeId user, graph::EdgeRecord const& edge) {
    if (is_purge_decided(edge)) return false;
    auto const may_above = core.rights.of(user, old_folder(edge)).write;
    return may_above || core.rights.is_admin(user) || core.rights.owns(user, edge.to);
}

}  // namespace

Result<graph::EdgeRecord> find_trashed(Core const& core, NodeId user, NodeId node) {
    auto const edge = trash_edge(core.image(), node);
    if (edge && may_take(core, user, *edge)) return *edge;
    return fail(Errc::not_found, "there is no {} in the trash", node.value);
}

std::vector<TrashEntry> list_trash(Core& core, NodeId user) {
    std::vector<TrashEntry> listed;
    auto const& image = core.image();
    auto const trash = trash_of(image);
    if (!trash) return listed;
    auto edges = image.edges(*trash, graph::Direction::out, graph::edge::trashed);
    auto const is_later = [](graph::EdgeRecord const& a, graph::EdgeRecord const& b) {
        return std::pair(a["at"].integer(), a.id) > std::pair(b["at"].integer(), b.id);
    };
    std::ranges::sort(edges, is_later);
    for (auto const& edge : edges) {
        if (listed.size() == trash_listed_max) break;
        if (!may_take(core, user, edge)) continue;
        TrashEntry row;
        row.entry = core.describe(user, edge.to);
        row.from = edge["from"].text();
        row.entry.path = row.from;
        row.deleted.us = edge["at"].integer();
        row.by = edge["by"].text();
        listed.push_back(std::move(row));
    }
    return listed;
}

}  // namespace disgrafs::files
