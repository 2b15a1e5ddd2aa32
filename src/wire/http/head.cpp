#include "wire/http/head.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/none.hpp>

#include "base/text.hpp"

namespace disgrafs::wire {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::unexpected<HttpRefusal> refuse(int status, std::string detail) {
    return std::unexpected(HttpRefusal{status, std::move(detail)});
}

int status_for(error_code const& error, ByteView bytes) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error != http::error::bad_version) return 400;
    auto const line = as_text(bytes).substr(0, as_text(bytes).find('\r'));
    bool const has_three_words = std::ranges::count(line, ' ') == 2;
    return has_three_words && line.substr(line.rfind(' ') + 1).starts_with("HTTP/") ? 505 : 400;
}

/// Runs `parser` over the head in `bytes`. False: it goes on.
template <typename Parser>
bool read_fields(Parser& parser, ByteView bytes, std::size_t limit, error_code& error) {
    parser.header_limit(static_cast<std::uint32_t>(limit));
    parser.body_limit(boost::none);
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error == http::error::need_more) {
        error = {};
        if (bytes.size() >= limit) error = http::error::header_limit;
        return false;
    }
    return !error && parser.is_header_done();
}

/// The size of a head that was read whole: it ends at the first empty line.
std::size_t head_size(ByteView bytes) { return as_text(bytes).find("\r\n\r\n") + 4; }

/// Equal names are joined as RFC 9110 §5.3 and, for Cookie, RFC 6265 §5.4 say.
template <typename Fields>
Headers headers_of(Fields const& fields) {
    Headers headers;
    for (auto const& field : fields) {
        std::string name(field.name_string());
        auto const value = field.value();
        auto const [at, is_new] = headers.try_emplace(std::move(name), value);
        if (is_new) continue;
        at->second += equal_ignoring_case(at->first, "cookie") ? "; " : ", ";
        at->second += value;
    }
    return headers;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view text) {
    std::map<std::string, std::string> query;
    for (auto const part : split(text, '&')) {
        auto const equals = std::min(part.find('='), part.size());
        auto const decode = [](std::string_view raw) {
            std::string spaced(raw);
            std::ranges::replace(spaced, '+', ' ');
            return percent_decode(spaced);
        };
        TRY(auto name, decode(part.substr(0, equals)));
        TRY(auto value, decode(part.substr(std::min(equals + 1, part.size()))));
        query[std::move(name)] = std::move(value);
    }
    return query;
}

/// "/path?query", "http://host/path?query" or "*" into path and query. Errors: invalid.
Result<void> read_target(std::string_view target, HttpRequest& request) {
    constexpr std::string_view scheme = "http://";
    constexpr std::string_view secure_scheme = "https://";
    for (auto const prefix : {scheme, secure_scheme}) {
        if (!equal_ignoring_case(target.substr(0, prefix.size()), prefix)) continue;
        auto const path_at = target.find_first_of("/?", prefix.size());
        target = path_at == std::string_view::npos ? "/" : target.substr(path_at);
    }
    if (!target.starts_with('/') && !target.starts_with('?') && target != "*") {
        return fail(Errc::invalid, "the target must be a path that starts with /");
    }
    target = target.substr(0, target.find('#'));
    auto const mark = std::min(target.find('?'), target.size());
    request.path = mark == 0 ? "/" : target.substr(0, mark);
    TRY_OK(percent_decode(request.path));
    TRY(request.query, parse_query(target.substr(std::min(mark + 1, target.size()))));
    return {};
}

/// Where the body ends. A coding that we do not undo, or two answers to the question, is refused.
std::expected<HttpFraming, HttpRefusal> framing_of(
    http::request_parser<http::empty_body> const& parser
) {
    auto const& fields = parser.get();
    if (fields.count(http::field::transfer_encoding) != 0) {
        bool const is_plain =
            equal_ignoring_case(fields[http::field::transfer_encoding], "chunked");
        if (!is_plain) return refuse(501, "Transfer-Encoding: only chunked is understood");
        if (fields.version() != 11) return refuse(400, "Transfer-Encoding in HTTP/1.0");
        return HttpFraming{HttpFraming::Kind::chunked, 0};
    }
    auto const length = parser.content_length();
    if (!length || *length == 0) return HttpFraming{};
    return HttpFraming{HttpFraming::Kind::length, *length};
}

std::string one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return line;
}

std::string write_fields(std::string head, Headers const& headers) {
    head += "\r\n";
    for (auto const& [name, value] : headers) head += name + ": " + one_line(value) + "\r\n";
    head += "\r\n";
    return head;
}

}  // namespace

