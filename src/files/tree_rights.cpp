#include "files/tree_rights.hpp"

#include <algorithm>
#include <ranges>

#include "files/places.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;
using graph::Direction;

/// Remembered folders of all users together; then all is forgotten and begun anew.
constexpr std::size_t held_max = 1'000'000;
constexpr May everything{.read = true, .write = true, .share = true};

May join(May a, May b) {
    return {.read = a.read || b.read, .write = a.write || b.write, .share = a.share || b.share};
}

}  // namespace

TreeRights::TreeRights(graph::Graph& graph) : image_(graph.image()) {
    load_roots();
    listening_ = graph.listen([this](graph::Graph::Change const& change) { follow(change); });
}

May TreeRights::of(NodeId user, NodeId node) const {
    if (entry_node(image_, node) == nullptr) return {};
    if (is_admin(user)) return everything;
    auto& seen = view(user);
    if (!seen.is_alive) return {};
    return join(ground(seen, node), held_above(seen, node).may);
}

bool TreeRights::sees(NodeId user, NodeId node) const {
    auto const* record = entry_node(image_, node);
    if (record == nullptr) return false;
    if (is_admin(user)) return is_in_tree(node);
    auto& seen = view(user);
    if (!seen.is_alive) return false;
    auto const above = held_above(seen, node);
    if (node == root()) return true;
    if (!above.is_in_tree) return false;
    if (above.may.read || ground(seen, node).read) return true;
    if (!is_folder(*record)) return false;
    build_shown(seen);
    return seen.shown.contains(node);
}

bool TreeRights::is_admin(NodeId user) const { return user.value == 0 || view(user).is_admin; }

std::string TreeRights::path(NodeId node) const {
    auto const top = root();
    if (node == top && top.value != 0) return "/";
    std::vector<std::string_view> names;
    for (auto at = node; at != top;) {
        auto const place = image_.place(at);
        if (!place || names.size() > climb_max) return {};
        names.push_back(place->name);
        at = place->folder;
    }
    std::string text;
    for (auto const& name : names | std::views::reverse) text.append("/").append(name);
    return text;
}

NodeId TreeRights::root() const {
    if (root_.value == 0) root_ = root_of(image_).value_or(NodeId{});
    return root_;
}

bool TreeRights::is_in_tree(NodeId node) const {
    auto const top = root();
    for (int steps = 0; steps < climb_max; ++steps) {
        if (node == top) return top.value != 0;
        auto const place = image_.place(node);
        if (!place) return false;
        node = place->folder;
    }
    return false;
}

bool TreeRights::owns(NodeId user, NodeId node) const {
    auto const& name = view(user).name;
    return !name.empty() && owner_of(node) == name;
}

std::set<NodeId> const& TreeRights::shown_in(NodeId user, NodeId folder) const {
    static std::set<NodeId> const none;
    auto& seen = view(user);
    build_shown(seen);
    auto const found = seen.shown.find(folder);
    return found == seen.shown.end() ? none : found->second;
}

TreeRights::View& TreeRights::view(NodeId user) const {
    if (held_count_ > held_max) forget();
    auto const [found, is_new] = views_.try_emplace(user);
    auto& made = found->second;
    if (!is_new) return made;
    auto const* record = image_.node(user);
    if (record == nullptr || !record->has_label(label::user)) return made;
    made.is_alive = !(*record)["disabled"].boolean();
    if (!made.is_alive) return made;
    made.is_admin = (*record)["role"].text() == "admin";
    made.name = (*record)["name"].text();
    made.principals.push_back(user);
    for (auto const& member : image_.edges(user, Direction::out, edge::member)) {
        made.principals.push_back(member.to);
    }
    return made;
}

void TreeRights::build_shown(View& view) const {
    if (view.is_shown_built) return;
    view.is_shown_built = true;
    for (auto const principal : view.principals) {
        for (auto const& may : image_.edges(principal, Direction::out, edge::may)) {
            if (may["read"].boolean()) show(view, may.to);
        }
    }
    auto const owned = roots_.find(view.name);
    if (owned == roots_.end()) return;
    for (auto const node : owned->second) show(view, node);
}

/// Makes `ground` and all folders above it exist in the folders above them.
void TreeRights::show(View& view, NodeId ground) const {
    if (!is_in_tree(ground)) return;
    for (auto at = ground;;) {
        auto const place = image_.place(at);
        if (!place || !view.shown[place->folder].insert(at).second) return;
        at = place->folder;
    }
}

/// What the node itself gives: ownership and MAY edges.
May TreeRights::ground(View const& view, NodeId node) const {
    if (owner_of(node) == view.name) return everything;
    May may;
    if (image_.degree(node, Direction::in, edge::may) == 0) return may;
    for (auto const& grant : image_.edges(node, Direction::in, edge::may)) {
        if (std::ranges::find(view.principals, grant.from) == view.principals.end()) continue;
        May const given{
            .read = grant["read"].boolean(),
            .write = grant["write"].boolean(),
            .share = grant["share"].boolean()
        };
        may = join(may, given);
    }
    return may;
}

/// Of a folder: its own grounds and those of all folders above. Climbs to what is remembered.
TreeRights::Held TreeRights::held(View& view, NodeId folder) const {
    std::vector<NodeId> climbed;
    Held got;
    for (auto at = folder; climbed.size() < climb_max;) {
        auto const known = view.folders.find(at);
        if (known != view.folders.end()) {
            got = known->second;
            break;
        }
        climbed.push_back(at);
        if (at == root()) {
            got.is_in_tree = true;
            break;
        }
        if (auto const place = image_.place(at)) {
            at = place->folder;
            continue;
        }
        // What is removed keeps the rights of the folder where it was.
        auto const trashed = trash_edge(image_, at);
        if (!trashed) break;
        got = held(view, NodeId{static_cast<std::uint64_t>((*trashed)["folder"].integer())});
        got.is_in_tree = false;
        got.may = join(got.may, ground(view, at));
        view.folders[at] = got;
        climbed.pop_back();
        break;
    }
    for (auto at = climbed.rbegin(); at != climbed.rend(); ++at) {
        got.may = join(got.may, ground(view, *at));
        view.folders[*at] = got;
        ++held_count_;
    }
    return got;
}

TreeRights::Held TreeRights::held_above(View& view, NodeId node) const {
    if (auto const place = image_.place(node)) return held(view, place->folder);
    Held none;
    auto const trashed = trash_edge(image_, node);
    if (!trashed) return none;
    auto above = held(view, NodeId{static_cast<std::uint64_t>((*trashed)["folder"].integer())});
    above.is_in_tree = false;
    return above;
}

std::string TreeRights::owner_of(NodeId node) const {
    auto const* record = image_.node(node);
    return record == nullptr ? std::string() : std::string((*record)["owner"].text());
}

std::unique_ptr<Rights> make_rights(graph::Graph& graph) {
    return std::make_unique<TreeRights>(graph);
}

}  // namespace disgrafs::files
