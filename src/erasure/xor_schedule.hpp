#pragma once

/// \file erasure/xor_schedule.hpp  A matrix over GF(2^8) as a list of xors.
///
/// Multiplying by a constant is an 8 × 8 bit matrix, so m × k constants are an 8m × 8k bit matrix
/// over GF(2): each bit of the outs is the xor of some bits of the sources. Bit b of many bytes,
/// put together, is a *plane*; then one xor works on a whole plane. The schedule says which planes
/// are summed in which order. Sums that several rows share are made once: of all pairs of planes
/// the one that most rows contain becomes a plane of its own, again and again (Paar 1997).
///
/// The bytes are those of every other kernel: blocks are cut into planes and put together again.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "erasure/galois.hpp"
#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {

class XorSchedule {
 public:
    enum class Sums : std::uint8_t { each_row, shared };

    /// `rows`: outs × source_count constants of GF(2^8). Cost of `shared`: O((8k)² · 8m) and more
    /// per plane that is made, so beyond `shared_max` constants the rows are taken as they are.
    XorSchedule(std::size_t source_count, std::span<Coefficient const> rows, Sums sums);
    static constexpr std::size_t shared_max = 256;

    /// As a kernel; `product` has the shape that the schedule was made for (its rows are not read).
    void run(Product const& product) const;

    /// Xors of planes that one block costs, and what the bit matrix asks for when taken row by row.
    [[nodiscard]] std::size_t xor_count() const { return xor_count_; }
    [[nodiscard]] std::size_t naive_xor_count() const { return naive_xor_count_; }

 private:
    std::size_t source_count_;
    std::size_t out_count_;
    std::size_t plane_count_ = 0;  ///< Sources, outs, then shared sums.
    /// Sum after sum: the plane that is written, how many are summed, and those.
    std::vector<std::uint32_t> program_;
    std::size_t xor_count_ = 0;
    std::size_t naive_xor_count_ = 0;
};

}  // namespace disgrafs::erasure
