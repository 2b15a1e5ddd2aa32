// How fast a store is on this machine's disk, beside what the disk gives without a store. Store and
// ceiling take turns in one run, so that the noise of the machine hits both alike; a line shows the
// medians of the turns.
//
//   puts_4k_64     64 writers, durable 4 KiB shards; ceiling: one log, 64 records of the same size
//   per
//                  write and fdatasync, nothing else. Also p50 and p99 of a put, records per sync.
//   puts_4k_1      one writer; ceiling: one record per write and fdatasync.
//   puts_4m        4 writers, durable 4 MiB shards; ceiling: 4 MiB per write and fdatasync.
//   gets_4k        64 readers of shards in the page cache; ceiling: pread of the same bytes.
//   start_1m       opening a store of a million shards: from a checkpoint, and by reading its log.
//
// DISGRAFS_BENCH_DIR: where to write (default: the folder for temporary files).

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/loop.hpp"
#include "io/pool.hpp"
#include "io/task_group.hpp"
#include "storage/shard_store.hpp"
#include "storage/store_metrics.hpp"
#include "storage/testing/shards.hpp"

namespace disgrafs::storage {
namespace {

constexpr int turns = 5;
constexpr Duration turn_length = std::chrono::milliseconds(700);

class Folder {
 public:
    Folder() {
        auto const* const wished = std::getenv("DISGRAFS_BENCH_DIR");
        auto const root = wished != nullptr ? wished : std::filesystem::temp_directory_path();
        auto pattern = (root / "disgrafs-bench-XXXXXX").string();
        DISGRAFS_ASSERT(::mkdtemp(pattern.data()) != nullptr, "mkdtemp {}", pattern);
        path_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    [[nodiscard]] std::string below(char const* name) const { return path_ + "/" + name; }

 private:
    std::string path_;
};

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}
double quantile(std::vector<double>& values, double q) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}
double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// A log without a store: `bytes` per write and fdatasync, in a file whose blocks are reserved.
class RawLog {
 public:
    explicit RawLog(std::string const& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT, 0600)) {
        DISGRAFS_ASSERT(fd_ >= 0 && ::fallocate(fd_, 0, 0, size) == 0, "{}", path);
    }
    ~RawLog() { ::close(fd_); }
    RawLog(RawLog const&) = delete;
    RawLog& operator=(RawLog const&) = delete;

    /// Writes per second, for one turn.
    double turn(Clock const& clock, std::size_t bytes) {
        Bytes const content(bytes, std::byte{0x5A});
        auto const begun = clock.steady();
        int count = 0;
        while (clock.steady() - begun < turn_length) {
            if (at_ + static_cast<off_t>(bytes) > size) at_ = 0;
            auto const written = ::pwrite(fd_, content.data(), bytes, at_);
            DISGRAFS_ASSERT(written == static_cast<ssize_t>(bytes), "pwrite {}", written);
            DISGRAFS_ASSERT(::fdatasync(fd_) == 0, "fdatasync");
            at_ += static_cast<off_t>(bytes);
            ++count;
        }
        return count / seconds(clock.steady() - begun);
    }

 private:
    static constexpr off_t size = 1LL << 30;
    int fd_;
    off_t at_ = 0;
};

/// A store on the real disk, and what it needs.
struct Bench {
    explicit Bench(boost::asio::any_io_executor loop)
        : executor(loop), pool("io", 4), clock(make_real_clock()), random(make_real_random()) {
        auto opened = open_real_disk(pool, folder.below("store"));
        DISGRAFS_ASSERT(opened.has_value(), "{}", opened.error().message);
        disk = *std::move(opened);
    }

    Task<void> open() {
        ShardStoreParts const parts{disk.get(), clock.get(), random.get(), executor};
        ShardStoreOptions options;
        options.reserve_ratio = 0;
        CO_TRY(store, co_await open_shard_store(parts, options));
        co_return Result<void>();
    }

