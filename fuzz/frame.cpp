/// \file fuzz/frame.cpp  Frames and the messages in them, as a peer may send them.
///
/// Random bytes never pass a checksum, so the input is taken twice: as it is, and as the parts of a
/// frame whose checksums are made right: type, length of control (two bytes), control, payload.

#include "wire/frame.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "wire/json.hpp"
#include "wire/member_service.hpp"
#include "wire/shard_messages.hpp"
#include "wire/work_service.hpp"

namespace disgrafs::wire {
namespace {

constexpr Timestamp now{1'000'000'000};

void parse_as_every_message(Frame const& frame) {
    if (auto const put = parse_put(frame, now)) {
        auto const again = write_call(frame.request, put->context, now, put->message);
        DISGRAFS_ASSERT(parse_put(again, now), "a put cannot be read again");
        DISGRAFS_ASSERT(put->message.payload == frame.payload, "the payload changed");
    }
    if (auto const get = parse_get(frame, now)) {
        auto const again = write_call(frame.request, get->context, now, get->message);
        DISGRAFS_ASSERT(parse_get(again, now), "a get cannot be read again");
    }
    static_cast<void>(parse_remove(frame, now));
    static_cast<void>(parse_list(frame, now));
    static_cast<void>(parse_receipt(frame));
    static_cast<void>(parse_range(frame));
    static_cast<void>(parse_removed(frame));
    static_cast<void>(parse_failure(frame));
    if (auto const list = parse_shard_list(frame)) {
        DISGRAFS_ASSERT(list->entries.size() <= list_limit_max, "{}", list->entries.size());
        auto const again = parse_shard_list(write_answer(frame.request, *list));
        DISGRAFS_ASSERT(again && again->entries.size() == list->entries.size(), "another list");
    }
}

void parse_as_parts(ByteView bytes) {
    if (bytes.size() < 3) return;
    Frame frame;
    frame.type = FrameType{std::to_integer<std::uint8_t>(bytes[0])};
    frame.request = 1;
    auto const low = std::to_integer<std::size_t>(bytes[1]);
    auto const wanted = low + 256 * std::to_integer<std::size_t>(bytes[2] & std::byte{7});
    bytes = bytes.subspan(3);
    auto const size = std::min(wanted, bytes.size());
    frame.control.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    frame.payload.assign(bytes.begin() + static_cast<std::ptrdiff_t>(size), bytes.end());
    auto const whole = parse_frame(write_frame(frame));
    DISGRAFS_ASSERT(whole, "a frame cannot be read again");
    DISGRAFS_ASSERT(whole->control == frame.control, "the control changed");
    parse_as_every_message(*whole);
}

void parse_as_json(std::string_view text) {
    static_cast<void>(parse_json(text, "fuzz"));
    if (auto const request = parse_join_request(text)) {
        DISGRAFS_ASSERT(parse_join_request(to_json(*request)), "a join cannot be read again");
    }
    static_cast<void>(parse_join_answer(text));
    static_cast<void>(parse_heartbeat(text));
    static_cast<void>(parse_lease(text));
    if (auto const tasks = parse_work_tasks(text)) {
        DISGRAFS_ASSERT(parse_work_tasks(to_json(*tasks)), "tasks cannot be read again");
    }
}

}  // namespace
}  // namespace disgrafs::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    auto const bytes = std::as_bytes(std::span(data, size));
    static_cast<void>(wire::parse_frame(Bytes(bytes.begin(), bytes.end())));
    wire::parse_as_parts(bytes);
    wire::parse_as_json(as_text(bytes));
    static_cast<void>(wire::parse_ticket(bytes));
    return 0;
}
