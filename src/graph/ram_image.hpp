#pragma once

/// \file graph/ram_image.hpp  The image: what the rows of the graph look like when drawn in RAM.
///
/// It is fed rows (at opening, from a scan) or events (from then on), and equal rows give an equal
/// image however they came. An edge one of whose ends does not exist is not drawn: removing a node
/// takes the edges along that another commit added in the same moment.
///
///     nodes_: id → labels, packed properties, edges by type and direction, place, children by name
///     edges_: id → ends, type, packed properties
///     labels: a bitmap of node ids each
///
/// Records handed out are unpacked copies; those of the last few thousand nodes and edges are kept,
/// and dropped only on a later turn of the loop.

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/set.hpp>

#include "graph/graph.hpp"
#include "graph/id_list.hpp"
#include "graph/id_set.hpp"
#include "graph/keys.hpp"
#include "graph/names.hpp"
#include "graph/packed.hpp"
#include "graph/row_format.hpp"
#include "graph/slot_table.hpp"

namespace disgrafs::graph {

class RamImage final : public Image {
 public:
    explicit RamImage(boost::asio::any_io_executor executor);
    ~RamImage() override;

    /// One row of a scan. Rows of nodes come first, then edges, then the others. A row that hangs
    /// in the air (its ends do not exist) is left out and kept in dangling(). Errors: corrupt.
    Result<void> load(kv::Entry const& row);
    /// The scan was of this revision.
    void loaded(kv::Revision revision);
    /// The next event; fills `change`, unless nullptr. Errors: corrupt, the image is unusable then.
    Result<void> apply(kv::Event const& event, Graph::Change* change);

    [[nodiscard]] kv::Revision revision() const override { return revision_; }
    [[nodiscard]] NodeRecord const* node(NodeId id) const override;
    [[nodiscard]] std::optional<EdgeRecord> edge(EdgeId id) const override;
    [[nodiscard]] std::vector<EdgeRecord> edges(
        NodeId node, Direction direction, std::string_view type = {}
    ) const override;
    [[nodiscard]] std::size_t degree(NodeId node, Direction direction, std::string_view type)
        const override;
    [[nodiscard]] std::vector<NodeId> with_label(std::string_view label) const override;
    [[nodiscard]] std::size_t count_label(std::string_view label) const override;
    [[nodiscard]] std::optional<NodeId> named(std::string_view label, std::string_view name)
        const override;
    [[nodiscard]] std::optional<Child> child(NodeId folder, std::string_view name) const override;
    [[nodiscard]] std::vector<Child> children(
        NodeId folder, std::string_view after, std::size_t limit
    ) const override;
    [[nodiscard]] std::size_t child_count(NodeId folder) const override;
    [[nodiscard]] std::optional<Place> place(NodeId node) const override;
    [[nodiscard]] GraphCounts counts() const override;

    /// What a transaction guards besides nodes and edges. 0: there is no such row.
    [[nodiscard]] kv::Revision folder_revision(NodeId folder) const;
    [[nodiscard]] kv::Revision lock_revision(std::string_view name) const;
    [[nodiscard]] kv::Revision name_revision(std::string_view label, std::string_view name) const;

    [[nodiscard]] std::size_t count_type(std::string_view type) const;
    [[nodiscard]] std::vector<kv::Precondition> const& dangling() const { return dangling_; }

 private:
    struct TypedEdges {
        std::uint32_t type = 0;
        IdList edges;
    };
    using Adjacency = std::vector<TypedEdges>;

    using NormalHook =
        boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;
    struct ChildSlot : NormalHook {
        std::string name;
        NodeId folder;
        NodeId node;
        EdgeId edge;
        kv::Revision revision = 0;
    };
    struct NameOf {
        using type = std::string_view;
        std::string_view operator()(ChildSlot const& child) const { return child.name; }
    };
    using Children = boost::intrusive::set<ChildSlot, boost::intrusive::key_of_value<NameOf>>;
    struct FolderSlot {
        Children children;
        kv::Revision touched = 0;
    };
    struct NodeSlot {
        kv::Revision revision = 0;
        Packed properties;
        std::uint32_t labels = 0;  ///< Number of a label set.
        Adjacency out;
        Adjacency in;
        std::unique_ptr<ChildSlot> place;
        std::unique_ptr<FolderSlot> folder;
    };
    struct EdgeSlot {
        kv::Revision revision = 0;
        NodeId from;
        NodeId to;
        Packed properties;
        std::uint32_t type = 0;
    };
    struct NameSlot {
        NodeId node;
        kv::Revision revision = 0;
    };

    // Changes, ram_image_apply.cpp.
    using Change = Graph::Change;
    Result<void> put(std::string_view key, ByteView value, kv::Revision revision, Change* change);
    Result<void> remove(std::string_view key, Change* change);
    Result<void> put_node(NodeId id, NodeRow row, kv::Revision revision, Change* change);
    Result<void> put_edge(
        EdgeKey const& key, Properties const& row, kv::Revision revision, Change* change
    );
    Result<void> put_child(ChildKey key, ChildRow row, kv::Revision revision);
    void remove_node(NodeId id, Change* change);
    void remove_edge(EdgeId id, Change* change);
    void remove_child(ChildKey const& key);
    void set_labels(NodeId id, NodeSlot& node, std::vector<std::string> const& labels);
    void note_dangling(std::string key, kv::Revision revision);
    [[nodiscard]] Change::EdgeChange describe(EdgeId id, EdgeSlot const& edge) const;

    // Reads, ram_image.cpp.
    [[nodiscard]] EdgeRecord record(EdgeId id, EdgeSlot const& edge) const;
    [[nodiscard]] NodeRecord unpack(NodeId id, NodeSlot const& node) const;
    [[nodiscard]] Adjacency const* adjacency(NodeId node, Direction direction) const;
    void forget_later() const;

    boost::asio::any_io_executor executor_;
    kv::Revision revision_ = 0;

    Names labels_;
    Names types_;
    PackedWords words_;
    std::vector<std::vector<std::uint32_t>> label_sets_;
    std::map<std::vector<std::uint32_t>, std::uint32_t> label_set_numbers_;

    SlotTable<NodeSlot> nodes_;
    SlotTable<EdgeSlot> edges_;
    IdSet all_;
    std::vector<IdSet> by_label_;                      ///< By number of the label.
    std::vector<std::uint64_t> type_counts_;           ///< By number of the type.
    std::unordered_map<std::string, NameSlot> names_;  ///< By key without its letter.
    std::map<std::string, kv::Revision, std::less<>> locks_;
    std::vector<kv::Precondition> dangling_;

    mutable std::unordered_map<NodeId, NodeRecord> nodes_seen_;
    mutable std::unordered_map<EdgeId, Properties> edges_seen_;
    mutable bool is_forgetting_ = false;
    std::shared_ptr<bool> alive_;  ///< Watched by the handler that forgets.
};

}  // namespace disgrafs::graph
