#pragma once

/// \file files/core.hpp  What the operations share: the parts, walking a path, describing a node.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "files/files.hpp"
#include "files/path.hpp"
#include "files/tree_rights.hpp"
#include "files/usage.hpp"
#include "io/wake.hpp"

namespace disgrafs::files {

inline constexpr std::size_t versions_max = 20;
inline constexpr std::size_t children_counted_max = 1000;
inline constexpr std::size_t shown_tags = 5;

/// How far a path leads for a user: what it may not see ends the walk as if it were not there.
struct Walk {
    NodeId at;                         ///< The last node that the user sees.
    std::vector<std::string> missing;  ///< Names behind it; empty: the path leads to `at`.
};

class Core {
 public:
    explicit Core(FilesParts parts);

    [[nodiscard]] graph::Image const& image() const { return parts.graph->image(); }
    [[nodiscard]] Timestamp now() const { return parts.clock->now(); }
    /// "cluster" for the cluster itself.
    [[nodiscard]] std::string user_name(NodeId user) const;

    /// Errors: unavailable (there is no root yet).
    Result<Walk> walk(NodeId user, Path const& path) const;
    /// The file or folder at a path. Errors: invalid, not_found.
    Result<NodeId> resolve(NodeId user, std::string_view path) const;
    /// A file or folder that the user sees. Errors: not_found.
    Result<graph::NodeRecord const*> seen(NodeId user, NodeId node) const;
    /// A file whose content the user may read. Errors: not_found, invalid (a folder), denied.
    Result<graph::NodeRecord const*> readable_file(NodeId user, NodeId node) const;
    /// Taking a node out of its folder needs write there, or ownership of the node; homes and the
    /// folders at the top stay. Errors: denied.
    Result<void> check_removable(NodeId user, NodeId node) const;
    /// Errors: denied.
    Result<void> check_write(NodeId user, NodeId node) const;

    /// Everything about a node that exists; the caller has checked that the user sees it.
    [[nodiscard]] Entry describe(NodeId user, NodeId node) const;
    /// Of a folder: how many children exist for the user.
    [[nodiscard]] std::uint64_t count_children(NodeId user, NodeId folder) const;

    /// commit_changes() of the graph.
    Task<void> commit(std::function<Task<void>(graph::Transaction&)> body) const;

    FilesParts parts;
    TreeRights rights;
    Usage usage;
    Wake purge_wake;
    /// By owner with a quota: whose upload may commit (files/quota.hpp).
    std::unordered_map<std::string, std::unique_ptr<Semaphore>> quota_turns;
    std::unordered_set<NodeId> purging;  ///< Under way by a coroutine of this process.
};

}  // namespace disgrafs::files
