/// Power loss and kill -9 under the RocksDB store: what was answered is there, whole and in order.

#include <csignal>
#include <fstream>
#include <map>
#include <set>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kv/faulty_files.hpp"
#include "kv/test_crash.hpp"
#include "kv/test_world.hpp"

namespace disgrafs::kv {
namespace {

using ::testing::HasSubstr;

/// A store on files that lose power, several times in a row.
class PowerLoss {
 public:
    explicit PowerLoss(std::uint64_t seed) : random_(make_seeded_random(seed)) {}

    FaultyFiles& files() { return *files_; }

    Result<void> run(int rounds) {
        for (int round = 0; round < rounds; ++round) {
            auto const answered_before = notes_.answered.size();
            files_->lose_power_after(static_cast<int>(random_->below(12)) + 2);
            auto const write = [this](StoreWorld& in) { return write_together(in, notes_); };
            TRY_OK(world_.run(write));
            if (!files_->is_off()) return fail(Errc::invalid, "the power stayed on");
            answered_ += notes_.answered.size() - answered_before;
            files_->forget(*random_);
            auto const check = [this](StoreWorld& in) { return check_all(in, notes_); };
            TRY_OK(world_.run(check));
        }
        return {};
    }

    [[nodiscard]] std::size_t answered() const { return answered_; }
    [[nodiscard]] std::string path() const { return world_.path(); }

