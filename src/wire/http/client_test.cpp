#include "wire/http/client.hpp"

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/testing/site.hpp"

namespace disgrafs::wire {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(HttpUrl, IsTakenApart) {
    auto const url = parse_url("http://127.0.0.1:8080/a/b?c=d#e");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->address.text(), "127.0.0.1:8080");
    EXPECT_EQ(url->host, "127.0.0.1:8080");
    EXPECT_EQ(url->target, "/a/b?c=d");
    EXPECT_FALSE(url->is_secure);
    EXPECT_EQ(parse_url("HTTP://localhost")->address.port, 80);
    EXPECT_EQ(parse_url("http://localhost")->target, "/");
    EXPECT_EQ(parse_url("http://localhost?x")->target, "/?x");
    EXPECT_EQ(parse_url("https://[::1]/")->address.port, 443);
    EXPECT_EQ(parse_url("ws://[::1]:81/")->address.port, 81);
    for (auto const* const bad :
         {"",
          "localhost:80",
          "ftp://x/",
          "http://",
          "http://x:y/",
          "http://x:99999/",
          "http://user:secret@x/",
          "http://x/a b",
          "http://x/a\r\nEvil: 1"}) {
        EXPECT_FALSE(parse_url(bad)) << bad;
    }
}

HttpCall call_of(Site const& site, std::string method, std::string_view path) {
    HttpCall call;
    call.method = std::move(method);
    call.url = site.url(path);
    call.timeout = seconds(5);
    return call;
}

Task<HttpAnswer> get(HttpClient& client, Site const& site, std::string_view path) {
    return client.call(call_of(site, "GET", path));
}

Task<void> simple(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    CO_TRY(auto const hello, co_await get(*client, site, "/hello"));
    EXPECT_EQ(hello.status, 200);
    EXPECT_EQ(hello.body, "hello");
    EXPECT_EQ(hello.headers.at("content-type"), "text/plain");
    CO_TRY(auto const chunks, co_await get(*client, site, "/chunks"));
    EXPECT_EQ(chunks.body, "onetwo");
    CO_TRY(auto const nothing, co_await get(*client, site, "/nothing"));
    EXPECT_EQ(nothing.status, 204);
    CO_TRY(auto const missing, co_await get(*client, site, "/missing"));
    EXPECT_EQ(missing.status, 404);
    CO_TRY(auto const head, co_await client->call(call_of(site, "HEAD", "/hello")));
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(head.headers.at("Content-Length"), "5");
    auto echo = call_of(site, "POST", "/echo");
    echo.body = "ping 平";
    CO_TRY(auto const echoed, co_await client->call(std::move(echo)));
    EXPECT_EQ(echoed.body, "ping 平");
    co_return Result<void>();
}
TEST(HttpClient, CallsAndReadsAnswers) { run_site_test<simple>(); }
TEST(HttpClientOnLoopback, CallsAndReadsAnswers) { run_site_test_on_loopback<simple>(); }

Task<void> keeps_connections(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    for (int i = 0; i < 50; ++i) {  // more than the 20 connections that the site allows
        CO_TRY(auto const hello, co_await get(*client, site, "/hello"));
        CO_EXPECT(hello.status == 200);
    }
    // The server closes idle connections after 600 ms; the next call finds that out and repeats.
    CO_TRY_OK(co_await site.loop.clock->sleep(milliseconds(900)));
    CO_TRY(auto const again, co_await get(*client, site, "/hello"));
    EXPECT_EQ(again.status, 200);
    co_return Result<void>();
}
TEST(HttpClient, ConnectionIsKeptAndReplacedWhenTheServerClosedIt) {
    run_site_test<keeps_connections>();
}

/// `size` bytes in pieces of 1 MiB at most, then the end.
std::function<Task<Bytes>()> source_of(std::uint64_t size) {
    auto const left = std::make_shared<std::uint64_t>(size);
    return [left] {
        return [](std::shared_ptr<std::uint64_t> rest) -> Task<Bytes> {
            Bytes piece(std::min<std::uint64_t>(*rest, 1U << 20U), std::byte{'x'});
            *rest -= piece.size();
            co_return piece;
        }(left);
    };
}

