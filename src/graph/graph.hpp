#pragma once

/// \file graph/graph.hpp  The property graph: transactions over the store, reads from the image.
///
/// Likeness: a drawing on a table that everybody sees the same way, kept by one scribe who writes
/// every change down before it is drawn.
///
/// Reads go to the Image: all nodes and edges in RAM, as of one revision. Writes collect in a
/// Transaction; commit() writes them in one atomic batch to kv, waits until the image shows them,
/// and fails with conflict when something it depends on was changed by another commit in between:
/// then the caller reads again and repeats (run_transaction() does so, with a limit).
///
/// Keys (docs/formats/keys.md): N node → labels, properties · O src type dst edge → properties ·
/// U folder name → child (the unique names of a folder) · X, G, K, B: unique names, touched
/// folders, locks, blocks of ids. There is no row per edge and end: the image knows both
/// directions.
///
/// Concurrency: one event loop. A reference or iterator into the image is valid until the next
/// co_await.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "graph/schema.hpp"
#include "graph/value.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::graph {

enum class Direction : std::uint8_t { out, in };

/// A node as the image shows it.
struct NodeRecord {
    NodeId id;
    std::vector<std::string> labels;  ///< Sorted.
    Properties properties;
    kv::Revision revision = 0;

    [[nodiscard]] bool has_label(std::string_view label) const;
    [[nodiscard]] Value const& operator[](std::string_view property) const;  ///< null when absent
};

struct EdgeRecord {
    EdgeId id;
    NodeId from;
    NodeId to;
    std::string_view type;  ///< Lives as long as the image.
    Properties const* properties = nullptr;
    kv::Revision revision = 0;

    [[nodiscard]] Value const& operator[](std::string_view property) const;
};

/// A child of a folder: the CONTAINS edge seen by name.
struct Child {
    std::string_view name;
    NodeId node;
    EdgeId edge;
    kv::Revision revision = 0;
};

struct GraphCounts {
    std::uint64_t nodes = 0;
    std::uint64_t edges = 0;
};

/// The graph in RAM, as of revision(). Read-only for everyone but its own follower.
class Image {
 public:
    virtual ~Image() = default;

    [[nodiscard]] virtual kv::Revision revision() const = 0;
    [[nodiscard]] virtual NodeRecord const* node(NodeId id) const = 0;  ///< nullptr: none
    [[nodiscard]] virtual std::optional<EdgeRecord> edge(EdgeId id) const = 0;

    /// Edges of `node` with this type; all types when empty. In order of edge id.
    [[nodiscard]] virtual std::vector<EdgeRecord> edges(
        NodeId node, Direction direction, std::string_view type = {}
    ) const = 0;
    [[nodiscard]] virtual std::size_t degree(
        NodeId node, Direction direction, std::string_view type
    ) const = 0;

    /// Ids with a label, ascending; of all nodes when empty.
    [[nodiscard]] virtual std::vector<NodeId> with_label(std::string_view label) const = 0;
    [[nodiscard]] virtual std::size_t count_label(std::string_view label) const = 0;
    /// By label and its unique `name` (User, Group, Tag: see Transaction::create_named).
    [[nodiscard]] virtual std::optional<NodeId> named(std::string_view label, std::string_view name)
        const = 0;

    /// The child of a folder by exact name; and children in name order (bytes), at most `limit`,
    /// starting behind `after` (empty: from the first).
    [[nodiscard]] virtual std::optional<Child> child(NodeId folder, std::string_view name)
        const = 0;
    [[nodiscard]] virtual std::vector<Child> children(
        NodeId folder, std::string_view after, std::size_t limit
    ) const = 0;
    [[nodiscard]] virtual std::size_t child_count(NodeId folder) const = 0;
    /// The folder that contains `node` and the name it has there; nullopt for roots and others.
    struct Place {
        NodeId folder;
        std::string_view name;
        EdgeId edge;
        kv::Revision revision = 0;
    };
    [[nodiscard]] virtual std::optional<Place> place(NodeId node) const = 0;

    [[nodiscard]] virtual GraphCounts counts() const = 0;
};

/// Changes to be made together. Reads see the image, not the transaction's own changes. Every node,
/// edge or name it was told to depend on is guarded: another commit that changed it since begin()
/// makes commit() fail with conflict. What is wrong with a call (an absent node, a bad name) is
/// kept and returned by commit(): not_found or invalid.
class Transaction {
 public:
    virtual ~Transaction() = default;

