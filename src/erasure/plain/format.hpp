#pragma once

/// \file erasure/plain/format.hpp  A shard as a file of its own: which bytes stand where.
///
///     header | payload | block checksums | roots of all shards | set
///
/// Byte by byte: docs/formats/plain_shard.md. What is known only after the last byte was coded
/// stands at the end, so that a shard file is written in one pass.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

inline constexpr std::uint32_t plain_header_bytes = 64;
inline constexpr std::uint64_t plain_file_bytes_max = 1ULL << 60U;

/// What the shards of a file have in common, and what must be known to read bare ones. Data shard i
/// is bytes [i·L, (i+1)·L) of the file, L = shard_bytes(), zeros behind the end of the file.
struct PlainShape {
    Layout layout;
    std::uint64_t file_bytes = 0;  ///< 0 … plain_file_bytes_max

    friend bool operator==(PlainShape const&, PlainShape const&) = default;
    [[nodiscard]] std::uint64_t shard_bytes() const;  ///< L; even when w = 16.
    [[nodiscard]] std::uint64_t block_count() const;  ///< Of unit_bytes, the last may be shorter.
    /// Bytes of data shard `index` that are of the file; the rest are the zeros that fill it.
    [[nodiscard]] std::uint64_t content_bytes(int index) const;

    [[nodiscard]] std::uint64_t checksums_at() const;  ///< Offset in a shard file.
    [[nodiscard]] std::uint64_t end_at() const;        ///< Offset of roots and set.
    [[nodiscard]] std::uint64_t size_bytes() const;    ///< Of a shard file.
};
/// Errors: invalid, naming what is wrong.
Result<void> check(PlainShape const& shape);

struct PlainHeader {
    PlainShape shape;
    int index = 0;  ///< 0 … k+m−1
};
Bytes encode_plain_header(PlainHeader const& header);
/// `bytes`: the first plain_header_bytes of a file, or as many as there are. Errors: invalid (no
/// shard, a later format, what the codec can't do), corrupt (damaged).
Result<PlainHeader> parse_plain_header(ByteView bytes);

/// The root of one shard, from its block checksums in order.
class PlainRoot {
 public:
    void add(std::uint32_t block_checksum);
    [[nodiscard]] std::uint32_t finish(std::uint64_t shard_bytes) const;

 private:
    std::uint32_t crc_ = 0;
};

/// The number that names a set to people. Equal shapes and equal roots make one set; equal names
/// prove nothing.
std::uint32_t plain_set_name(PlainShape const& shape, std::span<std::uint32_t const> roots);

/// The end of a shard file: the roots of the k + m shards, and the set's name that protects them.
Bytes encode_plain_end(PlainShape const& shape, std::span<std::uint32_t const> roots);
/// The roots. `bytes`: from end_at() to the end of the file. Errors: corrupt.
Result<std::vector<std::uint32_t>> parse_plain_end(PlainShape const& shape, ByteView bytes);

}  // namespace disgrafs::erasure
