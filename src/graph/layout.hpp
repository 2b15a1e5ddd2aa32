#pragma once

/// \file graph/layout.hpp  Where the nodes of a drawing go: tied ones together, others apart.
///
/// Nodes repel each other by their degrees, edges pull, a little gravity keeps parts together
/// (ForceAtlas2). Repulsion is summed over a tree of cells. The drawing begins with the communities
/// drawn as one node each.
///
/// Source: Jacomy, Venturini, Heymann, Bastian: ForceAtlas2, PLoS ONE 9 (2014) e98679;
/// tree: Barnes, Hut, Nature 324 (1986) 446–449.
///
/// Pure arithmetic without randomness: equal input gives an equal drawing. It computes for long
/// (see the cost): call it on a Pool.

#include <cstdint>
#include <span>
#include <vector>

#include "graph/communities.hpp"

namespace disgrafs::graph {

struct Point {
    float x = 0;
    float y = 0;

    friend bool operator==(Point const&, Point const&) = default;
};

struct LayoutOptions {
    unsigned rounds = 100;
    float opening = 1.2F;       ///< A cell this much smaller than its distance counts as one body.
    float gravity = 0.3F;       ///< Grows with the distance from the middle.
    float pull_between = 0.3F;  ///< Of edges between communities, against 1 within.
    float repulsion = 1;        ///< 1: about as dense as a sunflower, when edges pull as usual.
};

/// One point per node, centred on (0, 0), the farthest at distance 1. `community` numbers each
/// node's community from 0 on (find_communities), or is empty. Edges to nodes ≥ `nodes` are the
/// caller's bug. Cost: O((nodes · log nodes + edges) · rounds): 5,000 nodes and 20,000 edges take
/// about 0.4 s.
std::vector<Point> lay_out(
    std::uint32_t nodes,
    std::span<WeightedEdge const> edges,
    std::span<std::uint32_t const> community,
    LayoutOptions const& options
);

}  // namespace disgrafs::graph
