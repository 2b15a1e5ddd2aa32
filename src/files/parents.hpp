#pragma once

/// \file files/parents.hpp  Folders that are missing on the way to a new file or folder.

#include <span>
#include <string>

#include "files/core.hpp"

namespace disgrafs::files {

/// So many new folders fit into one commit beside a file's rows.
inline constexpr std::size_t parents_per_commit = 8;

/// The walk may go on below `walk.at` by making what is missing. Errors: conflict (a file is in the
/// way), denied.
Result<void> check_can_make(Core const& core, NodeId user, Walk const& walk);

/// Adds folders named so, each in the one before; returns the last (or `folder` itself).
NodeId add_folders(
    Core const& core,
    graph::Transaction& change,
    NodeId folder,
    std::span<std::string const> names,
    NodeId user
);

/// When more than parents_per_commit folders are missing on the way to `path`: makes the outermost
/// in commits of their own, so that the rest fits into one.
Task<void> make_far_parents(Core& core, NodeId user, Path path);

}  // namespace disgrafs::files
