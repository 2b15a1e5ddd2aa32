#pragma once

/// \file files/tree_rights.hpp  Rights, computed from the image and remembered per user and folder.
///
/// What a user may do with a node is what a ground on the node gives, and what it may do with the
/// folder above. A *ground* is ownership or a MAY edge. So a readable folder is readable as a
/// whole, and what is remembered of a folder serves all that lies in it.
///
/// For folders that a user may only pass, the children that exist for that user are kept by name of
/// the folder: built once per user by climbing from each ground, which takes O(grounds + folders
/// above). Owned grounds are those whose owner is another than that of the folder above (roots_).
///
/// A commit that changes a grant, a membership, a user or the place of a folder forgets all views.
/// The owner of a node never changes. Concurrency: the loop; valid until the next co_await.

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "files/rights.hpp"

namespace disgrafs::files {

class TreeRights final : public Rights {
 public:
    explicit TreeRights(graph::Graph& graph);

    [[nodiscard]] May of(NodeId user, NodeId node) const override;
    [[nodiscard]] bool sees(NodeId user, NodeId node) const override;
    [[nodiscard]] bool is_admin(NodeId user) const override;
    [[nodiscard]] std::string path(NodeId node) const override;
    [[nodiscard]] NodeId root() const override;

    /// The node has a path from the root.
    [[nodiscard]] bool is_in_tree(NodeId node) const;
    /// The node's owner is this user.
    [[nodiscard]] bool owns(NodeId user, NodeId node) const;
    /// Of a folder that `user` may pass but not read: the children that exist for it. Valid until
    /// the next call of anything here.
    [[nodiscard]] std::set<NodeId> const& shown_in(NodeId user, NodeId folder) const;

 private:
    struct Held {
        May may;
        bool is_in_tree = false;
    };
    struct View {
        bool is_admin = false;
        bool is_alive = false;  ///< An enabled user; nothing is granted to others.
        std::string name;
        std::vector<NodeId> principals;  ///< The user and its groups.
        std::unordered_map<NodeId, Held> folders;
        std::unordered_map<NodeId, std::set<NodeId>> shown;
        bool is_shown_built = false;
    };

    View& view(NodeId user) const;
    void build_shown(View& view) const;
    void show(View& view, NodeId ground) const;
    May ground(View const& view, NodeId node) const;
    Held held(View& view, NodeId folder) const;
    Held held_above(View& view, NodeId node) const;

    void load_roots();
    void follow(graph::Graph::Change const& change);
    void note_removed(graph::Graph::Change const& change);
    void note_created(graph::Graph::Change const& change);
    [[nodiscard]] std::string owner_of(NodeId node) const;
    void forget() const {
        views_.clear();
        held_count_ = 0;
    }

    graph::Image const& image_;
    std::unordered_map<std::string, std::unordered_set<NodeId>> roots_;  ///< By owner.
    mutable std::unordered_map<NodeId, View> views_;
    mutable std::size_t held_count_ = 0;
    mutable NodeId root_;  ///< Once there, for ever.
    std::shared_ptr<void> listening_;
};

}  // namespace disgrafs::files
