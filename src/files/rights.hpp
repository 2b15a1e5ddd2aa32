#pragma once

/// \file files/rights.hpp  What a user may do with a node.
///
/// Administrators and the cluster itself (user 0) may do all. The owner of a file or folder, and
/// the owner of any folder above it, may do all with it. A MAY edge {read, write, share} from the
/// user, or from a group of the user, to a node counts for it and all below. Nothing else counts.
/// Folders above something that a user may read can be passed and show just that; their other
/// content does not exist for that user. Tags are seen when a visible file carries them. Users see
/// themselves, their groups, and people with whom they share.

#include <memory>

#include "base/ids.hpp"
#include "graph/graph.hpp"

namespace disgrafs::files {

struct May {
    bool read = false;
    bool write = false;
    bool share = false;
};

class Rights {
 public:
    virtual ~Rights() = default;

    /// For files and folders. Cheap: cached per user and folder until a grant, move or membership
    /// changes.
    [[nodiscard]] virtual May of(NodeId user, NodeId node) const = 0;
    /// May be listed and passed: readable, or an ancestor of something readable. Trashed nodes and
    /// what lies below them: false.
    [[nodiscard]] virtual bool sees(NodeId user, NodeId node) const = 0;
    [[nodiscard]] virtual bool is_admin(NodeId user) const = 0;
    /// "/a/b.txt"; empty when the node has no place in the tree (trashed, a tag …).
    [[nodiscard]] virtual std::string path(NodeId node) const = 0;
    [[nodiscard]] virtual NodeId root() const = 0;  ///< The drive's root folder.
};

std::unique_ptr<Rights> make_rights(graph::Graph& graph);

}  // namespace disgrafs::files
