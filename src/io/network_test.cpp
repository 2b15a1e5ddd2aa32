#include "io/network.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "io/clock.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "io/testing.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using boost::asio::any_io_executor;
using boost::asio::buffer;
using boost::system::error_code;
using testing::HasSubstr;

Address const any_port{.host = "127.0.0.1", .port = 0};

TEST(Address, TextAndBack) {
    for (std::string_view const text :
         {"127.0.0.12:4711", "[::1]:80", "0.0.0.0:0", "[fe80::1]:65535", "localhost:1", "a-1.b2:3"
         }) {
        auto const address = parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->text(), text);
    }
    EXPECT_EQ(parse_address("[::1]:80")->host, "::1");
}

TEST(Address, WhatIsNoHostAndPortIsInvalid) {
    for (std::string_view const text : {"",
                                        "127.0.0.1",
                                        ":80",
                                        "127.0.0.1:",
                                        "127.0.0.1:65536",
                                        "127.0.0.1:-1",
                                        "::1:80",
                                        "[::1]",
                                        "[::1:80",
                                        "[1.2.3.4]:1",
                                        "1.2.3:80",
                                        "256.1.1.1:80",
                                        "a b:80",
                                        "a/b:80",
                                        "-a:80",
                                        "a..b:80",
                                        ".:80",
                                        "[]:80",
                                        "x:80 ",
                                        "http://x:80",
                                        "a\0b:80"}) {
        auto const address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().code, Errc::invalid);
    }
    EXPECT_FALSE(parse_address(std::string(300, 'a') + ":80"));
}

struct Pair {
    std::unique_ptr<Stream> client;
    std::unique_ptr<Stream> server;
};

/// Both ends of a fresh loopback connection.
Task<Pair> connect_pair(Network& network) {
    CO_TRY(auto const listener, network.listen(any_port));
    Pair pair;
    CO_TRY(pair.client, co_await network.connect(listener->address(), 5s));
    CO_TRY(pair.server, co_await listener->accept());
    co_return pair;
}

Task<std::string> read_exactly(Stream& stream, std::size_t size) {
    std::string text(size, '\0');
    auto const [error, got] = co_await boost::asio::async_read(stream, buffer(text), answer);
    if (error) co_return fail(Errc::unavailable, "{} after {}", error.message(), got);
    co_return text;
}

Task<void> talk(any_io_executor executor) {
    auto const network = make_real_network(executor);
    CO_TRY(auto const pair, co_await connect_pair(*network));
    EXPECT_EQ(pair.client->peer().host, "127.0.0.1");
    std::vector<boost::asio::const_buffer> parts;
    std::vector<std::string> texts;
    std::string whole;
    for (int n = 0; n < 40; ++n) whole += texts.emplace_back(std::to_string(n) + " ");
    for (auto const& text : texts) {
        parts.push_back(buffer(text));
        parts.push_back(buffer("", 0));
    }
    auto const [error, sent] = co_await boost::asio::async_write(*pair.client, parts, answer);
    EXPECT_FALSE(error);
    EXPECT_EQ(sent, whole.size());
    CO_TRY(auto const read, co_await read_exactly(*pair.server, whole.size()));
    EXPECT_EQ(read, whole);
    pair.client->shutdown_send();
    auto const end = co_await read_exactly(*pair.server, 1);
    EXPECT_THAT(end.error().message, HasSubstr("End of file"));
    auto const [late, count] = co_await pair.server->async_write_some(buffer("still", 5), answer);
    EXPECT_FALSE(late) << "the other direction goes on";
    CO_TRY(auto const still, co_await read_exactly(*pair.client, 5));
    EXPECT_EQ(still, "still");
    co_return Result<void>();
}

TEST(RealNetwork, BuffersArriveWholeAndInOrderAndEachDirectionEndsAlone) { passes(talk); }

Task<void> read_some(Stream& stream, error_code& error) {
    std::array<char, 16> space{};
    auto const [got, size] = co_await stream.async_read_some(buffer(space), answer);
    error = got;
    co_return Result<void>();
}

Task<void> write_for_ever(Stream& stream, error_code& error) {
    std::string const large(1U << 20U, 'x');
    while (!error) {
        auto const [got, size] = co_await stream.async_write_some(buffer(large), answer);
        error = got;
        // A write that was done just before it was cancelled ends without an error.
        if (!co_await refuse_if_cancelled("write")) error = boost::asio::error::operation_aborted;
    }
    co_return Result<void>();
}

Task<void> cancel_one_direction(any_io_executor executor) {
    auto const network = make_real_network(executor);
    auto const clock = make_real_clock();
    CO_TRY(auto const pair, co_await connect_pair(*network));
    TaskGroup readers(executor);
    TaskGroup writers(executor);
    error_code read_error;
    error_code write_error;
    readers.spawn("reader", read_some(*pair.client, read_error));
    writers.spawn("writer", write_for_ever(*pair.client, write_error));
    CO_TRY_OK(co_await clock->sleep(5ms));
    CO_TRY_OK(co_await readers.stop());
    EXPECT_EQ(read_error, boost::asio::error::operation_aborted);
    EXPECT_FALSE(write_error) << "the write was not touched";
    CO_TRY_OK(co_await writers.stop());
    EXPECT_EQ(write_error, boost::asio::error::operation_aborted);
    co_return Result<void>();
}

