#include "wire/shard_messages.hpp"

#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "erasure/checksum.hpp"

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

constexpr Timestamp now{1'000'000'000};

// The messages of tests/fixtures/wire/frames-1.hex.

Ticket ticket_of(Verb verb) {
    Ticket ticket;
    ticket.verb = verb;
    ticket.shard = {.upload = {.block = 1, .index = 2}, .stripe = 3, .index = 4};
    ticket.size_max = 100;
    ticket.node = MemberId{5};
    ticket.epoch = 6;
    ticket.expires = Timestamp{1'700'000'000'000'000};
    Key key{};
    key.fill(std::byte{0x11});
    return sign_ticket(ticket, key);
}

Context some_context() {
    Context context;
    context.request_id = "0123456789abcdef";
    context.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    context.user = NodeId{42};
    context.deadline = now + std::chrono::milliseconds(500);
    return context;
}

PutShard some_put() {
    PutShard put;
    put.ticket = ticket_of(Verb::put);
    put.place.id = put.ticket.shard;
    put.place.layout = {.k = 4, .m = 2, .w = 8, .matrix = erasure::Matrix::cauchy};
    put.place.content_bytes = 11;
    put.payload = to_bytes("hello shard");
    put.blocks = erasure::block_checksums(put.payload);
    return put;
}

GetShard some_get() { return {ticket_of(Verb::get), ticket_of(Verb::get).shard, 65536, 131072}; }

Receipt some_receipt() {
    Receipt receipt;
    receipt.shard = ticket_of(Verb::put).shard;
    receipt.node = MemberId{5};
    receipt.size_bytes = 11;
    receipt.root = 0xAABBCCDD;
    receipt.sequence = 77;
    Key key{};
    key.fill(std::byte{0x11});
    receipt.mac = sign_receipt(receipt, key);
    return receipt;
}

ShardRange some_range() {
    ShardRange range;
    range.shard_size_bytes = 70'000;
    range.payload = to_bytes("part of a shard");
    range.blocks = erasure::block_checksums(range.payload);
    return range;
}

ShardList some_list() {
    ShardList list;
    list.more = true;
    ShardEntry entry;
    entry.place = some_put().place;
    entry.size_bytes = 11;
    entry.root = 0xAABBCCDD;
    list.entries.push_back(entry);
    entry.place.id.index = 5;
    entry.is_corrupt = true;
    list.entries.push_back(entry);
    return list;
}

std::map<std::string, Frame> all_messages() {
    auto const remove = RemoveShard{ticket_of(Verb::remove), ticket_of(Verb::remove).shard};
    auto const list = ListShards{ticket_of(Verb::list), {}, 1000};
    auto const refusal = fail(Errc::denied, "ticket: the MAC is wrong").error();
    return {
        {"put", write_call(1, some_context(), now, some_put())},
        {"get", write_call(2, some_context(), now, some_get())},
        {"remove", write_call(3, some_context(), now, remove)},
        {"list", write_call(4, Context{}, now, list)},
        {"ping", Frame{.type = FrameType::ping, .request = 5}},
        {"cancel", Frame{.type = FrameType::cancel, .request = 2}},
        {"put_done", write_answer(1, some_receipt())},
        {"get_done", write_answer(2, some_range())},
        {"remove_done", Frame{.type = FrameType::remove_done, .request = 3}},
        {"list_done", write_answer(4, some_list())},
        {"pong", Frame{.type = FrameType::pong, .request = 5}},
        {"failed", write_failure(1, refusal)},
    };
}

// For ever: a change of these bytes is another version of the format, with a file of its own.
TEST(ShardMessages, BytesAreThoseOfTheGoldenFile) {
    std::ifstream file(DISGRAFS_FIXTURES "/wire/frames-1.hex");
    ASSERT_TRUE(file) << "no golden file";
    std::map<std::string, std::string> golden;
    for (std::string name, hex; file >> name >> hex;) golden[name] = hex;
    EXPECT_EQ(golden.size(), all_messages().size());
    for (auto const& [name, frame] : all_messages()) {
        EXPECT_EQ(golden[name], to_hex(write_frame(frame))) << name;
    }
}

TEST(ShardMessages, PutComesThrough) {
    auto const call = parse_put(write_call(1, some_context(), now, some_put()), Timestamp{5'000});
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_EQ(call->context.request_id, some_context().request_id);
    EXPECT_EQ(call->context.traceparent, some_context().traceparent);
    EXPECT_EQ(call->context.user, some_context().user);
    EXPECT_EQ(call->context.deadline, Timestamp{505'000}) << "time left, by the receiver's clock";
    EXPECT_EQ(ticket_bytes(call->message.ticket), ticket_bytes(some_put().ticket));
    EXPECT_EQ(call->message.place, some_put().place);
    EXPECT_EQ(call->message.blocks, some_put().blocks);
    EXPECT_EQ(call->message.payload, some_put().payload);
}

TEST(ShardMessages, OtherCallsComeThrough) {
    auto const get = parse_get(write_call(2, some_context(), now, some_get()), now);
    ASSERT_TRUE(get) << get.error().message;
    EXPECT_EQ(get->message.shard, some_get().shard);
    EXPECT_EQ(get->message.offset, 65536U);
    EXPECT_EQ(get->message.size_bytes, 131072U);
    EXPECT_EQ(get->context.deadline, some_context().deadline);

    auto const remove = RemoveShard{ticket_of(Verb::remove), some_get().shard};
    auto const removed = parse_remove(write_call(3, Context{}, now, remove), now);
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_EQ(removed->message.shard, some_get().shard);
    EXPECT_EQ(removed->context.deadline, Timestamp{}) << "no deadline";

    auto const list = ListShards{ticket_of(Verb::list), some_get().shard, 17};
    auto const listed = parse_list(write_call(4, some_context(), now, list), now);
    ASSERT_TRUE(listed) << listed.error().message;
    EXPECT_EQ(listed->message.after, some_get().shard);
    EXPECT_EQ(listed->message.limit, 17U);
}

TEST(ShardMessages, AnswersComeThrough) {
    auto const receipt = parse_receipt(write_answer(1, some_receipt()));
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt_bytes(*receipt), receipt_bytes(some_receipt()));

    auto const range = parse_range(write_answer(2, some_range()));
    ASSERT_TRUE(range) << range.error().message;
    EXPECT_EQ(range->shard_size_bytes, some_range().shard_size_bytes);
    EXPECT_EQ(range->blocks, some_range().blocks);
    EXPECT_EQ(range->payload, some_range().payload);

    auto const list = parse_shard_list(write_answer(4, some_list()));
    ASSERT_TRUE(list) << list.error().message;
    ASSERT_EQ(list->entries.size(), 2U);
    EXPECT_TRUE(list->more);
    EXPECT_FALSE(list->entries[0].is_corrupt);
    EXPECT_TRUE(list->entries[1].is_corrupt);
    EXPECT_EQ(list->entries[1].place.id.index, 5);
    EXPECT_EQ(list->entries[1].root, 0xAABBCCDDU);
}

TEST(ShardMessages, EveryErrorCodeComesThroughWithItsMessage) {
    for (auto const code :
         {Errc::invalid,
          Errc::denied,
          Errc::not_found,
          Errc::conflict,
          Errc::exhausted,
          Errc::corrupt,
          Errc::unavailable,
          Errc::cancelled,
          Errc::io}) {
        auto const sent = fail(code, "because 因为").error();
        auto const read = parse_receipt(write_failure(9, sent));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, code);
        EXPECT_EQ(read.error().message, "because 因为");
    }
    auto const endless = fail(Errc::io, "{}", std::string(1 << 20, 'x')).error();
    EXPECT_LT(write_failure(9, endless).control.size(), 1100U);
}

TEST(ShardMessages, AnswerOfAnotherTypeIsInvalid) {
    auto const read = parse_receipt(Frame{.type = FrameType::pong, .request = 1});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::invalid);
}

TEST(ShardMessages, PayloadThatDoesNotMatchItsBlocksIsCorrupt) {
    auto frame = write_answer(2, some_range());
    frame.payload[3] ^= std::byte{1};
    auto const read = parse_range(frame);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::corrupt);
}

std::string problem_of(PutShard put) {
    auto const result = parse_put(write_call(1, Context{}, now, std::move(put)), now);
    if (result) return "";
    EXPECT_EQ(result.error().code, Errc::invalid);
    return result.error().message;
}

TEST(ShardMessages, PutThatContradictsItselfIsInvalid) {
    auto put = some_put();
    put.blocks.push_back(1);
    EXPECT_THAT(problem_of(put), HasSubstr("2 block checksums for 11 bytes"));
    put = some_put();
    put.place.content_bytes = 10;
    EXPECT_THAT(problem_of(put), HasSubstr("11 bytes, the place says 10"));
    put = some_put();
    put.place.content_bytes = 0;
    EXPECT_THAT(problem_of(put), HasSubstr("stripe of 0 bytes"));
    put = some_put();
    put.place.id.index = 6;
    EXPECT_THAT(problem_of(put), HasSubstr("shard 6 of 6"));
    put = some_put();
    put.place.layout.k = 0;
    EXPECT_NE(problem_of(put), "");
}

TEST(ShardMessages, EveryTruncationOfEveryControlIsInvalid) {
    auto const refused = [](Frame const& frame) -> bool {
        switch (frame.type) {
            case FrameType::put:
                return !parse_put(frame, now);
            case FrameType::get:
                return !parse_get(frame, now);
            case FrameType::remove:
                return !parse_remove(frame, now);
            case FrameType::list:
                return !parse_list(frame, now);
            case FrameType::put_done:
                return !parse_receipt(frame);
            case FrameType::get_done:
                return !parse_range(frame);
            case FrameType::list_done:
                return !parse_shard_list(frame);
            default:
                return true;
        }
    };
    for (auto const& [name, frame] : all_messages()) {
        for (std::size_t size = 0; size < frame.control.size(); ++size) {
            auto shorter = frame;
            shorter.control.resize(size);
            EXPECT_TRUE(refused(shorter)) << name << " cut to " << size;
        }
        auto longer = frame;
        longer.control.push_back(std::byte{0});
        EXPECT_TRUE(refused(longer)) << name;
    }
}

TEST(ShardMessages, ListLimitsAndCountsAreChecked) {
    auto const list = ListShards{ticket_of(Verb::list), {}, list_limit_max + 1};
    EXPECT_FALSE(parse_list(write_call(4, Context{}, now, list), now));
    auto answer = write_answer(4, some_list());
    answer.control[0] = std::byte{3};
    EXPECT_FALSE(parse_shard_list(answer)) << "more entries than bytes";
    answer.control[0] = std::byte{1};
    EXPECT_FALSE(parse_shard_list(answer)) << "bytes left over";
    answer.control[3] = std::byte{0xFF};
    EXPECT_FALSE(parse_shard_list(answer)) << "a count that would fill the memory";
}

TEST(ShardMessages, PassedDeadlineStaysADeadline) {
    auto context = some_context();
    context.deadline = now + std::chrono::seconds(-5);
    auto const get = parse_get(write_call(2, context, now, some_get()), now);
    ASSERT_TRUE(get);
    EXPECT_EQ(get->context.deadline, now + Duration(1));
}

TEST(Ticket, BytesComeThroughAndMustBeWhole) {
    auto const bytes = ticket_bytes(ticket_of(Verb::put));
    EXPECT_EQ(bytes.size(), 82U);
    auto const ticket = parse_ticket(bytes);
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket_bytes(*ticket), bytes);
    EXPECT_FALSE(parse_ticket(ByteView(bytes).first(81)));
}

}  // namespace
}  // namespace disgrafs::wire
