#pragma once

/// \file wire/message_parts.hpp  The pieces that frames are made of: each written and read in one
/// way.
///
/// Every read_… leaves a ByteReader that is no longer ok() when bytes were missing; whoever reads a
/// whole message asks end_of() once. docs/formats/frames.md has the grammar.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/context.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {

void write(ByteWriter& out, ShardId const& id);  ///< 21 bytes.
ShardId read_shard(ByteReader& in);

void write(ByteWriter& out, ShardPlace const& place);  ///< 29 bytes.
ShardPlace read_place(ByteReader& in);

void write(ByteWriter& out, Ticket const& ticket);  ///< 82 bytes.
Ticket read_ticket(ByteReader& in);

void write(ByteWriter& out, Receipt const& receipt);  ///< 77 bytes.
Receipt read_receipt(ByteReader& in);

void write(ByteWriter& out, std::vector<std::uint32_t> const& blocks);  ///< Count, then each.
std::vector<std::uint32_t> read_blocks(ByteReader& in);

/// The deadline travels as µs left from `now`, since clocks differ; read, it is at most a day away.
void write(ByteWriter& out, Context const& context, Timestamp now);
Context read_context(ByteReader& in, Timestamp now);

/// Errors: invalid, naming `what`, when bytes were missing or are left over.
Result<void> end_of(ByteReader const& in, std::string_view what);

}  // namespace disgrafs::wire
