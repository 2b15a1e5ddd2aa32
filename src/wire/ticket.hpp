#pragma once

/// \file wire/ticket.hpp  Permission for one act on one node, and a node's word that it was done.
///
/// Both are HMAC-SHA256 (RFC 2104) with the node's own key, which the index server gave it when it
/// joined; the index server keeps all keys, a node only its own. Compared in constant time.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::wire {

using Key = std::array<std::byte, 32>;
using Mac = std::array<std::byte, 32>;

enum class Verb : std::uint8_t { put = 1, get = 2, remove = 3, list = 4 };

struct Ticket {
    Verb verb = Verb::get;
    ShardId shard;               ///< Zero for list.
    std::uint32_t size_max = 0;  ///< put: at most so many payload bytes.
    MemberId node;
    std::uint64_t epoch = 0;  ///< Of the cluster map when it was written.
    Timestamp expires;
    Mac mac{};
};

/// Fills `mac`.
Ticket sign_ticket(Ticket ticket, Key const& key);

struct TicketCheck {
    Verb verb;
    ShardId shard;
    std::uint32_t size_bytes = 0;
    MemberId node;                  ///< Who checks.
    std::uint64_t epoch_least = 0;  ///< Older tickets are refused: the map has changed.
    Timestamp now;
};
/// Errors: denied, saying which of MAC, verb, shard, length, node, epoch or expiry is wrong.
Result<void> check_ticket(Ticket const& ticket, TicketCheck const& check, Key const& key);

struct Receipt;  // wire/shard_service.hpp
Mac sign_receipt(Receipt const& receipt, Key const& key);
bool is_signed(Receipt const& receipt, Key const& key);

Mac hmac_sha256(ByteView message, ByteView key);
/// In constant time.
bool equal_secret(ByteView a, ByteView b);

}  // namespace disgrafs::wire