 private:
    std::unique_ptr<Random> random_;
    std::shared_ptr<FaultyFiles> files_ = std::make_shared<FaultyFiles>();
    std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(files_);
    RocksWorld world_{{.write_buffer_bytes = 64U << 10U, .env = env_.get()}};
    Notes notes_;
    std::size_t answered_ = 0;
};

TEST(RocksCrash, WhatWasAnsweredSurvivesPowerLossInTheMiddleOfAWrite) {
    std::uint64_t lost = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        PowerLoss power(seed);
        auto const survived = power.run(3);
        ASSERT_TRUE(survived) << "seed " << seed << ": " << survived.error().message;
        EXPECT_GT(power.answered(), 0U);
        lost += power.files().bytes_lost();
    }
    EXPECT_GT(lost, 10'000U) << "the power never failed in the middle of anything";
}

/// The test above would be worth nothing if it could not see a loss.
TEST(RocksCrash, DiskThatLiesAboutSyncIsCaught) {
    int caught = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        PowerLoss power(seed);
        ASSERT_TRUE(power.run(1));
        power.files().lie_about_sync();
        if (!power.run(1)) ++caught;
    }
    EXPECT_GT(caught, 0);
}

TEST(RocksCrash, CommitsAtTheSameMomentShareSyncs) {
    auto const files = std::make_shared<FaultyFiles>();
    auto const env = rocksdb::NewCompositeEnv(files);
    RocksWorld world({.env = env.get()});
    int before = 0;
    auto const told = world.run([&](StoreWorld& in) {
        return [](StoreWorld& inside, FaultyFiles& counted, int& syncs) -> Task<void> {
            CO_TRY(auto const store, co_await inside.open(StoreWorld::many_events));
            syncs = counted.log_syncs();
            CO_TRY_OK(co_await put_many(*store, inside.executor(), 0, 640));
            co_return co_await store->stop();
        }(in, *files, before);
    });
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_LE(files->log_syncs() - before, 10);
    EXPECT_GE(files->log_syncs() - before, 1);
}

/// Flips one bit of the log at every 97th byte in turn: behind the last record it may go unseen or
/// be cut off, anywhere else the store must not open as if nothing were missing.
TEST(RocksCrash, FlippedBitInTheLogIsCorruptUnlessInTheLastRecord) {
    RocksWorld world;
    auto const written = world.run([](StoreWorld& in) -> Task<void> {
        CO_TRY(auto const store, co_await in.open(StoreWorld::many_events));
        for (int i = 0; i < 40; ++i) CO_TRY_OK(co_await put_many(*store, in.executor(), i, 1));
        co_return co_await store->stop();
    });
    ASSERT_TRUE(written) << written.error().message;
    std::filesystem::path log;
    for (auto const& entry : std::filesystem::directory_iterator(world.path())) {
        if (entry.path().extension() == ".log" && entry.file_size() > 0) log = entry.path();
    }
    auto const size = std::filesystem::file_size(log);
    auto const last_record = size - 120;
    int corrupt = 0;
    TemporaryFolder copies;
    for (std::uint64_t at = 0; at < size; at += 97) {
        auto const copy = copies.path() + "/store";
        std::filesystem::remove_all(copy);
        std::filesystem::copy(world.path(), copy);
        {
            std::fstream file(
                copy + "/" + log.filename().string(),
                std::ios::in | std::ios::out | std::ios::binary
            );
            file.seekg(static_cast<std::streamoff>(at));
            auto const byte = static_cast<char>(file.get() ^ (1 << (at % 8)));
            file.seekp(static_cast<std::streamoff>(at));
            file.put(byte);
        }
        Pool pool("store", 1);
        Result<void> opened = run_loop([&](boost::asio::any_io_executor executor) {
            return [](Pool& on, boost::asio::any_io_executor loop, std::string path) -> Task<void> {
                RocksOptions const options;
                CO_TRY(auto const store, co_await open_rocks_store(on, loop, path, options));
                auto const revision = store->revision();
                CO_TRY_OK(co_await store->stop());
                if (revision < 39) co_return fail(Errc::invalid, "{} of 40 in silence", revision);
                co_return Result<void>{};
            }(pool, executor, copy);
        });
        if (opened) {
            EXPECT_GE(at, last_record)
                << "a flipped bit at " << at << " of " << size << " went unseen";
        } else {
            EXPECT_EQ(opened.error().code, Errc::corrupt) << at << ": " << opened.error().message;
            ++corrupt;
        }
    }
    EXPECT_GT(corrupt, 10);
}

TEST(RocksCrash, FullDiskRefusesCommitsAndHealsWhenThereIsSpace) {
    struct Full final : rocksdb::FileSystemWrapper {
        Full() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
        char const* Name() const override { return "Full"; }
        using Options = rocksdb::IOOptions;
        using Debug = rocksdb::IODebugContext;
        rocksdb::IOStatus
        GetFreeSpace(std::string const&, Options const&, std::uint64_t* free_bytes, Debug*)
            override {
            *free_bytes = space;
            return rocksdb::IOStatus::OK();
        }
        std::atomic<std::uint64_t> space = 1U << 30U;
    };
    auto const files = std::make_shared<Full>();
    auto const env = rocksdb::NewCompositeEnv(files);
    RocksWorld world({.env = env.get()});
    auto const told = world.run([&](StoreWorld& in) {
        return [](StoreWorld& inside, Full& disk) -> Task<void> {
            CO_TRY(auto const store, co_await inside.open(StoreWorld::many_events));
            disk.space = 1000;
            Batch batch;
            batch.put("a", {});
            auto again = batch;
            auto const refused = co_await store->commit(std::move(batch));
            EXPECT_FALSE(refused);
            EXPECT_EQ(refused.error().code, Errc::exhausted);
            disk.space = 1U << 30U;
            CO_TRY(auto const revision, co_await store->commit(std::move(again)));
            EXPECT_EQ(revision, 1U);
            co_return co_await store->stop();
        }(in, *files);
    });
    ASSERT_TRUE(told) << told.error().message;
}

TEST(RocksCrash, FailedWriteMakesTheStoreReadOnly) {
    auto const files = std::make_shared<FaultyFiles>();
    auto const env = rocksdb::NewCompositeEnv(files);
    RocksWorld world({.env = env.get()});
    auto const told = world.run([&](StoreWorld& in) {
        return [](StoreWorld& inside, FaultyFiles& disk) -> Task<void> {
            CO_TRY(auto const store, co_await inside.open(StoreWorld::many_events));
            CO_TRY_OK(co_await put_many(*store, inside.executor(), 0, 1));
            disk.lose_power();
            Batch batch;
            batch.put("a", {});
            auto again = batch;
            auto const first = co_await store->commit(std::move(batch));
            auto const second = co_await store->commit(std::move(again));
            EXPECT_TRUE(!first && first.error().code == Errc::io);
            EXPECT_TRUE(!second && second.error().code == Errc::io);
            EXPECT_THAT(second.error().message, HasSubstr("read-only"));
            EXPECT_EQ(store->revision(), 1U);
            CO_TRY(auto const kept, co_await store->get("key000000"));
            EXPECT_TRUE(kept);
            CO_TRY(auto const lost, co_await store->get("a"));
            EXPECT_FALSE(lost);
            co_return co_await store->stop();
        }(in, *files);
    });
    ASSERT_TRUE(told) << told.error().message;
}

}  // namespace
}  // namespace disgrafs::kv
