/// \file app/erasure/bench.cpp  disgrafs erasure bench: how fast this machine's kernels are.
///
/// One thread, its CPU time, medians. A first look; `./dev bench erasure` compares with peers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <time.h>

#include "app/erasure/copy_loop.hpp"
#include "app/erasure/interrupt.hpp"
#include "app/erasure/verbs.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::app {
namespace {

namespace json = boost::json;
using erasure::ConstShard;
using erasure::Layout;
using erasure::MutableShard;

constexpr std::size_t cached_shard_bytes = 32U << 10U;
constexpr std::size_t far_shard_bytes = 64U << 10U;
constexpr std::size_t far_bytes = 128U << 20U;  ///< Of shards, walked through: from memory.
constexpr int rounds = 7;

double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// GB/s of `work`, which does `bytes`: the median of some rounds of `round_seconds` or one call.
double speed_of(double bytes, double round_seconds, std::function<void()> const& work) {
    work();
    std::vector<double> speeds;
    for (int round = 0; round < rounds; ++round) {
        auto const start = cpu_seconds();
        double now = start;
        double done = 0;
        do {
            work();
            done += bytes;
            now = cpu_seconds();
        } while (now - start < round_seconds);
        speeds.push_back(done / std::max(now - start, 1e-9) / 1e9);
    }
    std::ranges::sort(speeds);
    return speeds[speeds.size() / 2];
}

/// Shards of many stripes, one after the other, all written to.
class Stripes {
 public:
    Stripes(Layout layout, std::size_t shard_bytes, std::size_t stripe_count)
        : layout_(layout),
          shard_bytes_(shard_bytes),
          count_(stripe_count),
          memory_(static_cast<std::byte*>(std::aligned_alloc(4096, size()))) {
        for (std::size_t at = 0; at < size(); ++at) {
            memory_.get()[at] = static_cast<std::byte>(at * 0x9E3779B97F4A7C15ULL >> 56U);
        }
    }
    /// The shards [first, end) of the next stripe.
    template <typename Shard>
    [[nodiscard]] std::vector<Shard> shards(int first, int end) const {
        std::vector<Shard> list;
        for (int index = first; index < end; ++index) {
            auto const total = static_cast<std::size_t>(layout_.total());
            auto const place = now_ * total + static_cast<std::size_t>(index);
            list.emplace_back(memory_.get() + place * shard_bytes_, shard_bytes_);
        }
        return list;
    }
    void next() { now_ = (now_ + 1) % count_; }
    [[nodiscard]] double content_bytes() const {
        return static_cast<double>(layout_.k * shard_bytes_);
    }

 private:
    struct Free {
        void operator()(std::byte* memory) const { std::free(memory); }
    };
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(layout_.total()) * shard_bytes_ * count_;
    }

    Layout layout_;
    std::size_t shard_bytes_;
    std::size_t count_;
    std::size_t now_ = 0;
    std::unique_ptr<std::byte, Free> memory_;
};

template <typename To, typename Shard>
std::vector<To> pointers(std::vector<Shard> const& shards) {
    std::vector<To> list;
    for (auto const shard : shards) {
        list.push_back(shard.data());
    }
    return list;
}

/// What is measured for one layout, in GB/s of content.
class Trial {
 public:
    Trial(Layout layout, bool is_cached)
        : layout_(layout),
          is_cached_(is_cached),
          stripes_(layout, shard_bytes(), stripe_count()),
          encoder_(layout) {}

    double by_kernel(erasure::Kernel const& kernel) {
        auto const rows = erasure::parity_rows(layout_);
        return run([&] {
            auto const from = pointers<std::byte const*>(data());
            auto const to = pointers<std::byte*>(parity());
            kernel.multiply({
                .rows = rows.data(),
                .sources = from.data(),
                .outs = to.data(),
                .source_count = from.size(),
                .out_count = to.size(),
                .size_bytes = shard_bytes(),
                .store = erasure::Store::replace,
            });
        });
    }
    double encode() {
        return run([&] { encoder_.encode(data(), parity()); });
    }
    double encode_and_sum() {
        auto const total = static_cast<std::size_t>(layout_.total());
        std::vector<std::uint32_t> sums(total);
        std::vector<std::span<std::uint32_t>> spans;
        for (auto& sum : sums) {
            spans.emplace_back(&sum, 1);
        }
        return run([&] { encoder_.encode(data(), parity(), spans); });
    }
    /// min(k, m) data shards from the others.
    double decode() {
        int const lost = std::min<int>(layout_.k, layout_.m);
        std::vector<int> have(layout_.k);
        std::iota(have.begin(), have.end(), lost);
        std::vector<int> want(static_cast<std::size_t>(lost));
        std::iota(want.begin(), want.end(), 0);
        auto const decoder = erasure::Decoder::plan(layout_, have, want);
        return run([&] {
            auto const survivors = stripes_.shards<ConstShard>(lost, lost + layout_.k);
            decoder->apply(survivors, stripes_.shards<MutableShard>(0, lost));
        });
    }
    double copy() {
        return run([&] {
            auto const from = pointers<std::byte const*>(data());
            auto const to = pointers<std::byte*>(parity());
            copy_loop(from, to, shard_bytes(), !is_cached_);
        });
    }

