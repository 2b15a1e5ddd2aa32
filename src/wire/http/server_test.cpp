#include <chrono>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/json.hpp"
#include "wire/testing/site.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string get(std::string_view path, std::string_view fields = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

constexpr std::string_view last = "Connection: close\r\n";

std::string body_of(std::string const& answer) {
    auto const end = answer.find("\r\n\r\n");
    return end == std::string::npos ? "" : answer.substr(end + 4);
}

/// `answer` is problem details of `status` and `code`, as RFC 9457 wants them.
void expect_problem(std::string const& answer, int status, std::string_view code) {
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
    EXPECT_THAT(answer, HasSubstr("Content-Type: application/problem+json\r\n"));
    auto fields = JsonFields::parse(body_of(answer), "problem");
    ASSERT_TRUE(fields) << answer;
    EXPECT_EQ(fields->number("status"), static_cast<std::uint64_t>(status));
    EXPECT_EQ(fields->text("code", 100), code);
    EXPECT_EQ(fields->text("type", 100), "docs/errors.md#" + std::string(code));
    auto const id = fields->text("request_id", 16);
    EXPECT_THAT(answer, HasSubstr("X-Request-Id: " + id + "\r\n"));
    EXPECT_FALSE(fields->text("title", 100).empty());
    EXPECT_FALSE(fields->text("hint", 200).empty());
    EXPECT_TRUE(fields->finish());
}

Task<void> plain(Site& site) {
    CO_TRY(auto const answer, co_await site.all_of(get("/hello", last)));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Length: 5\r\n"));
    EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain\r\n"));
    EXPECT_THAT(answer, HasSubstr("Date: "));
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_EQ(body_of(answer), "hello");
    EXPECT_THAT(site.seen_ops, ElementsAre("hello 200"));
    EXPECT_EQ(site.last_seen.bytes_out, body_of(answer).size());
    co_return Result<void>();
}
TEST(HttpServer, AnswersInFull) { run_site_test<plain>(); }
TEST(HttpServerOnLoopback, AnswersInFull) { run_site_test_on_loopback<plain>(); }

Task<void> one_write(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    CO_TRY_OK(co_await send(*stream, get("/hello")));
    Bytes piece(4096);
    CO_TRY(auto const size, co_await read_some(*stream, piece));
    EXPECT_THAT(std::string(as_text(ByteView(piece).first(size))), testing::EndsWith("hello"));
    co_return Result<void>();
}
TEST(HttpServer, HeadAndBodyLeaveTogether) { run_site_test<one_write>(); }
TEST(HttpServerOnLoopback, HeadAndBodyLeaveTogether) { run_site_test_on_loopback<one_write>(); }

/// Three requests in one segment, one with a body: answered in order on one connection.
Task<void> pipelined(Site& site) {
    auto const all = get("/hello") +
                     "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nping" +
                     get("/nothing") + get("/hello", last);
    CO_TRY(auto const answers, co_await site.all_of(all));
    EXPECT_THAT(site.seen_ops, ElementsAre("hello 200", "echo 200", "nothing 204", "hello 200"));
    auto const first = answers.find("hello");
    auto const second = answers.find("ping");
    auto const third = answers.find("204 No Content");
    auto const fourth = answers.rfind("hello");
    CO_EXPECT(first < second && second < third && third < fourth && fourth != std::string::npos);
    co_return Result<void>();
}
TEST(HttpServer, PipelinedRequestsAreAnsweredInOrder) { run_site_test<pipelined>(); }
TEST(HttpServerOnLoopback, PipelinedRequestsAreAnsweredInOrder) {
    run_site_test_on_loopback<pipelined>();
}

Task<void> byte_by_byte(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    auto const request =
        std::string("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: ") +
        "chunked\r\n\r\n2\r\npi\r\n2;x=y\r\nng\r\n0\r\nTrailer: t\r\n\r\n";
    for (char const c : request) CO_TRY_OK(co_await send(*stream, std::string_view(&c, 1)));
    CO_TRY(auto const answer, co_await read_to_end(*stream));
    EXPECT_EQ(body_of(answer), "ping");
    EXPECT_EQ(site.last_seen.bytes_in, 4U);
    EXPECT_EQ(site.last_seen.bytes_out, 4U);
    co_return Result<void>();
}
TEST(HttpServer, RequestMayComeByteByByte) { run_site_test<byte_by_byte>(); }

