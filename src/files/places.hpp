#pragma once

/// \file files/places.hpp  The folders at the top, how a node hangs in the tree, who owns it.
///
/// Three folders have a name that is unique in the graph: the drive's root "/", "/home" (named
/// "home"), and the root of the trash, which is in no folder. What was removed hangs on that one by
/// a TRASHED edge {at, by, name, folder, from}; `folder` is the id of the folder where it was.

#include <optional>
#include <string>
#include <string_view>

#include "graph/graph.hpp"

namespace disgrafs::files {

inline constexpr std::string_view root_name = "/";
inline constexpr std::string_view home_name = "home";
inline constexpr std::string_view trash_name = "/trash";

/// What cannot happen by the rules (a circle, a deeper tree) must not hang the program.
inline constexpr int climb_max = 4096;

inline bool is_folder(graph::NodeRecord const& node) {
    return node.has_label(graph::label::folder);
}
inline bool is_file(graph::NodeRecord const& node) { return node.has_label(graph::label::file); }

/// File or folder; nullptr: neither.
inline graph::NodeRecord const* entry_node(graph::Image const& image, NodeId id) {
    auto const* node = image.node(id);
    return node != nullptr && (is_file(*node) || is_folder(*node)) ? node : nullptr;
}

inline std::optional<NodeId> root_of(graph::Image const& image) {
    return image.named(graph::label::folder, root_name);
}
inline std::optional<NodeId> trash_of(graph::Image const& image) {
    return image.named(graph::label::folder, trash_name);
}

/// The edge by which a removed node hangs in the trash.
inline std::optional<graph::EdgeRecord> trash_edge(graph::Image const& image, NodeId node) {
    auto edges = image.edges(node, graph::Direction::in, graph::edge::trashed);
    if (edges.empty()) return std::nullopt;
    return edges.front();
}

}  // namespace disgrafs::files
