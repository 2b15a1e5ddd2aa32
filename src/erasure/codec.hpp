#pragma once

/// \file erasure/codec.hpp  Content into k + m shards, and any k of them back.
///
/// Systematic Reed–Solomon over GF(2^8) or GF(2^16) (Reed & Solomon 1960; Cauchy form: Blömer
/// et al. 1995). All shards of a call are spans of any alignment and any length from 0 (with
/// w = 16: even); nothing outside them is read or written. Pure: no state but the plan, no I/O; one
/// object may be used by many threads at once, and a call may be split: the bytes [a, b) of the
/// outs depend on the bytes [a, b) of the sources alone.
///
/// Kernels are chosen once from the CPU; DISGRAFS_KERNEL=NAME forces one (kernels/kernel.hpp lists
/// them). All give the same bytes. Constant time is not claimed.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

/// What stands in a set of k + m shards that do not fit each other.
struct Verdict {
    bool fits = false;
    /// The shards that are wrong, when it can be told: up to m/2 of them. Empty otherwise.
    std::vector<int> liars = {};
};

/// Parity from data. Cost: k·m multiply-adds per byte of a shard.
class Encoder {
 public:
    /// Asserts check(layout).
    explicit Encoder(Layout layout);

    /// `data`: k spans; `parity`: m spans of data[0].size() bytes each (data[0] is the longest; a
    /// shorter data span counts as if filled with zeros). Overwrites `parity`.
    void encode(
        std::span<ConstShard const> data,
        std::span<MutableShard const> parity,
        Outs where = Outs::by_size
    ) const;

    /// The same, and in the same pass the CRC32C of every block of unit_bytes: `checksums` are
    /// k + m spans, for shard i as many entries as block_checksums(shard i) would give.
    void encode(
        std::span<ConstShard const> data,
        std::span<MutableShard const> parity,
        std::span<std::span<std::uint32_t> const> checksums,
        Outs where = Outs::by_size
    ) const;

    /// Add to `parity` the change of data shard `index`: `delta` = old xor new, from byte 0.
    void update(int index, ConstShard delta, std::span<MutableShard const> parity) const;

    /// Does the parity fit the data? k + m spans, in shard order.
    [[nodiscard]] bool verify(std::span<ConstShard const> shards) const;

    /// The same, and which shards are wrong when it can be told: their bytes, not their lengths (a
    /// wrong length is a misfit without a liar). Sound while at most m/2 shards lie: with more,
    /// honest ones may be named. Cost when they do not fit: per round of liars, of which there are
    /// at most m/2 + 1, O((k + m)²) and a decoding.
    [[nodiscard]] Verdict examine(std::span<ConstShard const> shards) const;

    [[nodiscard]] Layout layout() const { return layout_; }

 private:
    Layout layout_;
    Combination parity_;  ///< m × k
};

/// A plan for one erasure pattern, to be applied to many stripes: from which k shards (`have`)
/// which others (`want`) are computed. Only what is wanted is computed.
class Decoder {
 public:
    /// `have`: k distinct shard indexes; `want`: distinct indexes, none in `have`. Making a plan
    /// inverts a k × k matrix (closed form, O(k²)). Errors: invalid.
    static Result<Decoder> plan(
        Layout layout, std::span<int const> have, std::span<int const> want
    );

    /// `survivors`: k spans in the order of `have`; `out`: spans in the order of `want`. Shorter
    /// survivors count as if filled with zeros; an `out` span may be shorter than the longest
    /// survivor (the trimmed last data shard): only its bytes are computed.
    void apply(
        std::span<ConstShard const> survivors,
        std::span<MutableShard const> out,
        Outs where = Outs::by_size
    ) const;

 private:
    explicit Decoder(Combination combination) : wanted_(std::move(combination)) {}
    Combination wanted_;  ///< |want| × k
};

/// Do some of the k + m shards fit each other, and who lies? As Encoder::examine, which asks for
/// all. `have`: asserts check_indexes(layout, {have}); `shards` in that order. Of n shards up to
/// (n − k)/2 liars are told; k or fewer fit whenever their lengths do.
Verdict examine(Layout layout, std::span<int const> have, std::span<ConstShard const> shards);

/// check(layout), and no shard index of the lists is out of range or named twice. Errors: invalid.
Result<void> check_indexes(Layout layout, std::initializer_list<std::span<int const>> lists);

/// Content of one stripe ↔ its data shards. split: `shards` are k spans of shard_bytes(i) bytes.
/// join: writes content bytes [offset, offset + out.size()) from whole data shards.
void split(Layout layout, ByteView content, std::span<MutableShard const> shards);
void join(
    Layout layout, std::span<ConstShard const> shards, std::uint64_t offset, MutableShard out
);

/// The kernel in use: "scalar", "avx2", "gfni512" …
char const* kernel_name();

}  // namespace disgrafs::erasure
