#include "erasure/inverse.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "erasure/galois.hpp"

namespace disgrafs::erasure {
namespace {

using Row = std::span<Coefficient>;

template <typename F>
Coefficient times(Coefficient a, Coefficient b) {
    using Element = typename F::Element;
    return F::multiply(static_cast<Element>(a), static_cast<Element>(b));
}

template <typename F>
void scale(Row row, Coefficient factor) {
    for (auto& element : row) {
        element = times<F>(element, factor);
    }
}

template <typename F>
void add_multiple(Row row, Row other, Coefficient factor) {
    for (std::size_t j = 0; j < row.size(); ++j) {
        row[j] = static_cast<Coefficient>(row[j] ^ times<F>(other[j], factor));
    }
}

/// Whatever turns `matrix` into the identity turns the identity into the inverse.
template <typename F>
std::optional<std::vector<Coefficient>> eliminate(std::size_t n, std::vector<Coefficient> matrix) {
    std::vector<Coefficient> inverse(n * n);
    auto const row = [n](std::vector<Coefficient>& of, std::size_t i) {
        return Row(of).subspan(i * n, n);
    };
    for (std::size_t i = 0; i < n; ++i) {
        inverse[i * n + i] = 1;
    }
    for (std::size_t column = 0; column < n; ++column) {
        auto pivot = column;
        while (pivot < n && matrix[pivot * n + column] == 0) {
            ++pivot;
        }
        if (pivot == n) {
            return std::nullopt;
        }
        if (pivot != column) {
            std::ranges::swap_ranges(row(matrix, pivot), row(matrix, column));
            std::ranges::swap_ranges(row(inverse, pivot), row(inverse, column));
        }
        using Element = typename F::Element;
        auto const factor = F::inverse(static_cast<Element>(matrix[column * n + column]));
        scale<F>(row(matrix, column), factor);
        scale<F>(row(inverse, column), factor);
        for (std::size_t i = 0; i < n; ++i) {
            auto const element = matrix[i * n + column];
            if (i == column || element == 0) {
                continue;
            }
            add_multiple<F>(row(matrix, i), row(matrix, column), element);
            add_multiple<F>(row(inverse, i), row(inverse, column), element);
        }
    }
    return inverse;
}

}  // namespace

std::optional<std::vector<Coefficient>> invert(
    unsigned w, std::size_t n, std::vector<Coefficient> matrix
) {
    DISGRAFS_ASSERT(matrix.size() == n * n, "{} elements, n = {}", matrix.size(), n);
    return w == 16 ? eliminate<Gf16>(n, std::move(matrix)) : eliminate<Gf8>(n, std::move(matrix));
}

}  // namespace disgrafs::erasure
