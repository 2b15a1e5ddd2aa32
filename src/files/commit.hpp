#pragma once

/// \file files/commit.hpp  How every operation here commits.

#include <functional>
#include <string>

#include "base/time.hpp"
#include "graph/graph.hpp"

namespace disgrafs::files {

/// run_transaction() whose last conflict says so in words for people. An error of `body` is
/// returned as it is, without another attempt.
Task<void> commit_changes(graph::Graph& graph, std::function<Task<void>(graph::Transaction&)> body);

/// Creates a folder in `folder`, owned by `owner`.
NodeId add_folder(
    graph::Transaction& change, NodeId folder, std::string name, std::string owner, Timestamp now
);

}  // namespace disgrafs::files
