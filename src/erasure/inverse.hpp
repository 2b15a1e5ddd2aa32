#pragma once

/// \file erasure/inverse.hpp  The inverse of any square matrix over a field, by Gauss–Jordan.
///
/// Nothing that is coded needs it: every matrix of this codec has a closed form (matrix.hpp). It is
/// what the closed form is proved and measured against, and for matrices of other makes.

#include <cstddef>
#include <optional>
#include <vector>

#include "erasure/galois.hpp"

namespace disgrafs::erasure {

/// `matrix`: n × n, row by row, over GF(2^w), w = 8 or 16. Empty when it is singular.
/// Cost: O(n³) multiplications, one copy.
std::optional<std::vector<Coefficient>> invert(
    unsigned w, std::size_t n, std::vector<Coefficient> matrix
);

}  // namespace disgrafs::erasure
