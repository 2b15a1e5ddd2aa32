#pragma once

/// \file wire/http/head.hpp  Heads of HTTP/1.1 messages: reading them strictly, writing them.
///
/// RFC 9110, 9112. Beast's parser splits; here stands what makes two readers of one message agree:
/// one framing, one Host, no header that could be read in two ways (request smuggling).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/http.hpp"

namespace disgrafs::wire {

/// How a body ends.
struct HttpFraming {
    enum class Kind : std::uint8_t {
        none,
        length,     ///< After `length` bytes.
        chunked,    ///< By its own last chunk.
        until_end,  ///< With the connection (answers only).
    };
    Kind kind = Kind::none;
    std::uint64_t length = 0;
};

struct HttpRequestHead {
    HttpRequest request;  ///< `peer` and `captures` are not set.
    HttpFraming framing;
    std::size_t size_bytes = 0;  ///< Of the head, with its empty line.
    bool is_http_1_0 = false;
    bool keep_alive = true;
    bool expects_continue = false;
    bool is_upgrade = false;  ///< To a WebSocket.
};

/// What is wrong with a head, as HTTP says it.
struct HttpRefusal {
    int status = 400;
    std::string detail;
};

/// A head at the start of `bytes`; nullopt: it goes on. At most `limit` bytes are looked at.
std::expected<std::optional<HttpRequestHead>, HttpRefusal> parse_request_head(
    ByteView bytes, std::size_t limit
);

struct HttpAnswerHead {
    int status = 0;
    Headers headers;
    HttpFraming framing;  ///< As the answer to a request that was not HEAD.
    std::size_t size_bytes = 0;
    bool keep_alive = true;
};
Result<std::optional<HttpAnswerHead>> parse_answer_head(ByteView bytes, std::size_t limit);

/// "HTTP/1.1 200 OK", the headers, the empty line. Line breaks within values become spaces.
std::string write_answer_head(int status, Headers const& headers);
/// "GET /path HTTP/1.1" …
std::string write_request_head(
    std::string_view method, std::string_view target, Headers const& headers
);

/// Date: of RFC 9110 §5.6.7, "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Timestamp time);

/// Whether the comma-separated list `value` holds `token`; ASCII, case ignored.
bool has_token(std::string_view value, std::string_view token);
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace disgrafs::wire
