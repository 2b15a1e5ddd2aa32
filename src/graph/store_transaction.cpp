#include "graph/store_transaction.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace disgrafs::graph {
namespace {

constexpr std::size_t name_bytes_max = 1024;
constexpr std::size_t word_bytes_max = 255;

/// Labels and edge types stand in keys before a 0x00.
Result<void> check_word(std::string_view word, char const* what) {
    if (word.empty() || word.size() > word_bytes_max || word.contains('\0')) {
        return fail(Errc::invalid, "a {} has 1 to {} bytes, none of them 0", what, word_bytes_max);
    }
    return {};
}

Result<void> check_labels(std::vector<std::string> const& labels) {
    for (auto const& label : labels) TRY_OK(check_word(label, "label"));
    return {};
}

Result<void> check_name(std::string_view name) {
    if (!name.empty() && name.size() <= name_bytes_max) return {};
    return fail(Errc::invalid, "a name has 1 to {} bytes, not {}", name_bytes_max, name.size());
}

void normalise(std::vector<std::string>& labels) {
    std::ranges::sort(labels);
    auto const rest = std::ranges::unique(labels);
    labels.erase(rest.begin(), rest.end());
}

void merge(Properties& properties, Properties changes) {
    for (auto& [key, value] : changes) {
        if (value.is_null()) {
            properties.erase(key);
        } else {
            properties.insert_or_assign(key, std::move(value));
        }
    }
}

}  // namespace

StoreTransaction::StoreTransaction(TransactionHome home)
    : home_(std::move(home)), begun_(home_.image.revision()) {}

NodeId StoreTransaction::create_node(std::vector<std::string> labels, Properties properties) {
    NodeId const id{home_.node_ids.take()};
    last_node_id_ = std::max(last_node_id_, id.value);
    if (auto const good = check_labels(labels); !good) refuse(good.error());
    normalise(labels);
    std::erase_if(properties, [](auto const& each) { return each.second.is_null(); });
    auto& pending = nodes_[id];
    pending.is_created = true;
    pending.row = {.labels = std::move(labels), .properties = std::move(properties)};
    return id;
}

NodeId StoreTransaction::create_named(
    std::vector<std::string> labels, std::string name, Properties properties
) {
    auto const label = labels.empty() ? std::string() : labels.front();
    properties.insert_or_assign("name", name);
    auto const id = create_node(std::move(labels), std::move(properties));
    auto good = check_word(label, "label");
    if (good) good = check_name(name);
    if (!good) {
        refuse(good.error());
        return id;
    }
    claim(label, name, id);
    return id;
}

EdgeId StoreTransaction::create_edge(
    NodeId from, std::string_view type, NodeId to, Properties properties
) {
    if (type == edge::contains) {
        refuse(fail(Errc::invalid, "{} edges are made by add_child", type));
    }
    return put_edge(from, type, to, std::move(properties));
}

EdgeId StoreTransaction::put_edge(
    NodeId from, std::string_view type, NodeId to, Properties properties
) {
    EdgeId const id{home_.edge_ids.take()};
    last_edge_id_ = std::max(last_edge_id_, id.value);
    if (auto const good = check_word(type, "edge type"); !good) refuse(good.error());
    if (!holds(from) || !holds(to)) return id;
    std::erase_if(properties, [](auto const& each) { return each.second.is_null(); });
    auto& pending = edges_[id];
    pending.is_created = true;
    pending.key = {.from = from, .type = std::string(type), .to = to, .edge = id};
    pending.properties = std::move(properties);
    return id;
}

EdgeId StoreTransaction::add_child(NodeId folder, std::string name, NodeId child) {
    if (auto const good = check_name(name); !good) refuse(good.error());
    auto const id = put_edge(folder, edge::contains, child, {{"name", name}});
    if (error_) return id;
    auto key = child_key(folder, name);
    auto const taken = home_.image.child(folder, name);
    if (is_taken(key, taken.has_value())) {
        refuse(fail(Errc::conflict, "folder {} has \"{}\" already", folder.value, name));
        return id;
    }
    auto const moved = places_.find(child);
    auto const is_placed =
        moved == places_.end() ? home_.image.place(child).has_value() : moved->second.has_value();
    if (is_placed) {
        refuse(fail(Errc::conflict, "node {} is in a folder already", child.value));
        return id;
    }
    // Two transactions that place one node both write its row, so that one of them fails.
    if (touch(child) == nullptr) return id;
    guard(key, taken ? taken->revision : 0);
    writes_[std::move(key)] = encode_child({.child = child, .edge = id});
    // Written without a guard: many may add children at once, but none while the folder is removed.
    writes_[folder_key(folder)] = Bytes();
    places_[child] = folder;
    return id;
}

