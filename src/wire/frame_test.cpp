#include "wire/frame.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

Frame some_frame(FrameType type, std::string_view payload) {
    Frame frame;
    frame.type = type;
    frame.request = 0x0102030405060708;
    frame.control = to_bytes("control");
    frame.payload = to_bytes(payload);
    return frame;
}

std::string problem_of(Bytes message, Errc code) {
    auto const result = parse_frame(std::move(message));
    if (result) return "";
    EXPECT_EQ(result.error().code, code) << result.error().message;
    return result.error().message;
}

TEST(Frame, ReadsWhatWasWritten) {
    for (auto const type : {FrameType::put, FrameType::list_done, FrameType{0x42}}) {
        auto const frame = some_frame(type, "the payload");
        auto const read = parse_frame(write_frame(frame));
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->type, frame.type);
        EXPECT_EQ(read->request, frame.request);
        EXPECT_EQ(read->control, frame.control);
        EXPECT_EQ(read->payload, frame.payload);
    }
}

TEST(Frame, EmptyControlAndPayloadAreAHeadOnly) {
    Frame frame;
    frame.request = 1;
    auto const bytes = write_frame(frame);
    EXPECT_EQ(bytes.size(), frame_head_bytes);
    EXPECT_TRUE(parse_frame(bytes));
}

// Every single flipped bit of head and control is found; in a payload, when the head has its
// checksum (block checksums are the business of those who know the message).
TEST(Frame, AnyFlippedBitIsFound) {
    auto const whole = write_frame(some_frame(FrameType::list_done, "payload"));
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        auto changed = whole;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_FALSE(parse_frame(changed)) << "bit " << bit;
    }
    auto const put = write_frame(some_frame(FrameType::put, "payload"));
    auto const start = write_start(some_frame(FrameType::put, "payload")).size();
    for (std::size_t bit = 0; bit < 8 * start; ++bit) {
        auto changed = put;
        changed[bit / 8] ^= std::byte{1} << (bit % 8);
        EXPECT_FALSE(parse_frame(changed)) << "bit " << bit;
    }
}

TEST(Frame, WrongChecksumIsCorrupt) {
    auto message = write_frame(some_frame(FrameType::ping, ""));
    message.back() ^= std::byte{1};
    EXPECT_THAT(problem_of(message, Errc::corrupt), HasSubstr("checksum"));
    message = write_frame(some_frame(FrameType::list_done, "payload"));
    message.back() ^= std::byte{1};
    EXPECT_THAT(problem_of(message, Errc::corrupt), HasSubstr("payload checksum"));
}

TEST(Frame, EveryTruncationAndOneByteMoreAreInvalid) {
    auto const whole = write_frame(some_frame(FrameType::put, "payload"));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Bytes const part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_NE(problem_of(part, Errc::invalid), "") << size;
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_THAT(problem_of(longer, Errc::invalid), HasSubstr("its head says"));
}

/// A head with one field replaced; its checksum is not made right, since sizes are judged before.
Bytes head_with(std::size_t at, std::initializer_list<std::uint8_t> bytes) {
    auto head = write_start(Frame{});
    for (auto const byte : bytes) head[at++] = std::byte{byte};
    return head;
}

TEST(Frame, WrongHeadsAreRefusedBeforeAnythingIsAllocated) {
    struct Case {
        Bytes head;
        std::string_view problem;
    };
    for (auto const& each : {
             Case{head_with(0, {'G'}), "does not begin with DGF1"},
             Case{head_with(4, {2}), "of version 2"},
             Case{head_with(6, {2}), "unknown flags"},
             Case{head_with(16, {1, 0x40}), "control of 16385 bytes"},
             Case{head_with(16, {0xFF, 0xFF, 0xFF, 0xFF}), "control of 4294967295 bytes"},
             Case{
                 head_with(6, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x40, 0}),
                 "payload of 4194305 bytes"
             },
             Case{head_with(20, {1}), "payload without checksum"},
         }) {
        auto const result = read_head(each.head);
        ASSERT_FALSE(result) << each.problem;
        EXPECT_EQ(result.error().code, Errc::invalid);
        EXPECT_THAT(result.error().message, HasSubstr(each.problem));
    }
}

}  // namespace
}  // namespace disgrafs::wire
