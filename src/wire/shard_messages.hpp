#pragma once

/// \file wire/shard_messages.hpp  The messages of ShardService as frames, and back.
///
/// docs/formats/frames.md has their grammar and example bytes; tests/fixtures/wire/ keeps them.
/// What is read is foreign: every parse checks lengths and ranges, and says what is wrong.

#include <cstdint>

#include "base/bytes.hpp"
#include "base/context.hpp"
#include "base/time.hpp"
#include "wire/frame.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {

struct RemoveShard {
    Ticket ticket;  ///< Verb remove.
    ShardId shard;
};

/// A request with its context. On the wire the deadline is the time left, since clocks differ.
template <typename Message>
struct Call {
    Context context;
    Message message;
};

/// `now` is the sender's clock when writing, the receiver's when parsing.
Frame write_call(std::uint64_t request, Context const& context, Timestamp now, PutShard message);
Frame write_call(std::uint64_t request, Context const& context, Timestamp now, GetShard const&);
Frame write_call(std::uint64_t request, Context const& context, Timestamp now, RemoveShard const&);
Frame write_call(std::uint64_t request, Context const& context, Timestamp now, ListShards const&);

/// Errors: invalid. (Payload against blocks is the service's to compare.)
Result<Call<PutShard>> parse_put(Frame frame, Timestamp now);
Result<Call<GetShard>> parse_get(Frame const& frame, Timestamp now);
Result<Call<RemoveShard>> parse_remove(Frame const& frame, Timestamp now);
Result<Call<ListShards>> parse_list(Frame const& frame, Timestamp now);

Frame write_answer(std::uint64_t request, Receipt const& receipt);
Frame write_answer(std::uint64_t request, ShardRange range);
Frame write_answer(std::uint64_t request, ShardList const& list);
Frame write_failure(std::uint64_t request, Error const& error);
/// The error that a frame of type failed carries.
Error parse_failure(Frame const& frame);

/// Errors: what the other side answered (type failed); corrupt (payload against blocks); invalid.
Result<Receipt> parse_receipt(Frame const& frame);
Result<ShardRange> parse_range(Frame frame);
Result<void> parse_removed(Frame const& frame);
Result<ShardList> parse_shard_list(Frame const& frame);

/// A ticket or receipt by itself, for clients that pass it on as it is. Errors: invalid.
Bytes ticket_bytes(Ticket const& ticket);
Result<Ticket> parse_ticket(ByteView bytes);
Bytes receipt_bytes(Receipt const& receipt);
Result<Receipt> parse_receipt(ByteView bytes);

/// The most entries of one list answer.
inline constexpr std::uint32_t list_limit_max = 10'000;

}  // namespace disgrafs::wire