TEST(RealNetwork, AReadIsCancelledWithoutTheWrite) { passes(cancel_one_direction); }

Task<void> close_under_way(any_io_executor executor) {
    auto const network = make_real_network(executor);
    auto const clock = make_real_clock();
    CO_TRY(auto pair, co_await connect_pair(*network));
    TaskGroup group(executor);
    error_code error;
    group.spawn("reader", read_some(*pair.client, error));
    CO_TRY_OK(co_await clock->sleep(1ms));
    pair.client->close();
    pair.client->close();
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(error, boost::asio::error::operation_aborted);
    auto const end = co_await read_exactly(*pair.server, 1);
    EXPECT_FALSE(end);

    CO_TRY(auto second, co_await connect_pair(*network));
    group.spawn("reader", read_some(*second.client, error));
    CO_TRY_OK(co_await clock->sleep(1ms));
    second.client.reset();
    co_return co_await group.stop();
}

TEST(RealNetwork, CloseOrDestructionEndsWhatIsUnderWay) { passes(close_under_way); }

Task<void> refuse(any_io_executor executor) {
    auto const network = make_real_network(executor);
    CO_TRY(auto listener, network->listen(any_port));
    auto const address = listener->address();
    EXPECT_NE(address.port, 0);
    auto const twice = network->listen(address);
    EXPECT_EQ(twice.error().code, Errc::conflict);
    listener.reset();
    auto const refused = co_await network->connect(address, 5s);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("connect to 127.0.0.1:"));
    Address const foreign{.host = "192.0.2.1", .port = 80};
    EXPECT_EQ(network->listen(foreign).error().code, Errc::invalid);
    Address const name{.host = "localhost", .port = 0};
    EXPECT_EQ(network->listen(name).error().code, Errc::invalid);
    co_return Result<void>();
}

TEST(RealNetwork, UsedForeignAndClosedPortsAreToldApart) { passes(refuse); }

Task<void> connect_by_name(any_io_executor executor) {
    auto const network = make_real_network(executor);
    CO_TRY(auto const listener, network->listen(any_port));
    Address const name{.host = "localhost", .port = listener->address().port};
    CO_TRY(auto const stream, co_await network->connect(name, 5s));
    EXPECT_EQ(stream->peer().host, "127.0.0.1");
    co_return Result<void>();
}

TEST(RealNetwork, ANameIsResolved) { passes(connect_by_name); }

/// A backlog of one that nobody empties: Linux lets a third caller wait.
Task<void> connect_to_silence(any_io_executor executor) {
    auto const network = make_real_network(executor);
    auto const clock = make_real_clock();
    Address const unroutable{.host = "192.0.2.1", .port = 9};  // RFC 5737: documentation
    auto const start = clock->steady();
    auto const late = co_await network->connect(unroutable, 20ms);
    EXPECT_EQ(late.error().code, Errc::unavailable) << late.error().message;
    EXPECT_LT(clock->steady() - start, 2s);
    co_return Result<void>();
}

TEST(RealNetwork, ConnectGivesUpAfterItsTimeout) { passes(connect_to_silence); }

Task<void> accept_one(Listener& listener, Result<void>& result) {
    auto const stream = co_await listener.accept();
    if (!stream) result = std::unexpected(stream.error());
    co_return Result<void>();
}

Task<void> stop_accepting(any_io_executor executor) {
    auto const network = make_real_network(executor);
    auto const clock = make_real_clock();
    TaskGroup group(executor);
    Result<void> closed;
    Result<void> cancelled;
    {
        CO_TRY(auto const listener, network->listen(any_port));
        group.spawn("accept", accept_one(*listener, closed));
        CO_TRY_OK(co_await clock->sleep(1ms));
        listener->close();
        CO_TRY_OK(co_await group.join());
        auto const again = co_await listener->accept();
        EXPECT_EQ(again.error().code, Errc::cancelled);
    }
    CO_TRY(auto const listener, network->listen(any_port));
    group.spawn("accept", accept_one(*listener, cancelled));
    CO_TRY_OK(co_await clock->sleep(1ms));
    CO_TRY_OK(co_await group.stop());
    EXPECT_EQ(closed.error().code, Errc::cancelled);
    EXPECT_EQ(cancelled.error().code, Errc::cancelled);
    co_return Result<void>();
}

TEST(RealNetwork, AcceptEndsWithItsListenerOrItsCaller) { passes(stop_accepting); }

Task<void> run_out_of_descriptors(any_io_executor executor) {
    auto const network = make_real_network(executor);
    CO_TRY(auto const listener, network->listen(any_port));
    CO_TRY(auto const waiting, co_await network->connect(listener->address(), 5s));
    rlimit old{};
    ::getrlimit(RLIMIT_NOFILE, &old);
    rlimit const none{.rlim_cur = 3, .rlim_max = old.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    auto const refused = co_await listener->accept();
    ::setrlimit(RLIMIT_NOFILE, &old);
    EXPECT_EQ(refused.error().code, Errc::exhausted);
    CO_TRY(auto const accepted, co_await listener->accept());
    co_return Result<void>();
}

TEST(RealNetwork, WithoutDescriptorsAcceptSaysSoAndWorksLater) { passes(run_out_of_descriptors); }

}  // namespace
}  // namespace disgrafs
