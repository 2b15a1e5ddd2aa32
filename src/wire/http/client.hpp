#pragma once

/// \file wire/http/client.hpp  The pieces of HttpClient: addresses, kept connections, one call.

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/clock.hpp"
#include "io/network.hpp"
#include "wire/http.hpp"
#include "wire/http/body.hpp"
#include "wire/http/head.hpp"
#include "wire/watched_stream.hpp"

namespace disgrafs::wire {

/// "http://host:port/path?query".
struct HttpUrl {
    bool is_secure = false;
    Address address;     ///< Port 80 or 443 when none is given.
    std::string host;    ///< For the header Host.
    std::string target;  ///< Path and query; "/" when empty.
};
/// Also ws:// and wss://. Errors: invalid.
Result<HttpUrl> parse_url(std::string_view url);

/// A connection to a server, and what was read from it ahead.
struct HttpLink {
    std::unique_ptr<Stream> stream;
    HttpInput input;
    bool is_used = false;    ///< Has carried a call before.
    Duration idle_since{0};  ///< By Clock::steady.

    explicit HttpLink(std::unique_ptr<Stream> connected)
        : stream(std::move(connected)), input(*stream) {}
};

/// Idle connections by address: a few each, for a while.
class HttpLinkPool {
 public:
    explicit HttpLinkPool(Clock& clock) : clock_(clock) {}
    /// One that was idle for at most `age_max`, or null.
    std::unique_ptr<HttpLink> take(HttpUrl const& url, Duration age_max);
    void keep(HttpUrl const& url, std::unique_ptr<HttpLink> link);

 private:
    Clock& clock_;
    std::map<std::pair<Address, bool>, std::list<std::unique_ptr<HttpLink>>> idle_;
};

/// One call on one connection.
class HttpExchangeOfClient {
 public:
    HttpExchangeOfClient(HttpLink& link, Clock& clock, HttpCall& call, HttpUrl const& url)
        : link_(link), clock_(clock), call_(call), url_(url) {}

    Task<HttpAnswer> run();
    /// The connection can carry another call.
    [[nodiscard]] bool keeps_alive() const { return keeps_alive_; }
    /// Not one byte of an answer came: on a kept connection, the server may have closed it before.
    [[nodiscard]] bool is_unanswered() const { return !has_answer_; }

 private:
    Task<void> send_request();
    Task<void> send_head_and_body();
    Task<void> send_pieces();
    Task<void> send_piece(Bytes piece, bool is_chunked);
    Task<HttpAnswerHead> read_answer_head();
    Task<void> watch_for_answer();
    Task<HttpAnswer> read_answer();
    Task<void> write(std::vector<ByteView> parts);
    Headers request_headers() const;

    HttpLink& link_;
    Clock& clock_;
    HttpCall& call_;
    HttpUrl const& url_;
    std::optional<Result<HttpAnswerHead>> head_;  ///< Once it is there, or has failed.
    bool has_answer_ = false;
    bool was_sent_ = false;      ///< The whole request.
    bool is_our_fault_ = false;  ///< The body's source failed, not the connection.
    bool keeps_alive_ = false;
};

}  // namespace disgrafs::wire
