#include "erasure/combination.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "erasure/galois.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"
#include "erasure/xor_schedule.hpp"

namespace disgrafs::erasure {
namespace {

/// Streams of so many bytes together do not stay in the caches of a core: outs go past them.
constexpr std::size_t far_bytes = 4U << 20U;
/// Bytes of all streams together that are multiplied before their checksums go on: about what the
/// second cache holds beside other things.
constexpr std::size_t pass_bytes = 128U << 10U;

/// Where the bytes [at, end) of some streams lie. A stream ends at a cut, so it holds all of them
/// or none; those that hold none are left out.
template <typename Byte>
struct Reach {
    std::array<Byte*, shards_max_w16> bytes;
    std::array<std::uint16_t, shards_max_w16> indexes;  ///< Of the stream, for each of `bytes`.
    std::size_t count = 0;

    Reach(std::span<std::span<Byte> const> streams, std::size_t at, std::size_t end) {
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (streams[i].size() >= end) {
                bytes[count] = streams[i].data() + at;
                indexes[count++] = static_cast<std::uint16_t>(i);
            }
        }
    }
};

/// The smallest end of a stream beyond `at`; `at` when there is none.
std::size_t next_cut(
    std::size_t at, std::span<ConstShard const> sources, std::span<MutableShard const> outs
) {
    std::size_t cut = at;
    auto const look = [&](std::size_t size) {
        cut = size > at && (cut == at || size < cut) ? size : cut;
    };
    for (auto const source : sources) {
        look(source.size());
    }
    for (auto const out : outs) {
        look(out.size());
    }
    return cut;
}

template <typename Byte>
std::size_t sum_of_sizes(std::span<std::span<Byte> const> streams) {
    std::size_t sum = 0;
    for (auto const stream : streams) {
        sum += stream.size();
    }
    return sum;
}

Outs resolve(Outs where, std::span<ConstShard const> sources, std::span<MutableShard const> outs) {
    if (where != Outs::by_size) {
        return where;
    }
    return sum_of_sizes(sources) + sum_of_sizes(outs) >= far_bytes ? Outs::far : Outs::near;
}

/// What a stream holds of [at, at + size).
template <typename Byte>
std::span<Byte> part_of(std::span<Byte> stream, std::size_t at, std::size_t size) {
    auto const from = std::min(at, stream.size());
    return stream.subspan(from, std::min(size, stream.size() - from));
}

void run_kernel(unsigned w, Product const& product) {
    w == 16 ? kernel().multiply16(product) : kernel().multiply(product);
}

}  // namespace

Combination::Combination(unsigned w, std::size_t source_count, std::vector<Coefficient> rows)
    : w_(w),
      source_count_(source_count),
      out_count_(rows.size() / source_count),
      rows_(std::move(rows)) {
    DISGRAFS_ASSERT(
        source_count_ <= shards_max_w16 && out_count_ <= shards_max_w16,
        "{} × {} shards",
        out_count_,
        source_count_
    );
    if (w_ == 8 && kernel().multiply == multiply_xor && !rows_.empty()) {
        schedule_ = std::make_shared<XorSchedule>(source_count_, rows_, XorSchedule::Sums::shared);
    }
}

void Combination::check_counts(std::size_t sources, std::size_t outs) const {
    DISGRAFS_ASSERT(
        sources == source_count_ && outs == out_count_,
        "{} sources and {} outs for {} × {}",
        sources,
        outs,
        out_count_,
        source_count_
    );
}

// The ends of all streams cut the bytes into runs of equal work; shards of one stripe have at most
// three different ends.
void Combination::apply(
    std::span<ConstShard const> sources, std::span<MutableShard const> outs, Outs where
) const {
    where = resolve(where, sources, outs);
    check_counts(sources.size(), outs.size());
    std::size_t at = 0;
    for (auto end = next_cut(0, sources, outs); end > at; end = next_cut(at, sources, outs)) {
        DISGRAFS_ASSERT(w_ == 8 || (end - at) % 2 == 0, "an odd length of {} bytes, w = 16", end);
        Reach const from(sources, at, end);
        Reach const to(outs, at, end);
        std::vector<Coefficient> chosen;
        bool const is_whole = from.count == sources.size() && to.count == outs.size();
        if (!is_whole) {
            chosen.reserve(from.count * to.count);
            for (std::size_t i = 0; i < to.count; ++i) {
                for (std::size_t j = 0; j < from.count; ++j) {
                    chosen.push_back(this->at(to.indexes[i], from.indexes[j]));
                }
            }
        }
        Product const product{
            .rows = is_whole ? rows_.data() : chosen.data(),
            .sources = from.bytes.data(),
            .outs = to.bytes.data(),
            .source_count = from.count,
            .out_count = to.count,
            .size_bytes = end - at,
            .store = where == Outs::far ? Store::stream : Store::replace,
        };
        if (schedule_ != nullptr && is_whole) {
            schedule_->run(product);
        } else {
            run_kernel(w_, product);
        }
        at = end;
    }
}

