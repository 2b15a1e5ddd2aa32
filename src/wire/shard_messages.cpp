#include "wire/shard_messages.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "wire/message_parts.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t failure_bytes_max = 1024;

/// Numbers on the wire never change; Errc may.
constexpr std::array error_numbers{
    Errc::invalid,
    Errc::denied,
    Errc::not_found,
    Errc::conflict,
    Errc::exhausted,
    Errc::corrupt,
    Errc::unavailable,
    Errc::cancelled,
    Errc::io,
};

std::uint8_t number_of(Errc code) {
    auto const* const found = std::ranges::find(error_numbers, code);
    DISGRAFS_ASSERT(found != error_numbers.end(), "error {} has no number", static_cast<int>(code));
    return static_cast<std::uint8_t>(found - error_numbers.begin() + 1);
}

std::size_t block_count(std::size_t size) {
    return (size + erasure::unit_bytes - 1) / erasure::unit_bytes;
}

Result<void> check_block_count(std::size_t blocks, std::size_t payload_bytes) {
    if (blocks == block_count(payload_bytes)) return {};
    return fail(
        Errc::invalid, "frame: {} block checksums for {} bytes of payload", blocks, payload_bytes
    );
}

ByteWriter start_call(Context const& context, Timestamp now, Ticket const& ticket) {
    ByteWriter out;
    write(out, context, now);
    write(out, ticket);
    return out;
}

Frame frame_of(FrameType type, std::uint64_t request, ByteWriter control, Bytes payload = {}) {
    Frame frame;
    frame.type = type;
    frame.request = request;
    frame.control = control.take();
    frame.payload = std::move(payload);
    return frame;
}

Result<void> no_payload(Frame const& frame) {
    if (frame.payload.empty()) return {};
    return fail(Errc::invalid, "frame: type {:#x} has no payload", static_cast<int>(frame.type));
}

/// The error that a frame of type failed carries; otherwise whether it is of the wanted type.
Result<void> check_answer(Frame const& frame, FrameType wanted) {
    if (frame.type == wanted) return {};
    if (frame.type != FrameType::failed) {
        return fail(
            Errc::invalid,
            "frame: answer of type {:#x}, not {:#x}",
            static_cast<int>(frame.type),
            static_cast<int>(wanted)
        );
    }
    return std::unexpected(parse_failure(frame));
}

}  // namespace

Frame write_call(std::uint64_t request, Context const& context, Timestamp now, PutShard message) {
    auto out = start_call(context, now, message.ticket);
    write(out, message.place);
    write(out, message.blocks);
    return frame_of(FrameType::put, request, std::move(out), std::move(message.payload));
}

Frame write_call(
    std::uint64_t request, Context const& context, Timestamp now, GetShard const& message
) {
    auto out = start_call(context, now, message.ticket);
    write(out, message.shard);
    out.u32(message.offset).u32(message.size_bytes);
    return frame_of(FrameType::get, request, std::move(out));
}

Frame write_call(
    std::uint64_t request, Context const& context, Timestamp now, RemoveShard const& message
) {
    auto out = start_call(context, now, message.ticket);
    write(out, message.shard);
    return frame_of(FrameType::remove, request, std::move(out));
}

Frame write_call(
    std::uint64_t request, Context const& context, Timestamp now, ListShards const& message
) {
    auto out = start_call(context, now, message.ticket);
    write(out, message.after);
    out.u32(message.limit);
    return frame_of(FrameType::list, request, std::move(out));
}

Result<Call<PutShard>> parse_put(Frame frame, Timestamp now) {
    ByteReader in(frame.control);
    Call<PutShard> call;
    call.context = read_context(in, now);
    call.message.ticket = read_ticket(in);
    call.message.place = read_place(in);
    call.message.blocks = read_blocks(in);
    TRY_OK(end_of(in, "put"));
    TRY_OK(check_block_count(call.message.blocks.size(), frame.payload.size()));
    TRY_OK(erasure::check_stored(call.message.place.layout));
    auto const& place = call.message.place;
    if (place.content_bytes == 0 || place.content_bytes > place.layout.stripe_bytes()) {
        return fail(Errc::invalid, "put: a stripe of {} bytes", place.content_bytes);
    }
    if (place.id.index >= place.layout.total()) {
        return fail(Errc::invalid, "put: shard {} of {}", place.id.index, place.layout.total());
    }
    auto const size = erasure::shard_bytes(place.layout, place.content_bytes, place.id.index);
    if (size != frame.payload.size()) {
        return fail(Errc::invalid, "put: {} bytes, the place says {}", frame.payload.size(), size);
    }
    call.message.payload = std::move(frame.payload);
    return call;
}

Result<Call<GetShard>> parse_get(Frame const& frame, Timestamp now) {
    ByteReader in(frame.control);
    Call<GetShard> call;
    call.context = read_context(in, now);
    call.message.ticket = read_ticket(in);
    call.message.shard = read_shard(in);
    call.message.offset = in.u32();
    call.message.size_bytes = in.u32();
    TRY_OK(end_of(in, "get"));
    TRY_OK(no_payload(frame));
    return call;
}

