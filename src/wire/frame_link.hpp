#pragma once

/// \file wire/frame_link.hpp  Frames over a TCP stream, or over the binary messages of a WebSocket.
///
/// One reader and one writer at a time. A reader takes a start (head and control), decides whether
/// it has room, and only then takes the payload: until then the sender waits.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "io/task.hpp"
#include "wire/frame.hpp"
#include "wire/http.hpp"
#include "wire/watched_stream.hpp"

namespace disgrafs::wire {

class FrameLink {
 public:
    /// A head and its control, checked. The payload is still to be read.
    struct Start {
        FrameHead head;
        Bytes control;
    };

    virtual ~FrameLink() = default;

    /// Errors: cancelled (the peer ended the connection between two frames, or we did), invalid and
    /// corrupt (the link cannot be used further), unavailable (it broke).
    virtual Task<Start> read_start() = 0;
    /// Not yet compared with its checksum. Errors: unavailable, cancelled.
    virtual Task<Bytes> read_payload(FrameHead const& head) = 0;
    /// All of them, in order, payloads not copied where the link can do so. Errors: unavailable,
    /// cancelled.
    virtual Task<void> write(std::vector<Frame> frames) = 0;
    /// Say goodbye as the transport can (a WebSocket: by `code` and `reason`), then close.
    virtual Task<void> end(std::uint16_t code, std::string reason) = 0;
    /// Nothing more is read or written; on a stream, what is under way ends. Idempotent.
    virtual void close() = 0;
    /// By Clock::steady: when the last byte came, and when the last one came or went.
    [[nodiscard]] virtual Duration last_received() const = 0;
    [[nodiscard]] virtual Duration last_progress() const = 0;
};

/// `stall`: how long the rest of a frame, or room for one that is written, may keep us waiting.
/// `idle`: how long the first byte of a frame may; 0: for ever.
std::unique_ptr<FrameLink> make_stream_link(
    std::unique_ptr<WatchedStream> stream, Duration stall, Duration idle
);
/// `socket` outlives the link.
std::unique_ptr<FrameLink> make_websocket_link(WebSocket& socket, Clock& clock);

}  // namespace disgrafs::wire
