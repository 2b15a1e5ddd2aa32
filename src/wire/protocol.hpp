#pragma once

/// \file wire/protocol.hpp  What a new connection speaks: one port serves frames, HTTP and TLS.

#include <cstdint>

#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/task.hpp"

namespace disgrafs::wire {

enum class Protocol : std::uint8_t {
    frames,  ///< Begins with "DGF1".
    tls,     ///< Begins with a handshake record.
    http,    ///< Anything else; HTTP then says what is wrong with it.
};

/// The first four bytes, fewer when the peer ends before. They are read: hand them on as `first`.
/// Errors: unavailable (nothing came for `limit`, or the connection broke), cancelled.
Task<Bytes> peek(Stream& stream, Clock& clock, Duration limit);

Protocol protocol_of(ByteView first);

/// Every address of this machine at once, "0.0.0.0" or "::": one listens there, and calls another.
bool is_any(Address const& address);

/// An address of this machine itself, "127.0.0.1" or "::1": plain text is safe there.
bool is_loopback(Address const& address);

}  // namespace disgrafs::wire
