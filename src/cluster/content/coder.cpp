#include "cluster/content/coder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::cluster {
namespace {

using erasure::ConstShard;
using erasure::Layout;
using erasure::Matrix;
using erasure::MutableShard;

std::vector<Bytes> empty_shards(Layout layout, std::uint64_t content_bytes) {
    std::vector<Bytes> shards(static_cast<std::size_t>(layout.total()));
    for (int index = 0; index < layout.total(); ++index) {
        shards[static_cast<std::size_t>(index)].resize(
            erasure::shard_bytes(layout, content_bytes, index)
        );
    }
    return shards;
}

/// `blocks`: of each shard, to be filled with its block checksums.
void fill_shards(
    Layout layout,
    ByteView content,
    std::vector<Bytes>& shards,
    std::span<std::span<std::uint32_t> const> blocks
) {
    std::vector<MutableShard> const all(shards.begin(), shards.end());
    auto const data = std::span(all).first(layout.k);
    erasure::split(layout, content, data);
    std::vector<ConstShard> const sources(data.begin(), data.end());
    erasure::Encoder(layout).encode(sources, std::span(all).subspan(layout.k), blocks);
}

std::size_t blocks_in(Bytes const& shard) {
    return (shard.size() + erasure::unit_bytes - 1) / erasure::unit_bytes;
}

/// All shards, and the block checksums of all, shard after shard.
std::pair<std::vector<Bytes>, std::vector<std::uint32_t>> code(Layout layout, ByteView content) {
    auto shards = empty_shards(layout, content.size());
    std::size_t count = 0;
    for (auto const& shard : shards) count += blocks_in(shard);
    std::vector<std::uint32_t> blocks(count);
    std::vector<std::span<std::uint32_t>> of_shards;
    std::span<std::uint32_t> rest = blocks;
    for (auto const& shard : shards) {
        of_shards.push_back(rest.first(blocks_in(shard)));
        rest = rest.subspan(blocks_in(shard));
    }
    fill_shards(layout, content, shards, of_shards);
    return {std::move(shards), std::move(blocks)};
}

}  // namespace

CodedStripe code_stripe(Layout layout, ByteView content) {
    DISGRAFS_ASSERT(
        !content.empty() && content.size() <= layout.stripe_bytes(),
        "a stripe of {} bytes",
        content.size()
    );
    CodedStripe coded;
    coded.row.layout = layout;
    coded.row.content_bytes = static_cast<std::uint32_t>(content.size());
    coded.row.nodes.resize(static_cast<std::size_t>(layout.total()));
    if (layout.matrix == Matrix::replica) {
        Bytes const copy(content.begin(), content.end());
        coded.shards.assign(static_cast<std::size_t>(layout.total()), copy);
        coded.row.blocks = erasure::block_checksums(content);
        return coded;
    }
    std::tie(coded.shards, coded.row.blocks) = code(layout, content);
    return coded;
}

Bytes code_shard(Layout layout, ByteView content, int index) {
    if (layout.matrix == Matrix::replica) return {content.begin(), content.end()};
    return std::move(code(layout, content).first[static_cast<std::size_t>(index)]);
}

Result<void> check_blocks(StripeRow const& row, int index, std::size_t first, ByteView payload) {
    auto const blocks = row.blocks_of(index);
    auto const count = (payload.size() + erasure::unit_bytes - 1) / erasure::unit_bytes;
    if (first + count > blocks.size()) {
        return fail(Errc::corrupt, "shard {} is longer than it should be", index);
    }
    for (std::size_t block = 0; block < count; ++block) {
        auto const begin = block * erasure::unit_bytes;
        auto const size = std::min<std::size_t>(erasure::unit_bytes, payload.size() - begin);
        auto const crc = erasure::crc32c(payload.subspan(begin, size));
        if (crc == blocks[first + block]) continue;
        return fail(
            Errc::corrupt,
            "shard {}, block {}: crc {:08x} and not {:08x}",
            index,
            first + block,
            crc,
            blocks[first + block]
        );
    }
    return {};
}

}  // namespace disgrafs::cluster
