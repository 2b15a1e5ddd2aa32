#include "wire/protocol.hpp"

#include <string_view>

#include "io/deadline.hpp"
#include "wire/frame.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::byte tls_handshake{0x16};

Task<Bytes> read_first(Stream& stream) {
    Bytes first(frame_magic.size());
    CO_TRY(auto const size, co_await read_full(stream, first));
    first.resize(size);
    co_return first;
}

}  // namespace

Task<Bytes> peek(Stream& stream, Clock& clock, Duration limit) {
    return within(clock, limit, read_first(stream));
}

Protocol protocol_of(ByteView first) {
    if (as_text(first) == frame_magic) return Protocol::frames;
    if (!first.empty() && first.front() == tls_handshake) return Protocol::tls;
    return Protocol::http;
}

bool is_any(Address const& address) { return address.host == "0.0.0.0" || address.host == "::"; }

bool is_loopback(Address const& address) {
    std::string_view host = address.host;
    constexpr std::string_view mapped = "::ffff:";  // IPv4 on an IPv6 socket
    if (host.starts_with(mapped)) host.remove_prefix(mapped.size());
    return host.starts_with("127.") || host == "::1";
}

}  // namespace disgrafs::wire
