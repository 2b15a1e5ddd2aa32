#pragma once

/// \file erasure/matrix.hpp  Which linear combination of some shards is another shard.
///
/// Both matrices are seen as one: a stripe is a polynomial N of degree below k, and shard s holds
/// N(s) / u(s) with u(s) = Π (s xor l) over the data shards l ≠ s. Interpolating N through the
/// shards at hand gives any other in closed form; the inverse of a Cauchy submatrix
/// is the case where data is wanted. Source: Schechter 1959; docs/erasure.md.

#include <cstdint>
#include <span>
#include <vector>

#include "erasure/layout.hpp"

namespace disgrafs::erasure {

/// |want| × |have| coefficients, row by row: shard want[i] = Σ row[i][j] · shard have[j].
/// `have`: k distinct shard indexes (0 … k+m−1), `want`: indexes not in `have`.
/// Cost: O(k·(k + |want|)) additions of logarithms, no inversion of a matrix.
std::vector<std::uint8_t> shards_from_shards(
    Layout layout, std::span<int const> have, std::span<int const> want
);

}  // namespace disgrafs::erasure
