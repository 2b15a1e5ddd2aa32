#pragma once

/// \file files/usage.hpp  How many bytes each owner keeps, and how many the drive holds.
///
/// A follower in RAM: it reads all File nodes once and then each commit, so that no counter has to
/// be written by every upload (which would make uploads of one owner wait for each other). A File
/// node says `size`, of its current version, and `stored`, of all versions that are kept. The cost:
/// about 80 bytes a file, and O(files below) when a folder goes to the trash or comes back.
///
/// Concurrency: the loop.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/metrics.hpp"
#include "files/tree_rights.hpp"
#include "graph/graph.hpp"

namespace disgrafs::files {

class Usage {
 public:
    Usage(graph::Graph& graph, TreeRights const& rights);

    /// All versions of all files that `owner` owns, trash included.
    [[nodiscard]] std::uint64_t used_bytes(std::string_view owner) const;
    /// Current versions in the tree.
    [[nodiscard]] std::uint64_t logical_bytes() const { return logical_bytes_; }

 private:
    struct File {
        std::uint64_t* used = nullptr;  ///< The owner's sum.
        std::uint64_t size = 0;
        std::uint64_t stored = 0;
        bool is_in_tree = false;
    };

    struct Metrics {
        Gauge& files = gauge("disgrafs_index_files", "Files, those in the trash too.");
        Gauge& logical_bytes =
            gauge("disgrafs_index_logical_bytes", "Bytes of current versions, trash aside.");
    };

    void show();
    void follow(graph::Graph::Change const& change);
    void read(NodeId id);
    void drop(NodeId id);
    void place(NodeId id, bool is_in_tree);
    /// The node and all files below it are in the tree now, or not.
    void place_below(NodeId top, bool is_in_tree);

    graph::Image const& image_;
    TreeRights const& rights_;
    std::unordered_map<NodeId, File> files_;
    std::unordered_map<std::string, std::uint64_t> used_;  ///< By name of the owner.
    std::uint64_t logical_bytes_ = 0;
    Metrics metrics_;
    std::shared_ptr<void> listening_;
};

}  // namespace disgrafs::files
