#pragma once

/// \file erasure/combination.hpp  Some shards as linear combinations of others: what encoding,
/// updating and decoding all are.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "erasure/galois.hpp"

namespace disgrafs::erasure {

using ConstShard = std::span<std::byte const>;
using MutableShard = std::span<std::byte>;

class XorSchedule;

/// Where the outs go. Past the caches is right when nobody reads them soon: memory is then written
/// without being read first, and what the caches hold stays. A wish: it is done where the kernel
/// can and the outs lie alike within lines of 64 bytes; with checksums, on gfni512 and whole lines.
enum class Outs : std::uint8_t {
    by_size,  ///< Past the caches when a call moves 4 MiB or more.
    near,     ///< Into the caches.
    far,      ///< Past them.
};

/// outs = rows · sources, for one matrix and any streams.
class Combination {
 public:
    /// `rows`: outs × sources coefficients of GF(2^w), row by row.
    Combination(unsigned w, std::size_t source_count, std::vector<Coefficient> rows);

    /// A source counts as zeros beyond its end; an out is computed as far as it reaches. With
    /// w = 16 all lengths are even.
    void apply(
        std::span<ConstShard const> sources,
        std::span<MutableShard const> outs,
        Outs where = Outs::by_size
    ) const;

    /// The same, and checksums[i] gets the CRC32C of each block of unit_bytes of stream i (sources
    /// first, then outs), worked out in the same pass.
    void apply(
        std::span<ConstShard const> sources,
        std::span<MutableShard const> outs,
        std::span<std::span<std::uint32_t> const> checksums,
        Outs where = Outs::by_size
    ) const;

    /// outs += column `source` · delta.
    void add(std::size_t source, ConstShard delta, std::span<MutableShard const> outs) const;

    [[nodiscard]] std::size_t source_count() const { return source_count_; }
    [[nodiscard]] std::size_t out_count() const { return out_count_; }
    [[nodiscard]] Coefficient at(std::size_t out, std::size_t source) const {
        return rows_[out * source_count_ + source];
    }

 private:
    void check_counts(std::size_t sources, std::size_t outs) const;
    bool multiply_with_crcs(
        std::span<ConstShard const> sources,
        std::span<MutableShard const> outs,
        std::span<std::uint32_t> states,
        Outs where
    ) const;
    void multiply_then_crcs(
        std::span<ConstShard const> sources,
        std::span<MutableShard const> outs,
        std::span<std::uint32_t> states
    ) const;

    unsigned w_;
    std::size_t source_count_;
    std::size_t out_count_;
    std::vector<Coefficient> rows_;
    std::shared_ptr<XorSchedule const> schedule_;  ///< Only where the kernel is "xor".
};

}  // namespace disgrafs::erasure