    /// Puts of shards of `size` bytes by `writers`, for one turn: puts per second.
    Task<double> put_turn(std::size_t writers, std::uint32_t size) {
        auto const begun = clock->steady();
        auto const before = puts;
        TaskGroup group(executor);
        for (std::size_t n = 0; n < writers; ++n) group.spawn("put", put_until(begun, size));
        CO_TRY_OK(co_await group.join());
        co_return static_cast<double>(puts - before) / seconds(clock->steady() - begun);
    }
    Task<void> put_until(Duration begun, std::uint32_t size) {
        auto shard = make_shard(1, size);
        while (clock->steady() - begun < turn_length) {
            shard.place.id.upload.index = ++next_upload;
            auto const start = clock->steady();
            auto payload = shard.payload;
            auto const stored = co_await store->put(shard.place, shard.blocks, std::move(payload));
            DISGRAFS_ASSERT(stored.has_value(), "{}", stored.error().message);
            latencies_ms.push_back(1e3 * seconds(clock->steady() - start));
            ++puts;
        }
        co_return Result<void>();
    }

    Folder folder;
    boost::asio::any_io_executor executor;
    Pool pool;
    std::unique_ptr<Clock> clock;
    std::unique_ptr<Random> random;
    std::unique_ptr<Disk> disk;
    std::unique_ptr<ShardStore> store;
    std::uint64_t next_upload = 0;
    std::uint64_t puts = 0;
    std::vector<double> latencies_ms;
};

/// Runs the body on a loop of its own, once per benchmark.
void run(benchmark::State& state, std::function<Task<void>(Bench&)> const& body) {
    start_log(LogLevel::error, "bench");
    for (auto _ : state) {
        auto const program = [&](boost::asio::any_io_executor executor) -> Task<void> {
            return [](auto const& with, auto loop) -> Task<void> {
                Bench bench(loop);
                CO_TRY_OK(co_await bench.open());
                CO_TRY_OK(co_await with(bench));
                co_return co_await bench.store->stop();
            }(body, executor);
        };
        auto const result = run_loop(program);
        if (!result) state.SkipWithError(result.error().message.c_str());
    }
}

void puts(benchmark::State& state, std::size_t writers, std::uint32_t size) {
    run(state, [&state, writers, size](Bench& bench) -> Task<void> {
        return [](auto& out, auto& on, auto count, auto bytes) -> Task<void> {
            RawLog raw(on.folder.below("raw"));
            StoreMetrics const metrics;
            auto const per_sync = bytes > (1U << 20U) ? 1 : count;
            std::vector<double> ours;
            std::vector<double> ceilings;
            auto const batches = metrics.batches.Value();
            for (int turn = 0; turn < turns; ++turn) {
                CO_TRY(auto const rate, co_await on.put_turn(count, bytes));
                ours.push_back(rate);
                auto const writes = raw.turn(*on.clock, per_sync * record_bytes(bytes));
                ceilings.push_back(writes * static_cast<double>(per_sync));
            }
            auto const rate = median(ours);
            auto const ceiling = median(ceilings);
            out.counters["puts/s"] = rate;
            out.counters["ceiling/s"] = ceiling;
            out.counters["MB/s"] = rate * bytes / 1e6;
            out.counters["of_ceiling"] = rate / ceiling;
            out.counters["p50_ms"] = quantile(on.latencies_ms, 0.5);
            out.counters["p99_ms"] = quantile(on.latencies_ms, 0.99);
            auto const syncs = metrics.batches.Value() - batches;
            out.counters["per_sync"] = static_cast<double>(on.puts) / syncs;
            co_return Result<void>();
        }(state, bench, writers, size);
    });
}

Task<void> get_until(Bench& on, Duration begun, std::uint64_t shards, std::uint64_t& gets) {
    while (on.clock->steady() - begun < turn_length) {
        ShardId const id{{1, on.random->below(shards) + 1}, 0, 0};
        auto const range = co_await on.store->get(id, 0, 0);
        DISGRAFS_ASSERT(range.has_value(), "{}", range.error().message);
        ++gets;
    }
    co_return Result<void>();
}

