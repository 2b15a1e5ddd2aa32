#include "wire/frame.hpp"

#include <utility>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::wire {
namespace {

using erasure::crc32c;

constexpr std::uint8_t version = 1;
constexpr std::uint16_t flag_payload_checked = 1;
constexpr std::size_t crc_at = frame_head_bytes - 4;

static_assert(payload_bytes_max == erasure::shard_bytes_max);

bool has_block_checksums(FrameType type) {
    return type == FrameType::put || type == FrameType::get_done;
}

}  // namespace

Bytes write_start(Frame const& frame) {
    auto const control_bytes = frame.control.size();
    auto const payload_bytes = frame.payload.size();
    DISGRAFS_ASSERT(control_bytes <= control_bytes_max, "control of {} bytes", control_bytes);
    DISGRAFS_ASSERT(payload_bytes <= payload_bytes_max, "payload of {} bytes", payload_bytes);
    bool const checked = payload_bytes != 0 && !has_block_checksums(frame.type);
    ByteWriter out;
    out.raw(as_bytes(frame_magic)).u8(version).u8(static_cast<std::uint8_t>(frame.type));
    out.u16(checked ? flag_payload_checked : std::uint16_t{0}).u64(frame.request);
    out.u32(static_cast<std::uint32_t>(control_bytes));
    out.u32(static_cast<std::uint32_t>(payload_bytes));
    out.u32(checked ? crc32c(frame.payload) : 0U);
    out.u32(crc32c(frame.control, crc32c(out.view()))).raw(frame.control);
    return out.take();
}

Result<FrameHead> read_head(ByteView bytes) {
    DISGRAFS_ASSERT(bytes.size() == frame_head_bytes, "a head of {} bytes", bytes.size());
    ByteReader in(bytes);
    if (as_text(in.raw(frame_magic.size())) != frame_magic) {
        return fail(Errc::invalid, "frame: does not begin with {}", frame_magic);
    }
    auto const version_read = in.u8();
    if (version_read != version) {
        return fail(
            Errc::invalid, "frame: of version {}, {} is spoken here", version_read, version
        );
    }
    FrameHead head;
    head.type = FrameType{in.u8()};
    auto const flags = in.u16();
    head.request = in.u64();
    head.control_bytes = in.u32();
    head.payload_bytes = in.u32();
    head.payload_crc = in.u32();
    head.crc = in.u32();
    head.start_crc = crc32c(bytes.first(crc_at));
    head.is_payload_checked = flags == flag_payload_checked;
    if (flags != 0 && !head.is_payload_checked) {
        return fail(Errc::invalid, "frame: unknown flags {:#x}", flags);
    }
    if (head.control_bytes > control_bytes_max) {
        return fail(
            Errc::invalid,
            "frame: control of {} bytes, at most {} are allowed",
            head.control_bytes,
            control_bytes_max
        );
    }
    if (head.payload_bytes > payload_bytes_max) {
        return fail(
            Errc::invalid,
            "frame: payload of {} bytes, at most {} are allowed",
            head.payload_bytes,
            payload_bytes_max
        );
    }
    bool const is_covered = head.is_payload_checked || has_block_checksums(head.type);
    if (head.payload_bytes != 0 && !is_covered) {
        return fail(Errc::invalid, "frame: a payload without checksum");
    }
    return head;
}

Result<void> check_control(FrameHead const& head, ByteView control) {
    auto const crc = crc32c(control, head.start_crc);
    if (crc == head.crc) return {};
    return fail(Errc::corrupt, "frame: checksum {:08x}, {:08x} was sent", crc, head.crc);
}

Result<void> check_payload(FrameHead const& head, ByteView payload) {
    if (!head.is_payload_checked) return {};
    auto const crc = crc32c(payload);
    if (crc == head.payload_crc) return {};
    return fail(
        Errc::corrupt, "frame: payload checksum {:08x}, {:08x} was sent", crc, head.payload_crc
    );
}

Result<Frame> parse_frame(Bytes message) {
    ByteView const view(message);
    if (view.size() < frame_head_bytes) {
        return fail(Errc::invalid, "frame: {} bytes are no head", view.size());
    }
    TRY(auto const head, read_head(view.first(frame_head_bytes)));
    auto const payload_at = frame_head_bytes + head.control_bytes;
    if (view.size() != payload_at + head.payload_bytes) {
        return fail(
            Errc::invalid,
            "frame: a message of {} bytes, its head says {}",
            view.size(),
            payload_at + head.payload_bytes
        );
    }
    auto const control = view.subspan(frame_head_bytes, head.control_bytes);
    TRY_OK(check_control(head, control));
    TRY_OK(check_payload(head, view.subspan(payload_at)));
    Frame frame;
    frame.type = head.type;
    frame.request = head.request;
    frame.control.assign(control.begin(), control.end());
    message.erase(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(payload_at));
    frame.payload = std::move(message);
    return frame;
}

Bytes write_frame(Frame const& frame) {
    auto out = write_start(frame);
    out.insert(out.end(), frame.payload.begin(), frame.payload.end());
    return out;
}

}  // namespace disgrafs::wire
