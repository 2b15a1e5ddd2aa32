// encode k= m= shard= [stripes=1] [matrix=1]: parity from data. One stripe stays in cache; many are
// a walk from memory to memory, where the ceiling passes by the caches and ours is told to.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ceiling.hpp"
#include "contest.hpp"
#include "erasure/codec.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {

Contest make_encode(Request const& request, Peers const& peers) {
    auto const layout = layout_of(request);
    auto const count = request.number("stripes", 1);
    auto const stripes = std::make_shared<Stripes>(layout, request.number("shard"), count);
    auto const streams = std::make_shared<std::vector<Streams>>(stripes->encoding());
    Contest contest{.contestants = {}, .turns = count, .kept = stripes};
    auto const where = where_outs_lie(count);
    auto const ours = [streams, where, encoder = Encoder(layout)](std::size_t turn) {
        auto const& stripe = (*streams)[turn];
        encoder.encode(stripe.sources, stripe.outs, where);
    };
    contest.contestants.push_back({"ours", ours});
    if (layout.matrix == Matrix::cauchy) {
        for (auto const& isal : peers.isal) {
            auto const rows = isal.parity_rows(layout.k, layout.m);
            auto const work =
                [streams, isal, tables = isal.tables(layout.k, layout.m, rows)](std::size_t turn) {
                    auto const& stripe = (*streams)[turn];
                    isal.multiply(tables, stripe.source_bytes, stripe.out_bytes, stripe.size_bytes);
                };
            contest.contestants.push_back({isal.name(), work});
        }
    }
    expect_same_bytes(contest, (*streams)[0]);
    contest.contestants.push_back({"ceiling", [streams, count](std::size_t turn) {
                                       auto const& stripe = (*streams)[turn];
                                       count > 1 ? touch_past_caches(stripe) : touch(stripe);
                                   }});
    return contest;
}

}  // namespace disgrafs::erasure::bench