// Row of blocks by row of blocks. Where the kernel cannot fold checksums while it multiplies, they
// are worked out while the bytes are still in the second cache.
void Combination::apply(
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs,
    std::span<std::span<std::uint32_t> const> checksums,
    Outs where
) const {
    where = resolve(where, sources, outs);
    check_counts(sources.size(), outs.size());
    DISGRAFS_ASSERT(
        checksums.size() == sources.size() + outs.size(),
        "checksums of {} shards, {} + {} given",
        checksums.size(),
        sources.size(),
        outs.size()
    );
    std::size_t longest = 0;
    for (auto const source : sources) {
        longest = std::max(longest, source.size());
    }
    for (auto const out : outs) {
        longest = std::max(longest, out.size());
    }
    std::vector<ConstShard> from(sources.size());
    std::vector<MutableShard> to(outs.size());
    std::vector<std::uint32_t> states(checksums.size());
    for (std::size_t row = 0; row * unit_bytes < longest; ++row) {
        auto const at = row * unit_bytes;
        for (std::size_t j = 0; j < sources.size(); ++j) {
            from[j] = part_of(sources[j], at, unit_bytes);
        }
        for (std::size_t i = 0; i < outs.size(); ++i) {
            to[i] = part_of(outs[i], at, unit_bytes);
        }
        std::ranges::fill(states, ~0U);
        if (!multiply_with_crcs(from, to, states, where)) {
            multiply_then_crcs(from, to, states);
        }
        for (std::size_t i = 0; i < states.size(); ++i) {
            bool const is_there = i < from.size() ? !from[i].empty() : !to[i - from.size()].empty();
            if (is_there) {
                DISGRAFS_ASSERT(row < checksums[i].size(), "no room for block {}", row);
                checksums[i][row] = ~states[i];
            }
        }
    }
}

bool Combination::multiply_with_crcs(
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs,
    std::span<std::uint32_t> states,
    Outs where
) const {
    auto const size = sources[0].size();
    auto const is_other = [size](auto stream) { return stream.size() != size; };
    if (w_ != 8 || schedule_ != nullptr || kernel().multiply_with_crcs == nullptr ||
        std::ranges::any_of(sources, is_other) || std::ranges::any_of(outs, is_other)) {
        return false;
    }
    Reach const from(sources, 0, size);
    Reach const to(outs, 0, size);
    Product const product{
        .rows = rows_.data(),
        .sources = from.bytes.data(),
        .outs = to.bytes.data(),
        .source_count = from.count,
        .out_count = to.count,
        .size_bytes = size,
        .store = where == Outs::far ? Store::stream : Store::replace,
    };
    return kernel().multiply_with_crcs(product, states.data());
}

void Combination::multiply_then_crcs(
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs,
    std::span<std::uint32_t> states
) const {
    auto const pass = std::clamp<std::size_t>(
        pass_bytes / (sources.size() + outs.size()) / 4096 * 4096, 4096, unit_bytes
    );
    std::vector<ConstShard> from(sources.size());
    std::vector<MutableShard> to(outs.size());
    for (std::size_t at = 0; at < unit_bytes; at += pass) {
        for (std::size_t j = 0; j < sources.size(); ++j) {
            from[j] = part_of(sources[j], at, pass);
        }
        for (std::size_t i = 0; i < outs.size(); ++i) {
            to[i] = part_of(outs[i], at, pass);
        }
        apply(from, to, Outs::near);
        for (std::size_t i = 0; i < states.size(); ++i) {
            ConstShard const part = i < from.size() ? from[i] : to[i - from.size()];
            states[i] = kernel().crc(states[i], part.data(), part.size());
        }
    }
}

void Combination::add(std::size_t source, ConstShard delta, std::span<MutableShard const> outs)
    const {
    DISGRAFS_ASSERT(source < source_count_, "source {} of {}", source, source_count_);
    DISGRAFS_ASSERT(outs.size() == out_count_, "{} outs of {}", outs.size(), out_count_);
    DISGRAFS_ASSERT(w_ == 8 || delta.size() % 2 == 0, "{} bytes, w = 16", delta.size());
    std::vector<Coefficient> column;
    std::vector<std::byte*> starts;
    for (auto const out : outs) {
        DISGRAFS_ASSERT(out.size() >= delta.size(), "{} < {}", out.size(), delta.size());
        column.push_back(at(column.size(), source));
        starts.push_back(out.data());
    }
    auto const* const start = delta.data();
    run_kernel(
        w_,
        {
            .rows = column.data(),
            .sources = &start,
            .outs = starts.data(),
            .source_count = 1,
            .out_count = starts.size(),
            .size_bytes = delta.size(),
            .store = Store::add,
        }
    );
}

}  // namespace disgrafs::erasure
