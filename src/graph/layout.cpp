#include "graph/layout.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"
#include "graph/layout_tree.hpp"

namespace disgrafs::graph {
namespace {

/// A turn by the golden angle, written out: sine and cosine of libraries differ in the last bit.
constexpr float golden_cosine = -0.737368878F;
constexpr float golden_sine = 0.675490294F;

constexpr unsigned seed_rounds = 60;

/// Points of a sunflower: evenly dense, the i-th at distance sqrt(i + ½).
class Sunflower {
 public:
    Point next() {
        auto const radius = std::sqrt(static_cast<float>(count_++) + 0.5F);
        Point const point{x_ * radius, y_ * radius};
        auto const x = x_ * golden_cosine - y_ * golden_sine;
        y_ = x_ * golden_sine + y_ * golden_cosine;
        x_ = x;
        return point;
    }

 private:
    std::uint32_t count_ = 0;
    float x_ = 1;
    float y_ = 0;
};

/// Balanced so that nodes come to lie about as dense as in a sunflower: the push is divided by the
/// mean mass, the pull by the mean weight.
struct Forces {
    float opening = 0;
    float push = 0;
    float pull = 0;
    float gravity = 0;
};

/// The bodies in motion: forces of this round and the last, and the speed of all.
class Motion {
 public:
    Motion(std::vector<Body>& bodies, std::span<WeightedEdge const> edges, Forces const& forces)
        : bodies_(bodies), edges_(edges), forces_(forces), last_(bodies.size()) {}

    void run(unsigned rounds) {
        for (unsigned round = 0; round < rounds; ++round) {
            push_apart();
            pull_together();
            move();
        }
    }

 private:
    struct Force {
        float x = 0;
        float y = 0;
    };

    void push_apart() {
        tree_.build(bodies_);
        now_.resize(bodies_.size());
        for (std::size_t i = 0; i < bodies_.size(); ++i) {
            auto const& body = bodies_[i];
            auto const push = tree_.push_on(body, forces_.opening);
            auto const strength = forces_.push * body.mass;
            auto const gravity = forces_.gravity * body.mass;
            now_[i].x = push.x * strength - body.x * gravity;
            now_[i].y = push.y * strength - body.y * gravity;
        }
    }
    void pull_together() {
        for (auto const& edge : edges_) {
            auto const pull = static_cast<float>(edge.weight) * forces_.pull;
            auto const x = (bodies_[edge.b].x - bodies_[edge.a].x) * pull;
            auto const y = (bodies_[edge.b].y - bodies_[edge.a].y) * pull;
            now_[edge.a].x += x;
            now_[edge.a].y += y;
            now_[edge.b].x -= x;
            now_[edge.b].y -= y;
        }
    }
    /// Who swings to and fro goes slower, and so do all when many swing.
    void move() {
        double swinging = 0;
        double going = 0;
        for (std::size_t i = 0; i < bodies_.size(); ++i) {
            swinging += bodies_[i].mass * length(now_[i].x - last_[i].x, now_[i].y - last_[i].y);
            going += bodies_[i].mass * length(now_[i].x + last_[i].x, now_[i].y + last_[i].y) / 2;
        }
        auto const wanted = swinging > 0 ? static_cast<float>(going / swinging) : speed_;
        speed_ = std::clamp(wanted, speed_ * 0.5F, speed_ * 1.5F);
        speed_ = std::clamp(speed_, 1e-3F, 1e3F);
        for (std::size_t i = 0; i < bodies_.size(); ++i) {
            auto const swing = length(now_[i].x - last_[i].x, now_[i].y - last_[i].y);
            auto const force = length(now_[i].x, now_[i].y);
            auto factor = speed_ / (1 + std::sqrt(speed_ * bodies_[i].mass * swing));
            if (force > 0) factor = std::min(factor, step_max / force);
            bodies_[i].x += now_[i].x * factor;
            bodies_[i].y += now_[i].y * factor;
        }
        std::swap(now_, last_);
    }
    static float length(float x, float y) { return std::sqrt(x * x + y * y); }

    static constexpr float step_max = 10;

