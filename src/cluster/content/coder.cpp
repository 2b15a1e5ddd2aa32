#include "cluster/content/coder.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"

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

void fill_shards(Layout layout, ByteView content, std::vector<Bytes>& shards) {
    auto const k = static_cast<std::size_t>(layout.k);
    std::vector<MutableShard> data(shards.begin(), shards.begin() + layout.k);
    erasure::split(layout, content, data);
    if (layout.m == 0) return;
    std::vector<ConstShard> const sources(shards.begin(), shards.begin() + layout.k);
    std::vector<MutableShard> parity;
    for (auto index = k; index < shards.size(); ++index) parity.emplace_back(shards[index]);
    erasure::Encoder(layout).encode(sources, parity);
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
    coded.shards = empty_shards(layout, content.size());
    fill_shards(layout, content, coded.shards);
    for (auto const& shard : coded.shards) {
        auto const blocks = erasure::block_checksums(shard);
        coded.row.blocks.insert(coded.row.blocks.end(), blocks.begin(), blocks.end());
    }
    return coded;
}

Bytes code_shard(Layout layout, ByteView content, int index) {
    if (layout.matrix == Matrix::replica) return {content.begin(), content.end()};
    auto shards = empty_shards(layout, content.size());
    fill_shards(layout, content, shards);
    return std::move(shards[static_cast<std::size_t>(index)]);
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
