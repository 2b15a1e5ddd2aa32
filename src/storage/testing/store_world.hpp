#pragma once

/// \file storage/testing/store_world.hpp  A store on a simulated disk, for tests.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/log.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "storage/log/disk_identity.hpp"
#include "storage/log/recovery.hpp"
#include "storage/shard_store.hpp"
#include "storage/testing/shards.hpp"
#include "storage/testing/watched_disk.hpp"

namespace disgrafs::storage {

/// Small segments, so that a test soon has several; nothing in the background unless it runs.
inline ShardStoreOptions test_options() {
    ShardStoreOptions options;
    options.segment_bytes = 64U << 10U;
    options.reserve_ratio = 0.05;
    options.compact_after = Duration(0);
    return options;
}

class StoreWorld {
 public:
    explicit StoreWorld(
        std::uint64_t seed = 1, SimFaults faults = {}, ShardStoreOptions with = test_options()
    )
        : options(with), world(seed, faults), disk(world.disk("n1")), house_(world.executor()) {
        static bool const is_quiet = (start_log(LogLevel::off, "test"), true);
        static_cast<void>(is_quiet);
    }
    ~StoreWorld() { close(); }
    StoreWorld(StoreWorld const&) = delete;
    StoreWorld& operator=(StoreWorld const&) = delete;

    /// Run `task` to its end, and the world with it.
    template <typename T>
    Result<T> run(Task<T> task) {
        std::optional<Result<T>> result;
        auto const ran = world.run(keep(std::move(task), result), std::chrono::hours(24 * 30));
        if (!result) return std::unexpected(ran.error());
        return *std::move(result);
    }

    Result<void> open() {
        auto opened = run(open_shard_store(parts(), options));
        if (!opened) return std::unexpected(opened.error());
        store = *std::move(opened);
        return {};
    }
    ShardStoreParts parts() {
        ShardStoreParts parts;
        parts.disk = &disk;
        parts.clock = &world.clock();
        parts.random = &world.random();
        parts.executor = world.executor();
        return parts;
    }
    Result<void> close() {
        if (store == nullptr) return {};
        auto stopped = run(store->stop());
        run(house_.join());
        store.reset();
        return stopped;
    }
    /// Power loss, and the disk back up with what it kept; the store is not open then.
    void crash() {
        world.crash("n1");
        close();
        world.start("n1");
    }
    void reopen() {
        EXPECT_TRUE(close());
        auto const opened = open();
        ASSERT_TRUE(opened) << opened.error().message;
    }
    void crash_and_open() {
        crash();
        auto const opened = open();
        ASSERT_TRUE(opened) << opened.error().message;
    }

    /// Scrub, compact, checkpoint from now on, while the world runs.
    void keep_house() { house_.spawn("keep house", store->run()); }

    Result<Stored> put(TestShard const& shard) {
        return run(store->put(shard.place, shard.blocks, shard.payload));
    }
    Result<wire::ShardRange> get(ShardId id, std::uint32_t offset = 0, std::uint32_t size = 0) {
        return run(store->get(id, offset, size));
    }
    Result<void> remove(ShardId id) { return run(store->remove(id)); }
    Result<void> sleep(Duration duration) { return run(world.clock().sleep(duration)); }

    /// What a start would find on the disk. The store is closed, and stays so.
    Result<RecoveryReport> recovery() {
        StoreCore core(parts(), options);
        return load(core);
    }
    Result<RecoveryReport> load(StoreCore& core) { return run(recover_core(core)); }
    /// Name → content of the files of a folder.
    std::map<std::string, Bytes> files(std::string const& folder) {
        auto const names = run(world.disk("n1").list(folder));
        std::map<std::string, Bytes> all;
        for (auto const& name : names.value()) {
            auto const path = folder + "/" + name;
            all[path] = run(read_file(world.disk("n1"), path)).value();
        }
        return all;
    }
    void rewrite(std::string const& path, Bytes const& content) {
        ASSERT_TRUE(run(write(world.disk("n1"), path, content)));
    }
    /// Flip a bit of what is stored of `bytes`, at byte `at` of them, counted from where they begin
    /// (below zero: before); wherever they stand in the segments. How often that was.
    int flip(ByteView bytes, std::int64_t at) {
        int count = 0;
        for (auto [path, content] : files(segment_folder)) {
            auto found = content.begin();
            while (true) {
                found = std::search(found, content.end(), bytes.begin(), bytes.end());
                if (found == content.end()) break;
                found[at] ^= std::byte{4};
                rewrite(path, content);
                ++found;
                ++count;
            }
        }
        return count;
    }

    /// "ok" when the shard reads back whole and identical, else the word of the error.
    Errc code_of_get(TestShard const& shard) {
        auto const range = get(shard.id());
        if (!range) return range.error().code;
        EXPECT_EQ(range->payload, shard.payload);
        EXPECT_EQ(range->blocks, shard.blocks);
        EXPECT_EQ(range->shard_size_bytes, shard.size());
        return no_error;
    }
    static constexpr auto no_error = static_cast<Errc>(255);
    bool reads_back(TestShard const& shard) { return code_of_get(shard) == no_error; }

    ShardStoreOptions options;
    SimWorld world;
    WatchedDisk disk;
    std::unique_ptr<ShardStore> store;

 private:
    static Task<RecoveryReport> recover_core(StoreCore& core) {
        auto const now = core.parts.clock->now();
        CO_TRY(
            auto const identity, co_await open_identity(*core.parts.disk, *core.parts.random, now)
        );
        core.disk_id = identity.id;
        co_return co_await recover(core);
    }
    static Task<void> write(Disk& disk, std::string path, Bytes content) {
        CO_TRY(auto const file, co_await disk.open(path, OpenMode::replace));
        std::vector<ByteView> const parts(1, content);
        CO_TRY_OK(co_await file->write_at(0, parts));
        CO_TRY_OK(co_await file->sync());
        co_return co_await disk.sync_dir(folder_of(path));
    }
    template <typename T>
    static Task<void> keep(Task<T> task, std::optional<Result<T>>& result) {
        result = co_await std::move(task);
        co_return Result<void>();
    }

    TaskGroup house_;
};

template <typename T>
Errc code_of(Result<T> const& result) {
    return result ? StoreWorld::no_error : result.error().code;
}

}  // namespace disgrafs::storage
