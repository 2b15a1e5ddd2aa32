// How fast the codec is, beside ISA-L of the distribution and beside a ceiling: a loop that reads k
// streams and writes m and does no arithmetic. All contestants of a line take turns in the same
// run, so that noise of the machine hits all alike; a line shows their medians and ratios.
//
//   GB/s          content (k shards) per second by the public interface
//   of_isal       that, divided by ISA-L's
//   of_ceiling    that, divided by the loop's
//   scalar, avx2… GB/s of each kernel that this machine has
//
// cache: shards of 32 KiB, again and again. memory: shards of 64 KiB, walking through 256 MiB.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <immintrin.h>
#include <isa-l/crc.h>
#include <isa-l/erasure_code.h>
#include <time.h>

#include "base/bytes.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {
namespace {

constexpr int rounds = 15;
constexpr double round_seconds = 0.002;

/// CPU seconds of this thread: others on the machine do not count.
double now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);  // NOLINT(misc-include-cleaner)
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Whoever takes part: a name and the work of one stripe, given its number.
struct Contestant {
    std::string name;
    std::function<void(std::size_t stripe)> work;
    std::vector<double> seconds = {};  ///< Of one stripe, one entry per round.

    void run(std::size_t stripes) {
        std::size_t done = 0;
        auto const start = now();
        auto const end = start + round_seconds;
        while (done < stripes || now() < end) {
            for (int i = 0; i < 16; ++i) {
                work(done++ % stripes);
            }
        }
        seconds.push_back((now() - start) / static_cast<double>(done));
    }
    [[nodiscard]] double median() {
        std::ranges::sort(seconds);
        return seconds[seconds.size() / 2];
    }
};

/// Times all in turns; the first one is ours.
void contest(
    benchmark::State& state, std::vector<Contestant> list, std::size_t stripes, double stripe_bytes
) {
    for (auto _ : state) {
        for (int round = 0; round <= rounds; ++round) {
            for (auto& contestant : list) {
                contestant.run(stripes);
                if (round == 0) {
                    contestant.seconds.clear();  // Warming up.
                }
            }
        }
    }
    auto const ours = list[0].median();
    state.counters["GB/s"] = stripe_bytes / ours / 1e9;
    for (std::size_t i = 1; i < list.size(); ++i) {
        auto const& name = list[i].name;
        auto const theirs = list[i].median();
        bool const is_ratio = name.starts_with("of_");
        state.counters[name] = is_ratio ? theirs / ours : stripe_bytes / theirs / 1e9;
    }
}

/// Many stripes in one allocation: the k + m shards of a stripe follow each other.
class Stripes {
 public:
    Stripes(Layout layout, std::size_t shard_bytes, std::size_t count)
        : layout_(layout), shard_bytes_(shard_bytes), count_(count) {
        auto const size = static_cast<std::size_t>(layout.total()) * shard_bytes * count;
        memory_.reset(static_cast<std::byte*>(std::aligned_alloc(4096, size)));
        for (std::size_t at = 0; at < size; ++at) {
            memory_.get()[at] = static_cast<std::byte>(at * 0x9E3779B97F4A7C15ULL >> 56U);
        }
    }
    [[nodiscard]] std::byte* shard(std::size_t stripe, std::size_t index) const {
        auto const total = static_cast<std::size_t>(layout_.total());
        return memory_.get() + (stripe * total + index) * shard_bytes_;
    }
    [[nodiscard]] std::size_t shard_bytes() const { return shard_bytes_; }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] double stripe_bytes() const {
        return static_cast<double>(layout_.k * shard_bytes_);
    }

 private:
    struct Free {
        void operator()(std::byte* memory) const { std::free(memory); }
    };
    Layout layout_;
    std::size_t shard_bytes_;
    std::size_t count_;
    std::unique_ptr<std::byte, Free> memory_;
};

/// outs = rows · sources on the shards named: what encoding and decoding both are.
struct Job {
    std::vector<std::size_t> sources;
    std::vector<std::size_t> outs;
    std::vector<std::uint8_t> rows;
};

struct Pointers {
    std::vector<std::byte const*> sources;
    std::vector<std::byte*> outs;
};
Pointers pointers(Stripes const& stripes, Job const& job, std::size_t stripe) {
    Pointers found;
    for (auto const index : job.sources) {
        found.sources.push_back(stripes.shard(stripe, index));
    }
    for (auto const index : job.outs) {
        found.outs.push_back(stripes.shard(stripe, index));
    }
    return found;
}

