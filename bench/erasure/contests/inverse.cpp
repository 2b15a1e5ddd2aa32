// inverse n=: the n × n rows that give n lost data shards from n parities of a Cauchy layout, in
// closed form and by elimination.

#include "erasure/inverse.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/assert.hpp"
#include "contest.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::erasure::bench {

Contest make_inverse(Request const& request, Peers const& peers) {
    auto const n = request.number("n");
    Layout layout{};
    layout.k = layout.m = static_cast<std::uint16_t>(n);
    std::vector<int> want(n);
    std::vector<int> have(n);
    std::iota(want.begin(), want.end(), 0);
    std::iota(have.begin(), have.end(), static_cast<int>(n));
    auto const square = parity_rows(layout);
    DISGRAFS_ASSERT(
        invert(8, n, square) == shards_from_shards(layout, have, want), "n = {}: not the same", n
    );
    Contest contest;
    contest.contestants.push_back({"ours", [=](std::size_t) {
                                       auto const rows = shards_from_shards(layout, have, want);
                                       asm volatile("" : : "r"(rows.data()) : "memory");
                                   }});
    contest.contestants.push_back({"own Gauss–Jordan", [=](std::size_t) {
                                       auto const rows = invert(8, n, square);
                                       asm volatile("" : : "r"(&rows) : "memory");
                                   }});
    std::vector<std::uint8_t> const bytes(square.begin(), square.end());
    for (auto const& isal : peers.isal) {
        contest.contestants.push_back({isal.name(), [=](std::size_t) {
                                           auto copy = bytes;
                                           std::vector<std::uint8_t> inverse(bytes.size());
                                           isal.invert(
                                               copy.data(), inverse.data(), static_cast<int>(n)
                                           );
                                           asm volatile("" : : "r"(inverse.data()) : "memory");
                                       }});
    }
    return contest;
}

}  // namespace disgrafs::erasure::bench
