// wide w=16 k= m= shard=: GF(2^16). Jerasure is given our matrix.

#include <cstddef>
#include <memory>
#include <vector>

#include "ceiling.hpp"
#include "contest.hpp"
#include "erasure/codec.hpp"
#include "erasure/matrix.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {

Contest make_wide(Request const& request, Peers const& peers) {
    auto const layout = layout_of(request);
    auto const stripes = std::make_shared<Stripes>(layout, request.number("shard"), 1);
    auto const streams = stripes->encoding()[0];
    auto const rows = parity_rows(layout);
    Contest contest{.contestants = {}, .kept = stripes};
    contest.contestants.push_back({"ours", [streams, encoder = Encoder(layout)](std::size_t) {
                                       encoder.encode(streams.sources, streams.outs);
                                   }});
    for (auto const& jerasure : peers.jerasure) {
        auto const work =
            [streams, jerasure, matrix = std::vector<int>(rows.begin(), rows.end())](std::size_t) {
                jerasure.multiply(
                    16, matrix, streams.source_bytes, streams.out_bytes, streams.size_bytes
                );
            };
        contest.contestants.push_back({jerasure.name(), work});
    }
    expect_same_bytes(contest, streams);
    contest.contestants.push_back({"ceiling", [streams](std::size_t) { touch(streams); }});
    return contest;
}

}  // namespace disgrafs::erasure::bench
