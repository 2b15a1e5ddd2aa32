#pragma once

/// \file graph/karate_club.hpp  For tests: who met whom in a karate club of 34 members.
///
/// Source: Zachary, An information flow model for conflict and fission in small groups, Journal of
/// Anthropological Research 33 (1977) 452–473. Member 0 is the instructor, 33 the president.

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/communities.hpp"

namespace disgrafs::graph {

inline std::vector<WeightedEdge> karate_club() {
    // Each row: a member, and those with a greater number whom he met.
    static std::vector<std::vector<std::uint32_t>> const rows = {
        {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32},
        {2, 3, 4, 8, 14, 18, 20, 22, 31},
        {3, 4, 8, 9, 10, 14, 28, 29, 33},
        {4, 8, 13, 14},
        {5, 7, 11},
        {6, 7, 11, 17},
        {7, 17},
        {9, 31, 33, 34},
        {10, 34},
        {14, 34},
        {15, 33, 34},
        {16, 33, 34},
        {19, 33, 34},
        {20, 34},
        {21, 33, 34},
        {23, 33, 34},
        {24, 26, 28, 30, 33, 34},
        {25, 26, 28, 32},
        {26, 32},
        {27, 30, 34},
        {28, 34},
        {29, 32, 34},
        {30, 33, 34},
        {31, 33, 34},
        {32, 33, 34},
        {33, 34},
    };
    std::vector<WeightedEdge> edges;
    for (auto const& row : rows) {
        for (std::size_t i = 1; i < row.size(); ++i) edges.push_back({row[0] - 1, row[i] - 1, 1});
    }
    return edges;
}

}  // namespace disgrafs::graph
