#include "wire/http/head.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;
using Kind = HttpFraming::Kind;

constexpr std::size_t limit = 16U << 10U;

auto parse(std::string_view text) { return parse_request_head(as_bytes(text), limit); }

/// The status with which `text` is refused; 0: accepted; −1: it goes on.
int refusal(std::string_view text) {
    auto const head = parse(text);
    if (!head) return head.error().status;
    return *head ? 0 : -1;
}

TEST(HttpHead, RequestIsTakenApart) {
    constexpr std::string_view text =
        "PUT /files/a%20b?version=3&q=a+b%26c&q=last&empty HTTP/1.1\r\n"
        "Host: x\r\nX-A: 1\r\nx-a: 2\r\nCookie: a=1\r\nCookie: b=2\r\nContent-Length: "
        "5\r\n\r\nhello";
    auto const parsed = parse(text);
    ASSERT_TRUE(parsed && *parsed);
    auto const& head = **parsed;
    EXPECT_EQ(head.request.method, "PUT");
    EXPECT_EQ(head.request.path, "/files/a%20b");
    EXPECT_EQ(head.request.query.at("version"), "3");
    EXPECT_EQ(head.request.query.at("q"), "last");
    EXPECT_EQ(head.request.query.at("empty"), "");
    EXPECT_EQ(head.request.headers.at("X-a"), "1, 2");
    EXPECT_EQ(head.request.headers.at("cookie"), "a=1; b=2");
    EXPECT_EQ(head.request.content_length, 5U);
    EXPECT_EQ(head.framing.kind, Kind::length);
    EXPECT_EQ(text.substr(head.size_bytes), "hello");
    EXPECT_TRUE(head.keep_alive);
}

