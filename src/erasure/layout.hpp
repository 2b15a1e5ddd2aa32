#pragma once

/// \file erasure/layout.hpp  How a stripe is coded: k data shards, m parity shards, which matrix.
///
/// The ids are persisted in every record and manifest and never change their meaning.

#include <compare>
#include <cstdint>

#include "base/result.hpp"

namespace disgrafs::erasure {

/// Which m × k block stands under the identity.
enum class Matrix : std::uint8_t {
    replica = 0,  ///< k = 1: every shard is the content itself.
    cauchy = 1,   ///< Row i, column j: 1 / ((k+i) xor j). As ISA-L's gf_gen_cauchy1_matrix.
};

/// Bytes of a unit: unit u of a stripe's content lies in shard u mod k, row u div k. Also the size
/// of the blocks that carry a CRC32C each.
inline constexpr std::uint32_t unit_bytes = 64U << 10U;
/// The most one shard holds.
inline constexpr std::uint32_t shard_bytes_max = 4U << 20U;

struct Layout {
    std::uint8_t k = 1;              ///< Data shards, ≥ 1.
    std::uint8_t m = 0;              ///< Parity shards; k + m ≤ 255.
    std::uint8_t w = 8;              ///< Bits of a field element; 8 = GF(2^8), polynomial 0x11D.
    Matrix matrix = Matrix::cauchy;  ///< replica exactly when k = 1.

    friend auto operator<=>(Layout const&, Layout const&) = default;
    [[nodiscard]] int total() const { return k + m; }
    /// Content bytes of one full stripe.
    [[nodiscard]] std::uint64_t stripe_bytes() const { return std::uint64_t{k} * shard_bytes_max; }
};

/// Errors: invalid, naming the rule that is broken.
Result<void> check(Layout layout);

/// Bytes of shard `index` (0 … k+m−1) of a stripe of `content_bytes` (1 … stripe_bytes()). Data
/// shards hold exactly their units, so the last ones may be shorter, even empty; parity shards are
/// as long as shard 0, and shorter data shards count as if filled with zeros.
std::uint32_t shard_bytes(Layout layout, std::uint64_t content_bytes, int index);

}  // namespace disgrafs::erasure