Task<void> uploads(Site& site) {
    constexpr std::uint64_t size = 10'000'000;
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    auto sized = call_of(site, "PUT", "/count");
    sized.body_source = source_of(size);
    sized.body_length = size;
    CO_TRY(auto const counted, co_await client->call(std::move(sized)));
    EXPECT_EQ(counted.body, std::to_string(size));
    auto chunked = call_of(site, "PUT", "/count");
    chunked.body_source = source_of(size);
    CO_TRY(auto const again, co_await client->call(std::move(chunked)));
    EXPECT_EQ(again.body, std::to_string(size));
    auto lacking = call_of(site, "PUT", "/count");
    lacking.body_source = source_of(size);
    lacking.body_length = size + 1;
    auto const failed = co_await client->call(std::move(lacking));
    CO_EXPECT(!failed && failed.error().code == Errc::invalid);
    co_return Result<void>();
}
TEST(HttpClient, StreamsBodiesWithAndWithoutALength) { run_site_test<uploads>(); }
TEST(HttpClientOnLoopback, StreamsBodiesWithAndWithoutALength) {
    run_site_test_on_loopback<uploads>();
}

/// An upload of 20 GiB is refused at once, and the client hears of it without sending it all.
Task<void> refused_upload(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    auto call = call_of(site, "PUT", "/refuse");
    call.body_source = source_of(20ULL << 30U);
    call.body_length = 20ULL << 30U;
    CO_TRY(auto const answer, co_await client->call(std::move(call)));
    EXPECT_EQ(answer.status, 403);
    EXPECT_THAT(answer.body, HasSubstr("\"code\":\"denied\""));
    co_return Result<void>();
}
TEST(HttpClient, RefusedUploadIsStoppedAndItsAnswerRead) { run_site_test<refused_upload>(); }
TEST(HttpClientOnLoopback, RefusedUploadIsStoppedAndItsAnswerRead) {
    run_site_test_on_loopback<refused_upload>();
}

Task<void> downloads(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    std::uint64_t got = 0;
    auto call = call_of(site, "GET", "/stream/50000000");
    call.body_sink = [&got](Bytes piece) {
        return [](Bytes part, std::uint64_t& sum) -> Task<void> {
            sum += part.size();
            co_return Result<void>();
        }(std::move(piece), got);
    };
    CO_TRY(auto const answer, co_await client->call(std::move(call)));
    EXPECT_EQ(got, 50'000'000U);
    EXPECT_EQ(answer.body, "");
    auto limited = call_of(site, "GET", "/stream/1000");
    limited.answer_bytes_max = 999;
    auto const refused = co_await client->call(std::move(limited));
    CO_EXPECT(!refused && refused.error().code == Errc::exhausted);
    co_return Result<void>();
}
TEST(HttpClient, LargeAnswerGoesToTheSink) { run_site_test<downloads>(); }
TEST(HttpClientOnLoopback, LargeAnswerGoesToTheSink) { run_site_test_on_loopback<downloads>(); }

Task<void> failures(Site& site) {
    auto const client = make_http_client(*site.loop.network, *site.loop.clock);
    auto slow = call_of(site, "GET", "/wait");
    slow.timeout = milliseconds(100);
    auto const late = co_await client->call(std::move(slow));
    CO_EXPECT(!late && late.error().code == Errc::unavailable);
    auto const cut = co_await get(*client, site, "/break");
    CO_EXPECT(!cut && cut.error().code == Errc::invalid);
    HttpCall nobody;
    nobody.url = "http://127.0.0.1:1/";
    auto const refused = co_await client->call(std::move(nobody));
    CO_EXPECT(!refused && refused.error().code == Errc::unavailable);
    HttpCall odd;
    odd.url = "nonsense";
    auto const invalid = co_await client->call(std::move(odd));
    CO_EXPECT(!invalid && invalid.error().code == Errc::invalid);
    co_return Result<void>();
}
TEST(HttpClient, FailuresAreTold) { run_site_test<failures>(); }

}  // namespace
}  // namespace disgrafs::wire
