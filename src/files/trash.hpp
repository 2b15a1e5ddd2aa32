#pragma once

/// \file files/trash.hpp  What hangs in the trash, and who may touch it.

#include "files/core.hpp"

namespace disgrafs::files {

/// An entry of the trash that the user may restore or purge: who could have taken it out of its
/// folder. Not one whose purge is decided. Errors: not_found.
Result<graph::EdgeRecord> find_trashed(Core const& core, NodeId user, NodeId node);

/// The node goes for ever: decided, and being done.
inline bool is_purge_decided(graph::EdgeRecord const& edge) { return edge["purge"].boolean(); }

/// Where the node was, if that folder still exists.
inline NodeId old_folder(graph::EdgeRecord const& edge) {
    return NodeId{static_cast<std::uint64_t>(edge["folder"].integer())};
}

}  // namespace disgrafs::files
