#pragma once

/// \file cluster/gauges.hpp  The state of the cluster as metrics, set just before they are read.

#include "cluster/cluster.hpp"
#include "cluster/healing/healing.hpp"

namespace disgrafs::cluster {

void set_gauges(ClusterStatus const& status, Healing const& healing);

}  // namespace disgrafs::cluster
