#pragma once

/// \file graph/layout_tree.hpp  A tree of square cells over bodies in the plane (Barnes and Hut).
///
/// Cells lie in one array in depth-first order, each knowing the first cell behind its own part of
/// the tree, so that a walk is one loop without a stack.

#include <cstdint>
#include <span>
#include <vector>

namespace disgrafs::graph {

struct Body {
    float x = 0;
    float y = 0;
    float mass = 1;
};

class LayoutTree {
 public:
    /// Cost: O(n log n). Memory is kept for the next build.
    void build(std::span<Body const> bodies);

    /// The sum over all other bodies of mass · delta / distance², away from them. Bodies at the
    /// same place do not act on each other.
    struct Push {
        float x = 0;
        float y = 0;
    };
    [[nodiscard]] Push push_on(Body const& body, float opening) const;

 private:
    struct Cell {
        float x = 0;  ///< Centre of mass.
        float y = 0;
        float mass = 0;
        float width = 0;
        std::uint32_t behind = 0;  ///< First cell that is not within this one.
        std::uint32_t first = 0;   ///< A leaf's bodies in sorted_: first … last − 1.
        std::uint32_t last = 0;    ///< 0: no leaf.
    };
    struct Square {
        float x = 0;  ///< Centre.
        float y = 0;
        float width = 0;
    };

    static constexpr std::uint32_t leaf_bodies = 8;
    static constexpr int depth_max = 24;

    void add(std::uint32_t first, std::uint32_t last, Square square, int depth);

    std::vector<Body> sorted_;
    std::vector<Body> spare_;
    std::vector<Cell> cells_;
};

}  // namespace disgrafs::graph
