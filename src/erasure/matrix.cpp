#include "erasure/matrix.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "erasure/galois.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {
namespace {

template <typename F>
int ones(typename F::Element constant) {
    int sum = 0;
    for (unsigned bit = 0; bit < F::bits; ++bit, constant = F::twice(constant)) {
        sum += std::popcount(constant);
    }
    return sum;
}

/// The points 0 … k + m − 1 with their scales, as logarithms.
template <typename F>
class Points {
 public:
    explicit Points(Layout layout) : k_(layout.k), matrix_(layout.matrix) {}

    /// log Π (point xor shard) over `shards`, leaving out the shard equal to `point`.
    [[nodiscard]] static std::uint32_t log_product(int point, std::span<int const> shards) {
        std::uint32_t sum = 0;
        for (int const shard : shards) {
            sum += shard == point ? 0 : log_distance(point, shard);
        }
        return sum % F::order;
    }
    [[nodiscard]] static std::uint32_t log_distance(int a, int b) {
        return F::log(static_cast<typename F::Element>(a ^ b));
    }

    /// log scale(point).
    [[nodiscard]] std::uint32_t log_scale(int point) const {
        if (matrix_ == Matrix::vandermonde) {
            return 0;
        }
        std::uint32_t weight = 0;  // log u(point)
        for (int shard = 0; shard < k_; ++shard) {
            weight += shard == point ? 0 : log_distance(point, shard);
        }
        auto const log = F::order - weight % F::order;
        if (matrix_ == Matrix::cauchy) {
            return log;
        }
        return point < k_ ? log + F::order - log_column(point) : log + log_row(point);
    }

 private:
    /// The factor of column j makes the first parity row all ones.
    [[nodiscard]] std::uint32_t log_column(int column) const { return log_distance(k_, column); }

    /// The factor of a parity row makes one of its elements 1: the one that leaves the fewest ones
    /// in the row's bit matrix, the first of those.
    [[nodiscard]] std::uint32_t log_row(int point) const {
        std::vector<std::uint32_t> logs;  // Of the row before it is scaled.
        logs.reserve(static_cast<std::size_t>(k_));
        for (int j = 0; j < k_; ++j) {
            logs.push_back((log_column(j) + F::order - log_distance(point, j)) % F::order);
        }
        int least = std::numeric_limits<int>::max();
        std::uint32_t best = 0;
        for (auto const pivot : logs) {
            auto const factor = F::order - pivot;
            int sum = 0;
            for (auto const log : logs) {
                sum += ones<F>(F::power((log + factor) % F::order));
            }
            if (sum < least) {
                least = sum;
                best = factor;
            }
        }
        return best;
    }

    int k_;
    Matrix matrix_;
};

template <typename F>
std::vector<std::uint32_t> log_weights(Layout layout, std::span<int const> shards) {
    Points<F> const points(layout);
    std::vector<std::uint32_t> logs;
    logs.reserve(shards.size());
    for (int const shard : shards) {
        auto const below = points.log_product(shard, shards) + points.log_scale(shard);
        logs.push_back(F::order - below % F::order);
    }
    return logs;
}

// shard(t) = scale(t) · Σ_s  W(t) / (w(s) · (t xor s)) · shard(s) / scale(s)   with s over `have`,
// w(s) = Π_{r ≠ s} (s xor r) and W(t) = Π_r (t xor r), r over `have`: Lagrange's formula for N(t).
template <typename F>
std::vector<Coefficient> interpolate(
    Layout layout, std::span<int const> have, std::span<int const> want
) {
    Points<F> const points(layout);
    auto const column_logs = log_weights<F>(layout, have);
    std::vector<Coefficient> rows(want.size() * have.size());
    auto* next = rows.data();
    for (int const shard : want) {
        auto const row_log = points.log_product(shard, have) + points.log_scale(shard);
        for (std::size_t j = 0; j < have.size(); ++j) {
            auto const below = points.log_distance(shard, have[j]);
            *next++ = F::power((row_log + column_logs[j] + F::order - below) % F::order);
        }
    }
    return rows;
}

template <typename F>
std::vector<Coefficient> powers(std::vector<std::uint32_t> const& logs) {
    std::vector<Coefficient> list;
    list.reserve(logs.size());
    for (auto const log : logs) {
        list.push_back(F::power(log));
    }
    return list;
}

}  // namespace

std::vector<Coefficient> shards_from_shards(
    Layout layout, std::span<int const> have, std::span<int const> want
) {
    if (layout.matrix == Matrix::replica) {
        return std::vector<Coefficient>(want.size(), 1);
    }
    return layout.w == 16 ? interpolate<Gf16>(layout, have, want)
                          : interpolate<Gf8>(layout, have, want);
}

std::vector<Coefficient> parity_rows(Layout layout) {
    std::vector<int> shards(static_cast<std::size_t>(layout.total()));
    std::iota(shards.begin(), shards.end(), 0);
    std::span<int const> const all = shards;
    return shards_from_shards(layout, all.first(layout.k), all.subspan(layout.k));
}

std::vector<Coefficient> weights(Layout layout, std::span<int const> shards) {
    return layout.w == 16 ? powers<Gf16>(log_weights<Gf16>(layout, shards))
                          : powers<Gf8>(log_weights<Gf8>(layout, shards));
}

}  // namespace disgrafs::erasure
