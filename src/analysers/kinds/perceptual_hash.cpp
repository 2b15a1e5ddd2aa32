#include "analysers/kinds/perceptual_hash.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>

namespace disgrafs::analysers {

namespace {

constexpr int low_side = 8;

/// Calls `give(field, share)` for the fields that the source cell `index` of `count` lies in.
template <typename Give>
void spread(int index, int count, Give give) {
    double const scale = static_cast<double>(hash_side) / count;
    double const begin = index * scale;
    double const end = begin + scale;
    for (int field = static_cast<int>(begin); field < hash_side && field < end; ++field) {
        give(field, std::min<double>(end, field + 1) - std::max<double>(begin, field));
    }
}

/// The lowest `low_side` coefficients of a row of `hash_side` values.
std::array<double, low_side> low_cosines(std::array<double, hash_side> const& values) {
    std::array<double, low_side> out{};
    for (int k = 0; k < low_side; ++k) {
        for (int n = 0; n < hash_side; ++n) {
            out[static_cast<std::size_t>(k)] +=
                values[static_cast<std::size_t>(n)] *
                std::cos(std::numbers::pi / hash_side * (n + 0.5) * k);
        }
    }
    return out;
}

using LowSquare = std::array<double, low_side * low_side>;

LowSquare low_cosines(GreySquare const& grey) {
    std::array<std::array<double, low_side>, hash_side> rows{};
    for (std::size_t y = 0; y < hash_side; ++y) {
        std::array<double, hash_side> row{};
        std::copy_n(&grey[y * hash_side], hash_side, row.begin());
        rows[y] = low_cosines(row);
    }
    LowSquare out{};
    for (std::size_t x = 0; x < low_side; ++x) {
        std::array<double, hash_side> column{};
        for (std::size_t y = 0; y < hash_side; ++y) column[y] = rows[y][x];
        auto const low = low_cosines(column);
        for (std::size_t y = 0; y < low_side; ++y) out[y * low_side + x] = low[y];
    }
    return out;
}

}  // namespace

AreaScaler::AreaScaler(int width, int height) : width_(width), height_(height) {}

void AreaScaler::add_row(std::span<float const> row) {
    std::array<double, hash_side> fields{};
    for (int x = 0; x < width_; ++x) {
        spread(x, width_, [&](int field, double share) {
            fields[static_cast<std::size_t>(field)] += share * row[static_cast<std::size_t>(x)];
        });
    }
    spread(row_, height_, [&](int field, double share) {
        for (std::size_t x = 0; x < hash_side; ++x) {
            sums_[static_cast<std::size_t>(field) * hash_side + x] += share * fields[x];
        }
    });
    ++row_;
}

GreySquare AreaScaler::result() const {
    GreySquare out{};
    std::ranges::transform(sums_, out.begin(), [](double sum) { return static_cast<float>(sum); });
    return out;
}

std::uint64_t perceptual_hash(GreySquare const& grey) {
    auto const low = low_cosines(grey);
    auto sorted = low;
    auto* const middle = &sorted[1 + (sorted.size() - 1) / 2];
    std::nth_element(&sorted[1], middle, sorted.data() + sorted.size());
    std::uint64_t hash = 0;
    for (auto const coefficient : low) hash = hash << 1U | (coefficient > *middle ? 1U : 0U);
    return hash;
}

}  // namespace disgrafs::analysers
