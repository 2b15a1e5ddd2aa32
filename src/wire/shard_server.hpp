#pragma once

/// \file wire/shard_server.hpp  Serves a ShardService to those who connect: frames over TCP or over
/// WebSocket.
///
/// What one connection may ask of us is bounded (requests and payload bytes under way), and so are
/// all together; beyond that we do not read on, so the sender waits. A slow or silent peer is cut.
/// When a connection ends, its requests go on to their end and their answers are dropped: a put is
/// durable or not, never half.

#include <chrono>
#include <cstddef>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/task.hpp"
#include "wire/http.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {

struct ShardServerOptions {
    std::size_t connections_max = 1024;                 ///< Over TCP; one more is closed at once.
    std::size_t websockets_max = 64;                    ///< Their messages are read whole (4 MiB).
    std::size_t requests_max = 64;                      ///< Under way per connection.
    std::size_t bytes_max = 16U << 20U;                 ///< Payloads under way per connection, …
    std::size_t bytes_total_max = 64U << 20U;           ///< … and of all.
    Duration stall_timeout = std::chrono::seconds(30);  ///< Within a frame, either way.
    Duration idle_timeout = std::chrono::minutes(15);   ///< Between frames.
};

struct ShardServerParts {
    boost::asio::any_io_executor executor;
    Clock* clock = nullptr;
    ShardService* service = nullptr;
};

class ShardServer {
 public:
    virtual ~ShardServer() = default;
    /// Serve `stream` to its end; `first` was read from it already.
    virtual Task<void> serve(std::unique_ptr<Stream> stream, Bytes first) = 0;
    /// Serve the frames in the binary messages of `socket` to its end.
    virtual Task<void> serve_websocket(WebSocket& socket) = 0;
    /// Read no more, let running requests be answered for up to `grace`, then close all.
    virtual Task<void> stop(Duration grace) = 0;
};
std::unique_ptr<ShardServer> make_shard_server(
    ShardServerParts parts, ShardServerOptions options = {}
);

}  // namespace disgrafs::wire