TEST(HttpHead, QueryIsDecoded) {
    auto const head = parse("GET /?a=x+y%2Bz%E8%AE%BA HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ((*head)->request.query.at("a"), "x y+z论");
}

TEST(HttpHead, FramingIsNoneLengthOrChunked) {
    auto const kind = [](std::string_view field) {
        auto const head = parse("PUT / HTTP/1.1\r\nHost: x\r\n" + std::string(field) + "\r\n");
        EXPECT_TRUE(head && *head) << field;
        return (*head)->framing.kind;
    };
    EXPECT_EQ(kind(""), Kind::none);
    EXPECT_EQ(kind("Content-Length: 0\r\n"), Kind::none);
    EXPECT_EQ(kind("Content-Length: 21474836480\r\n"), Kind::length);
    EXPECT_EQ(kind("Content-Length: 7\r\nContent-Length: 7\r\n"), Kind::length);
    EXPECT_EQ(kind("Transfer-Encoding: Chunked\r\n"), Kind::chunked);
    EXPECT_EQ(
        parse("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            .value()
            ->request.content_length,
        std::nullopt
    );
}

TEST(HttpHead, WhatTwoReadersCouldReadDifferentlyIsRefused) {
    auto const with = [](std::string_view fields) {
        return refusal("PUT / HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n");
    };
    EXPECT_EQ(with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
    EXPECT_EQ(with("Transfer-Encoding: gzip, chunked\r\n"), 501);
    EXPECT_EQ(with("Transfer-Encoding: identity\r\n"), 501);
    EXPECT_EQ(with("Transfer-Encoding : chunked\r\n"), 400);
    EXPECT_EQ(with("Content-Length: -5\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 5x\r\n"), 400);
    EXPECT_EQ(with("Content-Length: 99999999999999999999\r\n"), 400);
    EXPECT_EQ(with("Host: y\r\n"), 400);
    EXPECT_EQ(with("A: b\rC: d\r\n"), 400);
    EXPECT_EQ(with("A: b\nC: d\r\n"), 400);
    EXPECT_EQ(with(std::string_view("A: b\0c\r\n", 8)), 400);
    EXPECT_EQ(with("Expect: 200-ok\r\n"), 417);
    EXPECT_EQ(with("Expect: 100-Continue\r\n"), 0);
    EXPECT_EQ(refusal("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(HttpHead, RequestLineIsStrict) {
    auto const line = [](std::string_view text) {
        return refusal(std::string(text) + "\r\nHost: x\r\n\r\n");
    };
    EXPECT_EQ(line("GET / HTTP/1.1"), 0);
    EXPECT_EQ(line("GET * HTTP/1.1"), 0);
    EXPECT_EQ(line("GET http://h:1/p?q HTTP/1.1"), 0);
    EXPECT_EQ(line("BREW /pot HTTP/1.1"), 0) << "an unknown method is the router's to refuse";
    EXPECT_EQ(line("GET / HTTP/2.0"), 505);
    EXPECT_EQ(line("GET /"), 400);
    EXPECT_EQ(line("GET  / HTTP/1.1"), 400);
    EXPECT_EQ(line("GET /a b HTTP/1.1"), 400);
    EXPECT_EQ(line("GET a HTTP/1.1"), 400);
    EXPECT_EQ(line("GET /%zz HTTP/1.1"), 400);
    EXPECT_EQ(line("GET /?a=%4 HTTP/1.1"), 400);
    EXPECT_EQ(line("\x01\x02\x03"), 400);
    EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
    EXPECT_EQ(refusal("GET / HTTP/1.0\r\n\r\n"), 0);
    EXPECT_EQ(refusal("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
}

TEST(HttpHead, AbsoluteTargetIsItsPath) {
    auto const path = [](std::string_view target) {
        auto const head = parse("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        return head && *head ? (*head)->request.path : "";
    };
    EXPECT_EQ(path("http://h:1/p/q?x=1"), "/p/q");
    EXPECT_EQ(path("HTTP://h"), "/");
    EXPECT_EQ(path("http://h?x=1"), "/");
    EXPECT_EQ(path("/a#fragment"), "/a");
}

TEST(HttpHead, LongHeadsAreRefusedAtTheLimit) {
    std::string const start = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    EXPECT_EQ(refusal(start + std::string(limit, 'a')), 431);
    EXPECT_EQ(refusal(start + std::string(limit, 'a') + "\r\n\r\n"), 431);
    EXPECT_EQ(refusal(start + std::string(limit / 2, 'a')), -1);
    EXPECT_EQ(refusal(start + std::string(limit / 2, 'a') + "\r\n\r\n"), 0);
    EXPECT_EQ(refusal("GET /" + std::string(limit, 'a')), 431);
}

TEST(HttpHead, EveryPrefixGoesOn) {
    std::string const whole = "GET /a HTTP/1.1\r\nHost: x\r\nB: c\r\n\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(refusal(whole.substr(0, size)), -1) << size;
    }
    EXPECT_EQ(refusal(whole), 0);
}

TEST(HttpHead, AnswerIsReadAsItWasWritten) {
    Headers headers;
    headers["Content-Length"] = "3";
    headers["X-B"] = "two\r\nlines";
    auto const text = write_answer_head(404, headers);
    EXPECT_EQ(text, "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nX-B: two  lines\r\n\r\n");
    auto const head = parse_answer_head(as_bytes(text), limit);
    ASSERT_TRUE(head && *head);
    EXPECT_EQ((*head)->status, 404);
    EXPECT_EQ((*head)->framing.kind, Kind::length);
    EXPECT_EQ((*head)->framing.length, 3U);
    EXPECT_EQ((*head)->size_bytes, text.size());
}

TEST(HttpHead, AnswerWithoutLengthLastsToTheEnd) {
    auto const head = parse_answer_head(as_bytes("HTTP/1.1 200 OK\r\n\r\n"), limit);
    ASSERT_TRUE(head && *head);
    EXPECT_EQ((*head)->framing.kind, Kind::until_end);
    EXPECT_FALSE((*head)->keep_alive);
    auto const empty = parse_answer_head(as_bytes("HTTP/1.1 204 No Content\r\n\r\n"), limit);
    ASSERT_TRUE(empty && *empty);
    EXPECT_EQ((*empty)->framing.kind, Kind::none);
    EXPECT_TRUE((*empty)->keep_alive);
    EXPECT_FALSE(parse_answer_head(as_bytes("HELLO\r\n\r\n"), limit));
}

TEST(HttpHead, DateIsThatOfTheStandard) {
    EXPECT_EQ(http_date(Timestamp{784'111'777'000'000}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(Timestamp{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpHead, TokensAreFoundInLists) {
    EXPECT_TRUE(has_token("keep-alive, Upgrade", "upgrade"));
    EXPECT_FALSE(has_token("upgraded", "upgrade"));
    EXPECT_FALSE(has_token("", "upgrade"));
}

}  // namespace
}  // namespace disgrafs::wire
