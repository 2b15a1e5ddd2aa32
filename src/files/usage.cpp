#include "files/usage.hpp"

#include <vector>

#include "files/places.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t page = 1000;

std::uint64_t number(graph::Value const& value) {
    return static_cast<std::uint64_t>(value.integer());
}

}  // namespace

Usage::Usage(graph::Graph& graph, TreeRights const& rights)
    : image_(graph.image()), rights_(rights) {
    for (auto const id : image_.with_label(graph::label::file)) read(id);
    show();
    listening_ = graph.listen([this](graph::Graph::Change const& change) { follow(change); });
}

std::uint64_t Usage::used_bytes(std::string_view owner) const {
    auto const found = used_.find(std::string(owner));
    return found == used_.end() ? 0 : found->second;
}

void Usage::follow(graph::Graph::Change const& change) {
    for (auto const id : change.nodes_created) read(id);
    for (auto const id : change.nodes_changed) read(id);
    for (auto const& node : change.nodes_removed) drop(node.id);
    for (auto const& edge : change.edges_created) {
        if (edge.type == graph::edge::trashed) place_below(edge.to, false);
    }
    for (auto const& edge : change.edges_removed) {
        auto const is_back = edge.type == graph::edge::trashed && rights_.is_in_tree(edge.to);
        if (is_back) place_below(edge.to, true);
    }
    show();
}

void Usage::show() {
    metrics_.files.Set(static_cast<double>(files_.size()));
    metrics_.logical_bytes.Set(static_cast<double>(logical_bytes_));
}

void Usage::read(NodeId id) {
    auto const* node = image_.node(id);
    if (node == nullptr || !is_file(*node)) return;
    auto const [found, is_new] = files_.try_emplace(id);
    auto& file = found->second;
    if (is_new) {
        file.used = &used_[std::string((*node)["owner"].text())];
    } else {
        *file.used -= file.stored;
        if (file.is_in_tree) logical_bytes_ -= file.size;
    }
    file.size = number((*node)["size"]);
    file.stored = number((*node)["stored"]);
    *file.used += file.stored;
    if (is_new) file.is_in_tree = rights_.is_in_tree(id);
    if (file.is_in_tree) logical_bytes_ += file.size;
}

void Usage::drop(NodeId id) {
    auto const found = files_.find(id);
    if (found == files_.end()) return;
    *found->second.used -= found->second.stored;
    if (found->second.is_in_tree) logical_bytes_ -= found->second.size;
    files_.erase(found);
}

void Usage::place(NodeId id, bool is_in_tree) {
    auto const found = files_.find(id);
    if (found == files_.end() || found->second.is_in_tree == is_in_tree) return;
    found->second.is_in_tree = is_in_tree;
    if (is_in_tree) {
        logical_bytes_ += found->second.size;
    } else {
        logical_bytes_ -= found->second.size;
    }
}

void Usage::place_below(NodeId top, bool is_in_tree) {
    std::vector<NodeId> waiting{top};
    while (!waiting.empty()) {
        auto const at = waiting.back();
        waiting.pop_back();
        place(at, is_in_tree);
        std::string after;
        for (;;) {
            auto const children = image_.children(at, after, page);
            for (auto const& child : children) waiting.push_back(child.node);
            if (children.size() < page) break;
            after = children.back().name;
        }
    }
}

}  // namespace disgrafs::files
