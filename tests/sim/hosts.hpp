#pragma once

/// \file sim/hosts.hpp  The programs of a simulated cluster: built as app/ builds them, on
/// SimWorld.
///
/// A crash is: world.crash(host), stop() the object (its calls fail), destroy it,
/// world.start(host), open a new one on the same disk.

#include <memory>
#include <string>

#include "cluster/cluster.hpp"
#include "files/files.hpp"
#include "files/people.hpp"
#include "graph/graph.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "kv/store.hpp"
#include "storage/storage_node.hpp"
#include "wire/http.hpp"

namespace disgrafs::sim {

/// One round of each scrubber; in life it is a week.
inline constexpr Duration scrub_every = std::chrono::seconds(20);

/// The index server without page, analysis and search: store, graph, cluster, files, member routes.
class IndexHost {
 public:
    /// Opens (the first time: makes) the index server on the world's host "index".
    static Task<std::unique_ptr<IndexHost>> open(SimWorld& world);
    Task<void> stop();

    files::Files& files() { return *files_; }
    files::People& people() { return *people_; }
    cluster::Cluster& cluster() { return *cluster_; }
    graph::Graph& graph() { return *graph_; }
    /// A context that acts as the administrator.
    [[nodiscard]] Context admin() const;

 private:
    explicit IndexHost(SimWorld& world);
    Task<void> start();
    void add_routes();

    SimWorld& world_;
    TaskGroup links_;
    std::unique_ptr<kv::Store> store_;
    std::unique_ptr<graph::Graph> graph_;
    std::unique_ptr<cluster::Cluster> cluster_;
    std::unique_ptr<files::Files> files_;
    std::unique_ptr<files::People> people_;
    wire::HttpRoutes routes_;
    std::unique_ptr<wire::HttpServer> server_;
    std::unique_ptr<Listener> listener_;
    TaskGroup tasks_;
};

/// A storage node on a host of its name.
class NodeHost {
 public:
    static Task<std::unique_ptr<NodeHost>> open(
        SimWorld& world, std::string name, std::string join_token, bool with_canary
    );
    Task<void> stop();

    /// A write or a sync failed: it stores nothing more until it is started again.
    [[nodiscard]] bool is_read_only() const { return node_->store().counts().is_read_only; }

 private:
    explicit NodeHost(SimWorld& world);

    std::unique_ptr<Disk> canary_;
    std::unique_ptr<storage::StorageNode> node_;
    TaskGroup tasks_;
};

}  // namespace disgrafs::sim
