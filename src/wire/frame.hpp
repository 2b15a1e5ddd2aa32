#pragma once

/// \file wire/frame.hpp  The one form in which messages travel, over TCP and in WebSocket messages.
///
///     frame = head (32 bytes) | control | payload         docs/formats/frames.md
///
/// The head's CRC32C covers head and control. A payload is covered by the CRC32C in the head, or by
/// block checksums that its control carries (put, and the answer to get), never by nothing.
/// Sizes are checked against the limits here before anything is allocated.

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::wire {

/// Requests, and their answers: the same with the high bit set. The numbers never change.
enum class FrameType : std::uint8_t {
    put = 0x01,
    get = 0x02,
    remove = 0x03,
    list = 0x04,
    ping = 0x05,
    cancel = 0x06,  ///< The answer is no longer wanted; it may come nevertheless. Never answered.
    put_done = 0x81,
    get_done = 0x82,
    remove_done = 0x83,
    list_done = 0x84,
    pong = 0x85,
    failed = 0xFF,  ///< Of request 0: the whole connection, which ends then.
};

inline constexpr std::size_t frame_head_bytes = 32;
inline constexpr std::size_t control_bytes_max = 16U << 10U;
inline constexpr std::size_t payload_bytes_max = 4U << 20U;
/// What stands first on a connection of frames.
inline constexpr std::string_view frame_magic = "DGF1";

struct Frame {
    FrameType type = FrameType::ping;
    std::uint64_t request = 0;  ///< Chosen by who asks, not 0; unique among those under way.
    Bytes control = {};
    Bytes payload = {};
};

/// A head that was read: its sizes are within the limits, its checksum is still to be compared.
struct FrameHead {
    FrameType type = FrameType::ping;
    std::uint64_t request = 0;
    std::uint32_t control_bytes = 0;
    std::uint32_t payload_bytes = 0;
    bool is_payload_checked = false;  ///< By payload_crc.
    std::uint32_t payload_crc = 0;
    std::uint32_t start_crc = 0;  ///< CRC32C of the first 28 bytes, to be continued over control.
    std::uint32_t crc = 0;        ///< What it must be then.
};

/// Head and control of `frame`, which precede its payload. The payload is checksummed in the head
/// unless its type carries block checksums.
Bytes write_start(Frame const& frame);

/// Errors: invalid (no frame, another version, an unknown flag, sizes above the limits).
Result<FrameHead> read_head(ByteView head);
/// Errors: corrupt.
Result<void> check_control(FrameHead const& head, ByteView control);
Result<void> check_payload(FrameHead const& head, ByteView payload);

/// A whole frame in one run: a WebSocket message. Errors: invalid (also: too short, too long),
/// corrupt.
Result<Frame> parse_frame(Bytes message);
Bytes write_frame(Frame const& frame);

}  // namespace disgrafs::wire
