#include "wire/message_parts.hpp"

#include <algorithm>
#include <chrono>

#include "erasure/layout.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t word_bytes_max = 256;
constexpr auto left_us_max = static_cast<std::uint64_t>(Duration(std::chrono::hours(24)).count());

void write_mac(ByteWriter& out, Mac const& mac) { out.raw(mac); }

Mac read_mac(ByteReader& in) {
    Mac mac{};
    std::ranges::copy(in.raw(mac.size()), mac.begin());
    return mac;
}

void make_bad(ByteReader& in) { in.raw(in.left() + 1); }

std::string read_word(ByteReader& in) {
    auto const run = in.run();
    if (run.size() > word_bytes_max) {
        make_bad(in);
        return {};
    }
    return std::string(as_text(run));
}

}  // namespace

void write(ByteWriter& out, ShardId const& id) {
    out.u64(id.upload.block).u64(id.upload.index).u32(id.stripe).u8(id.index);
}

ShardId read_shard(ByteReader& in) {
    ShardId id;
    id.upload.block = in.u64();
    id.upload.index = in.u64();
    id.stripe = in.u32();
    id.index = in.u8();
    return id;
}

void write(ByteWriter& out, ShardPlace const& place) {
    write(out, place.id);
    erasure::write(out, place.layout);
    out.u32(place.content_bytes);
}

ShardPlace read_place(ByteReader& in) {
    ShardPlace place;
    place.id = read_shard(in);
    place.layout = erasure::read_layout(in);
    place.content_bytes = in.u32();
    return place;
}

void write(ByteWriter& out, Ticket const& ticket) {
    out.u8(static_cast<std::uint8_t>(ticket.verb));
    write(out, ticket.shard);
    out.u32(ticket.size_max).u64(ticket.node.value).u64(ticket.epoch);
    out.u64(static_cast<std::uint64_t>(ticket.expires.us));
    write_mac(out, ticket.mac);
}

Ticket read_ticket(ByteReader& in) {
    Ticket ticket;
    ticket.verb = Verb{in.u8()};
    ticket.shard = read_shard(in);
    ticket.size_max = in.u32();
    ticket.node.value = in.u64();
    ticket.epoch = in.u64();
    ticket.expires.us = static_cast<std::int64_t>(in.u64());
    ticket.mac = read_mac(in);
    return ticket;
}

void write(ByteWriter& out, Receipt const& receipt) {
    write(out, receipt.shard);
    out.u64(receipt.node.value).u32(receipt.size_bytes).u32(receipt.root).u64(receipt.sequence);
    write_mac(out, receipt.mac);
}

Receipt read_receipt(ByteReader& in) {
    Receipt receipt;
    receipt.shard = read_shard(in);
    receipt.node.value = in.u64();
    receipt.size_bytes = in.u32();
    receipt.root = in.u32();
    receipt.sequence = in.u64();
    receipt.mac = read_mac(in);
    return receipt;
}

void write(ByteWriter& out, std::vector<std::uint32_t> const& blocks) {
    out.varint(blocks.size());
    for (auto const block : blocks) out.u32(block);
}

std::vector<std::uint32_t> read_blocks(ByteReader& in) {
    auto const count = in.varint();
    if (count > in.left() / sizeof(std::uint32_t)) {
        make_bad(in);
        return {};
    }
    std::vector<std::uint32_t> blocks(count);
    for (auto& block : blocks) block = in.u32();
    return blocks;
}

void write(ByteWriter& out, Context const& context, Timestamp now) {
    auto const cut = [](std::string_view text) { return text.substr(0, word_bytes_max); };
    auto const left = std::max<std::int64_t>(1, (context.deadline - now).count());
    out.text(cut(context.request_id)).text(cut(context.traceparent)).u64(context.user.value);
    out.u64(context.deadline.us == 0 ? 0 : static_cast<std::uint64_t>(left));
}

Context read_context(ByteReader& in, Timestamp now) {
    Context context;
    context.request_id = read_word(in);
    context.traceparent = read_word(in);
    context.user.value = in.u64();
    auto const left = std::min(in.u64(), left_us_max);
    if (left != 0) context.deadline = now + Duration(left);
    return context;
}

Result<void> end_of(ByteReader const& in, std::string_view what) {
    if (!in.ok())
        return fail(Errc::invalid, "{}: the message is too short, or a field too long", what);
    if (!in.at_end()) return fail(Errc::invalid, "{}: {} bytes too many", what, in.left());
    return {};
}

}  // namespace disgrafs::wire
