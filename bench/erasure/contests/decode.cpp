// decode k= m= shard= [stripes=1] [matrix=1]: the first min(k, m) data shards from the rest and as
// many parities, by a plan made before; beside it, encoding to as many parities.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "ceiling.hpp"
#include "contest.hpp"
#include "erasure/codec.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {
namespace {

/// A plan for shards 0 … lost − 1 from the k that follow.
Decoder plan_for(Layout layout, int lost) {
    std::vector<int> have;
    std::vector<int> want;
    for (int shard = 0; shard < layout.k + lost; ++shard) {
        (shard < lost ? want : have).push_back(shard);
    }
    auto plan = Decoder::plan(layout, have, want);
    DISGRAFS_ASSERT(plan.has_value(), "{}", plan.error().message);
    return *std::move(plan);
}

}  // namespace

Contest make_decode(Request const& request, Peers const& peers) {
    auto const layout = layout_of(request);
    int const lost = std::min<int>(layout.k, layout.m);
    auto const count = request.number("stripes", 1);
    auto const stripes = std::make_shared<Stripes>(layout, request.number("shard"), count);
    auto const whole = std::make_shared<std::vector<Streams>>(stripes->encoding());
    auto const streams =
        std::make_shared<std::vector<Streams>>(stripes->rebuilding(static_cast<std::size_t>(lost)));
    Encoder const encoder(layout);
    for (auto const& stripe : *whole) {
        encoder.encode(stripe.sources, stripe.outs);
    }
    auto const where = where_outs_lie(count);
    Contest contest{.contestants = {}, .turns = count, .kept = stripes};
    contest.contestants
        .push_back({"ours", [streams, where, decoder = plan_for(layout, lost)](std::size_t turn) {
                        auto const& stripe = (*streams)[turn];
                        decoder.apply(stripe.sources, stripe.outs, where);
                    }});
    for (auto const& isal : peers.isal) {
        auto const rows = isal.rebuilding_rows(layout.k, lost);
        auto const work =
            [streams, isal, tables = isal.tables(layout.k, lost, rows)](std::size_t turn) {
                auto const& stripe = (*streams)[turn];
                isal.multiply(tables, stripe.source_bytes, stripe.out_bytes, stripe.size_bytes);
            };
        contest.contestants.push_back({isal.name(), work});
    }
    expect_same_bytes(contest, (*streams)[0]);
    contest.contestants.push_back({"own encode", [whole, where, encoder](std::size_t turn) {
                                       auto const& stripe = (*whole)[turn];
                                       encoder.encode(stripe.sources, stripe.outs, where);
                                   }});
    contest.contestants.push_back({"ceiling", [streams, count](std::size_t turn) {
                                       auto const& stripe = (*streams)[turn];
                                       count > 1 ? touch_past_caches(stripe) : touch(stripe);
                                   }});
    return contest;
}

}  // namespace disgrafs::erasure::bench
