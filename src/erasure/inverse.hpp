#pragma once

/// \file erasure/inverse.hpp  The inverse of any square matrix over a field, by Gauss–Jordan.
///
/// Plans do not need it: every matrix of this codec has a closed form (matrix.hpp). It solves the
/// small systems that name a liar, and is what the closed form is measured and proved against.

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
