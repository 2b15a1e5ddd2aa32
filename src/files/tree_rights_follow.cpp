/// \file files/tree_rights_follow.cpp  How TreeRights keeps up with commits.

#include <map>

#include "files/places.hpp"
#include "files/tree_rights.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;
using graph::Direction;
using Change = graph::Graph::Change;

constexpr std::size_t page = 1000;

bool changes_grants(Change const& change) {
    for (auto const* edges :
         {&change.edges_created, &change.edges_changed, &change.edges_removed}) {
        for (auto const& each : *edges) {
            if (each.type == edge::may || each.type == edge::member) return true;
        }
    }
    return false;
}

}  // namespace

void TreeRights::load_roots() {
    for (auto const folder : image_.with_label(label::folder)) {
        auto const above = owner_of(folder);
        std::string after;
        for (;;) {
            auto const children = image_.children(folder, after, page);
            for (auto const& child : children) {
                auto owner = owner_of(child.node);
                if (owner != above) roots_[std::move(owner)].insert(child.node);
            }
            if (children.size() < page) break;
            after = children.back().name;
        }
    }
}

void TreeRights::follow(Change const& change) {
    note_removed(change);
    note_created(change);
    auto is_old = changes_grants(change);
    for (auto const id : change.nodes_changed) {
        auto const* node = image_.node(id);
        // A file's own properties give and take no right.
        if (node != nullptr && !is_file(*node) && !node->has_label(label::tag)) is_old = true;
    }
    if (is_old) forget();
}

void TreeRights::note_removed(Change const& change) {
    std::map<NodeId, graph::NodeRecord const*> gone;
    for (auto const& node : change.nodes_removed) gone[node.id] = &node;
    for (auto const& each : change.edges_removed) {
        if (each.type != edge::contains) continue;
        auto const found = gone.find(each.to);
        auto const* node = found == gone.end() ? image_.node(each.to) : found->second;
        if (node == nullptr) continue;
        auto const owned = roots_.find(std::string((*node)["owner"].text()));
        auto const was_root = owned != roots_.end() && owned->second.erase(each.to) > 0;
        auto const is_granted =
            found == gone.end() && image_.degree(each.to, Direction::in, edge::may) > 0;
        // The place of a plain file is remembered nowhere.
        if (was_root || is_granted || is_folder(*node)) forget();
    }
}

void TreeRights::note_created(Change const& change) {
    std::set<NodeId> const made(change.nodes_created.begin(), change.nodes_created.end());
    for (auto const& each : change.edges_created) {
        if (each.type != edge::contains) continue;
        auto const* node = image_.node(each.to);
        if (node == nullptr) continue;
        auto const is_new = made.contains(each.to);
        auto const is_granted = image_.degree(each.to, Direction::in, edge::may) > 0;
        auto const was_elsewhere = !is_new && (is_folder(*node) || is_granted);
        auto owner = std::string((*node)["owner"].text());
        if (owner != owner_of(each.from)) {
            roots_[owner].insert(each.to);
            for (auto& [user, seen] : views_) {
                if (seen.name == owner && seen.is_shown_built) show(seen, each.to);
            }
        }
        if (was_elsewhere) forget();
    }
}

}  // namespace disgrafs::files
