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

/// outs = rows · sources, for one matrix and any streams.
class Combination {
 public:
    /// `rows`: outs × sources coefficients of GF(2^w), row by row.
    Combination(unsigned w, std::size_t source_count, std::vector<Coefficient> rows);

    /// A source counts as zeros beyond its end; an out is computed as far as it reaches. With
    /// w = 16 all lengths are even.
    void apply(std::span<ConstShard const> sources, std::span<MutableShard const> outs) const;

    /// The same, and checksums[i] gets the CRC32C of each block of unit_bytes of stream i (sources
    /// first, then outs), read while it is in the cache.
    void apply(
        std::span<ConstShard const> sources,
        std::span<MutableShard const> outs,
        std::span<std::span<std::uint32_t> const> checksums
    ) const;

    /// outs += column `source` · delta.
    void add(std::size_t source, ConstShard delta, std::span<MutableShard const> outs) const;

    [[nodiscard]] std::size_t source_count() const { return source_count_; }
    [[nodiscard]] std::size_t out_count() const { return out_count_; }
    [[nodiscard]] Coefficient at(std::size_t out, std::size_t source) const {
        return rows_[out * source_count_ + source];
    }

 private:
    enum class Outs : std::uint8_t { near, far };  ///< In the caches, or streamed past them.
    void run(std::span<ConstShard const> sources, std::span<MutableShard const> outs, Outs where)
        const;

    unsigned w_;
    std::size_t source_count_;
    std::size_t out_count_;
    std::vector<Coefficient> rows_;
    std::shared_ptr<XorSchedule const> schedule_;  ///< Only where the kernel is "xor".
};

}  // namespace disgrafs::erasure
