#pragma once

/// \file graph/keys.hpp  The keys of the graph's rows (docs/formats/keys.md, all letters there).
///
///     N node                  → labels, properties      B "n"|"e"    → next free id (a block)
///     O from type 0 to edge   → properties              G folder     → touched when it gains a
///     child U folder name           → child, edge             K name       → lock X label 0 name
///     → node (unique names)
///
/// Numbers are big-endian u64, so that rows of one node lie together in id order.

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace disgrafs::graph {

enum class Space : char {
    node = 'N',
    edge = 'O',
    child = 'U',
    name = 'X',
    folder = 'G',
    lock = 'K',
    block = 'B',
};

/// Whether rows under this key belong to graph/.
bool is_graph_key(std::string_view key);

struct EdgeKey {
    NodeId from;
    std::string type;
    NodeId to;
    EdgeId edge;
};
struct ChildKey {
    NodeId folder;
    std::string name;
};
struct NameKey {
    std::string label;
    std::string name;
};

std::string node_key(NodeId node);
std::string edge_key(EdgeKey const& edge);
std::string child_key(NodeId folder, std::string_view name);
std::string name_key(std::string_view label, std::string_view name);
std::string folder_key(NodeId folder);
std::string lock_key(std::string_view name);
std::string block_key(char kind);

/// Errors: corrupt.
Result<NodeId> parse_node_key(std::string_view key);
Result<EdgeKey> parse_edge_key(std::string_view key);
Result<ChildKey> parse_child_key(std::string_view key);
Result<NameKey> parse_name_key(std::string_view key);
Result<NodeId> parse_folder_key(std::string_view key);

/// The value of a child row.
struct ChildRow {
    NodeId child;
    EdgeId edge;
};
Bytes encode_child(ChildRow row);
Result<ChildRow> decode_child(ByteView bytes);
/// A number alone: the value of name and block rows.
Bytes encode_number(std::uint64_t number);
Result<std::uint64_t> decode_number(ByteView bytes);

}  // namespace disgrafs::graph
