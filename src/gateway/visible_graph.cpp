/// \file gateway/visible_graph.cpp  Which nodes and edges a user may see, collected for a picture.

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gateway/answers.hpp"
#include "gateway/graph_view.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

using graph::Direction;

/// Edges that make the picture; grants and memberships are no part of it.
constexpr std::array drawn{
    graph::edge::contains,
    graph::edge::tagged,
    graph::edge::similar,
    graph::edge::refers_to,
    graph::edge::same_content,
    graph::edge::narrower
};

bool is_rejected(graph::EdgeRecord const& edge) { return edge["state"].text() == "rejected"; }

/// A file or folder by its rights; a tag when a visible file carries it.
class Sight {
 public:
    Sight(Services& services, NodeId user)
        : image_(services.graph.image()), rights_(services.files.rights()), user_(user) {}

    bool of_tree(NodeId node) const { return rights_.sees(user_, node); }

    bool of(NodeId node) const {
        auto const* record = image_.node(node);
        if (record == nullptr) return false;
        if (record->has_label(graph::label::file) || record->has_label(graph::label::folder)) {
            return of_tree(node);
        }
        if (!record->has_label(graph::label::tag)) return false;
        for (auto const& edge : image_.edges(node, Direction::in, graph::edge::tagged)) {
            if (!is_rejected(edge) && of_tree(edge.from)) return true;
        }
        return false;
    }

 private:
    graph::Image const& image_;
    files::Rights const& rights_;
    NodeId user_;
};

std::vector<std::string> reasons(graph::Value const& why) {
    std::vector<std::string> out;
    if (auto const* list = std::get_if<graph::List>(&why.is)) {
        for (auto const& reason : *list) out.emplace_back(reason.text());
    }
    return out;
}

/// Fills graph.edges with every drawn edge between its nodes.
void connect(graph::Image const& image, VisibleGraph& graph) {
    std::unordered_map<NodeId, std::uint32_t> place;
    for (std::uint32_t index = 0; index < graph.nodes.size(); ++index) {
        place[graph.nodes[index]] = index;
    }
    for (std::uint32_t index = 0; index < graph.nodes.size(); ++index) {
        for (auto const type : drawn) {
            for (auto const& edge : image.edges(graph.nodes[index], Direction::out, type)) {
                auto const to = place.find(edge.to);
                if (to == place.end() || is_rejected(edge)) continue;
                graph.edges.push_back(
                    {index, to->second, edge.type, edge["score"].number(1), reasons(edge["why"])}
                );
            }
        }
    }
}

std::size_t degree(graph::Image const& image, NodeId node) {
    std::size_t sum = 0;
    for (auto const type : drawn) {
        sum += image.degree(node, Direction::out, type) + image.degree(node, Direction::in, type);
    }
    return sum;
}

json::object describe(Services& services, NodeId id) {
    auto const& image = services.graph.image();
    auto const* record = image.node(id);
    json::object out{{"id", fmt::format("{}", id.value)}};
    if (record == nullptr) return out;
    out["name"] = (*record)["name"].text();
    if (record->has_label(graph::label::file)) {
        out["kind"] = "file";
        out["media_type"] = (*record)["media_type"].text();
    } else if (record->has_label(graph::label::folder)) {
        out["kind"] = "folder";
    } else {
        out["kind"] = "tag";
        out["tag_kind"] = (*record)["kind"].text("user");
    }
    if (out["kind"] != "tag") {
        auto const path = services.files.rights().path(id);
        out["path"] = path;
        if (auto const place = image.place(id); place) out["name"] = place->name;
        if (path == "/") out["name"] = "/";
    }
    return out;
}

}  // namespace

VisibleGraph visible_graph(Services& services, NodeId user, std::size_t node_max) {
    auto const& image = services.graph.image();
    Sight const sight(services, user);
    VisibleGraph out;
    for (auto const label : {graph::label::file, graph::label::folder, graph::label::tag}) {
        for (auto const node : image.with_label(label)) {
            if (sight.of(node)) out.nodes.push_back(node);
        }
    }
    if (out.nodes.size() > node_max) {
        out.is_truncated = true;
        std::unordered_map<NodeId, std::size_t> degrees;
        for (auto const node : out.nodes) degrees[node] = degree(image, node);
        std::ranges::sort(out.nodes, [&](NodeId a, NodeId b) {
            return std::pair(degrees.at(b), a) < std::pair(degrees.at(a), b);
        });
        out.nodes.resize(node_max);
        std::ranges::sort(out.nodes);
    }
    connect(image, out);
    return out;
}

Result<VisibleGraph> visible_neighbours(
    Services& services, NodeId user, NodeId start, std::size_t depth, std::size_t node_max
) {
    auto const& image = services.graph.image();
    Sight const sight(services, user);
    if (!sight.of(start)) return fail(Errc::not_found, "no such node");
    VisibleGraph out;
    std::unordered_map<NodeId, std::size_t> distance{{start, 0}};
    std::deque<NodeId> waiting{start};
    out.nodes.push_back(start);
    while (!waiting.empty() && !out.is_truncated) {
        auto const node = waiting.front();
        waiting.pop_front();
        auto const steps = distance.at(node);
        if (steps == depth) continue;
        for (auto const direction : {Direction::out, Direction::in}) {
            for (auto const type : drawn) {
                for (auto const& edge : image.edges(node, direction, type)) {
                    auto const other = direction == Direction::out ? edge.to : edge.from;
                    if (is_rejected(edge) || distance.contains(other) || !sight.of(other)) continue;
                    if (out.nodes.size() == node_max) {
                        out.is_truncated = true;
                        continue;
                    }
                    distance[other] = steps + 1;
                    out.nodes.push_back(other);
                    waiting.push_back(other);
                }
            }
        }
    }
    connect(image, out);
    return out;
}

json::object to_json(Services& services, VisibleGraph const& graph) {
    json::array nodes;
    for (auto const node : graph.nodes) nodes.push_back(describe(services, node));
    json::array edges;
    for (auto const& edge : graph.edges) {
        json::object row{
            {"from", fmt::format("{}", graph.nodes[edge.from].value)},
            {"to", fmt::format("{}", graph.nodes[edge.to].value)},
            {"type", edge.type},
            {"score", edge.score}
        };
        if (!edge.why.empty()) row["why"] = json::array(edge.why.begin(), edge.why.end());
        edges.push_back(std::move(row));
    }
    return {
        {"event", services.graph.image().revision()},
        {"truncated", graph.is_truncated},
        {"nodes", std::move(nodes)},
        {"edges", std::move(edges)},
        {"communities", json::array{}}
    };
}

}  // namespace disgrafs::gateway