/// pread of the same sizes at random places of a file in the page cache, on one thread.
double pread_turn(Bench& on, std::string const& path, std::size_t bytes, std::uint64_t shards) {
    auto const fd = ::open(path.c_str(), O_RDONLY);
    DISGRAFS_ASSERT(fd >= 0, "{}", path);
    Bytes into(bytes);
    auto const begun = on.clock->steady();
    int count = 0;
    while (on.clock->steady() - begun < turn_length) {
        auto const at = static_cast<off_t>(on.random->below(shards) * bytes);
        DISGRAFS_ASSERT(::pread(fd, into.data(), bytes, at) > 0, "pread at {}", at);
        ++count;
    }
    ::close(fd);
    return count / seconds(on.clock->steady() - begun);
}

void gets(benchmark::State& state) {
    run(state, [&state](Bench& bench) -> Task<void> {
        return [](auto& out, auto& on) -> Task<void> {
            constexpr std::uint32_t size = 4096;
            constexpr std::uint64_t writers = 64;
            CO_TRY_OK(co_await on.put_turn(writers, size));
            auto const shards = on.puts;
            auto const segment = on.folder.below("store/segments/0000000001");
            std::vector<double> ours;
            std::vector<double> ceilings;
            for (int turn = 0; turn < turns; ++turn) {
                std::uint64_t count = 0;
                auto const begun = on.clock->steady();
                TaskGroup group(on.executor);
                for (std::uint64_t n = 0; n < writers; ++n) {
                    group.spawn("get", get_until(on, begun, shards, count));
                }
                CO_TRY_OK(co_await group.join());
                ours.push_back(static_cast<double>(count) / seconds(on.clock->steady() - begun));
                ceilings.push_back(pread_turn(on, segment, record_bytes(size), shards));
            }
            out.counters["gets/s"] = median(ours);
            out.counters["ceiling/s"] = median(ceilings);
            out.counters["of_ceiling"] = median(ours) / median(ceilings);
            co_return Result<void>();
        }(state, bench);
    });
}

Task<void> put_many(Bench& on, std::uint64_t from, std::uint64_t to) {
    auto shard = make_shard(1, 16);
    for (auto upload = from; upload < to; ++upload) {
        shard.place.id.upload.index = upload + 1;
        auto payload = shard.payload;
        auto const stored = co_await on.store->put(shard.place, shard.blocks, std::move(payload));
        DISGRAFS_ASSERT(stored.has_value(), "{}", stored.error().message);
    }
    co_return Result<void>();
}

void start(benchmark::State& state) {
    run(state, [&state](Bench& bench) -> Task<void> {
        return [](auto& out, auto& on) -> Task<void> {
            constexpr std::uint64_t shards = 1'000'000;
            constexpr std::uint64_t writers = 1000;
            TaskGroup group(on.executor);
            for (std::uint64_t n = 0; n < writers; ++n) {
                auto const each = shards / writers;
                group.spawn("put", put_many(on, n * each, (n + 1) * each));
            }
            CO_TRY_OK(co_await group.join());
            CO_TRY_OK(co_await on.store->stop());
            on.store.reset();
            for (bool const has_checkpoint : {true, false}) {
                if (!has_checkpoint)
                    std::filesystem::remove_all(on.folder.below("store/checkpoints"));
                auto const begun = on.clock->steady();
                CO_TRY_OK(co_await on.open());
                auto const took = seconds(on.clock->steady() - begun);
                DISGRAFS_ASSERT(on.store->counts().shards == shards, "shards are missing");
                out.counters[has_checkpoint ? "checkpoint_s" : "log_s"] = took;
                CO_TRY_OK(co_await on.store->stop());
                on.store.reset();
            }
            co_return co_await on.open();
        }(state, bench);
    });
}

void register_all() {
    auto const add = [](char const* name, auto body) {
        benchmark::RegisterBenchmark(name, body)->Iterations(1)->Unit(benchmark::kMillisecond);
    };
    add("puts_4k_64", [](benchmark::State& state) { puts(state, 64, 4096); });
    add("puts_4k_1", [](benchmark::State& state) { puts(state, 1, 4096); });
    add("puts_4m", [](benchmark::State& state) { puts(state, 4, 4U << 20U); });
    add("gets_4k", gets);
    add("start_1m", start);
}

int const is_registered = (register_all(), 0);

}  // namespace
}  // namespace disgrafs::storage
