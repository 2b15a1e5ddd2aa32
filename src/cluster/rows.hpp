#pragma once

/// \file cluster/rows.hpp  The values that the cluster keeps in the store (docs/formats/keys.md).
///
/// Every value starts with a format byte; an unknown one is corrupt, never guessed at. Keys:
/// cluster/keys.hpp. The rows of members and of the cluster itself (C …) are in
/// cluster/members/member_rows.hpp.

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "cluster/contents.hpp"
#include "cluster/keys.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::cluster {

/// M: one stripe. Block checksums of every shard stand here, so that each 64 KiB is checked against
/// the index server's own knowledge before it is used, whoever sent it.
struct StripeRow {
    erasure::Layout layout;
    std::uint32_t content_bytes = 0;    ///< 1 … layout.stripe_bytes().
    std::vector<MemberId> nodes;        ///< k + m; 0: this shard is nowhere (waits for repair).
    std::vector<std::uint32_t> blocks;  ///< Of all shards, one after the other; replicas: once.

    [[nodiscard]] int total() const { return layout.total(); }
    [[nodiscard]] std::uint32_t shard_size(int index) const;
    /// CRC32C per 64 KiB of shard `index`.
    [[nodiscard]] std::span<std::uint32_t const> blocks_of(int index) const;
    [[nodiscard]] std::uint32_t root_of(int index) const;

    friend bool operator==(StripeRow const&, StripeRow const&) = default;
};

/// A run of stripes of one layout: all of `stripe_bytes` content but the last. A content has one
/// run, and one more for each time that nodes went away while it was written.
struct StripeRun {
    erasure::Layout layout;
    std::uint32_t stripe_bytes = 0;   ///< 1 … layout.stripe_bytes().
    std::uint32_t first_stripe = 0;   ///< Numbers between runs may be left out, never used twice.
    std::uint64_t content_bytes = 0;  ///< At least 1.

    [[nodiscard]] std::uint32_t stripe_count() const;
    friend bool operator==(StripeRun const&, StripeRun const&) = default;
};

/// The stripe that holds some byte of a content.
struct StripeSpot {
    std::uint32_t stripe = 0;
    std::uint64_t begin = 0;  ///< Content offset of its first byte.
    std::uint32_t content_bytes = 0;
};

/// V: one content.
struct ContentRow {
    std::uint64_t size_bytes = 0;
    Sha256 sha256{};
    bool is_inline = false;
    Bytes inline_bytes;           ///< The content itself; then the rest is unset.
    UploadId upload;              ///< Whose stripes hold the bytes.
    erasure::Layout wanted;       ///< What every run should have.
    std::vector<StripeRun> runs;  ///< At least one, in the order of the content.

    [[nodiscard]] std::uint64_t stripe_count() const;
    /// The stripe of byte `offset` (below size_bytes; not inline).
    [[nodiscard]] StripeSpot spot_of(std::uint64_t offset) const;
    [[nodiscard]] bool has_stripe(std::uint32_t stripe) const;
    [[nodiscard]] bool is_as_wanted() const;

    friend bool operator==(ContentRow const&, ContentRow const&) = default;
};

inline constexpr std::size_t runs_max = 64;

/// W b: upload ids of this block may have been given out. Once closed, none of them can be
/// committed any more: each commit requires the row as it was when the block was reserved.
struct BlockRow {
    bool is_closed = false;
    Timestamp when;          ///< Of the reservation, or of the closing.
    std::uint32_t size = 0;  ///< Ids in the block.

    friend bool operator==(BlockRow const&, BlockRow const&) = default;
};

/// W u: a positive word about one upload. Without one, its fate follows from V and the block.
struct UploadRow {
    enum class State : std::uint8_t {
        reencode = 1,   ///< Holds, or will hold, the bytes of `content`, which has another id.
        aborted = 2,    ///< Never became content, and never will.
        released = 3,   ///< Was content until `when`.
        collected = 4,  ///< One of the two, and its shards are gone. Stays while its block is open:
                        ///< without it, its old rows could be committed (again).
    };
    State state = State::aborted;
    Timestamp when;
    ContentId content;  ///< reencode.

    friend bool operator==(UploadRow const&, UploadRow const&) = default;
};

/// R s and R c.
struct RepairRow {
    enum class Reason : std::uint8_t {
        short_write = 1,  ///< The put was answered without this shard.
        corrupt = 2,      ///< A checksum did not match.
        missing = 3,      ///< The node does not have it.
        node_out = 4,     ///< The node was given up.
        narrow = 5,       ///< R c: written with fewer nodes than wanted.
    };
    Reason reason = Reason::missing;
    Timestamp since;

    friend bool operator==(RepairRow const&, RepairRow const&) = default;
};

Bytes write_row(BlockRow const& row);
Bytes write_row(UploadRow const& row);
Bytes write_row(StripeRow const& row);
Bytes write_row(ContentRow const& row);
Bytes write_row(RepairRow const& row);

/// Errors: corrupt.
Result<BlockRow> parse_block_row(ByteView value);
Result<UploadRow> parse_upload_row(ByteView value);
Result<StripeRow> parse_stripe_row(ByteView value);
Result<ContentRow> parse_content_row(ByteView value);
Result<RepairRow> parse_repair_row(ByteView value);

}  // namespace disgrafs::cluster
