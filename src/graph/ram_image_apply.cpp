#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "graph/ram_image.hpp"

namespace disgrafs::graph {
namespace {

/// In which order the writes of one event are drawn: what others hang on comes first, what hangs on
/// others goes first.
int turn(kv::Write const& write) {
    auto const space = write.key.empty() ? '\0' : write.key.front();
    switch (static_cast<Space>(space)) {
        case Space::node:
            return write.value ? 0 : 6;
        case Space::child:
            return write.value ? 4 : 1;
        case Space::edge:
            return write.value ? 3 : 2;
        default:
            return 5;
    }
}

template <typename List>
auto* list_of(List& adjacency, std::uint32_t type) {
    auto const at = std::ranges::find(adjacency, type, &List::value_type::type);
    return at == adjacency.end() ? nullptr : &*at;
}

template <typename List>
void link(List& adjacency, std::uint32_t type, EdgeId edge) {
    auto* list = list_of(adjacency, type);
    if (list == nullptr) {
        list = &adjacency.emplace_back();
        list->type = type;
    }
    list->edges.insert(edge.value);
}

template <typename List>
void unlink(List& adjacency, std::uint32_t type, EdgeId edge) {
    auto* list = list_of(adjacency, type);
    DISGRAFS_ASSERT(list != nullptr, "edge {} is not among its node's", edge.value);
    list->edges.erase(edge.value);
    if (list->edges.size() != 0) return;
    if (list != &adjacency.back()) *list = std::move(adjacency.back());
    adjacency.pop_back();
}

template <typename T>
T& at_number(std::vector<T>& table, std::uint32_t number) {
    if (table.size() <= number) table.resize(number + 1);
    return table[number];
}

}  // namespace

Result<void> RamImage::load(kv::Entry const& row) {
    return put(row.key, row.value, row.revision, nullptr);
}

void RamImage::loaded(kv::Revision revision) { revision_ = revision; }

Result<void> RamImage::apply(kv::Event const& event, Change* change) {
    std::vector<kv::Write const*> writes;
    for (auto const& write : event.writes) {
        if (is_graph_key(write.key)) writes.push_back(&write);
    }
    std::ranges::sort(writes, {}, [](kv::Write const* write) {
        return std::pair(turn(*write), write);
    });
    // One commit may swap the names of two children: both places are free before they are given.
    for (auto const* write : writes) {
        if (write->key.front() != static_cast<char>(Space::child)) continue;
        TRY(auto const child, parse_child_key(write->key));
        remove_child(child);
    }
    for (auto const* write : writes) {
        if (write->value) {
            TRY_OK(put(write->key, *write->value, event.revision, change));
        } else {
            TRY_OK(remove(write->key, change));
        }
    }
    revision_ = event.revision;
    if (change != nullptr) {
        change->revision = event.revision;
        change->event = &event;
    }
    return {};
}

Result<void> RamImage::put(
    std::string_view key, ByteView value, kv::Revision revision, Change* change
) {
    switch (static_cast<Space>(key.front())) {
        case Space::node: {
            TRY(auto const id, parse_node_key(key));
            TRY(auto row, decode_node(value));
            return put_node(id, std::move(row), revision, change);
        }
        case Space::edge: {
            TRY(auto const edge, parse_edge_key(key));
            TRY(auto const row, decode_edge(value));
            return put_edge(edge, row, revision, change);
        }
        case Space::child: {
            TRY(auto child, parse_child_key(key));
            TRY(auto const row, decode_child(value));
            return put_child(std::move(child), row, revision);
        }
        case Space::name: {
            TRY(auto const name, parse_name_key(key));
            TRY(auto const node, decode_number(value));
            if (nodes_.find(node) == nullptr) {
                note_dangling(std::string(key), revision);
                return {};
            }
            names_[std::string(key.substr(1))] = {.node = NodeId{node}, .revision = revision};
            return {};
        }
        case Space::folder: {
            TRY(auto const id, parse_folder_key(key));
            auto* node = nodes_.find(id.value);
            if (node == nullptr) {
                note_dangling(std::string(key), revision);
                return {};
            }
            if (!node->folder) node->folder = std::make_unique<FolderSlot>();
            node->folder->touched = revision;
            return {};
        }
        case Space::lock:
            locks_[std::string(key.substr(1))] = revision;
            return {};
        case Space::block:
            return {};
    }
    return fail(Errc::corrupt, "key {} is not of the graph", to_hex(as_bytes(key)));
}

Result<void> RamImage::remove(std::string_view key, Change* change) {
    switch (static_cast<Space>(key.front())) {
        case Space::node: {
            TRY(auto const id, parse_node_key(key));
            remove_node(id, change);
            return {};
        }
        case Space::edge: {
            TRY(auto const edge, parse_edge_key(key));
            remove_edge(edge.edge, change);
            return {};
        }
        case Space::child: {
            TRY(auto const child, parse_child_key(key));
            remove_child(child);
            return {};
        }
        case Space::name:
            names_.erase(std::string(key.substr(1)));
            return {};
        case Space::folder: {
            TRY(auto const id, parse_folder_key(key));
            if (auto* node = nodes_.find(id.value); node != nullptr && node->folder) {
                node->folder->touched = 0;
            }
            return {};
        }
        case Space::lock:
            locks_.erase(std::string(key.substr(1)));
            return {};
        case Space::block:
            return {};
    }
    return fail(Errc::corrupt, "key {} is not of the graph", to_hex(as_bytes(key)));
}

Result<void> RamImage::put_node(NodeId id, NodeRow row, kv::Revision revision, Change* change) {
    if (id.value == 0) return fail(Errc::corrupt, "node 0 has a row");
    auto const is_new = nodes_.find(id.value) == nullptr;
    auto& node = nodes_.insert(id.value);
    auto const labels_before = node.labels;
    Packed properties(row.properties, words_);
    auto const has_same_properties = properties == node.properties;
    node.properties = std::move(properties);
    node.revision = revision;
    set_labels(id, node, row.labels);
    nodes_seen_.erase(id);
    if (is_new) all_.insert(id.value);
    if (change == nullptr) return {};
    if (is_new) {
        change->nodes_created.push_back(id);
    } else if (!has_same_properties || node.labels != labels_before) {
        change->nodes_changed.push_back(id);
    }
    return {};
}

Result<void> RamImage::put_edge(
    EdgeKey const& key, Properties const& row, kv::Revision revision, Change* change
) {
    auto const type = types_.number(key.type);
    at_number(type_counts_, type);
    Packed properties(row, words_);
    if (auto* edge = edges_.find(key.edge.value); edge != nullptr) {
        if (edge->from != key.from || edge->to != key.to || edge->type != type) {
            return fail(Errc::corrupt, "edge {} has two rows", key.edge.value);
        }
        auto const is_changed = !(properties == edge->properties);
        edge->properties = std::move(properties);
        edge->revision = revision;
        edges_seen_.erase(key.edge);
        if (change != nullptr && is_changed) {
            change->edges_changed.push_back(describe(key.edge, *edge));
        }
        return {};
    }
    auto* from = nodes_.find(key.from.value);
    auto* to = nodes_.find(key.to.value);
    if (from == nullptr || to == nullptr) {
        note_dangling(edge_key(key), revision);
        return {};
    }
    auto& edge = edges_.insert(key.edge.value);
    edge.revision = revision;
    edge.from = key.from;
    edge.to = key.to;
    edge.type = type;
    edge.properties = std::move(properties);
    link(from->out, type, key.edge);
    link(to->in, type, key.edge);
    ++type_counts_[type];
    if (change != nullptr) change->edges_created.push_back(describe(key.edge, edge));
    return {};
}

Result<void> RamImage::put_child(ChildKey key, ChildRow row, kv::Revision revision) {
    auto* folder = nodes_.find(key.folder.value);
    auto* node = nodes_.find(row.child.value);
    if (folder == nullptr || node == nullptr) {
        note_dangling(child_key(key.folder, key.name), revision);
        return {};
    }
    if (node->place) {
        return fail(
            Errc::corrupt,
            "node {} is in folder {} and in folder {}",
            row.child.value,
            node->place->folder.value,
            key.folder.value
        );
    }
    if (!folder->folder) folder->folder = std::make_unique<FolderSlot>();
    auto place = std::make_unique<ChildSlot>();
    place->name = std::move(key.name);
    place->folder = key.folder;
    place->node = row.child;
    place->edge = row.edge;
    place->revision = revision;
    folder->folder->children.insert(*place);
    node->place = std::move(place);
    return {};
}

void RamImage::remove_node(NodeId id, Change* change) {
    auto* node = nodes_.find(id.value);
    if (node == nullptr) return;
    std::vector<EdgeId> left;
    for (auto const* adjacency : {&node->out, &node->in}) {
        for (auto const& list : *adjacency) {
            list.edges.each([&left](std::uint64_t edge) { left.push_back(EdgeId{edge}); });
        }
    }
    for (auto const edge : left) remove_edge(edge, change);
    if (node->folder) {
        // Guarded against by transactions; a child that is left would hang in the air.
        while (!node->folder->children.empty()) {
            auto const child = node->folder->children.begin()->node;
            node->folder->children.erase(node->folder->children.begin());
            nodes_.find(child.value)->place.reset();
        }
    }
    if (node->place) remove_child({.folder = node->place->folder, .name = node->place->name});
    if (change != nullptr) change->nodes_removed.push_back(unpack(id, *node));
    set_labels(id, *node, {});
    all_.erase(id.value);
    nodes_.erase(id.value);
    nodes_seen_.erase(id);
}

void RamImage::remove_edge(EdgeId id, Change* change) {
    auto* edge = edges_.find(id.value);
    if (edge == nullptr) return;
    if (change != nullptr) change->edges_removed.push_back(describe(id, *edge));
    unlink(nodes_.find(edge->from.value)->out, edge->type, id);
    unlink(nodes_.find(edge->to.value)->in, edge->type, id);
    --type_counts_[edge->type];
    edges_.erase(id.value);
    edges_seen_.erase(id);
}

void RamImage::remove_child(ChildKey const& key) {
    auto* folder = nodes_.find(key.folder.value);
    if (folder == nullptr || !folder->folder) return;
    auto& children = folder->folder->children;
    auto const found = children.find(std::string_view(key.name));
    if (found == children.end()) return;
    auto* node = nodes_.find(found->node.value);
    children.erase(found);
    node->place.reset();
}

void RamImage::set_labels(NodeId id, NodeSlot& node, std::vector<std::string> const& labels) {
    std::vector<std::uint32_t> wanted;
    for (auto const& label : labels) wanted.push_back(labels_.number(label));
    std::ranges::sort(wanted);
    auto const [at, is_new] =
        label_set_numbers_.try_emplace(wanted, static_cast<std::uint32_t>(label_sets_.size()));
    if (is_new) label_sets_.push_back(wanted);
    if (at->second == node.labels) return;
    for (auto const label : label_sets_[node.labels]) by_label_[label].erase(id.value);
    for (auto const label : wanted) at_number(by_label_, label).insert(id.value);
    node.labels = at->second;
}

void RamImage::note_dangling(std::string key, kv::Revision revision) {
    dangling_.push_back({.key = std::move(key), .revision = revision});
}

Graph::Change::EdgeChange RamImage::describe(EdgeId id, EdgeSlot const& edge) const {
    return {
        .id = id,
        .from = edge.from,
        .to = edge.to,
        .type = std::string(types_.word(edge.type)),
        .properties = edge.properties.unpack(words_),
    };
}

}  // namespace disgrafs::graph