void StoreTransaction::remove_child(NodeId child) {
    auto const place = home_.image.place(child);
    if (!place || places_.contains(child)) {
        refuse(fail(Errc::not_found, "node {} is in no folder", child.value));
        return;
    }
    auto key = child_key(place->folder, place->name);
    guard(key, place->revision);
    writes_[std::move(key)] = std::nullopt;
    places_[child] = std::nullopt;
    drop_edge(place->edge);
}

void StoreTransaction::set(NodeId node, Properties changes) {
    auto* pending = touch(node);
    if (pending == nullptr) return;
    if (auto const name = changes.find("name"); name != changes.end()) {
        rename(node, pending->row, name->second);
    }
    merge(pending->row.properties, std::move(changes));
}

void StoreTransaction::set(EdgeId edge, Properties changes) {
    auto* pending = touch(edge);
    if (pending == nullptr) return;
    if (pending->key.type == edge::contains && changes.contains("name")) {
        refuse(fail(Errc::invalid, "a child is renamed by remove_child and add_child"));
        return;
    }
    merge(pending->properties, std::move(changes));
}

void StoreTransaction::add_label(NodeId node, std::string label) {
    if (auto const good = check_word(label, "label"); !good) refuse(good.error());
    auto* pending = touch(node);
    if (pending == nullptr) return;
    pending->row.labels.push_back(std::move(label));
    normalise(pending->row.labels);
}

void StoreTransaction::remove_edge(EdgeId edge) {
    auto const* pending = touch(edge);
    if (pending == nullptr) return;
    if (pending->key.type == edge::contains) {
        remove_child(pending->key.to);
    } else {
        drop_edge(edge);
    }
}

void StoreTransaction::drop_edge(EdgeId edge) {
    auto* pending = touch(edge);
    if (pending == nullptr) return;
    if (pending->is_created) {
        edges_.erase(edge);
    } else {
        pending->is_removed = true;
    }
}

void StoreTransaction::remove_node(NodeId node) {
    auto* pending = touch(node);
    if (pending == nullptr) return;
    drop_names(node, pending->row);
    if (pending->is_created) {
        pending->is_removed = true;
        return;
    }
    auto const touched = home_.image.folder_revision(node);
    guard(folder_key(node), touched);
    if (touched != 0) writes_[folder_key(node)] = std::nullopt;
    pending->is_removed = true;
}

void StoreTransaction::depend(NodeId node) { holds(node); }

void StoreTransaction::depend(EdgeId edge) {
    if (edges_.contains(edge)) return;
    auto const found = home_.image.edge(edge);
    if (!found) return refuse(fail(Errc::not_found, "edge {} does not exist", edge.value));
    guard(edge_key({found->from, std::string(found->type), found->to, edge}), found->revision);
}

void StoreTransaction::depend_absent_child(NodeId folder, std::string name) {
    auto const found = home_.image.child(folder, name);
    if (found) {
        return refuse(fail(Errc::conflict, "folder {} has \"{}\" already", folder.value, name));
    }
    guard(child_key(folder, name), 0);
}

void StoreTransaction::lock(std::string_view name) {
    guard(lock_key(name), home_.image.lock_revision(name));
    writes_[lock_key(name)] = Bytes();
}

Task<kv::Revision> StoreTransaction::commit() {
    DISGRAFS_ASSERT(!is_committed_, "a transaction of revision {} is committed twice", begun_);
    is_committed_ = true;
    if (error_) co_return std::unexpected(*error_);
    CO_TRY_OK(co_await home_.node_ids.cover(last_node_id_));
    CO_TRY_OK(co_await home_.edge_ids.cover(last_edge_id_));
    CO_TRY(auto batch, build());
    CO_TRY(auto const revision, co_await home_.store.commit(std::move(batch)));
    CO_TRY_OK(co_await home_.reach(revision));
    co_return revision;
}

void StoreTransaction::refuse(Error error) {
    if (!error_) error_ = std::move(error);
}

void StoreTransaction::guard(std::string key, kv::Revision revision) {
    if (revision > begun_) {
        refuse(fail(Errc::conflict, "key {} changed meanwhile", to_hex(as_bytes(key))));
        return;
    }
    guards_.emplace(std::move(key), revision);
}

StoreTransaction::PendingNode* StoreTransaction::touch(NodeId node) {
    if (auto const found = nodes_.find(node); found != nodes_.end()) {
        if (!found->second.is_removed) return &found->second;
        refuse(fail(Errc::not_found, "node {} was removed", node.value));
        return nullptr;
    }
    if (!holds(node)) return nullptr;
    auto const& record = *home_.image.node(node);
    auto& pending = nodes_[node];
    pending.row = {.labels = record.labels, .properties = record.properties};
    return &pending;
}

