#pragma once

/// \file erasure/checksum.hpp  CRC32C, by hardware where there is any.
///
/// Castagnoli polynomial 0x1EDC6F41, reflected, init and final xor 0xFFFFFFFF (RFC 3720 B.4):
/// crc32c("123456789") = 0xE3069283.

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"

namespace disgrafs::erasure {

/// Continue from `crc` (0 = start): crc32c(b, crc32c(a)) = crc32c(a ‖ b).
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc = 0);

/// One CRC32C per unit_bytes block of a shard, the last may be short; empty for an empty shard.
std::vector<std::uint32_t> block_checksums(ByteView shard);

/// The root of a shard: CRC32C over its block checksums, little-endian, then its length as u32.
/// What receipts and manifests carry.
std::uint32_t shard_root(std::uint32_t size_bytes, std::vector<std::uint32_t> const& blocks);

}  // namespace disgrafs::erasure
