#include "graph/layout.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "graph/karate_club.hpp"
#include "graph/layout_tree.hpp"
#include "io/random.hpp"

namespace disgrafs::graph {
namespace {

float distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// Mean distance of pairs within a group of `size` nodes, and of pairs of two groups.
std::pair<double, double> within_and_between(std::vector<Point> const& points, std::size_t size) {
    double sums[2] = {};
    double counts[2] = {};
    for (std::size_t i = 0; i < points.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            auto const kind = i / size == j / size ? 0 : 1;
            sums[kind] += distance(points[i], points[j]);
            counts[kind] += 1;
        }
    }
    return {sums[0] / counts[0], sums[1] / counts[1]};
}

/// Groups of `size` nodes, tied within at random and by a few edges to the next group.
std::vector<WeightedEdge> groups(std::uint32_t count, std::uint32_t size, std::uint32_t degree) {
    auto const random = make_seeded_random(3);
    std::vector<WeightedEdge> edges;
    for (std::uint32_t node = 0; node < count * size; ++node) {
        auto const base = node / size * size;
        for (std::uint32_t i = 0; i < degree; ++i) {
            edges.push_back({node, base + static_cast<std::uint32_t>(random->below(size)), 1});
        }
        if (node % 10 == 0) edges.push_back({node, (node + size) % (count * size), 1});
    }
    return edges;
}

TEST(Layout, GroupsThatAreTiedLieTogether) {
    auto const edges = groups(8, 50, 4);
    auto const found = find_communities(400, edges, {});
    for (auto const is_seeded : {true, false}) {
        auto const community = is_seeded ? found.of_node() : std::vector<std::uint32_t>{};
        auto const points = lay_out(400, edges, community, {});
        auto const [within, between] = within_and_between(points, 50);
        EXPECT_LT(within * 2.5, between) << "seeded: " << is_seeded;
    }
}

TEST(Layout, NeighboursLieNearerThanOthers) {
    auto const edges = karate_club();
    auto const points = lay_out(34, edges, {}, {});
    double tied = 0;
    for (auto const& edge : edges) tied += distance(points[edge.a], points[edge.b]) / 78;
    auto const [all, none] = within_and_between(points, 34);
    EXPECT_LT(tied * 1.4, all);
    EXPECT_GT(distance(points[0], points[33]), tied) << "the two heads are rivals";
}

TEST(Layout, IsCentredAndFitsTheUnitCircle) {
    auto const points = lay_out(34, karate_club(), {}, {});
    double x = 0;
    double y = 0;
    float farthest = 0;
    for (auto const point : points) {
        x += point.x;
        y += point.y;
        farthest = std::max(farthest, std::hypot(point.x, point.y));
    }
    EXPECT_NEAR(x, 0, 1e-3);
    EXPECT_NEAR(y, 0, 1e-3);
    EXPECT_NEAR(farthest, 1, 1e-5);
}

/// A drawing that blew up is an empty ring.
TEST(Layout, FillsTheCircleInsteadOfItsRim) {
    auto const points = lay_out(1000, groups(25, 40, 4), {}, {});
    int inner = 0;
    for (auto const point : points) inner += std::hypot(point.x, point.y) < 0.6F ? 1 : 0;
    EXPECT_GT(inner, 200);
    EXPECT_LT(inner, 800);
}

TEST(Layout, EqualInputGivesAnEqualDrawing) {
    auto const edges = groups(5, 40, 3);
    auto const found = find_communities(200, edges, {});
    auto const one = lay_out(200, edges, found.of_node(), {});
    auto const two = lay_out(200, edges, found.of_node(), {});
    EXPECT_EQ(one, two);
}

TEST(Layout, OddGraphsGiveFinitePoints) {
    auto const nan = std::nan("");
    std::vector<WeightedEdge> const odd = {{0, 0, 1}, {0, 1, nan}, {1, 2, -3}, {2, 3, 1e300}};
    for (std::uint32_t const nodes : {4U, 5U, 1000U}) {
        auto const points = lay_out(nodes, odd, {}, {});
        ASSERT_EQ(points.size(), nodes);
        for (auto const point : points) {
            EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
        }
    }
    EXPECT_TRUE(lay_out(0, {}, {}, {}).empty());
    EXPECT_EQ(lay_out(1, {}, {}, {}), std::vector<Point>{Point{}});
    std::vector<std::uint32_t> const alone = {0, 1};
    EXPECT_GT(distance(lay_out(2, {}, alone, {})[0], lay_out(2, {}, alone, {})[1]), 0.5F);
}

TEST(LayoutTree, PushIsNearTheExactSum) {
    auto const random = make_seeded_random(9);
    std::vector<Body> bodies(2000);
    for (auto& body : bodies) {
        body.x = static_cast<float>(random->below(10'000));
        body.y = static_cast<float>(random->below(10'000));
        body.mass = static_cast<float>(1 + random->below(5));
    }
    for (int i = 0; i < 100; ++i) bodies.push_back({5000, 5000, 1});  // all at one place
    LayoutTree tree;
    tree.build(bodies);
    double error = 0;
    double total = 0;
    for (std::size_t i = 0; i < bodies.size(); i += 20) {
        double x = 0;
        double y = 0;
        for (auto const& other : bodies) {
            double const dx = bodies[i].x - other.x;
            double const dy = bodies[i].y - other.y;
            auto const squared = dx * dx + dy * dy;
            if (squared == 0) continue;
            x += dx * other.mass / squared;
            y += dy * other.mass / squared;
        }
        auto const exact = tree.push_on(bodies[i], 0);
        EXPECT_NEAR(exact.x, x, 0.02 + std::abs(x) * 0.01);
        auto const push = tree.push_on(bodies[i], 1);
        error += std::hypot(push.x - x, push.y - y);
        total += std::hypot(x, y);
    }
    EXPECT_LT(error, total * 0.05);
}

}  // namespace
}  // namespace disgrafs::graph
