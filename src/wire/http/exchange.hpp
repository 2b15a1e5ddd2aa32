#pragma once

/// \file wire/http/exchange.hpp  One request and its answer on a connection of the server.
///
/// The head of an answer leaves together with the first bytes of its body. Whether the connection
/// can be used again is decided when the head is written: not when a body is left that is too long
/// to be drained, or whose length nobody knows.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "io/clock.hpp"
#include "wire/http.hpp"
#include "wire/http/body.hpp"
#include "wire/http/head.hpp"
#include "wire/http/websocket.hpp"
#include "wire/watched_stream.hpp"

namespace disgrafs::wire {

class ServerExchange final : public HttpExchange {
 public:
    struct Parts {
        std::shared_ptr<WatchedStream> stream;
        HttpInput* input = nullptr;
        Clock* clock = nullptr;
        HttpServerOptions const* options = nullptr;
        bool const* is_stopping = nullptr;  ///< Then no further request on this connection.
        std::function<void(std::shared_ptr<KeptWebSocket>)> on_websocket;
    };
    ServerExchange(Parts parts, HttpRequestHead head, Context context);

    [[nodiscard]] HttpRequest const& request() const override { return head_.request; }
    Context& context() override { return context_; }
    Task<Bytes> read_body(std::size_t size_max) override;
    Task<std::string> read_all(std::size_t limit_bytes) override;
    Task<void> send(HttpAnswer answer) override;
    Task<void> begin(HttpAnswer head, std::optional<std::uint64_t> length) override;
    Task<void> write(Bytes piece) override;
    Task<void> end() override;
    [[nodiscard]] bool has_begun() const override { return state_ != State::waiting; }
    Task<std::unique_ptr<WebSocket>> accept_websocket() override;

    /// For the connection: the captures of the route; the end of the exchange.
    void set_captures(std::vector<std::string> captures);
    /// Answer an Error of the handler, or break off what it began.
    Task<void> fail_with(Error const& error, int status = 0);
    /// Read what the handler left of the body, if that is worth it.
    Task<void> drain();
    [[nodiscard]] bool is_done() const { return state_ == State::done; }
    [[nodiscard]] bool is_upgraded() const { return is_upgraded_; }
    [[nodiscard]] bool closes() const { return closes_ || state_ != State::done; }
    [[nodiscard]] int status() const { return status_; }
    /// By Clock::steady, when the first byte of the answer left; 0: none has.
    [[nodiscard]] Duration first_byte_at() const { return first_byte_at_; }
    /// Of the two bodies, without heads and chunk lines: read (drained, too), and sent.
    [[nodiscard]] std::uint64_t body_bytes_in() const { return body_bytes_in_; }
    [[nodiscard]] std::uint64_t body_bytes_out() const { return body_bytes_out_; }

 private:
    enum class State : std::uint8_t { waiting, streaming, done, broken };

    [[nodiscard]] bool has_body(int status) const;
    void finish_head(HttpAnswer& answer);
    [[nodiscard]] bool must_close() const;
    Task<void> write_parts(std::vector<ByteView> parts);
    Error read_failure(Error const& error);

    Parts parts_;
    HttpRequestHead head_;
    Context context_;
    HttpBody body_;
    State state_ = State::waiting;
    int status_ = 0;
    int refusal_status_ = 0;  ///< Of an error that HTTP has a better number for: 408, 413.
    bool has_continued_ = false;
    bool is_input_broken_ = false;
    bool is_upgraded_ = false;
    bool closes_ = false;
    std::string pending_head_;  ///< Of a streamed answer, until its first piece.
    bool is_silent_ = false;    ///< The streamed answer has no body (HEAD, 304).
    bool is_chunked_ = false;
    std::optional<std::uint64_t> answer_left_;
    Duration first_byte_at_{0};
    std::uint64_t body_bytes_in_ = 0;
    std::uint64_t body_bytes_out_ = 0;
};

}  // namespace disgrafs::wire
