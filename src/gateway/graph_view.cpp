#include "gateway/graph_view.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/answers.hpp"
#include "graph/communities.hpp"
#include "graph/layout.hpp"
#include "io/pool.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

constexpr std::size_t users_kept_max = 64;
constexpr Duration fresh_for =
    std::chrono::seconds(2);  ///< A busy drive is not laid out per commit.
constexpr std::size_t name_tags = 3;
constexpr double topic_resolution = 0.6;  ///< Few and large: topics, not files with their words.

/// What ties files into topics: likeness most, then a shared word, then a common folder. Formats
/// and languages are shared by strangers, and a word of one file alone ties nothing.
double weight_of(VisibleGraph::Edge const& edge, bool is_weak_tag, std::uint32_t files) {
    if (edge.type == graph::edge::similar) return 1.0 + 4.0 * edge.score;
    if (edge.type == graph::edge::tagged) {
        if (is_weak_tag) return 0.01;
        return files < 2 ? 0.05 : 0.5 + edge.score;
    }
    if (edge.type == graph::edge::contains) return 1.2;
    return 1.5;
}

struct Picture {
    std::vector<std::uint32_t> community;
    std::vector<graph::Point> points;
    std::uint32_t communities = 0;
};

/// Plain numbers in, plain numbers out: runs on the pool.
Result<Picture> draw(std::uint32_t nodes, std::vector<graph::WeightedEdge> const& edges) {
    Picture out;
    if (nodes == 0) return out;
    graph::CommunityOptions community_options;
    community_options.resolution = topic_resolution;
    auto const found = graph::find_communities(nodes, edges, community_options);
    out.community = found.of_node();
    out.communities = found.count;
    graph::LayoutOptions const layout_options;
    out.points = graph::lay_out(nodes, edges, out.community, layout_options);
    return out;
}

class Weights {
 public:
    Weights(graph::Image const& image, VisibleGraph const& seen) {
        weak_.reserve(seen.nodes.size());
        for (auto const id : seen.nodes) {
            auto const* node = image.node(id);
            auto const kind = node == nullptr ? std::string_view() : (*node)["kind"].text();
            weak_.push_back(kind == "format" || kind == "language");
        }
        degrees_.resize(seen.nodes.size());
        for (auto const& edge : seen.edges) {
            ++degrees_[edge.from];
            ++degrees_[edge.to];
        }
        for (auto const& edge : seen.edges) {
            auto const weight = weight_of(edge, weak_[edge.to], degrees_[edge.to]);
            edges_.push_back({edge.from, edge.to, weight});
        }
    }

    [[nodiscard]] std::vector<graph::WeightedEdge> const& edges() const { return edges_; }
    [[nodiscard]] std::uint32_t degree(std::size_t node) const { return degrees_[node]; }
    [[nodiscard]] bool is_weak(std::size_t node) const { return weak_[node]; }

 private:
    std::vector<bool> weak_;
    std::vector<std::uint32_t> degrees_;
    std::vector<graph::WeightedEdge> edges_;
};

/// The most used telling tags of each community; the folder that most of it lies in when it has
/// none.
json::array name_communities(
    graph::Image const& image,
    VisibleGraph const& seen,
    Picture const& picture,
    Weights const& weights
) {
    struct Named {
        std::uint32_t degree = 0;
        std::string_view name;
    };
    std::vector<std::vector<Named>> tags(picture.communities);
    std::vector<std::vector<Named>> folders(picture.communities);
    std::vector<std::size_t> sizes(picture.communities);
    for (std::size_t index = 0; index < seen.nodes.size(); ++index) {
        auto const community = picture.community[index];
        ++sizes[community];
        auto const* node = image.node(seen.nodes[index]);
        if (node == nullptr || weights.is_weak(index)) continue;
        auto const degree = weights.degree(index);
        if (node->has_label(graph::label::tag)) {
            tags[community].push_back({degree, (*node)["name"].text()});
        } else if (node->has_label(graph::label::folder)) {
            folders[community].push_back({degree, (*node)["name"].text()});
        }
    }
    json::array out;
    for (std::uint32_t community = 0; community < picture.communities; ++community) {
        auto& names = tags[community].empty() ? folders[community] : tags[community];
        std::ranges::sort(names, [](Named const& a, Named const& b) {
            return std::pair(b.degree, a.name) < std::pair(a.degree, b.name);
        });
        std::string name;
        for (std::size_t index = 0; index < std::min(name_tags, names.size()); ++index) {
            name += (name.empty() ? "" : " · ") + std::string(names[index].name);
        }
        out.push_back(json::object{{"id", community}, {"name", name}, {"size", sizes[community]}});
    }
    return out;
}

}  // namespace

Task<json::object> GraphView::overview(NodeId user, std::size_t node_max) {
    auto const& image = services_.graph.image();
    auto const kept = kept_.find(user);
    if (kept != kept_.end() && kept->second.node_max == node_max) {
        auto const is_current = kept->second.revision == image.revision();
        auto const is_fresh = services_.clock.steady() - kept->second.made < fresh_for;
        if (is_current || is_fresh) co_return *kept->second.picture;
    }
    auto const seen = visible_graph(services_, user, node_max);
    auto out = to_json(services_, seen);
    Weights const weights(image, seen);
    auto const revision = image.revision();
    auto const nodes = static_cast<std::uint32_t>(seen.nodes.size());
    auto const work = [&] { return draw(nodes, weights.edges()); };
    CO_TRY(auto const picture, co_await offload(services_.cpu, work));
    auto& rows = out["nodes"].as_array();
    for (std::size_t index = 0; index < rows.size(); ++index) {
        auto& row = rows[index].as_object();
        row["x"] = picture.points[index].x;
        row["y"] = picture.points[index].y;
        row["community"] = picture.community[index];
        row["size"] = weights.degree(index);
    }
    out["communities"] = name_communities(image, seen, picture, weights);
    if (kept_.size() >= users_kept_max && !kept_.contains(user)) kept_.erase(kept_.begin());
    auto shared = std::make_shared<json::object const>(std::move(out));
    kept_[user] = {revision, services_.clock.steady(), node_max, shared};
    co_return *shared;
}

}  // namespace disgrafs::gateway
