#pragma once

/// \file wire/shard_service.hpp  What a storage node does for others: one contract, four
/// implementations.
///
/// The server (storage/), the client stub (wire/shard_client.hpp), the fake of unit tests and the
/// faulty one of simulation. Messages and example bytes: docs/formats/frames.md.
///
/// Every request carries a ticket: the index server's permission for exactly this act on exactly
/// this node (wire/ticket.hpp). A node needs nobody else to decide.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/context.hpp"
#include "base/ids.hpp"
#include "erasure/layout.hpp"
#include "io/task.hpp"
#include "wire/ticket.hpp"

namespace disgrafs::wire {

/// Where a shard stands in its stripe; written into every record, so that headers alone can rebuild
/// the manifest.
struct ShardPlace {
    ShardId id;
    erasure::Layout layout;
    std::uint32_t content_bytes = 0;  ///< Of the whole stripe, 1 … layout.stripe_bytes().

    friend bool operator==(ShardPlace const&, ShardPlace const&) = default;
};

struct PutShard {
    Ticket ticket;  ///< Verb put.
    ShardPlace place;
    std::vector<std::uint32_t> blocks;  ///< CRC32C per 64 KiB of payload, made by the sender.
    Bytes payload;                      ///< shard_bytes(layout, content_bytes, index) bytes.
};

/// A node's word that a shard is on its disk, after the covering fdatasync; signed with the node's
/// key (wire/ticket.hpp: sign_receipt).
struct Receipt {
    ShardId shard;
    MemberId node;
    std::uint32_t size_bytes = 0;
    std::uint32_t root = 0;      ///< erasure::shard_root of size and blocks.
    std::uint64_t sequence = 0;  ///< Of the node's log; grows with every record.
    Mac mac;
};

struct GetShard {
    Ticket ticket;  ///< Verb get.
    ShardId shard;
    std::uint32_t offset = 0;      ///< Multiple of 64 KiB.
    std::uint32_t size_bytes = 0;  ///< 0: to the end. Else a multiple of 64 KiB, or to the end.
};

/// Verified by the node before it was sent; the receiver verifies again with `blocks`.
struct ShardRange {
    std::uint32_t shard_size_bytes = 0;
    std::vector<std::uint32_t> blocks;  ///< CRC32C of each 64 KiB in `payload`.
    Bytes payload;
};

struct ListShards {
    Ticket ticket;  ///< Verb list.
    ShardId after;  ///< Exclusive; zero: from the first.
    std::uint32_t limit = 1000;
};

struct ShardEntry {
    ShardPlace place;
    std::uint32_t size_bytes = 0;
    std::uint32_t root = 0;
    bool is_corrupt = false;  ///< Known to be unreadable.
};

struct ShardList {
    std::vector<ShardEntry> entries;  ///< Ascending by id.
    bool more = false;
};

class ShardService {
 public:
    virtual ~ShardService() = default;

    /// Durable when it completes. The same bytes again give a receipt again. Errors: conflict
    /// (other bytes under this id), denied (ticket), corrupt (payload against blocks), exhausted
    /// (disk full), io, unavailable.
    virtual Task<Receipt> put(Context context, PutShard request) = 0;
    /// Errors: not_found, corrupt, denied, invalid (range), io, unavailable.
    virtual Task<ShardRange> get(Context context, GetShard request) = 0;
    /// Forget a shard, for ever: a later put of this id is refused (conflict). Durable. Unknown ids
    /// succeed. Ticket verb remove.
    virtual Task<void> remove(Context context, Ticket ticket, ShardId shard) = 0;
    virtual Task<ShardList> list(Context context, ListShards request) = 0;
};

}  // namespace disgrafs::wire
