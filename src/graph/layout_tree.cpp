#include "graph/layout_tree.hpp"

#include <algorithm>
#include <array>

namespace disgrafs::graph {

void LayoutTree::build(std::span<Body const> bodies) {
    sorted_.assign(bodies.begin(), bodies.end());
    spare_.resize(bodies.size());
    cells_.clear();
    if (bodies.empty()) return;
    auto [left, right] = std::ranges::minmax(sorted_, {}, &Body::x);
    auto [low, high] = std::ranges::minmax(sorted_, {}, &Body::y);
    auto const width = std::max({right.x - left.x, high.y - low.y, 1e-6F});
    Square const all{(left.x + right.x) / 2, (low.y + high.y) / 2, width};
    add(0, static_cast<std::uint32_t>(sorted_.size()), all, 0);
}

void LayoutTree::add(std::uint32_t first, std::uint32_t last, Square square, int depth) {
    auto const place = cells_.size();
    Cell cell{.width = square.width};
    for (auto i = first; i < last; ++i) {
        cell.x += sorted_[i].x * sorted_[i].mass;
        cell.y += sorted_[i].y * sorted_[i].mass;
        cell.mass += sorted_[i].mass;
    }
    cell.x /= cell.mass;
    cell.y /= cell.mass;
    cells_.push_back(cell);
    if (last - first <= leaf_bodies || depth == depth_max) {
        cells_[place].first = first;
        cells_[place].last = last;
    } else {
        auto const quarter_of = [&square](Body const& body) {
            return (body.x > square.x ? 1U : 0U) + (body.y > square.y ? 2U : 0U);
        };
        std::array<std::uint32_t, 5> starts{};
        for (auto i = first; i < last; ++i) ++starts[quarter_of(sorted_[i]) + 1];
        for (std::size_t q = 1; q < starts.size(); ++q) starts[q] += starts[q - 1];
        auto next = starts;
        for (auto i = first; i < last; ++i) {
            spare_[first + next[quarter_of(sorted_[i])]++] = sorted_[i];
        }
        std::copy(spare_.begin() + first, spare_.begin() + last, sorted_.begin() + first);
        auto const half = square.width / 2;
        for (std::uint32_t q = 0; q < 4; ++q) {
            if (starts[q] == starts[q + 1]) continue;
            Square const part{
                square.x + (q % 2 == 1 ? half / 2 : -half / 2),
                square.y + (q / 2 == 1 ? half / 2 : -half / 2),
                half
            };
            add(first + starts[q], first + starts[q + 1], part, depth + 1);
        }
    }
    cells_[place].behind = static_cast<std::uint32_t>(cells_.size());
}

LayoutTree::Push LayoutTree::push_on(Body const& body, float opening) const {
    Push push;
    auto const opening_squared = opening * opening;
    auto const act = [&](float x, float y, float mass, float squared) {
        auto const factor = mass / squared;
        push.x += x * factor;
        push.y += y * factor;
    };
    for (std::uint32_t at = 0; at < cells_.size();) {
        auto const& cell = cells_[at];
        auto const x = body.x - cell.x;
        auto const y = body.y - cell.y;
        auto const squared = x * x + y * y;
        if (cell.width * cell.width < opening_squared * squared) {
            act(x, y, cell.mass, squared);
            at = cell.behind;
        } else if (cell.last != 0) {
            for (auto i = cell.first; i < cell.last; ++i) {
                auto const dx = body.x - sorted_[i].x;
                auto const dy = body.y - sorted_[i].y;
                auto const near = dx * dx + dy * dy;
                if (near > 0) act(dx, dy, sorted_[i].mass, near);
            }
            at = cell.behind;
        } else {
            ++at;
        }
    }
    return push;
}

}  // namespace disgrafs::graph
