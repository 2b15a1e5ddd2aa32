#include "erasure/codec.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::erasure {
namespace {

/// Shard indexes from, from + 1 … to − 1.
std::vector<int> indexes(int from, int to) {
    std::vector<int> list(static_cast<std::size_t>(to - from));
    std::iota(list.begin(), list.end(), from);
    return list;
}

constexpr std::size_t shard_count_max = 255;

/// Where the bytes [at, end) of some streams lie. A stream ends at a cut, so it holds all of them
/// or none; those that hold none are left out.
template <typename Byte>
struct Reach {
    std::array<Byte*, shard_count_max> bytes;
    std::array<std::uint8_t, shard_count_max> indexes;  ///< Of the stream, for each of `bytes`.
    std::size_t count = 0;

    Reach(std::span<std::span<Byte> const> streams, std::size_t at, std::size_t end) {
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (streams[i].size() >= end) {
                bytes[count] = streams[i].data() + at;
                indexes[count++] = static_cast<std::uint8_t>(i);
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

/// outs = rows · sources, where a source counts as zeros beyond its end and an out is computed as
/// far as it reaches. The ends of all streams cut the bytes into runs of equal work; shards of one
/// stripe have at most three different ends.
void multiply(
    std::span<std::uint8_t const> rows,
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs
) {
    std::size_t at = 0;
    for (auto end = next_cut(0, sources, outs); end > at; end = next_cut(at, sources, outs)) {
        Reach const from(sources, at, end);
        Reach const to(outs, at, end);
        std::vector<std::uint8_t> chosen;
        if (from.count < sources.size() || to.count < outs.size()) {
            chosen.reserve(from.count * to.count);
            for (std::size_t i = 0; i < to.count; ++i) {
                for (std::size_t j = 0; j < from.count; ++j) {
                    chosen.push_back(rows[to.indexes[i] * sources.size() + from.indexes[j]]);
                }
            }
        }
        kernel().multiply({
            .rows = chosen.empty() ? rows.data() : chosen.data(),
            .sources = from.bytes.data(),
            .outs = to.bytes.data(),
            .source_count = from.count,
            .out_count = to.count,
            .size_bytes = end - at,
            .is_added = false,
        });
        at = end;
    }
}

}  // namespace

Encoder::Encoder(Layout layout) : layout_(layout) {
    auto const checked = check(layout);
    DISGRAFS_ASSERT(checked.has_value(), "{}", checked.error().message);
    rows_ = parity_rows(layout);
}

void Encoder::encode(std::span<ConstShard const> data, std::span<MutableShard const> parity) const {
    DISGRAFS_ASSERT(data.size() == layout_.k, "{} data shards, k = {}", data.size(), layout_.k);
    DISGRAFS_ASSERT(parity.size() == layout_.m, "{} parities, m = {}", parity.size(), layout_.m);
    for (auto const shard : data) {
        DISGRAFS_ASSERT(
            shard.size() <= data[0].size(), "{} bytes after {}", shard.size(), data[0].size()
        );
    }
    for (auto const shard : parity) {
        DISGRAFS_ASSERT(
            shard.size() == data[0].size(), "parity {} of {}", shard.size(), data[0].size()
        );
    }
    multiply(rows_, data, parity);
}

void Encoder::update(int index, ConstShard delta, std::span<MutableShard const> parity) const {
    DISGRAFS_ASSERT(index >= 0 && index < layout_.k, "shard {} of k = {}", index, layout_.k);
    DISGRAFS_ASSERT(parity.size() == layout_.m, "{} parities, m = {}", parity.size(), layout_.m);
    std::vector<std::uint8_t> column;
    std::vector<std::byte*> outs;
    for (auto const shard : parity) {
        DISGRAFS_ASSERT(shard.size() >= delta.size(), "{} < {}", shard.size(), delta.size());
        column.push_back(rows_[column.size() * layout_.k + static_cast<std::size_t>(index)]);
        outs.push_back(shard.data());
    }
    auto const* const source = delta.data();
    kernel().multiply({
        .rows = column.data(),
        .sources = &source,
        .outs = outs.data(),
        .source_count = 1,
        .out_count = outs.size(),
        .size_bytes = delta.size(),
        .is_added = true,
    });
}

bool Encoder::verify(std::span<ConstShard const> shards) const {
    DISGRAFS_ASSERT(
        shards.size() == static_cast<std::size_t>(layout_.total()),
        "{} shards of {}",
        shards.size(),
        layout_.total()
    );
    auto const data = shards.first(layout_.k);
    auto const parity = shards.subspan(layout_.k);
    auto const size_bytes = data[0].size();
    if (std::ranges::any_of(data, [&](ConstShard shard) { return shard.size() > size_bytes; }) ||
        std::ranges::any_of(parity, [&](ConstShard shard) { return shard.size() != size_bytes; })) {
        return false;
    }
    constexpr std::size_t block_bytes = 4096;  // Of each shard, so that all stay in the cache.
    std::vector<std::byte> computed(layout_.m * block_bytes);
    std::vector<ConstShard> sources(data.size());
    std::vector<MutableShard> outs(parity.size());
    for (std::size_t at = 0; at < size_bytes; at += block_bytes) {
        auto const length = std::min(block_bytes, size_bytes - at);
        for (std::size_t j = 0; j < data.size(); ++j) {
            auto const from = std::min(at, data[j].size());
            sources[j] = data[j].subspan(from, std::min(length, data[j].size() - from));
        }
        for (std::size_t i = 0; i < parity.size(); ++i) {
            outs[i] = MutableShard(computed).subspan(i * block_bytes, length);
        }
        multiply(rows_, sources, outs);
        for (std::size_t i = 0; i < parity.size(); ++i) {
            if (std::memcmp(outs[i].data(), parity[i].data() + at, length) != 0) {
                return false;
            }
        }
    }
    return true;
}

Result<Decoder> Decoder::plan(Layout layout, std::span<int const> have, std::span<int const> want) {
    TRY_OK(check(layout));
    if (have.size() != layout.k) {
        return fail(Errc::invalid, "{} shards at hand, {} needed", have.size(), layout.k);
    }
    std::bitset<256> seen;
    for (auto const list : {have, want}) {
        for (int const shard : list) {
            if (shard < 0 || shard >= layout.total()) {
                return fail(Errc::invalid, "no shard {} in {}+{}", shard, layout.k, layout.m);
            }
            auto const bit = static_cast<std::size_t>(shard);
            if (seen[bit]) {
                return fail(Errc::invalid, "shard {} is named twice", shard);
            }
            seen.set(bit);
        }
    }
    Decoder decoder;
    decoder.layout_ = layout;
    decoder.rows_ = shards_from_shards(layout, have, want);
    return decoder;
}

void Decoder::apply(std::span<ConstShard const> survivors, std::span<MutableShard const> out)
    const {
    DISGRAFS_ASSERT(survivors.size() == layout_.k, "{} of k = {}", survivors.size(), layout_.k);
    DISGRAFS_ASSERT(
        out.size() * layout_.k == rows_.size(), "{} outs, {} rows", out.size(), rows_.size()
    );
    auto const longest = std::ranges::max(survivors, {}, &ConstShard::size).size();
    for (auto const shard : out) {
        DISGRAFS_ASSERT(shard.size() <= longest, "{} bytes from {}", shard.size(), longest);
    }
    multiply(rows_, survivors, out);
}

std::vector<std::uint8_t> parity_rows(Layout layout) {
    return shards_from_shards(layout, indexes(0, layout.k), indexes(layout.k, layout.total()));
}

}  // namespace disgrafs::erasure
