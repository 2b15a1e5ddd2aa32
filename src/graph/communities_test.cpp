#include "graph/communities.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "graph/karate_club.hpp"
#include "io/random.hpp"

namespace disgrafs::graph {
namespace {

/// `cliques` complete graphs of `size` nodes in a ring, one edge from each to the next.
std::vector<WeightedEdge> ring_of_cliques(std::uint32_t cliques, std::uint32_t size) {
    std::vector<WeightedEdge> edges;
    for (std::uint32_t c = 0; c < cliques; ++c) {
        for (std::uint32_t i = 0; i < size; ++i) {
            for (std::uint32_t j = i + 1; j < size; ++j) {
                edges.push_back({c * size + i, c * size + j, 1});
            }
        }
        edges.push_back({c * size, (c + 1) % cliques * size + 1, 1});
    }
    return edges;
}

/// Modularity by its definition, over all pairs of nodes.
double by_definition(
    std::uint32_t nodes,
    std::vector<WeightedEdge> const& edges,
    std::vector<std::uint32_t> const& community
) {
    std::vector<double> strength(nodes, 0);
    double total = 0;
    double inside = 0;
    for (auto const& edge : edges) {
        strength[edge.a] += edge.weight;
        strength[edge.b] += edge.weight;
        total += 2 * edge.weight;
        if (community[edge.a] == community[edge.b]) inside += 2 * edge.weight;
    }
    double expected = 0;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        for (std::uint32_t j = 0; j < nodes; ++j) {
            if (community[i] == community[j]) expected += strength[i] * strength[j] / total;
        }
    }
    return (inside - expected) / total;
}

TEST(Communities, KarateClubIsDividedNearlyAsWellAsCanBe) {
    auto const edges = karate_club();
    ASSERT_EQ(edges.size(), 78U);
    auto const found = find_communities(34, edges, {});
    EXPECT_EQ(found.count, 4U);
    EXPECT_GE(found.modularity, 0.415);  // the optimum, by exact methods, is 0.4198
    EXPECT_LE(found.modularity, 0.41980);
    EXPECT_NEAR(found.modularity, by_definition(34, edges, found.of_node()), 1e-12);
    EXPECT_NE(found.of_node()[0], found.of_node()[33]) << "instructor and president parted";
}

TEST(Communities, CliquesOfARingAreFoundOneByOne) {
    auto const edges = ring_of_cliques(8, 6);
    auto const found = find_communities(48, edges, {});
    EXPECT_EQ(found.count, 8U);
    for (std::uint32_t node = 0; node < 48; ++node) {
        EXPECT_EQ(found.of_node()[node], found.of_node()[node / 6 * 6]) << node;
    }
}

TEST(Communities, LevelsAreNestedAndTheLastIsTheCoarsest) {
    auto const edges = ring_of_cliques(40, 4);
    auto const found = find_communities(160, edges, {});
    ASSERT_GE(found.levels.size(), 2U);
    for (std::size_t l = 1; l < found.levels.size(); ++l) {
        std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
        std::set<std::uint32_t> finer;
        for (std::size_t node = 0; node < 160; ++node) {
            pairs.insert({found.levels[l - 1][node], found.levels[l][node]});
            finer.insert(found.levels[l - 1][node]);
        }
        EXPECT_EQ(pairs.size(), finer.size()) << "a community of level " << l - 1 << " is split";
    }
    std::set<std::uint32_t> const last(found.of_node().begin(), found.of_node().end());
    EXPECT_EQ(last.size(), found.count);
}

TEST(Communities, GreaterResolutionGivesMore) {
    auto const edges = karate_club();
    auto const coarse = find_communities(34, edges, {.resolution = 0.3});
    auto const fine = find_communities(34, edges, {.resolution = 3});
    EXPECT_LT(coarse.count, 4U);
    EXPECT_GT(fine.count, 4U);
}

TEST(Communities, WeightsDecideWhereTheDivisionGoes) {
    // A square: two heavy sides, two light ones.
    std::vector<WeightedEdge> const edges = {{0, 1, 9}, {1, 2, 1}, {2, 3, 9}, {3, 0, 1}};
    auto const found = find_communities(4, edges, {});
    EXPECT_EQ(found.of_node(), (std::vector<std::uint32_t>{0, 0, 1, 1}));
}

TEST(Communities, ParallelEdgesAddUpAndUselessWeightsAreLeftOut) {
    auto const nan = std::numeric_limits<double>::quiet_NaN();
    std::vector<WeightedEdge> const edges = {
        {0, 1, 4}, {1, 0, 5}, {1, 2, 1}, {2, 3, 9}, {3, 0, 1}, {0, 2, nan}, {0, 2, -7}, {1, 3, 0}
    };
    auto const found = find_communities(4, edges, {});
    EXPECT_EQ(found.of_node(), (std::vector<std::uint32_t>{0, 0, 1, 1}));
}

TEST(Communities, NodesWithoutEdgesStayAlone) {
    std::vector<WeightedEdge> const edges = {{1, 3, 1}, {2, 2, 5}};
    auto const found = find_communities(5, edges, {});
    EXPECT_EQ(found.of_node(), (std::vector<std::uint32_t>{1, 0, 2, 0, 3}));
    EXPECT_EQ(find_communities(0, {}, {}).count, 0U);
    EXPECT_EQ(find_communities(3, {}, {}).count, 3U);
}

TEST(Communities, SameInputGivesTheSameAnswer) {
    auto const random = make_seeded_random(5);
    std::vector<WeightedEdge> edges;
    for (int i = 0; i < 20'000; ++i) {
        auto const a = static_cast<std::uint32_t>(random->below(5000));
        auto const b = static_cast<std::uint32_t>((a + random->below(60)) % 5000);
        edges.push_back({a, b, 1 + static_cast<double>(random->below(5))});
    }
    auto const one = find_communities(5000, edges, {});
    auto const two = find_communities(5000, edges, {});
    EXPECT_EQ(one.levels, two.levels);
    EXPECT_GT(one.modularity, 0.7);
    EXPECT_NEAR(one.modularity, modularity(5000, edges, one.of_node(), 1), 1e-9);
}

}  // namespace
}  // namespace disgrafs::graph
