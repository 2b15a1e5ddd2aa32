#pragma once

/// \file erasure/layout.hpp  How a stripe is coded: k data shards, m parity shards, which matrix.
///
/// The ids are persisted in every record and manifest and never change their meaning.

#include <compare>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::erasure {

/// Which m × k block stands under the identity. Every k of the k + m rows can be inverted.
enum class Matrix : std::uint8_t {
    replica = 0,      ///< k = 1: every shard is the content itself.
    cauchy = 1,       ///< Row i, column j: 1 / ((k+i) xor j). As ISA-L's gf_gen_cauchy1_matrix.
    vandermonde = 2,  ///< Systematic: V · (top square of V)^-1, V[r][c] = r^c. klauspost's default.
    cauchy_xor = 3,   ///< Cauchy, rows and columns scaled so that few bits are set (Plank 2006).
};

/// "replica", "cauchy", "vandermonde" or "cauchy_xor"; "unknown" for another number.
char const* name_of(Matrix matrix);

/// Bytes of a unit: unit u of a stripe's content lies in shard u mod k, row u div k. Also the size
/// of the blocks that carry a CRC32C each.
inline constexpr std::uint32_t unit_bytes = 64U << 10U;
/// The most one shard holds.
inline constexpr std::uint32_t shard_bytes_max = 4U << 20U;

/// The most shards of a layout, by the width of its field.
inline constexpr int shards_max_w8 = 256;
inline constexpr int shards_max_w16 = 4096;

struct Layout {
    std::uint16_t k = 1;             ///< Data shards, ≥ 1.
    std::uint16_t m = 0;             ///< Parity shards.
    std::uint8_t w = 8;              ///< Bits of a field element: 8 or 16 (see galois.hpp).
    Matrix matrix = Matrix::cauchy;  ///< replica exactly when k = 1.

    friend auto operator<=>(Layout const&, Layout const&) = default;
    [[nodiscard]] int total() const { return k + m; }
    /// Content bytes of one full stripe.
    [[nodiscard]] std::uint64_t stripe_bytes() const { return std::uint64_t{k} * shard_bytes_max; }
};

/// Whether the codec has such a layout: k + m ≤ 256 with w = 8 or cauchy_xor (whose factors are
/// searched, O(k²) per row), else ≤ 4,096.
/// Errors: invalid, naming the rule that is broken.
Result<void> check(Layout layout);

/// Whether a cluster may keep stripes so: records and manifests have one byte for k, m, w and
/// matrix each, units have any length. So check(), w = 8, and k + m ≤ 255. Errors: invalid.
Result<void> check_stored(Layout layout);

/// The four bytes k, m, w, matrix that stand in records, rows and messages. Writing asserts that k
/// and m fit a byte; whoever reads calls check_stored().
void write(ByteWriter& out, Layout layout);
Layout read_layout(ByteReader& in);

/// Bytes of shard `index` (0 … k+m−1) of a stripe of `content_bytes` (1 … stripe_bytes()). Data
/// shards hold exactly their units, so the last ones may be shorter, even empty; parity shards are
/// as long as shard 0, and shorter data shards count as if filled with zeros.
std::uint32_t shard_bytes(Layout layout, std::uint64_t content_bytes, int index);

}  // namespace disgrafs::erasure
