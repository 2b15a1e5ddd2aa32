#pragma once

/// \file io/pool.hpp  Threads for work that blocks or computes, and the way there and back.
///
/// Module code runs on one event loop and has no mutex. What would hold the loop up (RocksDB,
/// fdatasync, erasure, hashing) goes through one statement:
///
///     auto const work = [&] { return encoder.encode(data, parity); };
///     CO_TRY_OK(co_await offload(pool_, work));
///
/// A Pool of 0 threads runs the work on the loop itself: so does the simulation, by one order.

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "io/exception.hpp"
#include "io/task.hpp"

namespace disgrafs {

class Pool {
 public:
    /// `name` labels its metrics (disgrafs_pool_*): io, cpu, store … Work waits in a queue without
    /// limit: callers bound what they start.
    Pool(std::string name, std::size_t threads);
    ~Pool();  ///< Runs what is queued, then joins.
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    /// Run `work` on a thread of the pool; at once, here, when it has none.
    void post(std::move_only_function<void()> work);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Stands while a thread hands an answer to a loop. The loop may take the answer, end its program
/// and die while that thread is still on its way out of the loop's code; run_loop() therefore waits
/// until no HandBack stands.
class HandBack {
 public:
    HandBack();
    ~HandBack();
    HandBack(HandBack const&) = delete;
    HandBack& operator=(HandBack const&) = delete;

    static void wait_for_none();
};

/// Run `work` (a callable returning Result<T>) on `pool`, continue on the loop with what it
/// returned. `work` and what it refers to live until then: cancellation waits for it. An exception
/// that leaves `work` (a library's) becomes its Error.
template <typename Work>
auto offload(Pool& pool, Work& work) -> Task<typename std::invoke_result_t<Work&>::value_type> {
    using Answer = std::invoke_result_t<Work&>;
    auto const executor = co_await boost::asio::this_coro::executor;
    auto const start = [&pool, &work, executor](auto handler) {
        auto finish = [handler = std::move(handler), executor](Answer result) mutable {
            auto back = [handler = std::move(handler), result = std::move(result)]() mutable {
                std::move(handler)(std::move(result));
            };
            HandBack const under_way;
            boost::asio::post(executor, std::move(back));
        };
        pool.post([&work, finish = std::move(finish)]() mutable {
            try {
                finish(work());
            } catch (...) {
                finish(Answer(std::unexpected(error_of(std::current_exception()))));
            }
        });
    };
    co_return co_await boost::asio::
        async_initiate<boost::asio::use_awaitable_t<> const, void(Answer)>(
            start, boost::asio::use_awaitable
        );
}

}  // namespace disgrafs
