// fused k= m= shard= [stripes=1]: parity and the CRC32C of every block of all k + m shards, in one
// pass; beside it the same in two passes, and parity alone.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "contest.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {
namespace {

/// The checksums of one stripe, shard by shard; all stripes write to the same.
struct Checksums {
    std::vector<std::uint32_t> sums;
    std::vector<std::span<std::uint32_t>> of;

    explicit Checksums(Streams const& streams) {
        auto const shards = streams.sources.size() + streams.outs.size();
        auto const blocks = (streams.size_bytes + unit_bytes - 1) / unit_bytes;
        sums.resize(shards * blocks);
        for (std::size_t i = 0; i < shards; ++i) {
            of.push_back(std::span(sums).subspan(i * blocks, blocks));
        }
    }
};

/// sums ← sum(bytes, size) of each block of each shard, one after the other.
template <typename Sum>
void sum_blocks(Streams const& streams, std::vector<std::uint32_t>& sums, Sum sum) {
    auto* next = sums.data();
    auto const add = [&](unsigned char* shard) {
        for (std::size_t at = 0; at < streams.size_bytes; at += unit_bytes) {
            *next++ = sum(shard + at, std::min<std::size_t>(unit_bytes, streams.size_bytes - at));
        }
    };
    std::ranges::for_each(streams.source_bytes, add);
    std::ranges::for_each(streams.out_bytes, add);
}

std::uint32_t own_sum(unsigned char* bytes, std::size_t size) {
    return crc32c({reinterpret_cast<std::byte*>(bytes), size});
}

}  // namespace

Contest make_fused(Request const& request, Peers const& peers) {
    auto const layout = layout_of(request);
    auto const count = request.number("stripes", 1);
    auto const stripes = std::make_shared<Stripes>(layout, request.number("shard"), count);
    auto const streams = std::make_shared<std::vector<Streams>>(stripes->encoding());
    auto const checksums = std::make_shared<Checksums>((*streams)[0]);
    auto const where = where_outs_lie(count);
    Encoder const encoder(layout);
    Contest contest{.contestants = {}, .turns = count, .kept = stripes};
    contest.contestants.push_back({"ours", [=](std::size_t turn) {
                                       auto const& stripe = (*streams)[turn];
                                       encoder.encode(
                                           stripe.sources, stripe.outs, checksums->of, where
                                       );
                                   }});
    contest.contestants.push_back({"in two passes", [=](std::size_t turn) {
                                       auto const& stripe = (*streams)[turn];
                                       encoder.encode(stripe.sources, stripe.outs, Outs::near);
                                       sum_blocks(stripe, checksums->sums, own_sum);
                                   }});
    for (auto const& isal : peers.isal) {
        auto const rows = isal.parity_rows(layout.k, layout.m);
        auto const work = [=, tables = isal.tables(layout.k, layout.m, rows)](std::size_t turn) {
            auto const& stripe = (*streams)[turn];
            isal.multiply(tables, stripe.source_bytes, stripe.out_bytes, stripe.size_bytes);
            sum_blocks(stripe, checksums->sums, [&](unsigned char* bytes, std::size_t size) {
                return isal.crc32c(bytes, size);
            });
        };
        contest.contestants.push_back({isal.name(), work});
    }
    expect_same_bytes(contest, (*streams)[0]);
    std::vector<std::uint32_t> right;
    for (auto const& contestant : contest.contestants) {
        contestant.work(0);
        right = right.empty() ? checksums->sums : right;
        DISGRAFS_ASSERT(checksums->sums == right, "{} gives other checksums", contestant.name);
    }
    contest.contestants.push_back({"without", [=](std::size_t turn) {
                                       auto const& stripe = (*streams)[turn];
                                       encoder.encode(stripe.sources, stripe.outs, where);
                                   }});
    return contest;
}

}  // namespace disgrafs::erasure::bench
