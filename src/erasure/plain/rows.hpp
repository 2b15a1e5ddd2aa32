#pragma once

/// \file erasure/plain/rows.hpp  The same stretch of all shards in memory; inside this folder only.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

/// Bytes [offset, offset + size) of every payload; whole blocks.
struct Stretch {
    std::uint64_t offset = 0;
    std::size_t size = 0;
    /// Not to be cut further.
    [[nodiscard]] bool is_block() const { return size <= unit_bytes; }
};

/// A buffer for a stretch of each of the k + m shards, by index, and the codec upon them.
class PlainRows {
 public:
    explicit PlainRows(PlainShape const& shape);

    [[nodiscard]] MutableShard row(int index, Stretch stretch);

    /// Data rows from the whole file, zeros behind its end. Errors: those of `file`.
    Result<void> load(Stretch stretch, PlainSource& file);
    /// Data rows to the whole file. Errors: those of `file`.
    Result<void> store(Stretch stretch, PlainSink& file);

    /// Parity rows from data rows; with the block checksums of all rows in the same pass.
    void encode(Stretch stretch);
    void encode_and_sum(Stretch stretch);
    /// Of the row, as encode_and_sum() left them.
    [[nodiscard]] std::span<std::uint32_t const> checksums(int index) const;
    /// All other data rows from the k rows `have`.
    void restore(Stretch stretch, std::span<int const> have);
    /// Do the rows `have` fit each other? Each place may have liars of its own; all are named, or
    /// none when one place cannot tell.
    [[nodiscard]] Verdict examine(Stretch stretch, std::span<int const> have);

 private:
    /// How much of the data row is of the file, not zeros behind its end.
    [[nodiscard]] std::size_t content_in(Stretch stretch, int index) const;
    [[nodiscard]] std::uint64_t place_of(Stretch stretch, int index) const;
    [[nodiscard]] std::vector<ConstShard> data_rows(Stretch stretch);
    [[nodiscard]] std::vector<MutableShard> parity_rows(Stretch stretch);
    Encoder const& encoder();

    PlainShape shape_;
    std::size_t row_bytes_;
    Bytes buffer_;
    std::vector<std::vector<std::uint32_t>> checksums_;
    std::optional<Encoder> encoder_;
    std::optional<Decoder> decoder_;  ///< For have_ and want_.
    std::vector<int> have_;
    std::vector<int> want_;
};

/// Call `work(stretch)` for every row of the shards. When it answers false, the row is done again
/// block by block; for a block the answer does not matter. Errors: those of `work`.
template <typename Work>
Result<void> each_stretch(PlainShape const& shape, Work work) {
    auto const end = shape.shard_bytes();
    auto const run = [&](std::uint64_t offset, std::uint64_t size) {
        return work(Stretch{
            .offset = offset,
            .size = static_cast<std::size_t>(std::min(size, end - offset)),
        });
    };
    auto const row_bytes = plain_row_bytes(shape.layout);
    for (std::uint64_t at = 0; at < end; at += row_bytes) {
        TRY(bool const is_done, run(at, row_bytes));
        if (is_done || row_bytes == unit_bytes) {
            continue;
        }
        for (auto block = at; block < std::min(end, at + row_bytes); block += unit_bytes) {
            TRY_OK(run(block, unit_bytes));
        }
    }
    return {};
}

}  // namespace disgrafs::erasure
