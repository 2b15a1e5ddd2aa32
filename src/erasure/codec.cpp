#include "erasure/codec.hpp"

#include <algorithm>
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

/// The rows × columns product over the bytes [at, end) of those streams that reach that far: a
/// stream ends at a cut, so it holds all of these bytes or none.
void multiply_between(
    std::span<std::uint8_t const> rows,
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs,
    std::size_t at,
    std::size_t end
) {
    std::vector<std::byte const*> from;
    std::vector<std::byte*> to;
    std::vector<std::uint8_t> coefficients;
    for (auto const source : sources) {
        if (source.size() >= end) {
            from.push_back(source.data() + at);
        }
    }
    for (std::size_t i = 0; i < outs.size(); ++i) {
        if (outs[i].size() < end) {
            continue;
        }
        to.push_back(outs[i].data() + at);
        for (std::size_t j = 0; j < sources.size(); ++j) {
            if (sources[j].size() >= end) {
                coefficients.push_back(rows[i * sources.size() + j]);
            }
        }
    }
    kernel().multiply({
        .rows = coefficients.data(),
        .sources = from.data(),
        .outs = to.data(),
        .source_count = from.size(),
        .out_count = to.size(),
        .size_bytes = end - at,
        .is_added = false,
    });
}

/// outs = rows · sources, where a source counts as zeros beyond its end and an out is computed as
/// far as it reaches. The ends of all streams cut the bytes into runs of equal work; shards of one
/// stripe have at most three different ends.
void multiply(
    std::span<std::uint8_t const> rows,
    std::span<ConstShard const> sources,
    std::span<MutableShard const> outs
) {
    std::vector<std::size_t> cuts;
    for (auto const source : sources) {
        cuts.push_back(source.size());
    }
    for (auto const out : outs) {
        cuts.push_back(out.size());
    }
    std::ranges::sort(cuts);
    std::size_t at = 0;
    for (auto const cut : cuts) {
        if (cut > at) {
            multiply_between(rows, sources, outs, at, cut);
            at = cut;
        }
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
