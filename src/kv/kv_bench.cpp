/// Durable commits per second against what the disk can sync. ./dev bench kv.
///
/// The ceiling is taken in the same run: one thread appends 4 KiB and calls fdatasync, again and
/// again. One writer can reach it; many writers share syncs and go beyond. A disk whose syncs vary
/// (a virtual one with a budget) shows in the rates; commits_per_sync does not depend on it.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/metrics.hpp"
#include "kv/test_world.hpp"

namespace disgrafs::kv {
namespace {

void raw_fdatasync(benchmark::State& state) {
    TemporaryFolder folder;
    auto const path = folder.path() + "/raw";
    auto const file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    std::string const page(4096, 'x');
    for (auto _ : state) {
        if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) {
            state.SkipWithError("the disk refused");
        }
    }
    state.SetItemsProcessed(state.iterations());
    ::close(file);
}
BENCHMARK(raw_fdatasync)->UseRealTime()->MinTime(2);

Task<void> writer(Store& store, int number, int count, int& failures) {
    for (int i = 0; i < count; ++i) {
        Batch batch;
        batch.require(fmt::format("k{}-{}", number, i), 0);
        batch.put(fmt::format("k{}-{}", number, i), Bytes(300));
        auto const done = co_await store.commit(std::move(batch));
        if (!done) ++failures;
    }
    co_return Result<void>{};
}

Task<void> commit_all(StoreWorld& world, int writers, int each, benchmark::State& state) {
    CO_TRY(auto const store, co_await world.open(StoreWorld::many_events));
    int failures = 0;
    TaskGroup group(world.executor());
    auto const started = std::chrono::steady_clock::now();
    for (int i = 0; i < writers; ++i) {
        group.spawn("writer", writer(*store, i, each, failures));
    }
    CO_TRY_OK(co_await group.join());
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - started;
    state.SetIterationTime(took.count());
    if (failures != 0) state.SkipWithError("a commit failed");
    co_return co_await store->stop();
}

/// How many groups the stores of this process have written: one sync each.
double groups() {
    auto const& seconds = histogram(
        "disgrafs_index_commit_duration_seconds", "One group of commits, written and synced."
    );
    return static_cast<double>(seconds.Collect().histogram.sample_count);
}

void commits(benchmark::State& state) {
    auto const writers = static_cast<int>(state.range(0));
    auto const each = 4000 / writers + 50;
    auto const groups_before = groups();
    for (auto _ : state) {
        RocksWorld world;
        auto const told =
            world.run([&](StoreWorld& in) { return commit_all(in, writers, each, state); });
        if (!told) state.SkipWithError(told.error().message.c_str());
    }
    state.SetItemsProcessed(state.iterations() * writers * each);
    state.counters["commits_per_sync"] = writers * each / (groups() - groups_before);
}
BENCHMARK(commits)->Arg(1)->Arg(16)->Arg(64)->Arg(512)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace disgrafs::kv
