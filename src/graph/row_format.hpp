#pragma once

/// \file graph/row_format.hpp  How nodes, edges and property values lie in the store.
///
///     node row   = version u8 = 1 | count varint | label run… | properties
///     edge row   = version u8 = 1 | properties
///     properties = count varint | (key run | value)…           in ascending order of keys
///     value      = tag u8 | payload (docs/formats/keys.md)
///
/// Decoders take foreign bytes: every error is corrupt, and lists nest at most value_depth_max.

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "graph/value.hpp"

namespace disgrafs::graph {

inline constexpr int value_depth_max = 16;

struct NodeRow {
    std::vector<std::string> labels;  ///< Sorted, unique.
    Properties properties;
};

/// Errors: invalid (lists too deep, an empty key).
Result<void> check_properties(Properties const& properties);

void encode_value(ByteWriter& writer, Value const& value);
Result<Value> decode_value(ByteReader& reader);

Bytes encode_node(NodeRow const& row);
Result<NodeRow> decode_node(ByteView bytes);

Bytes encode_edge(Properties const& properties);
Result<Properties> decode_edge(ByteView bytes);

}  // namespace disgrafs::graph