StoreTransaction::PendingEdge* StoreTransaction::touch(EdgeId edge) {
    if (auto const found = edges_.find(edge); found != edges_.end()) {
        if (!found->second.is_removed) return &found->second;
        refuse(fail(Errc::not_found, "edge {} was removed", edge.value));
        return nullptr;
    }
    auto const record = home_.image.edge(edge);
    if (!record) {
        refuse(fail(Errc::not_found, "edge {} does not exist", edge.value));
        return nullptr;
    }
    auto& pending = edges_[edge];
    pending.key = {record->from, std::string(record->type), record->to, edge};
    pending.properties = *record->properties;
    guard(edge_key(pending.key), record->revision);
    return &pending;
}

bool StoreTransaction::holds(NodeId node) {
    auto const pending = nodes_.find(node);
    if (pending != nodes_.end() && !pending->second.is_removed) return true;
    auto const* record = pending == nodes_.end() ? home_.image.node(node) : nullptr;
    if (record == nullptr) {
        refuse(fail(Errc::not_found, "node {} does not exist", node.value));
        return false;
    }
    guard(node_key(node), record->revision);
    return true;
}

/// A node that has a unique name keeps it unique when the name changes.
void StoreTransaction::rename(NodeId node, NodeRow const& row, Value const& name) {
    auto const found = row.properties.find("name");
    if (found == row.properties.end() || found->second == name) return;
    auto const old = std::string(found->second.text());
    for (auto const& label : row.labels) {
        if (home_.image.named(label, old) != node) continue;
        auto const text = std::string(name.text());
        if (auto const good = check_name(text); !good) return refuse(good.error());
        guard(name_key(label, old), home_.image.name_revision(label, old));
        writes_[name_key(label, old)] = std::nullopt;
        claim(label, text, node);
    }
}

void StoreTransaction::claim(std::string_view label, std::string_view name, NodeId node) {
    auto key = name_key(label, name);
    if (is_taken(key, home_.image.named(label, name).has_value())) {
        return refuse(fail(Errc::conflict, "there is a {} named \"{}\" already", label, name));
    }
    guard(key, home_.image.name_revision(label, name));
    writes_[std::move(key)] = encode_number(node.value);
}

bool StoreTransaction::is_taken(std::string const& key, bool is_taken_before) const {
    auto const write = writes_.find(key);
    return write == writes_.end() ? is_taken_before : write->second.has_value();
}

void StoreTransaction::drop_names(NodeId node, NodeRow const& row) {
    auto const found = row.properties.find("name");
    if (found == row.properties.end()) return;
    auto const name = std::string(found->second.text());
    for (auto const& label : row.labels) {
        if (home_.image.named(label, name) != node) continue;
        guard(name_key(label, name), home_.image.name_revision(label, name));
        writes_[name_key(label, name)] = std::nullopt;
    }
}

Result<void> StoreTransaction::check_removed(NodeId node) const {
    auto const left = fail(Errc::invalid, "node {} cannot be removed: it has edges", node.value);
    for (auto const direction : {Direction::out, Direction::in}) {
        for (auto const& edge : home_.image.edges(node, direction)) {
            auto const pending = edges_.find(edge.id);
            if (pending != edges_.end() && pending->second.is_removed) continue;
            if (edge.revision <= begun_) return left;
            return fail(Errc::conflict, "node {} has a new edge", node.value);
        }
    }
    for (auto const& [id, edge] : edges_) {
        if (edge.is_created && (edge.key.from == node || edge.key.to == node)) return left;
    }
    return {};
}

Result<kv::Batch> StoreTransaction::build() {
    kv::Batch batch = std::move(rows_);
    for (auto const& write : batch.writes) {
        DISGRAFS_ASSERT(!is_graph_key(write.key), "row {} is the graph's", write.key);
    }
    for (auto const& [id, node] : nodes_) {
        if (node.is_removed) {
            TRY_OK(check_removed(id));
            if (!node.is_created) batch.remove(node_key(id));
            continue;
        }
        TRY_OK(check_properties(node.row.properties));
        batch.put(node_key(id), encode_node(node.row));
    }
    for (auto const& [id, edge] : edges_) {
        if (edge.is_removed) {
            batch.remove(edge_key(edge.key));
            continue;
        }
        TRY_OK(check_properties(edge.properties));
        batch.put(edge_key(edge.key), encode_edge(edge.properties));
    }
    for (auto& [key, value] : writes_) batch.writes.push_back({key, std::move(value)});
    for (auto const& [key, revision] : guards_) batch.require(key, revision);
    if (!batch.fits()) {
        return fail(
            Errc::invalid,
            "a transaction of {} rows and guards, {} bytes: at most {} and {}",
            batch.writes.size() + batch.preconditions.size(),
            batch.size_bytes(),
            kv::batch_keys_max,
            kv::batch_bytes_max
        );
    }
    return batch;
}

}  // namespace disgrafs::graph
