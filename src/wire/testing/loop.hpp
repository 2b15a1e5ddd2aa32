#pragma once

/// \file wire/testing/loop.hpp  Runs a test's coroutine on a loop with the real network: tests
/// only.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/deadline.hpp"
#include "io/loop.hpp"
#include "io/network.hpp"
#include "io/task_group.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {

/// What a test has: network, time, and an owner for what it spawns.
struct TestLoop {
    explicit TestLoop(boost::asio::any_io_executor loop)
        : executor(loop), network(make_real_network(loop)), clock(make_real_clock()), tasks(loop) {}

    boost::asio::any_io_executor executor;
    std::unique_ptr<Network> network;
    std::unique_ptr<Clock> clock;
    TaskGroup tasks;
};

/// A test's body fails the test by its Error; it may not take longer than a minute.
inline void run_test(Task<void> (*body)(TestLoop&)) {
    auto const program = [body](boost::asio::any_io_executor executor) -> Task<void> {
        return [](auto run, auto loop_executor) -> Task<void> {
            TestLoop loop(loop_executor);
            auto const result = co_await within(*loop.clock, std::chrono::minutes(1), run(loop));
            co_await loop.tasks.stop();
            co_return result;
        }(body, executor);
    };
    auto const result = run_loop(program);
    EXPECT_TRUE(result) << result.error().message << " (" << result.error().where.file_name() << ":"
                        << result.error().where.line() << ")";
}

/// Everything that `stream` still sends.
inline Task<std::string> read_to_end(Stream& stream) {
    std::string all;
    Bytes piece(64U << 10U);
    while (true) {
        CO_TRY(auto const size, co_await read_some(stream, piece));
        if (size == 0) co_return all;
        all += as_text(ByteView(piece).first(size));
    }
}

inline Task<void> send(Stream& stream, std::string_view text) {
    std::vector<ByteView> parts;
    parts.push_back(as_bytes(text));
    return write_all(stream, std::move(parts));
}

}  // namespace disgrafs::wire

/// `CO_EXPECT(value == 3);`  as ASSERT_TRUE, in a coroutine.
#define CO_EXPECT(...)                                                       \
    do {                                                                     \
        if (!(__VA_ARGS__)) {                                                \
            ADD_FAILURE() << #__VA_ARGS__;                                   \
            co_return ::disgrafs::fail(::disgrafs::Errc::io, "test failed"); \
        }                                                                    \
    } while (false)
