#pragma once

/// \file erasure/codec.hpp  Content into k + m shards, and any k of them back.
///
/// Systematic Reed–Solomon over GF(2^8), polynomial 0x11D (Reed & Solomon 1960; Cauchy form: Blömer
/// et al. 1995). All shards of a call are spans of any alignment; nothing outside them is read or
/// written. Pure: no state but the plan, no I/O; one object may be used by many threads at once.
/// Kernels are chosen once from the CPU; DISGRAFS_KERNEL=scalar|avx2|gfni256|gfni512 forces one
/// (gfni: the wider that is there). All give the same bytes.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

using ConstShard = std::span<std::byte const>;
using MutableShard = std::span<std::byte>;

/// Parity from data. Cost: k·m multiply-adds per byte of a shard.
class Encoder {
 public:
    /// Asserts check(layout).
    explicit Encoder(Layout layout);

    /// `data`: k spans; `parity`: m spans of data[0].size() bytes each (data[0] is the longest; a
    /// shorter data span counts as if filled with zeros). Overwrites `parity`.
    void encode(std::span<ConstShard const> data, std::span<MutableShard const> parity) const;

    /// Add to `parity` the change of data shard `index`: `delta` = old xor new, from byte 0.
    void update(int index, ConstShard delta, std::span<MutableShard const> parity) const;

    /// Does the parity fit the data? k + m spans, in shard order.
    [[nodiscard]] bool verify(std::span<ConstShard const> shards) const;

    [[nodiscard]] Layout layout() const { return layout_; }

 private:
    Layout layout_;
    std::vector<std::uint8_t> rows_;  ///< m × k, row by row.
};

/// A plan for one erasure pattern, to be applied to many stripes: from which k shards (`have`)
/// which others (`want`) are computed. Only what is wanted is computed.
class Decoder {
 public:
    /// `have`: k distinct shard indexes; `want`: distinct indexes, none in `have`. Making a plan
    /// inverts a k × k matrix (closed form for Cauchy, O(k²)). Errors: invalid.
    static Result<Decoder> plan(
        Layout layout, std::span<int const> have, std::span<int const> want
    );

    /// `survivors`: k spans in the order of `have`; `out`: spans in the order of `want`. Shorter
    /// survivors count as if filled with zeros; an `out` span may be shorter than the longest
    /// survivor (the trimmed last data shard): only its bytes are computed.
    void apply(std::span<ConstShard const> survivors, std::span<MutableShard const> out) const;

 private:
    Decoder() = default;
    Layout layout_;
    std::vector<std::uint8_t> rows_;  ///< |want| × k, row by row.
};

/// The m × k block under the identity, row by row (for tests and other languages).
std::vector<std::uint8_t> parity_rows(Layout layout);

/// Content of one stripe ↔ its data shards. split: `shards` are k spans of shard_bytes(i) bytes.
/// join: writes content bytes [offset, offset + out.size()) from whole data shards.
void split(Layout layout, ByteView content, std::span<MutableShard const> shards);
void join(
    Layout layout, std::span<ConstShard const> shards, std::uint64_t offset, MutableShard out
);

/// The kernel in use: "scalar", "avx2", "gfni256" or "gfni512".
char const* kernel_name();

}  // namespace disgrafs::erasure
