#pragma once

/// \file search/filters.hpp  tag: type: in: owner: before: after: size:, each a question about one
/// node.

#include <functional>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "graph/graph.hpp"

namespace disgrafs::search {

/// Errors: invalid, saying what the field's values look like.
Result<std::function<bool(NodeId)>> make_filter(
    std::string const& field, std::string const& value, graph::Image const& image
);

}  // namespace disgrafs::search
