#include "erasure/codec.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::erasure {
namespace {

Combination parity_of(Layout layout) {
    auto const checked = check(layout);
    DISGRAFS_ASSERT(checked.has_value(), "{}", checked.error().message);
    return {layout.w, layout.k, parity_rows(layout)};
}

void check_shards(
    Layout layout, std::span<ConstShard const> data, std::span<MutableShard const> parity
) {
    DISGRAFS_ASSERT(data.size() == layout.k, "{} data shards, k = {}", data.size(), layout.k);
    DISGRAFS_ASSERT(parity.size() == layout.m, "{} parities, m = {}", parity.size(), layout.m);
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
}

}  // namespace

Encoder::Encoder(Layout layout) : layout_(layout), parity_(parity_of(layout)) {}

void Encoder::encode(
    std::span<ConstShard const> data, std::span<MutableShard const> parity, Outs where
) const {
    check_shards(layout_, data, parity);
    parity_.apply(data, parity, where);
}

void Encoder::encode(
    std::span<ConstShard const> data,
    std::span<MutableShard const> parity,
    std::span<std::span<std::uint32_t> const> checksums,
    Outs where
) const {
    check_shards(layout_, data, parity);
    parity_.apply(data, parity, checksums, where);
}

void Encoder::update(int index, ConstShard delta, std::span<MutableShard const> parity) const {
    DISGRAFS_ASSERT(index >= 0 && index < layout_.k, "shard {} of k = {}", index, layout_.k);
    parity_.add(static_cast<std::size_t>(index), delta, parity);
}

Result<Decoder> Decoder::plan(Layout layout, std::span<int const> have, std::span<int const> want) {
    TRY_OK(check_indexes(layout, {have, want}));
    if (have.size() != layout.k) {
        return fail(Errc::invalid, "{} shards at hand, {} needed", have.size(), layout.k);
    }
    return Decoder({layout.w, layout.k, shards_from_shards(layout, have, want)});
}

Result<void> check_indexes(Layout layout, std::initializer_list<std::span<int const>> lists) {
    TRY_OK(check(layout));
    std::bitset<shards_max_w16> seen;
    for (auto const list : lists) {
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
    return {};
}

void Decoder::apply(
    std::span<ConstShard const> survivors, std::span<MutableShard const> out, Outs where
) const {
    auto const longest = std::ranges::max(survivors, {}, &ConstShard::size).size();
    for (auto const shard : out) {
        DISGRAFS_ASSERT(shard.size() <= longest, "{} bytes from {}", shard.size(), longest);
    }
    wanted_.apply(survivors, out, where);
}

}  // namespace disgrafs::erasure
