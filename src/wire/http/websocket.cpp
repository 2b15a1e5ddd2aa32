#include "wire/http/websocket.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/option.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "io/deadline.hpp"
#include "io/wait_list.hpp"
#include "io/wake.hpp"

namespace disgrafs::wire {

/// What Beast takes for a socket: a reference to a stream that its owner keeps.
class StreamRef {
 public:
    using executor_type = Stream::executor_type;
    explicit StreamRef(WatchedStream& stream) : stream_(&stream) {}

    executor_type get_executor() { return stream_->get_executor(); }
    WatchedStream& stream() { return *stream_; }

    template <typename Buffers, typename Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return stream_->async_read_some(buffers, std::forward<Token>(token));
    }
    template <typename Buffers, typename Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return stream_->async_write_some(buffers, std::forward<Token>(token));
    }

 private:
    WatchedStream* stream_;
};

/// Reads on until the peer ends, so that it can still read our last frame: closing with bytes
/// unread would reset the connection.
template <typename Handler>
class Drain {
 public:
    Drain(StreamRef stream, Handler handler) : stream_(stream), handler_(std::move(handler)) {}

    void start() {
        constexpr Duration patience = std::chrono::seconds(2);
        stream_.stream().shutdown_send();
        stream_.stream().limit_read(patience);
        read();
    }
    void operator()(boost::system::error_code error, std::size_t size) {
        left_ -= std::min(left_, size);
        if (!error && left_ != 0) return read();
        stream_.stream().close();
        std::move(handler_)(boost::system::error_code());
    }

 private:
    void read() {
        boost::asio::mutable_buffer const into(piece_->data(), piece_->size());
        stream_.async_read_some(into, std::move(*this));
    }

    StreamRef stream_;
    Handler handler_;
    std::shared_ptr<Bytes> piece_ = std::make_shared<Bytes>(16U << 10U);
    std::size_t left_ = 16U << 20U;
};

// Beast finds these by the type of their argument.
void beast_close_socket(StreamRef& stream) { stream.stream().close(); }
void teardown(boost::beast::role_type, StreamRef& stream, boost::system::error_code& error) {
    stream.stream().close();
    error = {};
}
template <typename Handler>
void async_teardown(boost::beast::role_type role, StreamRef& stream, Handler&& handler) {
    if (role == boost::beast::role_type::server) {
        return Drain(stream, std::forward<Handler>(handler)).start();
    }
    stream.stream().close();
    auto done = [handler = std::forward<Handler>(handler)]() mutable {
        std::move(handler)(boost::system::error_code());
    };
    boost::asio::post(stream.get_executor(), std::move(done));
}

namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
constexpr std::size_t close_reason_bytes_max = 120;

Result<void> outcome(error_code const& error, char const* attempted) {
    if (error == websocket::error::closed) return fail(Errc::cancelled, "{}: closed", attempted);
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
        return fail(Errc::exhausted, "{}: the message is too large", attempted);
    }
    return answered(std::tuple(error), attempted);
}

class BeastWebSocket final : public KeptWebSocket {
 public:
    BeastWebSocket(std::shared_ptr<WatchedStream> stream, Clock& clock, WebSocketOptions options)
        : stream_(std::move(stream)),
          clock_(clock),
          options_(options),
          socket_(StreamRef(*stream_)),
          sending_(stream_->get_executor(), 1) {
        socket_.read_message_max(options.message_bytes_max);
        socket_.auto_fragment(false);
    }

    Task<void> accept(beast::http::request<beast::http::empty_body> request, Headers extra) {
        auto const decorate = [&extra](websocket::response_type& head) {
            for (auto const& [name, value] : extra) head.set(name, value);
        };
        socket_.set_option(websocket::stream_base::decorator(decorate));
        auto const done = co_await socket_.async_accept(request, answer);
        co_return answered(done, "accept WebSocket");
    }

    Task<void> open(std::string host, std::string target, Headers headers) {
        auto const decorate = [&headers](websocket::request_type& head) {
            for (auto const& [name, value] : headers) head.set(name, value);
        };
        socket_.set_option(websocket::stream_base::decorator(decorate));
        websocket::response_type head;
        auto const [error] = co_await socket_.async_handshake(head, host, target, answer);
        if (error != websocket::error::upgrade_declined) {
            co_return answered(std::tuple(error), "open WebSocket");
        }
        auto const status = head.result_int();
        auto code = Errc::unavailable;
        if (status == 401 || status == 403) code = Errc::denied;
        if (status == 404) code = Errc::not_found;
        co_return fail(code, "open WebSocket: the server answers {}: {}", status, head.body());
    }

    Task<Message> receive() override {
        CO_TRY_OK(co_await refuse_if_cancelled("receive"));
        Message message;
        auto buffer = boost::asio::dynamic_buffer(message.data);
        auto const [error, size] = co_await socket_.async_read(buffer, answer);
        CO_TRY_OK(outcome(error, "receive"));
        message.is_text = socket_.got_text();
        co_return message;
    }

