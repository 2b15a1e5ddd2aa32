/// \file files/move.cpp  To another folder, another name, or both: one commit, whatever lies below.
///
/// Folders take the graph's lock "tree": of two moves that together would close a circle (a into b,
/// b into a) the second sees the first.

#include <algorithm>
#include <utility>

#include "files/operations.hpp"
#include "files/places.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t page = 1000;

bool is_below(graph::Image const& image, NodeId node, NodeId folder) {
    for (int steps = 0; steps < climb_max; ++steps) {
        if (node == folder) return true;
        auto const place = image.place(node);
        if (!place) return false;
        node = place->folder;
    }
    return true;
}

/// Every path below `top` keeps to the limits when `top` has `depth` names in `bytes` bytes. Looks
/// at all names below; cheap beside reading them once.
Result<void> check_depth(
    graph::Image const& image, NodeId top, std::size_t depth, std::size_t bytes
) {
    struct Level {
        NodeId node;
        std::size_t depth;
        std::size_t bytes;
    };
    std::vector<Level> waiting{{top, depth, bytes}};
    while (!waiting.empty()) {
        auto const at = waiting.back();
        waiting.pop_back();
        if (at.depth > path_names_max || at.bytes > path_bytes_max) {
            return fail(Errc::invalid, "paths below would become too long there");
        }
        std::string after;
        for (;;) {
            auto const children = image.children(at.node, after, page);
            for (auto const& child : children) {
                waiting.push_back({child.node, at.depth + 1, at.bytes + 1 + child.name.size()});
            }
            if (children.size() < page) break;
            after = children.back().name;
        }
    }
    return {};
}

class Move {
 public:
    Move(Core& core, NodeId user, Path from, Path to)
        : core_(core), user_(user), from_(std::move(from)), to_(std::move(to)) {}

    Task<void> fill(graph::Transaction& change) {
        CO_TRY_OK(find_source());
        CO_TRY_OK(find_target());
        if (is_there_already_) co_return Result<void>{};
        CO_TRY_OK(core_.check_removable(user_, node_));
        CO_TRY_OK(core_.check_write(user_, folder_));
        auto const& image = core_.image();
        auto const& name = to_.back();
        if (is_folder(*image.node(node_))) {
            if (is_below(image, folder_, node_)) {
                co_return fail(Errc::invalid, "{} cannot be moved into itself", to_text(from_));
            }
            if (to_text(to_).size() > to_text(from_).size() || to_.size() > from_.size()) {
                CO_TRY_OK(check_depth(image, node_, to_.size(), to_text(to_).size()));
            }
            change.lock("tree");
        }
        change.remove_child(node_);
        change.set(node_, renamed(name));
        change.add_child(folder_, name, node_);
        co_return Result<void>{};
    }

    [[nodiscard]] NodeId node() const { return node_; }

 private:
    Result<void> find_source() {
        TRY(auto const walk, core_.walk(user_, from_));
        if (!walk.missing.empty()) return fail(Errc::not_found, "there is no {}", to_text(from_));
        node_ = walk.at;
        return {};
    }

    /// The folder of `to` must exist, the name in it must be free.
    Result<void> find_target() {
        if (to_.empty()) return fail(Errc::conflict, "there is a / already");
        TRY(auto const walk, core_.walk(user_, to_));
        is_there_already_ = walk.missing.empty() && walk.at == node_;
        if (is_there_already_) return {};
        if (walk.missing.empty())
            return fail(Errc::conflict, "there is a {} already", to_text(to_));
        if (walk.missing.size() > 1) {
            auto const folder = to_text(to_, to_.size() - 1);
            return fail(Errc::not_found, "there is no folder {}", folder);
        }
        if (!is_folder(*core_.image().node(walk.at))) {
            return fail(Errc::conflict, "{} is a file", core_.rights.path(walk.at));
        }
        folder_ = walk.at;
        return {};
    }

    graph::Properties renamed(std::string const& name) const {
        graph::Properties changes{{"name", name}};
        auto const* node = core_.image().node(node_);
        if (!is_file(*node)) return changes;
        auto extension = extension_of(name);
        changes["ext"] = extension.empty() ? graph::Value() : graph::Value(std::move(extension));
        return changes;
    }

    Core& core_;
    NodeId user_;
    Path from_;
    Path to_;
    NodeId node_;
    NodeId folder_;
    bool is_there_already_ = false;
};

}  // namespace

Task<Entry> move_entry(Core& core, NodeId user, std::string from, std::string to) {
    CO_TRY(auto from_path, parse_path(from));
    CO_TRY(auto to_path, parse_path(to));
    Move move(core, user, std::move(from_path), std::move(to_path));
    auto const body = [&move](graph::Transaction& change) { return move.fill(change); };
    CO_TRY_OK(co_await core.commit(body));
    co_return entry_of(core, user, move.node());
}

}  // namespace disgrafs::files
