#pragma once

/// \file graph/store_transaction.hpp  A transaction: what it will write, and what must not have
/// changed.
///
/// Every guard is a precondition on a row's revision as the image showed it, which must not be
/// later than begin(): then everything that was read since begin() was read of one state.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/id_blocks.hpp"
#include "graph/keys.hpp"
#include "graph/ram_image.hpp"
#include "graph/row_format.hpp"

namespace disgrafs::graph {

/// What a transaction needs of its graph, which outlives it.
struct TransactionHome {
    RamImage const& image;
    kv::Store& store;
    IdBlocks& node_ids;
    IdBlocks& edge_ids;
    std::function<Task<void>(kv::Revision)> reach;
};

class StoreTransaction final : public Transaction {
 public:
    explicit StoreTransaction(TransactionHome home);

    NodeId create_node(std::vector<std::string> labels, Properties properties) override;
    NodeId create_named(std::vector<std::string> labels, std::string name, Properties properties)
        override;
    EdgeId create_edge(NodeId from, std::string_view type, NodeId to, Properties properties)
        override;
    EdgeId add_child(NodeId folder, std::string name, NodeId child) override;
    void remove_child(NodeId child) override;
    void set(NodeId node, Properties changes) override;
    void set(EdgeId edge, Properties changes) override;
    void add_label(NodeId node, std::string label) override;
    void remove_edge(EdgeId edge) override;
    void remove_node(NodeId node) override;
    void depend(NodeId node) override;
    void depend(EdgeId edge) override;
    void depend_absent_child(NodeId folder, std::string name) override;
    void lock(std::string_view name) override;
    kv::Batch& rows() override { return rows_; }
    Task<kv::Revision> commit() override;

 private:
    struct PendingNode {
        NodeRow row;
        bool is_created = false;
        bool is_removed = false;
    };
    struct PendingEdge {
        EdgeKey key;
        Properties properties;
        bool is_created = false;
        bool is_removed = false;
    };

    /// The first thing that was wrong is what commit() answers.
    void refuse(Error error);
    void refuse(std::unexpected<Error> error) { refuse(std::move(error.error())); }
    /// The row must still have this revision when the transaction is written.
    void guard(std::string key, kv::Revision revision);
    /// The node as this transaction leaves it; guarded. nullptr: refused.
    PendingNode* touch(NodeId node);
    PendingEdge* touch(EdgeId edge);
    /// The node exists and is not removed here; guarded unless made here.
    bool holds(NodeId node);
    EdgeId put_edge(NodeId from, std::string_view type, NodeId to, Properties properties);
    void drop_edge(EdgeId edge);
    void rename(NodeId node, NodeRow const& row, Value const& name);
    /// The unique name is free and becomes the node's; guarded.
    void claim(std::string_view label, std::string_view name, NodeId node);
    [[nodiscard]] bool is_taken(std::string const& key, bool is_taken_before) const;
    void drop_names(NodeId node, NodeRow const& row);
    Result<void> check_removed(NodeId node) const;
    Result<kv::Batch> build();

    TransactionHome home_;
    kv::Revision begun_;
    std::optional<Error> error_;
    std::map<NodeId, PendingNode> nodes_;
    std::map<EdgeId, PendingEdge> edges_;
    std::map<NodeId, std::optional<NodeId>> places_;  ///< Child → its folder after this; none: out.
    std::map<std::string, kv::Revision> guards_;
    std::map<std::string, std::optional<Bytes>> writes_;  ///< All rows but nodes and edges.
    kv::Batch rows_;
    std::uint64_t last_node_id_ = 0;
    std::uint64_t last_edge_id_ = 0;
    bool is_committed_ = false;
};

}  // namespace disgrafs::graph
