#pragma once

/// \file cluster/testing/fake_cluster.hpp  A whole cluster in one process: the real index server
/// over a store in memory, and fake storage nodes that join, prove themselves and send heartbeats.

#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "cluster/cluster_impl.hpp"
#include "cluster/testing/fake_node.hpp"
#include "cluster/testing/fake_socket.hpp"
#include "cluster/testing/memory_store.hpp"
#include "cluster/testing/test_world.hpp"

namespace disgrafs::cluster {

/// `size` bytes that differ everywhere, from a seed.
inline Bytes test_content(std::size_t size, std::uint64_t seed = 1) {
    Bytes bytes(size);
    make_seeded_random(seed)->fill(bytes);
    return bytes;
}

class FakeCluster {
 public:
    explicit FakeCluster(TestWorld& of, ClusterOptions with = {});
    ~FakeCluster();
    FakeCluster(FakeCluster const&) = delete;
    FakeCluster& operator=(FakeCluster const&) = delete;

    /// An index server with `count` storage nodes that are up.
    Task<void> start(int count);
    Task<void> stop();

    /// The index server's process: opened on the store, closed, or dead with all it had in memory.
    Task<void> open_index();
    Task<void> close_index();
    Task<void> restart_index();

    Task<void> add_node();
    FakeNode* node(MemberId id);
    FakeNode& at(std::size_t number) { return *nodes[number]; }

    /// Node `number` (from 0) is killed: its connections break. Its disk stays.
    Task<void> kill(std::size_t number);
    Task<void> revive(std::size_t number);

    /// begin … commit, in pieces.
    Task<ContentId> put(Bytes content, ContentOptions upload);
    Task<ContentId> put(Bytes content);
    Task<StoredContent> upload(Bytes content, ContentOptions options);
    Task<void> commit(StoredContent stored);
    Task<void> release(ContentId id);
    /// The whole content, in reads of 3 MB.
    Task<Bytes> get(ContentId id);

    /// Waits until `holds()`; fails after `limit` of the world's time.
    template <typename Condition>
    Task<void> until(
        Condition holds,
        Duration limit = std::chrono::minutes(5),
        std::source_location where = std::source_location::current()
    ) {
        auto const begun = world.clock().steady();
        while (!holds()) {
            if (world.clock().steady() - begun > limit) {
                co_return fail(Errc::unavailable, "line {}: it never came true", where.line());
            }
            CO_TRY_OK(co_await world.clock().sleep(std::chrono::milliseconds(20)));
        }
        co_return Result<void>();
    }
    /// Until nothing is queued for repair and every stripe has its full margin.
    Task<void> until_whole();

    [[nodiscard]] ClusterStatus status() const { return index->status(); }
    [[nodiscard]] std::uint64_t got_bytes() const;  ///< Fetched from nodes so far.
    [[nodiscard]] std::size_t shards() const;       ///< On all disks.
    [[nodiscard]] std::uint64_t stripes_with(int margin) const;

    TestWorld& world;
    ClusterOptions options;
    MemoryStore store;
    std::vector<std::unique_ptr<FakeNode>> nodes;
    std::unique_ptr<ClusterImpl> index;

 private:
    struct Connection;

    Task<void> serve(std::shared_ptr<Connection> connection);
    Task<void> live(std::shared_ptr<Connection> connection);
    Task<void> connect(FakeNode& node);
    [[nodiscard]] wire::Heartbeat heartbeat_of(FakeNode const& node) const;

    std::map<MemberId, std::shared_ptr<Connection>> connections_;
    std::unique_ptr<TaskGroup> index_run_;
    FakeNode nobody_;  ///< Dead; members that are no node of ours lead here.
    TaskGroup outside_;
};

}  // namespace disgrafs::cluster