std::expected<std::optional<HttpRequestHead>, HttpRefusal> parse_request_head(
    ByteView bytes, std::size_t limit
) {
    std::size_t skipped = 0;  // an empty line or two before a request are forgiven (RFC 9112 §2.2)
    while (skipped < 4 && as_text(bytes).substr(skipped).starts_with("\r\n")) skipped += 2;
    bytes = bytes.subspan(skipped);
    if (bytes.empty()) return std::nullopt;
    http::request_parser<http::empty_body> parser;
    error_code error;
    bool const is_whole = read_fields(parser, bytes, limit, error);
    if (error)
        return refuse(status_for(error, bytes), "the head of the request: " + error.message());
    if (!is_whole) return std::nullopt;

    auto const& fields = parser.get();
    HttpRequestHead head;
    head.size_bytes = skipped + head_size(bytes);
    head.request.method = std::string(fields.method_string());
    head.request.headers = headers_of(fields);
    head.is_http_1_0 = fields.version() == 10;
    head.keep_alive = fields.keep_alive();
    auto const hosts = fields.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && !head.is_http_1_0)) {
        return refuse(400, "one header Host is needed");
    }
    if (auto const read = read_target(fields.target(), head.request); !read) {
        return refuse(400, read.error().message);
    }
    auto const framing = framing_of(parser);
    if (!framing) return std::unexpected(framing.error());
    head.framing = *framing;
    if (head.framing.kind != HttpFraming::Kind::chunked) {
        head.request.content_length = head.framing.length;
    }
    if (auto const expect = fields[http::field::expect]; !expect.empty() && !head.is_http_1_0) {
        head.expects_continue = equal_ignoring_case(expect, "100-continue");
        if (!head.expects_continue) return refuse(417, "Expect: " + std::string(expect));
    }
    head.is_upgrade = has_token(fields[http::field::upgrade], "websocket") &&
                      has_token(fields[http::field::connection], "upgrade") &&
                      fields.method() == http::verb::get && !head.is_http_1_0;
    return head;
}

Result<std::optional<HttpAnswerHead>> parse_answer_head(ByteView bytes, std::size_t limit) {
    http::response_parser<http::empty_body> parser;
    parser.skip(true);
    error_code error;
    bool const is_whole = read_fields(parser, bytes, limit, error);
    if (error) return fail(Errc::invalid, "the head of the answer: {}", error.message());
    if (!is_whole) return std::nullopt;
    auto const& fields = parser.get();
    HttpAnswerHead head;
    head.status = static_cast<int>(fields.result_int());
    head.headers = headers_of(fields);
    head.size_bytes = head_size(bytes);
    head.keep_alive = fields.keep_alive();
    bool const has_no_body = head.status < 200 || head.status == 204 || head.status == 304;
    if (has_no_body) return head;
    if (fields.count(http::field::transfer_encoding) != 0) {
        if (!equal_ignoring_case(fields[http::field::transfer_encoding], "chunked")) {
            return fail(Errc::invalid, "the answer has a transfer coding other than chunked");
        }
        head.framing.kind = HttpFraming::Kind::chunked;
    } else if (auto const length = parser.content_length()) {
        head.framing = {HttpFraming::Kind::length, *length};
    } else {
        head.framing.kind = HttpFraming::Kind::until_end;
        head.keep_alive = false;
    }
    return head;
}

std::string write_answer_head(int status, Headers const& headers) {
    auto const reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
    return write_fields("HTTP/1.1 " + std::to_string(status) + " " + std::string(reason), headers);
}

std::string write_request_head(
    std::string_view method, std::string_view target, Headers const& headers
) {
    return write_fields(one_line(method) + " " + one_line(target) + " HTTP/1.1", headers);
}

std::string http_date(Timestamp time) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    std::chrono::sys_time<Duration> const instant{Duration(time.us)};
    auto const day = std::chrono::floor<std::chrono::days>(instant);
    std::chrono::year_month_day const date(day);
    auto const hour =
        std::chrono::hh_mm_ss(std::chrono::floor<std::chrono::seconds>(instant - day));
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
        days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()),
        hour.hours().count(),
        hour.minutes().count(),
        hour.seconds().count()
    );
}

bool has_token(std::string_view value, std::string_view token) {
    for (auto part : split(value, ',')) {
        while (part.starts_with(' ') || part.starts_with('\t')) part.remove_prefix(1);
        while (part.ends_with(' ') || part.ends_with('\t')) part.remove_suffix(1);
        if (equal_ignoring_case(part, token)) return true;
    }
    return false;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool HeaderLess::operator()(std::string_view a, std::string_view b) const {
    return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

}  // namespace disgrafs::wire
