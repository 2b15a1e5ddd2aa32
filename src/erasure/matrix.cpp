#include "erasure/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "erasure/galois.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {
namespace {

/// log Π (point xor shard) over `shards`, leaving out the shard equal to `point`.
std::uint32_t log_product(int point, std::span<int const> shards) {
    std::uint32_t sum = 0;
    for (int const shard : shards) {
        sum += shard == point ? 0 : Gf8::log(static_cast<std::uint8_t>(point ^ shard));
    }
    return sum % Gf8::order;
}

/// log u(point): the same over the data shards 0 … k−1.
std::uint32_t log_weight(int point, int k) {
    std::uint32_t sum = 0;
    for (int shard = 0; shard < k; ++shard) {
        sum += shard == point ? 0 : Gf8::log(static_cast<std::uint8_t>(point ^ shard));
    }
    return sum % Gf8::order;
}

}  // namespace

// shard(t) = Σ_s  u(s)/w(s) · W(t)/u(t) · 1/(t xor s) · shard(s)   with s over `have`,
// w(s) = Π_{r ≠ s} (s xor r) and W(t) = Π_r (t xor r), r over `have`.
std::vector<std::uint8_t> shards_from_shards(
    Layout layout, std::span<int const> have, std::span<int const> want
) {
    if (layout.matrix == Matrix::replica) {
        return std::vector<std::uint8_t>(want.size(), 1);
    }
    std::vector<std::uint8_t> column_logs(have.size());
    for (std::size_t j = 0; j < have.size(); ++j) {
        auto const log = log_weight(have[j], layout.k) + Gf8::order - log_product(have[j], have);
        column_logs[j] = static_cast<std::uint8_t>(log % Gf8::order);
    }
    std::vector<std::uint8_t> rows(want.size() * have.size());
    auto* next = rows.data();
    for (int const shard : want) {
        auto const row_log = log_product(shard, have) + Gf8::order - log_weight(shard, layout.k);
        for (std::size_t j = 0; j < have.size(); ++j) {
            auto const distance = static_cast<std::uint8_t>(shard ^ have[j]);
            auto const log = row_log + column_logs[j] + Gf8::order - Gf8::log(distance);
            *next++ = Gf8::power(log % Gf8::order);
        }
    }
    return rows;
}

}  // namespace disgrafs::erasure