    Task<void> send_text(std::string text) override {
        CO_TRY(auto const place, co_await sending_.acquire());
        co_return co_await send(as_bytes(text), true);
    }

    Task<void> send_binary(Bytes data) override {
        CO_TRY(auto const place, co_await sending_.acquire());
        co_return co_await send(data, false);
    }

    Task<void> close(std::uint16_t code, std::string reason) override {
        if (std::exchange(is_closing_, true)) co_return Result<void>();
        co_await within(clock_, options_.close_timeout, say_goodbye(code, std::move(reason)));
        stream_->close();
        co_return Result<void>();
    }

    Task<void> ping() override {
        if (std::exchange(is_pinging_, true)) co_return Result<void>();
        auto const done = co_await socket_.async_ping(websocket::ping_data(), answer);
        is_pinging_ = false;
        co_return answered(done, "ping");
    }

    void cut() override { stream_->close(); }
    [[nodiscard]] Duration last_received() const override { return stream_->last_received(); }

 private:
    /// A message that was begun and not ended makes the rest unreadable: the connection ends then.
    Task<void> send(ByteView data, bool is_text) {
        socket_.text(is_text);
        boost::asio::const_buffer const buffer(data.data(), data.size());
        auto const [error, size] = co_await socket_.async_write(buffer, answer);
        if (error) stream_->close();
        co_return outcome(error, "send");
    }

    Task<void> say_goodbye(std::uint16_t code, std::string reason) {
        CO_TRY(auto const place, co_await sending_.acquire());
        websocket::close_reason const goodbye(
            static_cast<websocket::close_code>(code),
            std::string_view(reason).substr(0, close_reason_bytes_max)
        );
        auto const done = co_await socket_.async_close(goodbye, answer);
        co_return answered(done, "close");
    }

    std::shared_ptr<WatchedStream> stream_;
    Clock& clock_;
    WebSocketOptions options_;
    websocket::stream<StreamRef, false> socket_;
    Semaphore sending_;
    bool is_closing_ = false;
    bool is_pinging_ = false;
};

/// The one who holds it breaks it by letting go.
class OwnedWebSocket final : public WebSocket {
 public:
    explicit OwnedWebSocket(std::shared_ptr<KeptWebSocket> socket) : socket_(std::move(socket)) {}
    ~OwnedWebSocket() override { socket_->cut(); }
    OwnedWebSocket(OwnedWebSocket const&) = delete;
    OwnedWebSocket& operator=(OwnedWebSocket const&) = delete;

    Task<Message> receive() override { return socket_->receive(); }
    Task<void> send_text(std::string text) override { return socket_->send_text(std::move(text)); }
    Task<void> send_binary(Bytes data) override { return socket_->send_binary(std::move(data)); }
    Task<void> close(std::uint16_t code, std::string reason) override {
        return socket_->close(code, std::move(reason));
    }

 private:
    std::shared_ptr<KeptWebSocket> socket_;
};

/// The request as Beast wants it. It was parsed already, so only the fields of the handshake count.
beast::http::request<beast::http::empty_body> handshake_of(HttpRequest const& request) {
    beast::http::request<beast::http::empty_body> handshake;
    handshake.method(beast::http::verb::get);
    handshake.target(request.path);
    handshake.version(11);
    for (auto const& [name, value] : request.headers) handshake.set(name, value);
    return handshake;
}

}  // namespace

Task<std::shared_ptr<KeptWebSocket>> accept_websocket(
    std::shared_ptr<WatchedStream> stream,
    Clock& clock,
    HttpRequest const& request,
    Headers extra,
    WebSocketOptions options
) {
    auto handshake = handshake_of(request);
    auto const version = request.headers.find("Sec-WebSocket-Version");
    bool const is_13 = version != request.headers.end() && version->second == "13";
    if (!websocket::is_upgrade(handshake) || !is_13) {
        co_return fail(Errc::invalid, "this needs a WebSocket (RFC 6455, version 13)");
    }
    if (!request.headers.contains("Sec-WebSocket-Key")) {
        co_return fail(Errc::invalid, "a WebSocket request without Sec-WebSocket-Key");
    }
    auto const socket = std::make_shared<BeastWebSocket>(std::move(stream), clock, options);
    CO_TRY_OK(co_await socket->accept(std::move(handshake), std::move(extra)));
    co_return socket;
}

Task<std::shared_ptr<KeptWebSocket>> open_websocket(
    std::shared_ptr<WatchedStream> stream,
    Clock& clock,
    std::string host,
    std::string target,
    Headers headers,
    WebSocketOptions options
) {
    auto const socket = std::make_shared<BeastWebSocket>(std::move(stream), clock, options);
    CO_TRY_OK(co_await socket->open(std::move(host), std::move(target), std::move(headers)));
    co_return socket;
}

std::unique_ptr<WebSocket> owner_of(std::shared_ptr<KeptWebSocket> socket) {
    return std::make_unique<OwnedWebSocket>(std::move(socket));
}

}  // namespace disgrafs::wire
