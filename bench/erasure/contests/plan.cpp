// plan k= m=: everything between an erasure pattern and the first decoded byte. The first m data
// shards are lost.

#include <cstddef>
#include <memory>
#include <vector>

#include "contest.hpp"
#include "erasure/codec.hpp"
#include "stripes.hpp"

namespace disgrafs::erasure::bench {

Contest make_plan(Request const& request, Peers const& peers) {
    auto const layout = layout_of(request);
    std::vector<int> have;
    std::vector<int> want;
    for (int shard = 0; shard < layout.k + layout.m; ++shard) {
        (shard < layout.m ? want : have).push_back(shard);
    }
    Contest contest;
    contest.contestants.push_back({"ours", [=](std::size_t) {
                                       auto const plan = Decoder::plan(layout, have, want);
                                       asm volatile("" : : "r"(&plan) : "memory");
                                   }});
    for (auto const& isal : peers.isal) {
        auto const work = [isal, k = int{layout.k}, m = int{layout.m}](std::size_t) {
            auto const tables = isal.tables(k, m, isal.rebuilding_rows(k, m));
            asm volatile("" : : "r"(tables.data()) : "memory");
        };
        contest.contestants.push_back({isal.name(), work});
    }
    return contest;
}

}  // namespace disgrafs::erasure::bench