    /// New ids are handed out here and never reused, even if the transaction is dropped.
    virtual NodeId create_node(std::vector<std::string> labels, Properties properties) = 0;
    /// The same, with property `name` unique among nodes of `labels[0]` (guarded).
    virtual NodeId create_named(
        std::vector<std::string> labels, std::string name, Properties properties
    ) = 0;
    virtual EdgeId create_edge(
        NodeId from, std::string_view type, NodeId to, Properties properties
    ) = 0;
    /// Put `child` into `folder` under a name that must be free (guarded; also that `folder` and
    /// `child` exist). A node is in at most one folder. A name has 1 … 1,024 bytes.
    /// Many may be added to one folder at once without conflict, as long as nobody changes the
    /// folder's own labels or properties.
    virtual EdgeId add_child(NodeId folder, std::string name, NodeId child) = 0;
    /// Take a node out of its folder (guarded: it is still there).
    virtual void remove_child(NodeId child) = 0;
    /// Set (or, by a null value, remove) properties of an existing node or edge; guards it.
    virtual void set(NodeId node, Properties changes) = 0;
    virtual void set(EdgeId edge, Properties changes) = 0;
    virtual void add_label(NodeId node, std::string label) = 0;
    virtual void remove_edge(EdgeId edge) = 0;
    /// A node with edges left (after this transaction's removals) is refused at commit: invalid.
    /// A child that another commit puts into it in between is a conflict; another new edge goes
    /// with the node.
    virtual void remove_node(NodeId node) = 0;

    /// Guard without changing.
    virtual void depend(NodeId node) = 0;
    virtual void depend(EdgeId edge) = 0;
    virtual void depend_absent_child(NodeId folder, std::string name) = 0;
    /// Only one transaction at a time may hold the lock of this name (a counter key that every
    /// holder changes): moves of folders take "tree".
    virtual void lock(std::string_view name) = 0;

    /// Rows of other modules in the same atomic batch (manifests, queue rows, intents). Their keys
    /// start with a letter that graph/ does not use: see docs/formats/keys.md.
    virtual kv::Batch& rows() = 0;

    /// Once. Errors: conflict; not_found; invalid (too large for one batch: stage it); exhausted;
    /// io.
    virtual Task<kv::Revision> commit() = 0;
};

class Graph {
 public:
    virtual ~Graph() = default;
    [[nodiscard]] virtual Image const& image() const = 0;
    virtual std::unique_ptr<Transaction> begin() = 0;
    virtual kv::Store& store() = 0;

    /// Waits until the image shows `revision`.
    virtual Task<void> reach(kv::Revision revision) = 0;

    /// Called after each event is applied to the image, in order, on the loop, with what it
    /// changed. Must not block. The way followers and watchers hang on. Returns a handle; dropping
    /// it ends.
    struct Change {
        kv::Revision revision = 0;
        kv::Event const* event = nullptr;
        std::vector<NodeId> nodes_created;
        std::vector<NodeId> nodes_changed;  ///< Labels or properties.
        std::vector<NodeRecord> nodes_removed;
        struct EdgeChange {
            EdgeId id;
            NodeId from;
            NodeId to;
            std::string type;
            Properties properties;  ///< After; for removed ones before.
        };
        std::vector<EdgeChange> edges_created;
        std::vector<EdgeChange> edges_changed;
        std::vector<EdgeChange> edges_removed;
    };
    using Listener = std::function<void(Change const&)>;
    virtual std::shared_ptr<void> listen(Listener listener) = 0;

    /// One place: who had a conflict holds it while trying again (run_transaction).
    virtual Semaphore& retries() = 0;

    /// Ends the follower. The store is stopped by its owner.
    virtual Task<void> stop() = 0;
};

/// Opens the graph in `store`: scans it into the image, then follows its events.
/// Errors: corrupt (names the key), those of the store.
Task<std::unique_ptr<Graph>> open_graph(kv::Store& store, boost::asio::any_io_executor executor);

/// `body` fills a transaction (it may be called again after a conflict, at most 16 times, so it
/// reads everything anew); its error ends the attempt. Second attempts of one graph run one at a
/// time, so keep the body short. Returns the revision of the commit.
Task<kv::Revision> run_transaction(Graph& graph, std::function<Task<void>(Transaction&)> body);

}  // namespace disgrafs::graph
