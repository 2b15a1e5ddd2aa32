#include "graph/communities.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/assert.hpp"

namespace disgrafs::graph {
namespace {

/// Neighbours of node n: targets and weights in offsets[n] … offsets[n + 1]. Loops apart.
struct Level {
    std::vector<std::uint32_t> offsets;
    std::vector<std::uint32_t> targets;
    std::vector<double> weights;
    std::vector<double> loops;     ///< Twice the weight of edges within the node.
    std::vector<double> strength;  ///< All weights at the node, loops counted twice.
    double total = 0;              ///< Sum of strength: twice the weight of all edges.

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(loops.size()); }
};

bool is_usable(WeightedEdge const& edge) { return std::isfinite(edge.weight) && edge.weight > 0; }

/// Unweighted counting sort into rows, then equal targets of a row are added up.
Level make_level(std::uint32_t nodes, std::span<WeightedEdge const> edges) {
    Level level;
    level.loops.assign(nodes, 0);
    level.offsets.assign(nodes + 1, 0);
    for (auto const& edge : edges) {
        DISGRAFS_ASSERT(edge.a < nodes && edge.b < nodes, "{}–{} of {}", edge.a, edge.b, nodes);
        if (!is_usable(edge) || edge.a == edge.b) continue;
        ++level.offsets[edge.a + 1];
        ++level.offsets[edge.b + 1];
    }
    std::partial_sum(level.offsets.begin(), level.offsets.end(), level.offsets.begin());
    std::vector<std::pair<std::uint32_t, double>> ends(level.offsets.back());
    auto next = level.offsets;
    for (auto const& edge : edges) {
        if (!is_usable(edge)) continue;
        if (edge.a == edge.b) {
            level.loops[edge.a] += 2 * edge.weight;
            continue;
        }
        ends[next[edge.a]++] = {edge.b, edge.weight};
        ends[next[edge.b]++] = {edge.a, edge.weight};
    }
    level.strength = level.loops;
    std::vector<std::uint32_t> offsets = {0};
    for (std::uint32_t node = 0; node < nodes; ++node) {
        auto const row = std::span(ends).subspan(
            level.offsets[node], level.offsets[node + 1] - level.offsets[node]
        );
        std::ranges::sort(row);
        for (auto const& [target, weight] : row) {
            level.strength[node] += weight;
            if (level.targets.size() > offsets.back() && level.targets.back() == target) {
                level.weights.back() += weight;
            } else {
                level.targets.push_back(target);
                level.weights.push_back(weight);
            }
        }
        offsets.push_back(static_cast<std::uint32_t>(level.targets.size()));
    }
    level.offsets = std::move(offsets);
    level.total = std::accumulate(level.strength.begin(), level.strength.end(), 0.0);
    return level;
}

double modularity_of(
    Level const& level, std::span<std::uint32_t const> community, double resolution
) {
    if (level.total == 0) return 0;
    std::vector<double> inside(level.size(), 0);
    std::vector<double> strength(level.size(), 0);
    for (std::uint32_t node = 0; node < level.size(); ++node) {
        auto const own = community[node];
        strength[own] += level.strength[node];
        inside[own] += level.loops[node];
        for (auto i = level.offsets[node]; i < level.offsets[node + 1]; ++i) {
            if (community[level.targets[i]] == own) inside[own] += level.weights[i];
        }
    }
    double sum = 0;
    for (std::uint32_t c = 0; c < level.size(); ++c) {
        auto const share = strength[c] / level.total;
        sum += inside[c] / level.total - resolution * share * share;
    }
    return sum;
}

/// The local moving phase of one level.
class Moving {
 public:
    Moving(Level const& level, CommunityOptions const& options)
        : level_(level),
          resolution_(options.resolution),
          strength_(level.strength),
          tie_(level.size(), untouched_) {
        community_.resize(level.size());
        std::iota(community_.begin(), community_.end(), 0U);
        for (unsigned pass = 0; pass < options.passes_max; ++pass) {
            double gain = 0;
            for (std::uint32_t node = 0; node < level.size(); ++node) gain += move(node);
            if (gain <= options.gain_min) break;
        }
    }
    std::vector<std::uint32_t> take() { return std::move(community_); }

