#pragma once

/// \file erasure/plain/decode.hpp  Any k of the plain shards into the file again.
///
/// k shards need be whole at each place, not everywhere: a damaged block is lost, and computed
/// from others. What was computed is compared with the roots that every shard of the set carries.
/// Memory: k + m rows at most (plain_row_bytes).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

/// A stretch of a shard that could not be read.
struct PlainLoss {
    std::size_t shard;  ///< Its place in the list of shards that was given.
    std::uint64_t offset;
    std::uint64_t size_bytes;
    Error const& why;
};
using PlainLossLog = std::function<void(PlainLoss const&)>;

/// Write the file of `shape` to `out`, from shards of one set (an index may come twice: then the
/// second helps where the first is damaged). Errors: corrupt (fewer than k whole shards somewhere;
/// what was decoded is not what was encoded), those of `out`. After an error `out` is of no use.
Result<void> decode_plain_shards(
    std::span<PlainShard* const> shards, PlainSink& out, PlainLossLog const& log
);

/// The same from bare shards, whose bytes are believed; but more than k are compared with each
/// other. Errors: as above; corrupt, too, when they do not fit (names the liar if it can be told).
Result<void> decode_bare_shards(
    PlainShape const& shape,
    std::span<BareShard* const> shards,
    PlainSink& out,
    PlainLossLog const& log
);

/// "3 shards of 4 needed: give one more of .1 .4 .5"; `have`: distinct indexes at hand.
std::string plain_shards_missing(Layout layout, std::span<int const> have);

}  // namespace disgrafs::erasure
