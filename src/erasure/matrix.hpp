#pragma once

/// \file erasure/matrix.hpp  Which linear combination of some shards is another shard.
///
/// Every matrix but replica is seen as one: a stripe is a polynomial N of degree below k, and shard
/// s holds N(s) · scale(s). Interpolating N through the shards at hand gives any other in closed
/// form; the inverse of a Cauchy submatrix is the case where data is wanted. The matrices differ
/// only in scale(s):
///
///     vandermonde   1: data and parity are values of N itself
///     cauchy        1 / u(s), u(s) = Π (s xor l) over the data shards l ≠ s
///     cauchy_xor    that, divided by the column's factor (data) or times the row's (parity)
///
/// Source: Schechter 1959 (Cauchy inverse); Plank & Xu 2006 (scaling); docs/erasure.md.

#include <span>
#include <vector>

#include "erasure/galois.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

/// |want| × |have| coefficients, row by row: shard want[i] = Σ row[i][j] · shard have[j].
/// `have`: k distinct shard indexes (0 … k+m−1), `want`: indexes not in `have`.
/// Cost: O(k·(k + |want|)) additions of logarithms, no inversion of a matrix; for cauchy_xor also
/// O(k²·w) per parity shard that is named.
std::vector<Coefficient> shards_from_shards(
    Layout layout, std::span<int const> have, std::span<int const> want
);

/// The m × k block under the identity, row by row.
std::vector<Coefficient> parity_rows(Layout layout);

/// For each s of `shards` 1 / (w(s) · scale(s)), w(s) = Π (s xor r) over the others r: what its
/// value counts in sums over these shards. Cost: as for `have` above.
std::vector<Coefficient> weights(Layout layout, std::span<int const> shards);

}  // namespace disgrafs::erasure
