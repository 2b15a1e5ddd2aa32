#pragma once

/// \file cluster/members/capacity.hpp  How much the storage nodes hold together.
///
/// Nodes that share a disk each tell its whole size, yet fill it together: a disk counts once, and
/// never more than it has. A member that is out counts nothing.

#include <cstdint>
#include <vector>

#include "cluster/cluster.hpp"

namespace disgrafs::cluster {

std::uint64_t capacity_of(std::vector<Member> const& members);
std::uint64_t used_by(std::vector<Member> const& members);

/// Sets Member::disk_nodes of all.
void mark_shared_disks(std::vector<Member>& members);

}  // namespace disgrafs::cluster