template <bool is_streaming>
[[gnu::target("avx2")]] void copy_nothing_but_bytes(Pointers const& streams, std::size_t size) {
    for (std::size_t at = 0; at < size; at += 128) {
        __m256i value[4] = {};
        for (auto const* const source : streams.sources) {
            for (std::size_t v = 0; v < 4; ++v) {
                auto const* const from = reinterpret_cast<__m256i const*>(source + at + v * 32);
                value[v] = _mm256_load_si256(from);
                asm volatile("" : "+x"(value[v]));
            }
        }
        for (auto* const out : streams.outs) {
            for (std::size_t v = 0; v < 4; ++v) {
                auto* const to = reinterpret_cast<__m256i*>(out + at + v * 32);
                if constexpr (is_streaming) {
                    _mm256_stream_si256(to, value[v]);
                } else {
                    _mm256_store_si256(to, value[v]);
                    asm volatile("" : : : "memory");
                }
            }
        }
    }
}

Contestant ceiling(Stripes const& stripes, Job const& job) {
    return {.name = "of_ceiling", .work = [&](std::size_t stripe) {
                auto const streams = pointers(stripes, job, stripe);
                if (stripes.count() > 1) {
                    copy_nothing_but_bytes<true>(streams, stripes.shard_bytes());
                } else {
                    copy_nothing_but_bytes<false>(streams, stripes.shard_bytes());
                }
            }};
}

Contestant isal(Stripes const& stripes, Job const& job) {
    auto const k = static_cast<int>(job.sources.size());
    auto const m = static_cast<int>(job.outs.size());
    auto tables = std::vector<unsigned char>(static_cast<std::size_t>(32 * k * m));
    auto rows = job.rows;
    ec_init_tables(k, m, rows.data(), tables.data());
    return {.name = "of_isal", .work = [&, k, m, tables](std::size_t stripe) mutable {
                auto streams = pointers(stripes, job, stripe);
                auto** const from =
                    reinterpret_cast<unsigned char**>(const_cast<std::byte**>(streams.sources.data()
                    ));
                auto** const to = reinterpret_cast<unsigned char**>(streams.outs.data());
                auto const size = static_cast<int>(stripes.shard_bytes());
                ec_encode_data(size, k, m, tables.data(), from, to);
            }};
}

Contestant by_kernel(Stripes const& stripes, Job const& job, Kernel const& kernel) {
    return {.name = kernel.name, .work = [&](std::size_t stripe) {
                auto const streams = pointers(stripes, job, stripe);
                kernel.multiply({
                    .rows = job.rows.data(),
                    .sources = streams.sources.data(),
                    .outs = streams.outs.data(),
                    .source_count = streams.sources.size(),
                    .out_count = streams.outs.size(),
                    .size_bytes = stripes.shard_bytes(),
                    .is_added = false,
                });
            }};
}

template <typename Shard>
std::vector<Shard> spans(
    Stripes const& stripes, std::vector<std::size_t> const& indexes, std::size_t stripe
) {
    std::vector<Shard> list;
    list.reserve(indexes.size());
    for (auto const index : indexes) {
        list.emplace_back(stripes.shard(stripe, index), stripes.shard_bytes());
    }
    return list;
}

/// All contestants on one job; `ours` is the public call.
void compete(benchmark::State& state, Stripes const& stripes, Job const& job, Contestant ours) {
    std::vector<Contestant> list{std::move(ours), isal(stripes, job), ceiling(stripes, job)};
    for (auto const& kernel : kernels()) {
        if (stripes.count() == 1) {
            list.push_back(by_kernel(stripes, job, kernel));
        }
    }
    contest(state, std::move(list), stripes.count(), stripes.stripe_bytes());
}

std::vector<std::size_t> run_of(std::size_t first, std::size_t count) {
    std::vector<std::size_t> list(count);
    for (auto& index : list) {
        index = first++;
    }
    return list;
}

Stripes stripes_for(Layout layout, bool is_in_memory) {
    std::size_t const shard = is_in_memory ? 64U << 10U : 32U << 10U;
    std::size_t const count = is_in_memory ? (256U << 20U) / (layout.k * shard) : 1;
    return {layout, shard, count};
}

