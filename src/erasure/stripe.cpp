#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

void split(Layout layout, ByteView content, std::span<MutableShard const> shards) {
    DISGRAFS_ASSERT(shards.size() == layout.k, "{} shards, k = {}", shards.size(), layout.k);
    for (std::size_t i = 0; i < shards.size(); ++i) {
        auto const size = shard_bytes(layout, content.size(), static_cast<int>(i));
        DISGRAFS_ASSERT(shards[i].size() == size, "shard {}: {} of {}", i, shards[i].size(), size);
    }
    for (std::size_t unit = 0; unit * unit_bytes < content.size(); ++unit) {
        auto const from = content.subspan(unit * unit_bytes);
        auto const to = shards[unit % layout.k].subspan(unit / layout.k * unit_bytes);
        std::ranges::copy(from.first(std::min<std::size_t>(unit_bytes, from.size())), to.begin());
    }
}

void join(
    Layout layout, std::span<ConstShard const> shards, std::uint64_t offset, MutableShard out
) {
    DISGRAFS_ASSERT(shards.size() == layout.k, "{} shards, k = {}", shards.size(), layout.k);
    while (!out.empty()) {
        auto const unit = offset / unit_bytes;
        auto const within = offset % unit_bytes;
        auto const size = std::min<std::size_t>(unit_bytes - within, out.size());
        auto const shard = shards[unit % layout.k];
        auto const at = unit / layout.k * unit_bytes + within;
        DISGRAFS_ASSERT(at + size <= shard.size(), "{} + {} of {}", at, size, shard.size());
        std::ranges::copy(shard.subspan(at, size), out.begin());
        out = out.subspan(size);
        offset += size;
    }
}

}  // namespace disgrafs::erasure