Result<Call<RemoveShard>> parse_remove(Frame const& frame, Timestamp now) {
    ByteReader in(frame.control);
    Call<RemoveShard> call;
    call.context = read_context(in, now);
    call.message.ticket = read_ticket(in);
    call.message.shard = read_shard(in);
    TRY_OK(end_of(in, "remove"));
    TRY_OK(no_payload(frame));
    return call;
}

Result<Call<ListShards>> parse_list(Frame const& frame, Timestamp now) {
    ByteReader in(frame.control);
    Call<ListShards> call;
    call.context = read_context(in, now);
    call.message.ticket = read_ticket(in);
    call.message.after = read_shard(in);
    call.message.limit = in.u32();
    TRY_OK(end_of(in, "list"));
    TRY_OK(no_payload(frame));
    if (call.message.limit == 0 || call.message.limit > list_limit_max) {
        return fail(
            Errc::invalid, "list: a limit of {}, 1 … {}", call.message.limit, list_limit_max
        );
    }
    return call;
}

Frame write_answer(std::uint64_t request, Receipt const& receipt) {
    ByteWriter out;
    write(out, receipt);
    return frame_of(FrameType::put_done, request, std::move(out));
}

Frame write_answer(std::uint64_t request, ShardRange range) {
    ByteWriter out;
    out.u32(range.shard_size_bytes);
    write(out, range.blocks);
    return frame_of(FrameType::get_done, request, std::move(out), std::move(range.payload));
}

Frame write_answer(std::uint64_t request, ShardList const& list) {
    DISGRAFS_ASSERT(list.entries.size() <= list_limit_max, "{} entries", list.entries.size());
    ByteWriter entries;
    for (auto const& entry : list.entries) {
        write(entries, entry.place);
        entries.u32(entry.size_bytes).u32(entry.root).u8(entry.is_corrupt ? 1 : 0);
    }
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(list.entries.size())).u8(list.more ? 1 : 0);
    return frame_of(FrameType::list_done, request, std::move(out), entries.take());
}

Frame write_failure(std::uint64_t request, Error const& error) {
    ByteWriter out;
    auto const message = std::string_view(error.message).substr(0, failure_bytes_max);
    out.u8(number_of(error.code)).text(message);
    return frame_of(FrameType::failed, request, std::move(out));
}

Error parse_failure(Frame const& frame) {
    ByteReader in(frame.control);
    auto const number = in.u8();
    auto const message = in.run();
    if (auto const ended = end_of(in, "failure"); !ended) return ended.error();
    bool const is_known = number >= 1 && number <= error_numbers.size();
    auto const code = is_known ? error_numbers[number - 1U] : Errc::io;
    return fail(code, "{}", as_text(message)).error();
}

Result<Receipt> parse_receipt(Frame const& frame) {
    TRY_OK(check_answer(frame, FrameType::put_done));
    TRY_OK(no_payload(frame));
    return parse_receipt(ByteView(frame.control));
}

Result<ShardRange> parse_range(Frame frame) {
    TRY_OK(check_answer(frame, FrameType::get_done));
    ByteReader in(frame.control);
    ShardRange range;
    range.shard_size_bytes = in.u32();
    range.blocks = read_blocks(in);
    TRY_OK(end_of(in, "range"));
    TRY_OK(check_block_count(range.blocks.size(), frame.payload.size()));
    if (erasure::block_checksums(frame.payload) != range.blocks) {
        return fail(Errc::corrupt, "range: the payload does not match its block checksums");
    }
    range.payload = std::move(frame.payload);
    return range;
}

Result<void> parse_removed(Frame const& frame) {
    TRY_OK(check_answer(frame, FrameType::remove_done));
    return no_payload(frame);
}

Result<ShardList> parse_shard_list(Frame const& frame) {
    TRY_OK(check_answer(frame, FrameType::list_done));
    ByteReader head(frame.control);
    auto const count = head.u32();
    ShardList list;
    list.more = head.u8() != 0;
    TRY_OK(end_of(head, "list"));
    if (count > list_limit_max) return fail(Errc::invalid, "list: {} entries", count);
    list.entries.reserve(count);
    ByteReader in(frame.payload);
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        ShardEntry entry;
        entry.place = read_place(in);
        entry.size_bytes = in.u32();
        entry.root = in.u32();
        entry.is_corrupt = in.u8() != 0;
        list.entries.push_back(entry);
    }
    TRY_OK(end_of(in, "list"));
    return list;
}

Bytes ticket_bytes(Ticket const& ticket) {
    ByteWriter out;
    write(out, ticket);
    return out.take();
}

Result<Ticket> parse_ticket(ByteView bytes) {
    ByteReader in(bytes);
    auto const ticket = read_ticket(in);
    TRY_OK(end_of(in, "ticket"));
    return ticket;
}

Bytes receipt_bytes(Receipt const& receipt) {
    ByteWriter out;
    write(out, receipt);
    return out.take();
}

Result<Receipt> parse_receipt(ByteView bytes) {
    ByteReader in(bytes);
    auto const receipt = read_receipt(in);
    TRY_OK(end_of(in, "receipt"));
    return receipt;
}

}  // namespace disgrafs::wire
