#include "files/core.hpp"

#include <algorithm>
#include <utility>

#include "files/commit.hpp"
#include "files/places.hpp"
#include "files/version_rows.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
using graph::Direction;

std::uint64_t number(graph::Value const& value) {
    return static_cast<std::uint64_t>(value.integer());
}

std::vector<std::string> strongest_tags(graph::Image const& image, NodeId file) {
    std::vector<std::pair<double, NodeId>> tags;
    for (auto const& tagged : image.edges(file, Direction::out, edge::tagged)) {
        if (tagged["state"].text() == "rejected") continue;
        tags.emplace_back(-tagged["score"].number(1), tagged.to);
    }
    std::ranges::sort(tags);
    std::vector<std::string> names;
    for (auto const& [score, tag] : tags) {
        if (names.size() == shown_tags) break;
        if (auto const* node = image.node(tag)) names.emplace_back((*node)["name"].text());
    }
    return names;
}

}  // namespace

Core::Core(FilesParts given)
    : parts(std::move(given)),
      rights(*parts.graph),
      usage(*parts.graph, rights),
      purge_wake(parts.executor) {}

std::string Core::user_name(NodeId user) const {
    auto const* node = image().node(user);
    return node == nullptr ? "cluster" : std::string((*node)["name"].text());
}

Result<Walk> Core::walk(NodeId user, Path const& path) const {
    Walk walk{.at = rights.root(), .missing = {}};
    if (walk.at.value == 0) return fail(Errc::unavailable, "the drive is not set up yet");
    for (std::size_t index = 0; index < path.size(); ++index) {
        auto const child = image().child(walk.at, path[index]);
        if (!child || !rights.sees(user, child->node)) {
            auto const rest = path.begin() + static_cast<std::ptrdiff_t>(index);
            walk.missing.assign(rest, path.end());
            break;
        }
        walk.at = child->node;
    }
    return walk;
}

Result<NodeId> Core::resolve(NodeId user, std::string_view path) const {
    TRY(auto const names, parse_path(path));
    TRY(auto const walked, walk(user, names));
    if (!walked.missing.empty()) return fail(Errc::not_found, "there is no {}", to_text(names));
    return walked.at;
}

Result<graph::NodeRecord const*> Core::seen(NodeId user, NodeId node) const {
    if (!rights.sees(user, node)) {
        return fail(Errc::not_found, "there is no file or folder {}", node.value);
    }
    return image().node(node);
}

Result<graph::NodeRecord const*> Core::readable_file(NodeId user, NodeId node) const {
    auto const* record = entry_node(image(), node);
    // The cluster itself reads what lies in the trash, too: analysis may come after a deletion.
    if (user.value != 0 || record == nullptr) TRY_OK(seen(user, node));
    if (!is_file(*record)) return fail(Errc::invalid, "{} is a folder", rights.path(node));
    if (!rights.of(user, node).read) {
        return fail(Errc::denied, "you may not read {}", rights.path(node));
    }
    return record;
}

Result<void> Core::check_write(NodeId user, NodeId node) const {
    if (rights.of(user, node).write) return {};
    return fail(Errc::denied, "you may not write in {}", rights.path(node));
}

Result<void> Core::check_removable(NodeId user, NodeId node) const {
    auto const place = image().place(node);
    auto const is_fixed = !place || image().named(graph::label::folder, home_name) == node ||
                          image().degree(node, Direction::in, edge::home) > 0;
    auto const path = rights.path(node);
    if (is_fixed) return fail(Errc::denied, "{} stays where it is", path);
    if (rights.of(user, place->folder).write || rights.owns(user, node)) return {};
    return fail(Errc::denied, "you may not take {} out of its folder", path);
}

Entry Core::describe(NodeId user, NodeId id) const {
    auto const& node = *image().node(id);
    Entry entry;
    entry.id = id;
    entry.kind = is_file(node) ? Kind::file : Kind::folder;
    entry.name = node["name"].text();
    entry.path = rights.path(id);
    entry.may = rights.of(user, id);
    if (entry.may.read) entry.owner = node["owner"].text();
    entry.created.us = node["created"].integer();
    entry.modified.us = node["modified"].integer();
    if (entry.kind == Kind::folder) {
        entry.children = count_children(user, id);
        return entry;
    }
    entry.size_bytes = number(node["size"]);
    entry.media_type = node["media_type"].text();
    entry.version = number(node["version"]);
    entry.sha256 = node["sha256"].text();
    if (auto const content = parse_content(node["content"].text())) entry.content = *content;
    entry.analysed = node["analysed"].text();
    entry.tags = strongest_tags(image(), id);
    return entry;
}

std::uint64_t Core::count_children(NodeId user, NodeId folder) const {
    auto const count = rights.of(user, folder).read ? image().child_count(folder)
                                                    : rights.shown_in(user, folder).size();
    return std::min(count, children_counted_max);
}

Task<void> Core::commit(std::function<Task<void>(graph::Transaction&)> body) const {
    return commit_changes(*parts.graph, std::move(body));
}

}  // namespace disgrafs::files
