#pragma once

/// \file wire/http/websocket.hpp  WebSockets (RFC 6455) over a Stream, by Beast; both ends.
///
/// Text is checked to be UTF-8, control frames are answered while receive() waits, a message above
/// the limit closes with 1009. One receive() at a time; senders queue.

#include <cstddef>
#include <memory>
#include <string>

#include "io/clock.hpp"
#include "io/task.hpp"
#include "wire/http.hpp"
#include "wire/watched_stream.hpp"

namespace disgrafs::wire {

struct WebSocketOptions {
    std::size_t message_bytes_max = 8U << 20U;
    Duration close_timeout = std::chrono::seconds(2);  ///< For the peer's half of the goodbye.
};

/// A WebSocket that its server can keep alive.
class KeptWebSocket : public WebSocket {
 public:
    /// Send a ping, unless one is on its way. Errors: those of send_text.
    virtual Task<void> ping() = 0;
    /// Break it at once.
    virtual void cut() = 0;
    [[nodiscard]] virtual Duration last_received() const = 0;
};

/// Answer the upgrade request, of which `stream` gives what follows its head.
/// Errors: invalid (no such request; nothing was sent), unavailable, cancelled.
Task<std::shared_ptr<KeptWebSocket>> accept_websocket(
    std::shared_ptr<WatchedStream> stream,
    Clock& clock,
    HttpRequest const& request,
    Headers extra,
    WebSocketOptions options
);

/// Ask the server at `stream` for `target`. Errors: denied, not_found, unavailable (by what it
/// answers), cancelled.
Task<std::shared_ptr<KeptWebSocket>> open_websocket(
    std::shared_ptr<WatchedStream> stream,
    Clock& clock,
    std::string host,
    std::string target,
    Headers headers,
    WebSocketOptions options
);

/// As the sole owner: its destruction breaks the connection.
std::unique_ptr<WebSocket> owner_of(std::shared_ptr<KeptWebSocket> socket);

}  // namespace disgrafs::wire