Task<void> head_request(Site& site) {
    auto const text =
        "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nHEAD /chunks HTTP/1.1\r\nHost: x\r\n\r\n"
        "HEAD /stream/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    CO_TRY(auto const answers, co_await site.all_of(text));
    EXPECT_THAT(answers, HasSubstr("Content-Length: 5\r\n"));
    EXPECT_THAT(answers, HasSubstr("Transfer-Encoding: chunked\r\n"));
    EXPECT_THAT(answers, HasSubstr("Content-Length: 7\r\n"));
    EXPECT_THAT(answers, Not(HasSubstr("hello")));
    EXPECT_THAT(answers, Not(HasSubstr("one")));
    EXPECT_THAT(answers, Not(HasSubstr("xxxx")));
    EXPECT_EQ(site.seen_ops.size(), 3U);
    co_return Result<void>();
}
TEST(HttpServer, HeadHasTheHeadersAndNoBody) { run_site_test<head_request>(); }

Task<void> streams(Site& site) {
    CO_TRY(auto const chunks, co_await site.all_of(get("/chunks", last)));
    EXPECT_EQ(body_of(chunks), "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
    CO_TRY(auto const old, co_await site.all_of("GET /chunks HTTP/1.0\r\n\r\n"));
    EXPECT_EQ(body_of(old), "onetwo");
    EXPECT_THAT(old, Not(HasSubstr("Transfer-Encoding")));
    CO_TRY(auto const sized, co_await site.all_of(get("/stream/3000000", last)));
    EXPECT_EQ(body_of(sized), std::string(3'000'000, 'x'));
    CO_TRY(auto const empty, co_await site.all_of(get("/stream/0", last)));
    EXPECT_EQ(body_of(empty), "");
    co_return Result<void>();
}
TEST(HttpServer, StreamedAnswersHaveALengthOrChunks) { run_site_test<streams>(); }

/// A body of 64 MiB passes in pieces of at most 1 MiB.
Task<void> large_body(Site& site) {
    constexpr std::size_t size = 64U << 20U;
    CO_TRY(auto const stream, co_await site.connect());
    auto const head = "PUT /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " +
                      std::to_string(size) + "\r\n\r\n";
    CO_TRY_OK(co_await send(*stream, head));
    std::string const piece(1U << 20U, 'x');
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
        CO_TRY_OK(co_await send(*stream, piece));
    }
    CO_TRY(auto const answer, co_await read_to_end(*stream));
    EXPECT_EQ(body_of(answer), std::to_string(size));
    EXPECT_EQ(site.largest_piece, 1U << 20U);
    EXPECT_EQ(site.last_seen.bytes_in, size);
    co_return Result<void>();
}
TEST(HttpServer, LargeBodyPassesInPieces) { run_site_test<large_body>(); }
TEST(HttpServerOnLoopback, LargeBodyPassesInPieces) { run_site_test_on_loopback<large_body>(); }