void encode(benchmark::State& state, Layout layout, bool is_in_memory) {
    auto const stripes = stripes_for(layout, is_in_memory);
    Job const job{
        .sources = run_of(0, layout.k),
        .outs = run_of(layout.k, layout.m),
        .rows = parity_rows(layout),
    };
    Encoder const encoder(layout);
    auto const work = [&](std::size_t stripe) {
        auto const data = spans<ConstShard>(stripes, job.sources, stripe);
        auto const parity = spans<MutableShard>(stripes, job.outs, stripe);
        encoder.encode(data, parity);
    };
    compete(state, stripes, job, {.name = "", .work = work});
}

/// The first min(k, m) data shards are lost. ISA-L and the bare kernels multiply by as many
/// constants, though others: the speed does not depend on them.
void decode(benchmark::State& state, Layout layout, bool is_in_memory) {
    auto const stripes = stripes_for(layout, is_in_memory);
    std::size_t const lost = std::min(layout.k, layout.m);
    Job job{.sources = run_of(lost, layout.k), .outs = run_of(0, lost), .rows = {}};
    std::vector<int> const have(job.sources.begin(), job.sources.end());
    std::vector<int> const want(job.outs.begin(), job.outs.end());
    auto const decoder = Decoder::plan(layout, have, want);
    job.rows = parity_rows({.k = layout.k, .m = static_cast<std::uint8_t>(lost)});
    auto const work = [&](std::size_t stripe) {
        auto const survivors = spans<ConstShard>(stripes, job.sources, stripe);
        auto const out = spans<MutableShard>(stripes, job.outs, stripe);
        decoder->apply(survivors, out);
    };
    compete(state, stripes, job, {.name = "", .work = work});
}

/// A plan for a new pattern: the last m shards rebuild the first m.
void plan(benchmark::State& state, Layout layout) {
    std::vector<int> have;
    std::vector<int> want;
    for (int shard = 0; shard < layout.total(); ++shard) {
        (shard < layout.m ? want : have).push_back(shard);
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(Decoder::plan(layout, have, want));
    }
}

void checksum(benchmark::State& state, std::size_t size) {
    Bytes const bytes(size, std::byte{0x5A});
    std::vector<Contestant> list{{.name = "", .work = [&](std::size_t) {
                                      benchmark::DoNotOptimize(crc32c(bytes));
                                  }}};
    list.push_back({.name = "of_isal", .work = [&](std::size_t) {
                        auto* const start = const_cast<std::byte*>(bytes.data());
                        auto* const from = reinterpret_cast<unsigned char*>(start);
                        benchmark::DoNotOptimize(crc32_iscsi(from, static_cast<int>(size), 0));
                    }});
    for (auto const& kernel : kernels()) {
        auto const work = [&bytes, &kernel](std::size_t) {
            benchmark::DoNotOptimize(kernel.crc(0, bytes.data(), bytes.size()));
        };
        list.push_back({.name = kernel.name, .work = work});
    }
    contest(state, std::move(list), 1, static_cast<double>(size));
}

bool register_all() {
    auto const add = [](std::string const& name, auto run) {
        benchmark::RegisterBenchmark(name.c_str(), run)->Iterations(1)->Unit(benchmark::kSecond);
    };
    for (auto const layout :
         {Layout{.k = 2, .m = 2},
          Layout{.k = 4, .m = 2},
          Layout{.k = 6, .m = 3},
          Layout{.k = 8, .m = 3},
          Layout{.k = 10, .m = 4},
          Layout{.k = 16, .m = 4}}) {
        auto const name = fmt::format("{}+{}", layout.k, layout.m);
        for (bool const is_in_memory : {false, true}) {
            auto const where = fmt::format("{}/{}", is_in_memory ? "memory" : "cache", name);
            add("encode/" + where, [=](auto& state) { encode(state, layout, is_in_memory); });
            add("decode/" + where, [=](auto& state) { decode(state, layout, is_in_memory); });
        }
    }
    add("crc32c/64KiB", [](auto& state) { checksum(state, unit_bytes); });
    add("crc32c/64MiB", [](auto& state) { checksum(state, 64U << 20U); });
    for (auto const layout :
         {Layout{.k = 4, .m = 2}, Layout{.k = 10, .m = 4}, Layout{.k = 128, .m = 32}}) {
        auto const name = fmt::format("plan/{}+{}", layout.k, layout.m);
        benchmark::RegisterBenchmark(name.c_str(), [=](auto& state) {
            plan(state, layout);
        })->MinTime(0.1);
    }
    return true;
}

bool const is_registered = register_all();

}  // namespace
}  // namespace disgrafs::erasure
