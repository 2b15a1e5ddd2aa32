#pragma once

/// \file cluster/testing/fake_cluster.hpp  The parts that contents need, over fake nodes and a
/// store in memory. Time jumps; a heart beats for every node that is alive.

#include <memory>
#include <string>
#include <vector>

#include "cluster/content/stored_contents.hpp"
#include "cluster/testing/fake_node.hpp"
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
    struct Index {
        Index(FakeCluster& of)
            : registry(of.store, of.world.clock(), of.world.random(), of.world.executor()),
              tasks(of.world.executor()) {}

        Registry registry;
        std::unique_ptr<Members> members;
        std::unique_ptr<NodeCalls> calls;
        std::unique_ptr<Uploads> uploads;
        std::unique_ptr<StoredContents> contents;
        std::vector<BadShard> bad;
        TaskGroup tasks;
    };

    explicit FakeCluster(TestWorld& of, ClusterOptions with = {})
        : world(of), options(with), store(of.executor()) {}

    /// An index server with `count` storage nodes that are up.
    Task<void> start(int count) {
        CO_TRY_OK(co_await open_index());
        for (int number = 0; number < count; ++number) CO_TRY_OK(co_await add_node());
        co_return Result<void>();
    }

    Task<void> open_index() {
        index = std::make_unique<Index>(*this);
        auto& now = *index;
        auto& clock = world.clock();
        CO_TRY_OK(co_await now.registry.load());
        now.members = std::make_unique<Members>(now.registry, clock, options);
        auto connect = [this](MemberId id, std::string) -> std::unique_ptr<wire::ShardService> {
            return std::make_unique<FakeShardService>(*node(id), world.clock());
        };
        now.calls = std::make_unique<NodeCalls>(*now.members, clock, connect);
        now.uploads = std::make_unique<Uploads>(store, clock, world.random(), world.executor());
        CO_TRY_OK(co_await now.uploads->open());
        StripeReadParts read{
            .calls = now.calls.get(),
            .cpu = &world.pool(),
            .executor = world.executor(),
            .on_bad = [&now](BadShard bad) { now.bad.push_back(bad); },
        };
        ContentsParts parts{
            .store = &store,
            .clock = &clock,
            .cpu = &world.pool(),
            .executor = world.executor(),
            .members = now.members.get(),
            .calls = now.calls.get(),
            .uploads = now.uploads.get(),
            .read = std::move(read),
        };
        now.contents = std::make_unique<StoredContents>(std::move(parts), options);
        now.tasks.spawn("late writes", now.contents->run_late_writes());
        now.tasks.spawn("late reads", now.contents->run_late_reads());
        now.tasks.spawn("members", now.members->run());
        now.tasks.spawn("heart", beat());
        for (auto const& one : nodes) {
            if (!one->faults.is_dead) now.members->connected(one->id);
        }
        beat_once();
        co_return Result<void>();
    }

    /// As when the process ends: everything in memory is gone.
    Task<void> close_index() {
        CO_TRY_OK(co_await index->contents->stop());
        CO_TRY_OK(co_await index->uploads->stop());
        CO_TRY_OK(co_await index->tasks.stop());
        index.reset();
        co_return Result<void>();
    }

    Task<void> add_node() {
        MemberRow row;
        row.name = "n" + std::to_string(nodes.size() + 1);
        row.address = "127.0.0.1:" + std::to_string(7000 + nodes.size());
        row.disk_id = "disk-" + row.name;
        CO_TRY(row, co_await index->registry.add(std::move(row)));
        auto fresh = std::make_unique<FakeNode>();
        fresh->id = row.id;
        fresh->address = row.address;
        fresh->key = row.key;
        nodes.push_back(std::move(fresh));
        index->members->changed(row.id);
        index->members->connected(row.id);
        beat_once();
        co_return Result<void>();
    }

    FakeNode* node(MemberId id) {
        for (auto const& one : nodes) {
            if (one->id == id) return one.get();
        }
        return nullptr;
    }

    /// Node `number` (from 0) is killed: its connections break.
    void kill(std::size_t number) {
        nodes[number]->faults.is_dead = true;
        index->members->disconnected(nodes[number]->id);
    }
    void revive(std::size_t number) {
        nodes[number]->faults.is_dead = false;
        index->members->connected(nodes[number]->id);
        beat_once();
    }

    /// begin … commit, in pieces of `piece` bytes.
    Task<ContentId> put(
        Bytes content,
        bool tells_size = true,
        std::size_t piece = 100'000,
        std::optional<erasure::Layout> policy = std::nullopt
    ) {
        ContentOptions upload;
        if (tells_size) upload.size = content.size();
        upload.policy = policy;
        CO_TRY(auto const writer, co_await index->contents->begin(Context(), upload));
        for (std::size_t at = 0; at < content.size(); at += piece) {
            auto const size = std::min(piece, content.size() - at);
            auto const begin = content.begin() + static_cast<std::ptrdiff_t>(at);
            Bytes part(begin, begin + static_cast<std::ptrdiff_t>(size));
            CO_TRY_OK(co_await writer->write(std::move(part)));
        }
        CO_TRY(auto stored, co_await writer->finish());
        CO_TRY_OK(co_await commit(stored));
        co_return stored.id;
    }

    Task<void> commit(StoredContent const& stored) {
        kv::Batch batch;
        batch.writes = stored.rows;
        batch.preconditions = stored.preconditions;
        CO_TRY_OK(co_await store.commit(std::move(batch)));
        index->uploads->committed(stored.id);
        co_return Result<void>();
    }

    /// The whole content, in reads of `piece` bytes.
    Task<Bytes> get(ContentId id, std::size_t piece = 3'000'000) {
        Bytes content;
        for (;;) {
            CO_TRY(
                auto const part,
                co_await index->contents->read(Context(), id, content.size(), piece)
            );
            if (part.empty()) co_return content;
            content.insert(content.end(), part.begin(), part.end());
        }
    }

    /// Bytes fetched from nodes so far.
    [[nodiscard]] std::uint64_t got_bytes() const {
        std::uint64_t bytes = 0;
        for (auto const& one : nodes) bytes += one->disk.got_bytes;
        return bytes;
    }

    TestWorld& world;
    ClusterOptions options;
    MemoryStore store;
    std::vector<std::unique_ptr<FakeNode>> nodes;
    std::unique_ptr<Index> index;

 private:
    Task<void> beat() {
        for (;;) {
            CO_TRY_OK(co_await world.clock().sleep(options.heartbeat_every));
            beat_once();
        }
    }

    void beat_once() {
        constexpr std::uint64_t disk_bytes = 100ULL << 30U;
        for (auto const& one : nodes) {
            if (one->faults.is_dead || one->faults.is_hung) continue;
            wire::Heartbeat heartbeat;
            heartbeat.capacity_bytes = disk_bytes;
            heartbeat.free_bytes = one->faults.is_full ? 0 : disk_bytes / 2;
            heartbeat.sequence = one->disk.sequence;
            index->members->heartbeat(one->id, heartbeat);
        }
    }
};

}  // namespace disgrafs::cluster
