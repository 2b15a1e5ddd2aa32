#pragma once

/// \file wire/shard_client.hpp  A storage node somewhere else, as a ShardService.
///
/// One connection carries all calls to a node, many at once, answered in any order. It is made at
/// the first call and again after it broke; between attempts calls fail at once with unavailable,
/// so that a reader goes on to parity without waiting. When it breaks, every call under way fails
/// with unavailable; all calls may be repeated, since a put of the same bytes succeeds again.
///
/// A call fails with unavailable when its Context's deadline has passed. A connection on which
/// calls wait, and nothing moves although it was asked (ping), is given up.

#include <cstddef>
#include <memory>
#include <string>

#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/task_group.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {

struct ShardClientOptions {
    std::string peer;             ///< The node in metrics (disgrafs_edge_*) and errors, e.g. "3".
    std::size_t calls_max = 128;  ///< Under way; more wait their turn.
    std::size_t bytes_max = 32U << 20U;  ///< Payload sent or expected, of calls under way.
    Duration connect_timeout = std::chrono::seconds(2);
    Duration retry_min = std::chrono::milliseconds(100);  ///< After a failure, doubling …
    Duration retry_max = std::chrono::seconds(2);         ///< … up to this.
    Duration ping_after = std::chrono::seconds(2);        ///< Of silence while calls wait.
    Duration silence_max = std::chrono::seconds(8);
    Duration call_max = std::chrono::seconds(60);  ///< For calls without a deadline.
};

class TlsContext;  // wire/tls.hpp

struct ShardClientParts {
    Network* network = nullptr;
    Clock* clock = nullptr;
    TaskGroup* tasks = nullptr;  ///< Owns the coroutines of the connection; outlives the client.
    std::shared_ptr<TlsContext const> tls = nullptr;  ///< Set: the node is spoken to by TLS.
};

/// The client may be destroyed at any time when no call is under way.
std::unique_ptr<ShardService> make_shard_client(
    ShardClientParts parts, Address node, ShardClientOptions options = {}
);

}  // namespace disgrafs::wire
