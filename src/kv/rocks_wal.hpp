#pragma once

/// \file kv/rocks_wal.hpp  Tells the torn tail of RocksDB's write-ahead log from damage before it.
///
/// RocksDB alone cannot: in one mode it drops everything behind a flipped bit in silence, in
/// another a power loss that kept the pages of the last write out of order keeps it from opening.
/// We know more than it does: each group of commits is one record, synced before the next is begun.
/// So a damaged record behind which another record begins was acknowledged, and that is corruption;
/// one that is the last was not, and is cut off before RocksDB sees it.
///
/// Format of the log: blocks of 32 KiB, each a row of fragments
///     fragment = masked crc32c u32 | length u16 | type u8 (full, first, middle, last) | payload
/// (RocksDB wiki, "Write Ahead Log File Format"; the recyclable kind is not used).

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace rocksdb {
class Env;
}

namespace disgrafs::kv {

inline constexpr std::size_t wal_block_bytes = 32U << 10U;

/// Reads a log block by block.
class WalCheck {
 public:
    /// The next block: wal_block_bytes, less only at the end.
    void add(ByteView block);

    /// Bytes up to the end of the last whole record.
    [[nodiscard]] std::uint64_t whole_bytes() const { return whole_bytes_; }
    /// Something else follows them.
    [[nodiscard]] bool is_torn() const { return is_damaged_ || is_in_record_; }
    /// A record begins behind the damage.
    [[nodiscard]] bool is_corrupt() const { return is_corrupt_; }

 private:
    bool take(std::uint8_t type, std::uint64_t end);

    std::uint64_t at_ = 0;  ///< Where the next block begins.
    std::uint64_t whole_bytes_ = 0;
    bool is_in_record_ = false;
    bool is_damaged_ = false;
    bool is_corrupt_ = false;
};

/// Checks all logs in `folder`, and cuts the torn tail of the last one off. An absent folder is
/// whole. Errors: corrupt (names the file), io.
Result<void> mend_wals(rocksdb::Env& env, std::string const& folder);

}  // namespace disgrafs::kv
