#pragma once

/// \file cluster/gauges.hpp  The state of the cluster as metrics, set just before they are read.

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/metrics.hpp"
#include "cluster/cluster.hpp"
#include "cluster/healing/healing.hpp"

namespace disgrafs::cluster {

/// disgrafs_member_*: the series of a member that is gone, or was given another name, go with it.
class MemberGauges {
 public:
    void set(std::vector<Member> const& members);

 private:
    std::set<std::pair<std::string, Labels>> shown_;
};

/// All others.
void set_gauges(ClusterStatus const& status, Healing const& healing);

}  // namespace disgrafs::cluster
