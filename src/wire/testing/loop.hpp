#pragma once

/// \file wire/testing/loop.hpp  Runs a test's coroutine in a simulated world, or on the real
/// loopback: tests only.
///
/// What a body needs of the world it has from its TestLoop, so the same body runs in both. In
/// simulation time costs nothing and every seed is another order of events; the real network shows
/// that the simulated one tells the truth.

#include <chrono>
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
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {

/// What a test has: network, time, and an owner for what it spawns.
struct TestLoop {
    TestLoop(boost::asio::any_io_executor loop, Network& its_network, Clock& its_clock)
        : executor(loop), network(&its_network), clock(&its_clock), tasks(loop) {}

    boost::asio::any_io_executor executor;
    Network* network;
    Clock* clock;
    TaskGroup tasks;
};

using TestBody = Task<void> (*)(TestLoop&);

/// The body fails the test by its Error; it may not take longer than a minute.
inline Task<void> run_in(
    TestBody body, boost::asio::any_io_executor executor, Network& network, Clock& clock
) {
    TestLoop loop(executor, network, clock);
    auto const result = co_await within(clock, std::chrono::minutes(1), body(loop));
    co_await loop.tasks.stop();
    co_return result;
}

inline void expect_passed(Result<void> const& result) {
    if (result) return;
    auto const& error = result.error();
    ADD_FAILURE() << error.message << " (" << error.where.file_name() << ":" << error.where.line()
                  << ")";
}

inline void run_on_loopback(TestBody body) {
    auto const run = [](TestBody its_body, boost::asio::any_io_executor executor) -> Task<void> {
        auto const network = make_real_network(executor);
        auto const clock = make_real_clock();
        co_return co_await run_in(its_body, executor, *network, *clock);
    };
    expect_passed(run_loop([&](boost::asio::any_io_executor executor) {
        return run(body, std::move(executor));
    }));
}

inline void run_in_simulation(TestBody body, std::uint64_t seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimWorld world(seed);
    auto& network = world.network("here");
    expect_passed(world.run(run_in(body, world.executor(), network, world.clock())));
}

/// In three simulated worlds.
inline void run_test(TestBody body) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) run_in_simulation(body, seed);
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
