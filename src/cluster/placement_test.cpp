#include "cluster/placement.hpp"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace disgrafs::cluster {
namespace {

constexpr std::uint64_t gib = 1ULL << 30U;

std::vector<Candidate> equal_nodes(int count) {
    std::vector<Candidate> nodes;
    for (int id = 1; id <= count; ++id) {
        nodes.push_back({.node = {static_cast<std::uint64_t>(id)}, .free_bytes = 100 * gib});
    }
    return nodes;
}

TEST(Placement, LogarithmAgreesWithTheRealOne) {
    for (std::uint64_t hash = 1; hash != 0; hash = hash < (1ULL << 62U) ? hash * 3 + 1 : 0) {
        auto const expected = 64.0 - std::log2(static_cast<double>(hash));
        auto const got = static_cast<double>(negative_log2(hash)) / 4294967296.0;
        EXPECT_NEAR(got, expected, 1e-6) << hash;
    }
    EXPECT_EQ(negative_log2(0), 64ULL << 32U);
    EXPECT_EQ(negative_log2(1ULL << 63U), 1ULL << 32U);
    EXPECT_GT(negative_log2(~0ULL), 0U);
}

TEST(Placement, EveryCandidateAppearsOnce) {
    auto const nodes = equal_nodes(14);
    for (std::uint64_t index = 0; index < 200; ++index) {
        auto const order = ranked({.block = 1, .index = index}, 0, nodes);
        std::set<MemberId> const distinct(order.begin(), order.end());
        EXPECT_EQ(distinct.size(), nodes.size());
    }
}

// The numbers are part of no format, but a change of them should be meant.
TEST(Placement, IsTheSameOnEveryMachine) {
    std::vector<std::uint64_t> ids;
    for (auto const node : ranked({.block = 7, .index = 42}, 3, equal_nodes(6))) {
        ids.push_back(node.value);
    }
    EXPECT_EQ(ids, (std::vector<std::uint64_t>{4, 3, 2, 1, 5, 6}));
}

TEST(Placement, SharesFollowFreeSpace) {
    auto nodes = equal_nodes(6);
    nodes[5].free_bytes = 200 * gib;
    std::map<MemberId, int> firsts;
    constexpr int stripes = 20000;
    for (std::uint64_t index = 0; index < stripes; ++index) {
        firsts[ranked({.block = 1, .index = index}, 0, nodes).front()] += 1;
    }
    for (std::uint64_t id = 1; id <= 5; ++id) EXPECT_NEAR(firsts[{id}], stripes / 7.0, 250) << id;
    EXPECT_NEAR(firsts[{6}], 2 * stripes / 7.0, 350);
}

TEST(Placement, ANewNodeTakesPlacesButMovesNothingBetweenTheOthers) {
    auto const before = equal_nodes(6);
    auto const after = equal_nodes(7);
    for (std::uint64_t index = 0; index < 1000; ++index) {
        auto order = ranked({.block = 1, .index = index}, 9, after);
        std::erase(order, MemberId{7});
        EXPECT_EQ(order, ranked({.block = 1, .index = index}, 9, before));
    }
}

TEST(Placement, DoubtfulNodesComeLast) {
    auto nodes = equal_nodes(6);
    nodes[2].is_doubtful = true;
    for (std::uint64_t index = 0; index < 100; ++index) {
        EXPECT_EQ(ranked({.block = 1, .index = index}, 0, nodes).back(), MemberId{3});
    }
}

TEST(Placement, AFullNodeIsStillOrdered) {
    std::vector<Candidate> const nodes{
        {.node = {1}, .free_bytes = 0}, {.node = {2}, .free_bytes = ~0ULL}
    };
    int second = 0;
    for (std::uint64_t index = 0; index < 1000; ++index) {
        second += ranked({.block = 1, .index = index}, 0, nodes).front() == MemberId{2} ? 1 : 0;
    }
    EXPECT_GE(second, 999);
}

}  // namespace
}  // namespace disgrafs::cluster