Task<void> hundred_continue(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    auto const head = std::string("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n") +
                      "Expect: 100-continue\r\nConnection: close\r\n\r\n";
    CO_TRY_OK(co_await send(*stream, head));
    Bytes piece(4096);
    CO_TRY(auto const size, co_await read_some(*stream, piece));
    EXPECT_EQ(as_text(ByteView(piece).first(size)), "HTTP/1.1 100 Continue\r\n\r\n");
    CO_TRY_OK(co_await send(*stream, "ping"));
    CO_TRY(auto const answer, co_await read_to_end(*stream));
    EXPECT_EQ(body_of(answer), "ping");

    auto const refused = std::string("PUT /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n") +
                         "Expect: 100-continue\r\n\r\n";
    CO_TRY(auto const refusal, co_await site.all_of(refused));
    expect_problem(refusal, 403, "denied");
    EXPECT_THAT(refusal, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(refusal, Not(HasSubstr("100 Continue")));
    co_return Result<void>();
}
TEST(HttpServer, ContinueIsSentOnlyWhenTheBodyIsWanted) { run_site_test<hundred_continue>(); }

Task<void> refusals(Site& site) {
    CO_TRY(auto const missing, co_await site.all_of(get("/no/such", last)));
    expect_problem(missing, 404, "not_found");
    CO_TRY(
        auto const method,
        co_await site.all_of("BREW /hello HTTP/1.1\r\nHost: x\r\n"
                             "Connection: close\r\n\r\n")
    );
    expect_problem(method, 405, "method_not_allowed");
    EXPECT_THAT(method, HasSubstr("Allow: OPTIONS, GET, HEAD\r\n"));
    CO_TRY(
        auto const options,
        co_await site.all_of("OPTIONS /count HTTP/1.1\r\nHost: x\r\n"
                             "Connection: close\r\n\r\n")
    );
    EXPECT_THAT(options, StartsWith("HTTP/1.1 204 "));
    EXPECT_THAT(options, HasSubstr("Allow: OPTIONS, PUT\r\n"));
    CO_TRY(auto const garbage, co_await site.all_of("\x16\x03\x01 what\r\n\r\n"));
    expect_problem(garbage, 400, "invalid");
    CO_TRY(auto const version, co_await site.all_of("GET / HTTP/3.0\r\nHost: x\r\n\r\n"));
    expect_problem(version, 505, "version_not_supported");
    CO_TRY(auto const large, co_await site.all_of(get("/hello", "A: " + std::string(20'000, 'a'))));
    expect_problem(large, 431, "header_too_large");
    auto const gzip =
        std::string("PUT /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n");
    CO_TRY(auto const coding, co_await site.all_of(gzip));
    expect_problem(coding, 501, "not_implemented");
    co_return Result<void>();
}
TEST(HttpServer, RefusalsAreProblemDetails) { run_site_test<refusals>(); }

Task<void> failures(Site& site) {
    CO_TRY(auto const conflict, co_await site.all_of(get("/fail", last)));
    expect_problem(conflict, 409, "conflict");
    EXPECT_THAT(conflict, HasSubstr("somebody else was first"));
    CO_TRY(auto const io, co_await site.all_of(get("/io", last)));
    expect_problem(io, 500, "io");
    EXPECT_THAT(io, Not(HasSubstr("secret")));
    CO_TRY(auto const thrown, co_await site.all_of(get("/throw", last)));
    expect_problem(thrown, 500, "io");
    CO_TRY(auto const silent, co_await site.all_of(get("/silent", last)));
    expect_problem(silent, 500, "io");
    co_return Result<void>();
}
TEST(HttpServer, HandlersErrorsAndExceptionsAreAnswered) { run_site_test<failures>(); }

/// What cannot be completed must not look complete.
Task<void> broken_streams(Site& site) {
    CO_TRY(auto const cut, co_await site.all_of(get("/break")));
    EXPECT_EQ(body_of(cut), "4\r\npart\r\n");
    CO_TRY(auto const lacking, co_await site.all_of(get("/short")));
    EXPECT_EQ(body_of(lacking), "five.");
    EXPECT_THAT(lacking, HasSubstr("Content-Length: 10\r\n"));
    co_return Result<void>();
}
TEST(HttpServer, StreamThatFailsIsCutAndNotEnded) { run_site_test<broken_streams>(); }

Task<void> too_large(Site& site) {
    auto const told = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n" +
                      std::string(1001, 'x') + get("/hello", last);
    CO_TRY(auto const answers, co_await site.all_of(told));
    expect_problem(answers.substr(0, answers.find("HTTP/1.1 200")), 413, "too_large");
    EXPECT_THAT(answers, testing::EndsWith("hello")) << "a short body is drained";
    auto const untold =
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n" +
        std::string(100000, 'x') + "\r\n0\r\n\r\n";
    CO_TRY(auto const chunked, co_await site.all_of(untold));
    expect_problem(chunked, 413, "too_large");
    EXPECT_THAT(chunked, HasSubstr("Connection: close\r\n"));
    co_return Result<void>();
}
TEST(HttpServer, BodyAboveTheLimitIs413) { run_site_test<too_large>(); }

/// A refused upload of 4 MiB (1 MiB would be drained): the answer can be read although the client
/// sends all of it first.
Task<void> refused_upload(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    auto const head =
        std::string("PUT /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\n");
    CO_TRY_OK(co_await send(*stream, head));
    std::string const piece(1U << 17U, 'x');
    for (int i = 0; i < 7; ++i) CO_TRY_OK(co_await send(*stream, piece));
    CO_TRY(auto const answer, co_await read_to_end(*stream));
    expect_problem(answer, 403, "denied");
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    co_return Result<void>();
}
TEST(HttpServer, ClientCanReadTheAnswerToARefusedUpload) { run_site_test<refused_upload>(); }
TEST(HttpServerOnLoopback, ClientCanReadTheAnswerToARefusedUpload) {
    run_site_test_on_loopback<refused_upload>();
}

Task<void> truncated(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    CO_TRY_OK(
        co_await send(*stream, "PUT /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
    );
    stream->shutdown_send();
    CO_TRY(auto const answer, co_await read_to_end(*stream));
    expect_problem(answer, 400, "invalid");
    EXPECT_THAT(answer, HasSubstr("too early"));

    CO_TRY(auto const half, co_await site.connect());
    CO_TRY_OK(co_await send(*half, "GET /hello HT"));
    half->shutdown_send();
    CO_TRY(auto const refusal, co_await read_to_end(*half));
    expect_problem(refusal, 400, "invalid");
    co_return Result<void>();
}
TEST(HttpServer, TruncatedRequestIs400) { run_site_test<truncated>(); }
TEST(HttpServerOnLoopback, TruncatedRequestIs400) { run_site_test_on_loopback<truncated>(); }

Task<void> malformed_chunks(Site& site) {
    for (std::string_view const chunks :
         {"xyz\r\n",
          "3\r\nabcd\r\n",
          "-3\r\nabc\r\n",
          "\r\n",
          "1000000000000000\r\n",
          "3\nabc\r\n",
          "0x3\r\nabc\r\n",
          "3 x\r\nabc\r\n"}) {
        auto const request =
            "PUT /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
            std::string(chunks) + "0\r\n\r\n";
        CO_TRY(auto const answer, co_await site.all_of(request));
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << chunks;
    }
    co_return Result<void>();
}
TEST(HttpServer, MalformedChunksAre400) { run_site_test<malformed_chunks>(); }

Task<void> slow(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    CO_TRY_OK(co_await send(*stream, "GET /hello HTTP/1.1\r\n"));
    CO_TRY(auto const head, co_await read_to_end(*stream));
    expect_problem(head, 408, "timeout");

    CO_TRY(auto const body, co_await site.connect());
    CO_TRY_OK(
        co_await send(*body, "PUT /count HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
    );
    CO_TRY(auto const answer, co_await read_to_end(*body));
    expect_problem(answer, 408, "timeout");

    CO_TRY(auto const idle, co_await site.connect());
    auto const start = site.loop.clock->steady();
    CO_TRY(auto const nothing, co_await read_to_end(*idle));
    EXPECT_EQ(nothing, "");
    EXPECT_GE(site.loop.clock->steady() - start, milliseconds(590));
    co_return Result<void>();
}
TEST(HttpServer, SlowClientsAreAnswered408AndIdleOnesClosed) { run_site_test<slow>(); }

/// A client that asks for 64 MiB and reads nothing gives its connection up, not the server's
/// memory.
Task<void> never_reads(Site& site) {
    CO_TRY(auto const stream, co_await site.connect());
    CO_TRY_OK(co_await send(*stream, get("/stream/67108864")));
    while (site.seen_ops.empty()) CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(10)));
    EXPECT_THAT(site.seen_ops, ElementsAre("stream 200"));
    EXPECT_LT(site.last_seen.bytes_out, 67108864U);
    co_return Result<void>();
}
TEST(HttpServer, ClientThatDoesNotReadIsCut) { run_site_test<never_reads>(); }
TEST(HttpServerOnLoopback, ClientThatDoesNotReadIsCut) { run_site_test_on_loopback<never_reads>(); }

Task<void> ids(Site& site) {
    auto const id = [&](std::string fields) {
        return site.all_of(get("/ids", fields + std::string(last)));
    };
    CO_TRY(auto const own, co_await id("X-Request-Id: 0123456789abcdef\r\n"));
    EXPECT_EQ(body_of(own), "0123456789abcdef ");
    EXPECT_THAT(own, HasSubstr("X-Request-Id: 0123456789abcdef\r\n"));
    CO_TRY(auto const odd, co_await id("X-Request-Id: \"; drop table\r\n"));
    EXPECT_THAT(body_of(odd), testing::MatchesRegex("[0-9a-f]{16} "));
    auto const trace = std::string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    CO_TRY(auto const traced, co_await id("traceparent: " + trace + "\r\n"));
    EXPECT_THAT(body_of(traced), testing::EndsWith(" " + trace));
    CO_TRY(
        auto const zero,
        co_await id("traceparent: 00-" + std::string(32, '0') + trace.substr(35) + "\r\n")
    );
    EXPECT_THAT(body_of(zero), testing::EndsWith(" "));
    co_return Result<void>();
}
TEST(HttpServer, SaneIdsOfTheClientAreKept) { run_site_test<ids>(); }

Task<void> too_many(Site& site) {
    std::vector<std::unique_ptr<Stream>> held;
    for (int i = 0; i < 20; ++i) {
        CO_TRY(auto stream, co_await site.connect());
        CO_TRY_OK(co_await send(*stream, get("/hello")));
        Bytes piece(4096);
        CO_TRY_OK(co_await read_some(*stream, piece));
        held.push_back(std::move(stream));
    }
    CO_TRY(auto const refused, co_await site.all_of(get("/hello")));
    expect_problem(refused, 503, "unavailable");
    held.clear();
    CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(50)));
    CO_TRY(auto const again, co_await site.all_of(get("/hello", last)));
    EXPECT_THAT(again, StartsWith("HTTP/1.1 200 "));
    co_return Result<void>();
}
TEST(HttpServer, OneConnectionTooManyIs503) { run_site_test<too_many>(); }

Task<void> stop_gracefully(Site& site) {
    CO_TRY(auto const idle, co_await site.connect());
    CO_TRY(auto const busy, co_await site.connect());
    CO_TRY_OK(co_await send(*busy, get("/wait")));
    while (site.waiting == 0) CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(1)));
    TaskGroup stopping(site.loop.executor);
    stopping.spawn("test stop", site.server->stop(seconds(5)));
    CO_TRY(auto const nothing, co_await read_to_end(*idle));
    EXPECT_EQ(nothing, "");
    site.gate.notify();
    CO_TRY(auto const answer, co_await read_to_end(*busy));
    EXPECT_EQ(body_of(answer), "waited");
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    CO_TRY_OK(co_await stopping.join());
    co_return Result<void>();
}
TEST(HttpServer, StopLetsRequestsEnd) { run_site_test<stop_gracefully>(); }

Task<void> stop_hard(Site& site) {
    CO_TRY(auto const busy, co_await site.connect());
    CO_TRY_OK(co_await send(*busy, get("/wait")));
    while (site.waiting == 0) CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(1)));
    auto const start = site.loop.clock->steady();
    CO_TRY_OK(co_await site.server->stop(milliseconds(50)));
    EXPECT_LT(site.loop.clock->steady() - start, seconds(5));
    co_return Result<void>();
}
TEST(HttpServer, StopCutsWhatDoesNotEndInTime) { run_site_test<stop_hard>(); }
TEST(HttpServerOnLoopback, StopCutsWhatDoesNotEndInTime) { run_site_test_on_loopback<stop_hard>(); }

}  // namespace
}  // namespace disgrafs::wire
