/// \file gateway/live_records.cpp  From the changes of a commit to what people call them.

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "gateway/live.hpp"

namespace disgrafs::gateway {

namespace {

using Kind = LiveRecord::Kind;

bool is_entry(graph::Image const& image, NodeId id) {
    auto const* node = image.node(id);
    return node != nullptr &&
           (node->has_label(graph::label::file) || node->has_label(graph::label::folder));
}

}  // namespace

std::vector<LiveRecord> records_of(graph::Graph::Change const& change, graph::Image const& image) {
    std::vector<LiveRecord> out;
    std::set<NodeId> told;
    auto const add = [&](Kind kind, NodeId node) -> LiveRecord& {
        told.insert(node);
        out.push_back({kind, change.revision, node, {}, {}});
        return out.back();
    };

    std::map<NodeId, std::pair<NodeId, std::string>> left;  // child → where it was
    for (auto const& edge : change.edges_removed) {
        if (edge.type != graph::edge::contains) continue;
        auto const name = edge.properties.find("name");
        auto const text = name == edge.properties.end() ? "" : std::string(name->second.text());
        left[edge.to] = {edge.from, text};
    }
    for (auto const& edge : change.edges_created) {
        if (edge.type != graph::edge::contains) continue;
        auto const before = left.find(edge.to);
        auto& record = add(before == left.end() ? Kind::created : Kind::moved, edge.to);
        if (before != left.end()) {
            record.old_folder = before->second.first;
            record.old_name = before->second.second;
            left.erase(before);
        }
    }
    for (auto const& [node, place] : left) {
        auto& record = add(Kind::deleted, node);
        record.old_folder = place.first;
        record.old_name = place.second;
    }
    for (auto const* edges :
         {&change.edges_created, &change.edges_changed, &change.edges_removed}) {
        for (auto const& edge : *edges) {
            auto const is_similar = edge.type == graph::edge::similar;
            if (!is_similar && edge.type != graph::edge::tagged) continue;
            if (!told.contains(edge.from) && is_entry(image, edge.from))
                add(Kind::tagged, edge.from);
            if (is_similar && !told.contains(edge.to) && is_entry(image, edge.to)) {
                add(Kind::tagged, edge.to);
            }
        }
    }
    for (auto const node : change.nodes_changed) {
        if (!told.contains(node) && is_entry(image, node)) add(Kind::changed, node);
    }
    return out;
}

}  // namespace disgrafs::gateway
