#pragma once

/// \file io/network.hpp  Byte streams between addresses, real or simulated.
///
/// Stream satisfies Asio's AsyncReadStream and AsyncWriteStream, so wire/ puts Beast and frames
/// upon it and never knows which side it has. Real sockets have TCP_NODELAY set.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include "base/time.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// A host and a port, as text: "127.0.0.12:4711", "[::1]:80". The host is an IP address, or for
/// Network::connect a name that the machine can resolve ("localhost:8080").
struct Address {
    std::string host;
    std::uint16_t port = 0;

    friend auto operator<=>(Address const&, Address const&) = default;
    [[nodiscard]] std::string text() const;
};
/// Errors: invalid (no port, or a host that is neither an IP address nor a well-formed name).
Result<Address> parse_address(std::string_view text);

/// A connected stream. One read and one write may be under way at once. The destructor closes; what
/// is under way then completes with operation_aborted.
class Stream {
 public:
    using executor_type = boost::asio::any_io_executor;
    using Done = std::move_only_function<void(boost::system::error_code, std::size_t)>;

    virtual ~Stream() = default;
    Stream() = default;
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;

    virtual executor_type get_executor() = 0;
    [[nodiscard]] virtual Address peer() const = 0;
    /// Pending operations complete with operation_aborted. Idempotent.
    virtual void close() = 0;
    /// No more will be written; the peer reads to the end.
    virtual void shutdown_send() = 0;

    template <typename Buffers, typename Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, boost::asio::mutable_buffer into) {
                cancel_with(handler, [this, alive = std::weak_ptr(alive_)] {
                    if (!alive.expired()) cancel_read();
                });
                start_read(into, std::move(handler));
            },
            token,
            first_of(buffers)
        );
    }

    template <typename Buffers, typename Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        Gather gather;
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers) && gather.count < gather.parts.size();
             ++at) {
            boost::asio::const_buffer const part(*at);
            if (part.size() != 0) gather.parts[gather.count++] = part;
        }
        return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
            [this](auto handler, Gather parts) {
                cancel_with(handler, [this, alive = std::weak_ptr(alive_)] {
                    if (!alive.expired()) cancel_write();
                });
                start_write(parts, std::move(handler));
            },
            token,
            gather
        );
    }

 protected:
    /// Up to 16 buffers of one writev; itself a ConstBufferSequence.
    struct Gather {
        std::array<boost::asio::const_buffer, 16> parts;
        std::size_t count = 0;

        [[nodiscard]] auto begin() const { return parts.begin(); }
        [[nodiscard]] auto end() const {
            return parts.begin() + static_cast<std::ptrdiff_t>(count);
        }
    };

    virtual void start_read(boost::asio::mutable_buffer into, Done done) = 0;
    virtual void start_write(Gather const& parts, Done done) = 0;
    virtual void cancel_read() = 0;
    virtual void cancel_write() = 0;

 private:
    std::shared_ptr<bool const> alive_ = std::make_shared<bool const>(true);

    template <typename Buffers>
    static boost::asio::mutable_buffer first_of(Buffers const& buffers) {
        for (auto at = boost::asio::buffer_sequence_begin(buffers);
             at != boost::asio::buffer_sequence_end(buffers);
             ++at) {
            boost::asio::mutable_buffer const part(*at);
            if (part.size() != 0) return part;
        }
        return {};
    }
    template <typename Handler, typename Cancel>
    static void cancel_with(Handler& handler, Cancel cancel) {
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([cancel](boost::asio::cancellation_type) { cancel(); });
        }
    }
};

class Listener {
 public:
    virtual ~Listener() = default;
    /// Errors: cancelled (closed), exhausted (no descriptors; try again later).
    virtual Task<std::unique_ptr<Stream>> accept() = 0;
    [[nodiscard]] virtual Address address() const = 0;  ///< With the port really bound.
    virtual void close() = 0;
};

class Network {
 public:
    virtual ~Network() = default;
    /// Errors: unavailable (refused, unreachable, later than `timeout`), cancelled.
    virtual Task<std::unique_ptr<Stream>> connect(Address to, Duration timeout) = 0;
    /// Port 0: any free one. Errors: conflict (in use), invalid (not an address of this machine).
    virtual Result<std::unique_ptr<Listener>> listen(Address at) = 0;
};

std::unique_ptr<Network> make_real_network(boost::asio::any_io_executor executor);

}  // namespace disgrafs
