#pragma once

/// \file graph/communities.hpp  Groups of nodes that are more tied to each other than to the rest.
///
/// The Louvain method: move each node to the neighbouring community that raises modularity most,
/// until none moves; make each community one node; repeat. The levels in between are communities
/// that open into smaller ones.
///
/// Source: Blondel, Guillaume, Lambiotte, Lefebvre: Fast unfolding of communities in large
/// networks, J. Stat. Mech. (2008) P10008; resolution after Reichardt, Bornholdt, Phys. Rev. E 74
/// (2006) 016110. Deterministic: nodes are visited in order of their numbers, ties go to the lowest
/// community.

#include <cstdint>
#include <span>
#include <vector>

namespace disgrafs::graph {

/// Undirected. A projection numbers its nodes 0 … count − 1.
struct WeightedEdge {
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    double weight = 1;  ///< Not above 0, or not finite: the edge is left out.
};

struct CommunityOptions {
    double resolution = 1;  ///< Greater: more and smaller communities.
    unsigned levels_max = 16;
    unsigned passes_max = 64;  ///< Over all nodes of a level.
    double gain_min = 1e-6;    ///< Of modularity in one pass; less ends the level.
};

struct Communities {
    /// levels[l][node]: its community, 0 … count of the level − 1, the largest first. The last
    /// level is the coarsest. Never empty.
    std::vector<std::vector<std::uint32_t>> levels;
    std::uint32_t count = 0;  ///< Of the last level.
    double modularity = 0;    ///< Of the last level; −0.5 … 1.

    [[nodiscard]] std::vector<std::uint32_t> const& of_node() const { return levels.back(); }
};

/// Parallel edges add up. Edges to nodes ≥ `nodes` are the caller's bug.
/// Cost: O(edges) per pass, about ten passes in all; 24 bytes per edge.
Communities find_communities(
    std::uint32_t nodes, std::span<WeightedEdge const> edges, CommunityOptions const& options
);

/// Modularity of a given division. Cost: O(nodes + edges).
double modularity(
    std::uint32_t nodes,
    std::span<WeightedEdge const> edges,
    std::span<std::uint32_t const> community,
    double resolution
);

}  // namespace disgrafs::graph
