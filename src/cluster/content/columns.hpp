#pragma once

/// \file cluster/content/columns.hpp  What is known of some rows of a stripe, column by column.
///
///     column      0    1    2    3  |  4    5        k = 4, m = 2; a column is a shard
///     row 0      u0   u1   u2   u3  |  p    p        a unit u has 64 KiB
///     row 1      u4   u5   u6    –  |  p    p        –: behind the end, counts as zeros, always
///     there
///
/// Rows are independent: any k units of a row give all others. Pure; no I/O.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "cluster/rows.hpp"

namespace disgrafs::cluster {

/// Rows first … last of a shard, both included.
struct Rows {
    std::uint32_t first = 0;
    std::uint32_t last = 0;

    friend bool operator==(Rows const&, Rows const&) = default;
};

class Columns {
 public:
    /// Keeps rows `window` of the stripe; at most 64 of them.
    Columns(std::shared_ptr<StripeRow const> stripe, Rows window);

    /// The window that holds content bytes [begin, begin + size), 1 ≤ size.
    static Rows window_of(erasure::Layout layout, std::uint32_t begin, std::uint32_t size);
    /// All rows of the stripe.
    static Rows whole_window(StripeRow const& stripe);
    /// The rows of data column `index` that hold bytes of that range; none if it holds none.
    static std::optional<Rows> rows_needed(
        erasure::Layout layout, int index, std::uint32_t begin, std::uint32_t size
    );

    /// Where `rows` lie in their shard; size 0 behind its end.
    struct Extent {
        std::uint32_t offset = 0;
        std::uint32_t size_bytes = 0;
    };
    [[nodiscard]] Extent extent(int index, Rows rows) const;

    /// `payload` holds extent(index, rows), checked.
    void fill(int index, Rows rows, Bytes payload);
    [[nodiscard]] bool has(int index, Rows rows) const;
    [[nodiscard]] bool is_whole(int index) const { return has(index, window_); }
    /// The parts of `rows` that are not there, each a run.
    [[nodiscard]] std::vector<Rows> lacking(int index, Rows rows) const;

    /// Computes whole columns `wanted` (none of them whole yet) from k whole ones. Errors: invalid
    /// (fewer than k are whole).
    Result<void> compute(std::span<int const> wanted);

    /// Content bytes [begin, begin + size) of the stripe; their units are there.
    [[nodiscard]] Bytes content(std::uint32_t begin, std::uint32_t size) const;
    /// A whole column, moved out.
    [[nodiscard]] Bytes take(int index);

    [[nodiscard]] StripeRow const& stripe() const { return *stripe_; }
    [[nodiscard]] Rows window() const { return window_; }

 private:
    struct Column {
        Bytes bytes;             ///< extent(window), once anything is there.
        std::uint64_t rows = 0;  ///< Bit r: row window.first + r is there.
    };

    [[nodiscard]] std::uint64_t mask(Rows rows) const;
    [[nodiscard]] std::uint64_t there(int index) const;

    std::shared_ptr<StripeRow const> stripe_;
    Rows window_;
    std::vector<Column> columns_;
};

}  // namespace disgrafs::cluster
