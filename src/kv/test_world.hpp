#pragma once

/// \file kv/test_world.hpp  Where tests open a store: in a folder of this machine, or in a
/// simulation.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "io/loop.hpp"
#include "io/pool.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "io/testing.hpp"
#include "kv/log_store.hpp"
#include "kv/rocks_store.hpp"

namespace disgrafs::kv {

/// The outside of a store. run() may be called several times: what was durable stays.
class StoreWorld {
 public:
    using Story = std::function<Task<void>(StoreWorld&)>;

    virtual ~StoreWorld() = default;
    virtual Result<void> run(Story story) = 0;
    virtual Task<std::unique_ptr<Store>> open(std::uint64_t events_kept) = 0;
    [[nodiscard]] boost::asio::any_io_executor executor() const { return executor_; }

    static constexpr std::uint64_t many_events = 1'000'000;

 protected:
    boost::asio::any_io_executor executor_;  ///< During run().
};

class RocksWorld final : public StoreWorld {
 public:
    explicit RocksWorld(RocksOptions options = {}) : options_(options) {}

    Result<void> run(Story story) override {
        return run_loop([this, story = std::move(story)](boost::asio::any_io_executor executor) {
            executor_ = std::move(executor);
            return story(*this);
        });
    }
    Task<std::unique_ptr<Store>> open(std::uint64_t events_kept) override {
        auto options = options_;
        options.events_kept = events_kept;
        return open_rocks_store(pool_, executor_, folder_.path() + "/store", options);
    }
    [[nodiscard]] std::string path() const { return folder_.path() + "/store"; }

 private:
    TemporaryFolder folder_;
    RocksOptions options_;
    Pool pool_{"store", 2};
};

/// The log store on a simulated disk, in simulated time.
class LogWorld final : public StoreWorld {
 public:
    explicit LogWorld(LogOptions options = {}, std::uint64_t seed = 1)
        : options_(options), sim_(seed) {
        executor_ = sim_.executor();
    }

    Result<void> run(Story story) override { return sim_.run(story(*this)); }
    Task<std::unique_ptr<Store>> open(std::uint64_t events_kept) override {
        auto options = options_;
        options.events_kept = events_kept;
        return open_log_store(sim_.disk("index"), executor_, "store", options);
    }
    SimWorld& sim() { return sim_; }
    Disk& disk() { return sim_.disk("index"); }

 private:
    LogOptions options_;
    SimWorld sim_;
};

/// Commits one put per key "key<number>" for numbers first … first+count−1, all at once.
inline Task<void> put_many(
    Store& store, boost::asio::any_io_executor executor, int first, int count
) {
    struct Put {
        static Task<void> one(Store& into, int number, int& failures) {
            Batch batch;
            batch.put(fmt::format("key{:06}", number), to_bytes(std::to_string(number)));
            auto const done = co_await into.commit(std::move(batch));
            if (!done) ++failures;
            co_return Result<void>{};
        }
    };
    int failures = 0;
    TaskGroup group(executor);
    for (int i = 0; i < count; ++i) group.spawn("put", Put::one(store, first + i, failures));
    CO_TRY_OK(co_await group.join());
    if (failures != 0) co_return fail(Errc::io, "{} of {} puts failed", failures, count);
    co_return Result<void>{};
}

}  // namespace disgrafs::kv