 private:
    /// Moves the node where it is best; the modularity gained.
    double move(std::uint32_t node) {
        auto const own = community_[node];
        touched_.clear();
        note(own, 0);
        for (auto i = level_.offsets[node]; i < level_.offsets[node + 1]; ++i) {
            note(community_[level_.targets[i]], level_.weights[i]);
        }
        strength_[own] -= level_.strength[node];
        auto const stays = value(node, own);
        auto best = own;
        auto best_value = stays;
        for (auto const candidate : touched_) {
            auto const reached = value(node, candidate);
            auto const is_tie = reached == best_value && best != own && candidate < best;
            if (reached > best_value + tolerance_ || is_tie) {
                best = candidate;
                best_value = reached;
            }
        }
        strength_[best] += level_.strength[node];
        community_[node] = best;
        for (auto const each : touched_) tie_[each] = untouched_;
        return best == own ? 0 : 2 * (best_value - stays) / level_.total;
    }
    void note(std::uint32_t community, double weight) {
        if (tie_[community] == untouched_) touched_.push_back(community);
        tie_[community] = std::max(tie_[community], 0.0) + weight;
    }
    /// What the node adds when it is in the community, which it is taken out of.
    [[nodiscard]] double value(std::uint32_t node, std::uint32_t community) const {
        auto const expected = level_.strength[node] * strength_[community] / level_.total;
        return tie_[community] - resolution_ * expected;
    }

    static constexpr double untouched_ = -1;
    static constexpr double tolerance_ = 1e-12;

    Level const& level_;
    double resolution_;
    std::vector<std::uint32_t> community_;
    std::vector<double> strength_;  ///< Of each community.
    std::vector<double> tie_;       ///< Of the moving node to each community.
    std::vector<std::uint32_t> touched_;
};

/// Numbers communities by size, the largest first, then by their lowest node. Returns the count.
std::uint32_t renumber(std::vector<std::uint32_t>& community) {
    struct Group {
        std::uint32_t size = 0;
        std::uint32_t first = 0;
        std::uint32_t old = 0;
    };
    std::vector<Group> groups(community.size());
    for (std::uint32_t node = 0; node < community.size(); ++node) {
        auto& group = groups[community[node]];
        if (group.size++ == 0) group.first = node;
        group.old = community[node];
    }
    std::erase_if(groups, [](Group const& group) { return group.size == 0; });
    std::ranges::sort(groups, [](Group const& a, Group const& b) {
        return a.size != b.size ? a.size > b.size : a.first < b.first;
    });
    std::vector<std::uint32_t> number(community.size());
    for (std::uint32_t i = 0; i < groups.size(); ++i) number[groups[i].old] = i;
    for (auto& each : community) each = number[each];
    return static_cast<std::uint32_t>(groups.size());
}

/// Each community one node.
Level fold(Level const& level, std::span<std::uint32_t const> community, std::uint32_t count) {
    std::vector<WeightedEdge> edges;
    edges.reserve(level.targets.size() / 2 + level.size());
    for (std::uint32_t node = 0; node < level.size(); ++node) {
        auto const own = community[node];
        if (level.loops[node] > 0) edges.push_back({own, own, level.loops[node] / 2});
        for (auto i = level.offsets[node]; i < level.offsets[node + 1]; ++i) {
            if (level.targets[i] > node) {
                edges.push_back({own, community[level.targets[i]], level.weights[i]});
            }
        }
    }
    return make_level(count, edges);
}

}  // namespace

Communities find_communities(
    std::uint32_t nodes, std::span<WeightedEdge const> edges, CommunityOptions const& options
) {
    auto level = make_level(nodes, edges);
    Communities found;
    std::vector<std::uint32_t> of_node(nodes);
    std::iota(of_node.begin(), of_node.end(), 0U);
    while (found.levels.size() < std::max(1U, options.levels_max)) {
        auto moved = Moving(level, options).take();
        auto const count = renumber(moved);
        auto const is_end = count == level.size() && !found.levels.empty();
        if (is_end) break;
        for (auto& community : of_node) community = moved[community];
        found.levels.push_back(of_node);
        level = fold(level, moved, count);
    }
    for (auto& each : found.levels) found.count = renumber(each);
    auto const whole = make_level(nodes, edges);
    found.modularity = modularity_of(whole, found.of_node(), options.resolution);
    return found;
}

double modularity(
    std::uint32_t nodes,
    std::span<WeightedEdge const> edges,
    std::span<std::uint32_t const> community,
    double resolution
) {
    DISGRAFS_ASSERT(community.size() == nodes, "{} of {} nodes", community.size(), nodes);
    auto const level = make_level(nodes, edges);
    return modularity_of(level, community, resolution);
}

}  // namespace disgrafs::graph
