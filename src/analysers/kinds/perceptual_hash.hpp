#pragma once

/// \file analysers/kinds/perceptual_hash.hpp  64 bits that stay nearly the same when a picture is
/// scaled or compressed again.
///
/// Grey, 32×32 by area, discrete cosine transform, the lowest 8×8 coefficients against their
/// median. Two pictures are alike when few bits differ (0 – 8); unrelated ones differ in about 32.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace disgrafs::analysers {

inline constexpr int hash_side = 32;
using GreySquare = std::array<float, hash_side * hash_side>;

/// Averages a picture, given row by row, over a square of 32×32 fields.
class AreaScaler {
 public:
    AreaScaler(int width, int height);
    /// The next row: `width` brightnesses.
    void add_row(std::span<float const> row);
    [[nodiscard]] GreySquare result() const;

 private:
    int width_;
    int height_;
    int row_ = 0;
    std::array<double, hash_side * hash_side> sums_{};
};

/// Bit 63 − (8·row + column) is 1 when that coefficient is above the median; the first (the mean
/// brightness) takes no part in the median.
std::uint64_t perceptual_hash(GreySquare const& grey);

}  // namespace disgrafs::analysers
