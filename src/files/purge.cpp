/// \file files/purge.cpp  For ever: first decided in one commit, then done in steps.
///
/// The decision is the property `purge` of the TRASHED edge: from then on nobody can bring the node
/// back. Each step is one batch that removes, from the leaves upwards, edges, versions (their
/// contents are released to the cluster's collector), rows of the analysis, then the node. A crash
/// between two steps leaves a smaller tree and the decision; purge_decided() goes on from there.

#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/rows.hpp"
#include "base/log.hpp"
#include "files/operations.hpp"
#include "files/places.hpp"
#include "files/trash.hpp"
#include "files/version_rows.hpp"

namespace disgrafs::files {

namespace {

constexpr auto trash_time = std::chrono::hours(24 * 30);
/// Keys that a step may use; the batch of the store holds 128, and the last part may go beyond.
constexpr std::size_t step_keys_max = 90;
constexpr std::size_t version_keys = 6;  ///< Row and guard, and what the content releases.
constexpr std::size_t edge_keys = 2;     ///< Row and guard; a place has two more.
constexpr std::size_t node_keys = 10;    ///< Row, guards, place, rows of the analysis.
/// Steps that purge() does itself before it leaves the rest to run().
constexpr int steps_at_once = 64;
constexpr int conflicts_max = 16;

/// Fills one step.
class Step {
 public:
    Step(Core& core, graph::Transaction& change) : core_(core), change_(change) {}

    /// Removes what is below `node`, then the node, as far as the step has room. True: the node
    /// is removed in this step.
    Task<bool> remove(NodeId node) {
        auto is_empty = true;
        while (is_empty && has_room()) {
            auto const children = core_.image().children(node, after_[node], 1);
            if (children.empty()) break;
            after_[node] = children.front().name;
            CO_TRY(is_empty, co_await remove(children.front().node));
        }
        if (!is_empty || !has_room()) co_return false;
        co_return co_await remove_leaf(node);
    }

 private:
    [[nodiscard]] bool has_room() const { return keys_ < step_keys_max; }

    Task<bool> remove_leaf(NodeId node) {
        CO_TRY(auto const has_versions, co_await remove_versions(node));
        if (has_versions) co_return false;
        for (auto const direction : {graph::Direction::out, graph::Direction::in}) {
            for (auto const& edge : core_.image().edges(node, direction)) {
                if (!has_room()) co_return false;
                if (!removed_.insert(edge.id).second) continue;
                change_.remove_edge(edge.id);
                keys_ += edge_keys;
            }
        }
        auto& rows = change_.rows();
        rows.remove(analysis::text_key(node));
        rows.remove(analysis::vector_key(node));
        rows.remove(analysis::queue_key(node));
        change_.remove_node(node);
        keys_ += node_keys;
        co_return true;
    }

    /// True: some are left for the next step.
    Task<bool> remove_versions(NodeId node) {
        auto const limit = (step_keys_max - std::min(keys_, step_keys_max)) / version_keys + 1;
        auto range = kv::Range::prefix(version_prefix(node));
        CO_TRY(auto const page, co_await core_.parts.graph->store().scan(std::move(range), limit));
        auto& rows = change_.rows();
        for (auto const& entry : page.entries) {
            CO_TRY(auto const version, decode_version(entry.value));
            auto released = co_await core_.parts.contents->release(version.content);
            // Gone already is as good.
            if (!released && released.error().code != Errc::not_found) {
                co_return std::unexpected(released.error());
            }
            if (released) std::ranges::move(*released, std::back_inserter(rows.writes));
            rows.require(entry.key, entry.revision).remove(entry.key);
            keys_ += version_keys;
        }
        co_return page.more;
    }

    Core& core_;
    graph::Transaction& change_;
    std::size_t keys_ = 0;
    std::unordered_map<NodeId, std::string> after_;  ///< Children seen, by folder.
    std::unordered_set<EdgeId> removed_;
};

/// One batch. True: the top is gone. Errors: conflict (somebody changed a part: again).
Task<bool> step(Core& core, NodeId top) {
    if (core.image().node(top) == nullptr) co_return true;
    auto const change = core.parts.graph->begin();
    Step filling(core, *change);
    CO_TRY(auto const is_done, co_await filling.remove(top));
    CO_TRY_OK(co_await change->commit());
    co_return is_done;
}

/// At most `limit` steps. True: nothing is left.
Task<bool> do_steps(Core& core, NodeId top, int limit) {
    for (int steps = 0, conflicts = 0; steps < limit; ++steps) {
        auto const done = co_await step(core, top);
        if (done && *done) co_return true;
        if (done) continue;
        auto const is_hopeless = done.error().code != Errc::conflict || ++conflicts > conflicts_max;
        if (is_hopeless) co_return std::unexpected(done.error());
    }
    co_return false;
}

/// The same; one coroutine at a time for one node.
Task<bool> purge_steps(Core& core, NodeId top, int limit) {
    if (!core.purging.insert(top).second) co_return false;
    auto const done = co_await do_steps(core, top, limit);
    core.purging.erase(top);
    co_return done;
}

Task<void> decide(Core& core, NodeId user, NodeId node, graph::Transaction& change) {
    CO_TRY(auto const edge, find_trashed(core, user, node));
    change.set(edge.id, {{"purge", true}});
    co_return Result<void>{};
}

Task<void> decide_purge(Core& core, NodeId user, NodeId node) {
    auto const body = [&](graph::Transaction& change) { return decide(core, user, node, change); };
    co_return co_await core.commit(body);
}

std::vector<graph::EdgeRecord> trashed(Core const& core) {
    auto const trash = trash_of(core.image());
    if (!trash) return {};
    return core.image().edges(*trash, graph::Direction::out, graph::edge::trashed);
}

}  // namespace

Task<void> purge_entry(Core& core, NodeId user, NodeId node) {
    CO_TRY_OK(co_await decide_purge(core, user, node));
    // Decided is what the caller asked for; what is left, or fails, is tried again by run().
    auto const done = co_await purge_steps(core, node, steps_at_once);
    if (!done || !*done) core.purge_wake.notify();
    co_return Result<void>{};
}

Task<void> purge_old(Core& core) {
    NodeId const cluster;
    std::vector<NodeId> old;
    auto const now = core.now();
    for (auto const& edge : trashed(core)) {
        Timestamp const since{edge["at"].integer()};
        if (!is_purge_decided(edge) && now - since >= trash_time) old.push_back(edge.to);
    }
    for (auto const node : old) {
        auto const done = co_await decide_purge(core, cluster, node);
        // Somebody restored or purged it in this moment.
        auto const is_moot =
            !done && (done.error().code == Errc::not_found || done.error().code == Errc::conflict);
        if (!done && !is_moot) co_return std::unexpected(done.error());
    }
    co_return Result<void>{};
}

Task<void> purge_decided(Core& core) {
    std::vector<NodeId> decided;
    for (auto const& edge : trashed(core)) {
        if (is_purge_decided(edge)) decided.push_back(edge.to);
    }
    for (auto const node : decided) {
        auto is_done = false;
        while (!is_done && !core.purging.contains(node)) {
            auto const done = co_await purge_steps(core, node, steps_at_once);
            if (!done && done.error().code == Errc::cancelled)
                co_return std::unexpected(done.error());
            if (!done) LOG_WARN("purge waits", kv("node", node.value), kv("error", done.error()));
            if (!done) break;
            is_done = *done;
        }
    }
    co_return Result<void>{};
}

}  // namespace disgrafs::files
