#pragma once

/// \file gateway/graph_view.hpp  The drive as a picture: communities, positions, for one user.
///
/// Louvain communities and the layout are computed on the cpu pool over what the user may see, kept
/// per user while the graph's revision stays near, and shared by requests that come meanwhile.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "gateway/services.hpp"
#include "io/task.hpp"

namespace disgrafs::gateway {

/// A part of the graph that one user may see, in plain numbers, ready for the pool.
struct VisibleGraph {
    std::vector<NodeId> nodes;
    struct Edge {
        std::uint32_t from = 0;  ///< Index into nodes.
        std::uint32_t to = 0;
        std::string_view type;  ///< Lives as long as the image.
        double score = 1;
        std::vector<std::string> why;
    };
    std::vector<Edge> edges;
    bool is_truncated = false;
};

/// Files, folders, tags (those of visible files) and their edges; `node_max` nodes at most, those
/// with most edges first.
VisibleGraph visible_graph(Services& services, NodeId user, std::size_t node_max);
/// What lies within `depth` edges of `start`, nearest first. Errors: not_found.
Result<VisibleGraph> visible_neighbours(
    Services& services, NodeId user, NodeId start, std::size_t depth, std::size_t node_max
);

class GraphView {
 public:
    explicit GraphView(Services& services) : services_(services) {}
    /// Schema Graph, with positions and communities.
    Task<boost::json::object> overview(NodeId user, std::size_t node_max);

 private:
    struct Kept {
        std::uint64_t revision = 0;
        Duration made{0};
        std::size_t node_max = 0;
        std::shared_ptr<boost::json::object const> picture;
    };
    Services& services_;
    std::map<NodeId, Kept> kept_;  ///< At most 64 users.
};

/// Nodes and edges without positions.
boost::json::object to_json(Services& services, VisibleGraph const& graph);

}  // namespace disgrafs::gateway