    std::vector<Body>& bodies_;
    std::span<WeightedEdge const> edges_;
    Forces const& forces_;
    LayoutTree tree_;
    std::vector<Force> now_;
    std::vector<Force> last_;
    float speed_ = 1;
};

std::vector<WeightedEdge> usable(std::uint32_t nodes, std::span<WeightedEdge const> edges) {
    std::vector<WeightedEdge> kept;
    kept.reserve(edges.size());
    for (auto edge : edges) {
        DISGRAFS_ASSERT(edge.a < nodes && edge.b < nodes, "{}–{} of {}", edge.a, edge.b, nodes);
        if (edge.a == edge.b || !std::isfinite(edge.weight) || edge.weight <= 0) continue;
        edge.weight = std::min(edge.weight, 1e6);
        kept.push_back(edge);
    }
    return kept;
}

/// Communities as one body each, laid out; then each one's members around its place.
void seed(
    std::vector<Body>& bodies,
    std::span<WeightedEdge const> edges,
    std::span<std::uint32_t const> community,
    Forces const& forces
) {
    std::uint32_t count = 0;
    for (auto const each : community) count = std::max(count, each + 1);
    std::vector<Body> centres(count, Body{.mass = 0});
    std::vector<std::uint32_t> sizes(count, 0);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        centres[community[i]].mass += bodies[i].mass;
        ++sizes[community[i]];
    }
    Sunflower places;
    float taken = 0;  // large communities first, each with room by its size
    for (std::uint32_t c = 0; c < count; ++c) {
        auto const place = places.next();
        auto const radius = std::sqrt(taken + static_cast<float>(sizes[c]) / 2);
        auto const length = std::sqrt(place.x * place.x + place.y * place.y);
        centres[c].x = place.x / length * radius * 2;
        centres[c].y = place.y / length * radius * 2;
        centres[c].mass = std::max(centres[c].mass, 1.0F);
        taken += static_cast<float>(sizes[c]);
    }
    std::vector<WeightedEdge> between;
    for (auto const& edge : edges) {
        if (community[edge.a] == community[edge.b]) continue;
        between.push_back({community[edge.a], community[edge.b], edge.weight});
    }
    Motion(centres, between, forces).run(seed_rounds);
    std::vector<Sunflower> members(count);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        auto const place = members[community[i]].next();
        bodies[i].x = centres[community[i]].x + place.x;
        bodies[i].y = centres[community[i]].y + place.y;
    }
}

Forces balance(
    std::span<Body const> bodies, std::span<WeightedEdge const> edges, LayoutOptions const& options
) {
    double mass = 0;
    double weight = 0;
    for (auto const& body : bodies) mass += body.mass;
    for (auto const& edge : edges) weight += edge.weight;
    auto const nodes = static_cast<double>(std::max<std::size_t>(bodies.size(), 1));
    auto const mean_mass = std::max(mass / nodes, 1.0);
    auto const mean_weight = edges.empty() ? 1 : weight / static_cast<double>(edges.size());
    return {
        .opening = options.opening,
        .push = options.repulsion / static_cast<float>(mean_mass),
        .pull = static_cast<float>(1 / mean_weight),
        .gravity = options.gravity / static_cast<float>(mean_mass),
    };
}

std::vector<Point> fitted(std::span<Body const> bodies) {
    double x = 0;
    double y = 0;
    for (auto const& body : bodies) {
        x += body.x;
        y += body.y;
    }
    auto const count = static_cast<double>(std::max<std::size_t>(bodies.size(), 1));
    Point const centre{static_cast<float>(x / count), static_cast<float>(y / count)};
    float farthest = 0;
    for (auto const& body : bodies) {
        farthest = std::max(farthest, std::hypot(body.x - centre.x, body.y - centre.y));
    }
    auto const scale = farthest > 0 ? 1 / farthest : 0;
    std::vector<Point> points;
    points.reserve(bodies.size());
    for (auto const& body : bodies) {
        points.push_back({(body.x - centre.x) * scale, (body.y - centre.y) * scale});
    }
    return points;
}

}  // namespace

std::vector<Point> lay_out(
    std::uint32_t nodes,
    std::span<WeightedEdge const> edges,
    std::span<std::uint32_t const> community,
    LayoutOptions const& options
) {
    auto kept = usable(nodes, edges);
    if (community.empty()) {
        auto const found = find_communities(nodes, kept, {});
        if (nodes != 0) return lay_out(nodes, kept, found.of_node(), options);
    }
    DISGRAFS_ASSERT(community.size() == nodes, "{} of {} nodes", community.size(), nodes);
    std::vector<Body> bodies(nodes);
    for (auto const& edge : kept) {
        bodies[edge.a].mass += 1;
        bodies[edge.b].mass += 1;
    }
    auto const forces = balance(bodies, kept, options);
    for (auto& edge : kept) {
        if (community[edge.a] != community[edge.b]) edge.weight *= options.pull_between;
    }
    seed(bodies, kept, community, forces);
    Motion(bodies, kept, forces).run(options.rounds);
    return fitted(bodies);
}

}  // namespace disgrafs::graph