 private:
    [[nodiscard]] std::size_t shard_bytes() const {
        return is_cached_ ? cached_shard_bytes : far_shard_bytes;
    }
    [[nodiscard]] std::size_t stripe_count() const {
        return is_cached_ ? 1
                          : far_bytes / shard_bytes() / static_cast<std::size_t>(layout_.total());
    }
    [[nodiscard]] std::vector<ConstShard> data() const {
        return stripes_.shards<ConstShard>(0, layout_.k);
    }
    [[nodiscard]] std::vector<MutableShard> parity() const {
        return stripes_.shards<MutableShard>(layout_.k, layout_.total());
    }
    template <typename Work>
    double run(Work work) {
        constexpr double cached_round = 0.003;
        constexpr double far_round = 0.012;
        return speed_of(stripes_.content_bytes(), is_cached_ ? cached_round : far_round, [&] {
            work();
            stripes_.next();
        });
    }

    Layout layout_;
    bool is_cached_;
    Stripes stripes_;
    erasure::Encoder encoder_;
};

std::vector<Layout> layouts() {
    std::vector<Layout> list;
    for (auto const& [k, m] : {std::pair{2, 2}, {4, 2}, {6, 3}, {8, 3}, {10, 4}}) {
        list.push_back({.k = static_cast<std::uint16_t>(k), .m = static_cast<std::uint16_t>(m)});
    }
    return list;
}

/// A line of a table: what is measured, and how.
struct Line {
    std::string name;
    std::function<double(Trial&)> measure;
};

/// Measures each line for each layout and prints the table; GB/s go into `result`, too.
Result<void> run_table(
    std::string const& title,
    bool is_cached,
    std::vector<Line> const& lines,
    json::object& result,
    bool as_json
) {
    std::vector<std::string> text(lines.size());
    auto head = fmt::format("\n{:<24}", title);
    for (auto const layout : layouts()) {
        auto const name = fmt::format("{}+{}", layout.k, layout.m);
        head += fmt::format("{:>8}", name);
        Trial trial(layout, is_cached);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            TRY_OK(Interrupt::check());
            auto const speed = lines[i].measure(trial);
            text[i] += fmt::format("{:>8.1f}", speed);
            result[fmt::format("{}/{}/{}", title, lines[i].name, name)] = speed;
        }
    }
    if (as_json) {
        return {};
    }
    fmt::print("{}\n", head);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        fmt::print("  {:<22}{}\n", lines[i].name, text[i]);
    }
    std::fflush(stdout);
    return {};
}

/// Several kernels share one way to CRC32C; it goes by the last of them.
Result<void> checksums(json::object& result, bool as_json) {
    constexpr double round_seconds = 0.004;
    std::vector<std::byte> const bytes(std::size_t{256} << 10U, std::byte{0x5A});
    std::string text;
    auto const all = erasure::kernels();
    for (auto kernel = all.begin(); kernel != all.end(); ++kernel) {
        TRY_OK(Interrupt::check());
        auto const shares = [&](erasure::Kernel const& other) { return other.crc == kernel->crc; };
        if (std::any_of(kernel + 1, all.end(), shares)) {
            continue;
        }
        std::uint32_t volatile sink = 0;
        auto const speed = speed_of(static_cast<double>(bytes.size()), round_seconds, [&] {
            sink = kernel->crc(0, bytes.data(), bytes.size());
        });
        result[fmt::format("crc32c/{}", kernel->name)] = speed;
        text += fmt::format("   {} {:.1f}", kernel->name, speed);
    }
    if (!as_json) {
        fmt::print("\ncrc32c, 256 KiB in cache:{}\n", text);
    }
    return {};
}

Result<void> bench(bool as_json) {
    auto const in_use = std::string(erasure::kernel_name());
    if (!as_json) {
        std::string names;
        for (auto const& kernel : erasure::kernels()) {
            names += fmt::format("{}{}", names.empty() ? "" : " ", kernel.name);
        }
        fmt::print(
            "kernels of this machine: {}\nin use: {} (DISGRAFS_KERNEL=NAME forces another)\n"
            "GB/s of content; one thread, CPU time, medians of {}\n",
            names,
            in_use,
            rounds
        );
    }
    Line const encode{"encode", [](Trial& trial) { return trial.encode(); }};
    Line const sum{"encode with crc32c", [](Trial& trial) { return trial.encode_and_sum(); }};
    Line const decode{"decode, m lost", [](Trial& trial) { return trial.decode(); }};
    Line const copy{"copy loop, the ceiling", [](Trial& trial) { return trial.copy(); }};
    std::vector<Line> cached;
    for (auto const& kernel : erasure::kernels()) {
        cached.push_back({kernel.name, [&kernel](Trial& trial) { return trial.by_kernel(kernel); }}
        );
    }
    cached.insert(cached.end(), {encode, decode, copy});
    json::object result;
    TRY_OK(run_table("in cache, 32 KiB shards", true, cached, result, as_json));
    TRY_OK(run_table("from memory to memory", false, {encode, sum, copy}, result, as_json));
    TRY_OK(checksums(result, as_json));
    if (as_json) {
        json::object const object{{"kernel", in_use}, {"gigabytes_per_s", result}};
        fmt::print("{}\n", json::serialize(object));
    }
    return {};
}

}  // namespace

void add_erasure_bench(CLI::App& erasure, Chosen& chosen) {
    auto* const verb = erasure.add_subcommand("bench", "How fast this machine's kernels are");
    auto const as_json = std::make_shared<bool>(false);
    verb->add_flag("--json", *as_json, "Print JSON");
    verb->footer(
        "The copy loop reads k streams and writes m (past the caches when from memory) and does "
        "no\n"
        "arithmetic: what the machine allows. Takes about 3 seconds."
    );
    verb->callback([&chosen, as_json] {
        chosen = [as_json] { return run_interruptible([as_json] { return bench(*as_json); }); };
    });
}

}  // namespace disgrafs::app
