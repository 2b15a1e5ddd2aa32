#pragma once

/// \file io/wait_list.hpp  Coroutines that wait, first come, first served. Under Wake, Semaphore
/// and TaskGroup; other modules use those.
///
/// A waiter is completed by a post to the loop, never inside the call that wakes it, so nothing
/// that wakes is entered again from below. Concurrency: the loop.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "io/loop_end.hpp"
#include "io/task.hpp"

namespace disgrafs {

class WaitList {
 public:
    using Done = std::move_only_function<void(Result<void>)>;
    enum class Cancel : std::uint8_t {
        allowed,  ///< The waiter may be cancelled; in a cancelled coroutine it does not even wait.
        refused,  ///< It waits to the end: clean-up after a cancellation.
    };

    explicit WaitList(boost::asio::any_io_executor executor);
    ~WaitList();  ///< Waiters end with cancelled.
    WaitList(WaitList const&) = delete;
    WaitList& operator=(WaitList const&) = delete;

    /// Wait in `list` with `weight`, whose meaning is the caller's. Errors: cancelled.
    static Task<void> wait(std::shared_ptr<WaitList> list, Cancel cancel, std::size_t weight = 0);

    void wake_first();
    void wake_all();
    void abandon();  ///< Destroy the waiters unheard: the loop ends.
    /// Called after a waiter was cancelled: the next may have a right to go now.
    void on_cancelled(std::function<void()> call) { on_cancelled_ = std::move(call); }

    [[nodiscard]] bool empty() const { return waiters_.empty(); }
    [[nodiscard]] std::size_t size() const { return waiters_.size(); }
    [[nodiscard]] std::size_t first_weight() const;  ///< Of the first; the list is not empty.
    [[nodiscard]] boost::asio::any_io_executor const& executor() const { return executor_; }

 private:
    struct Waiter {
        std::size_t weight = 0;
        Done done;
    };

    void complete(Waiter waiter, Result<void> result);
    void cancel(std::uint64_t number);

    boost::asio::any_io_executor executor_;
    LoopEnd::Node node_{this};
    std::map<std::uint64_t, Waiter> waiters_;  ///< By order of arrival.
    std::uint64_t arrivals_ = 0;
    std::function<void()> on_cancelled_;
};

/// `cancelled` when the awaiting coroutine was cancelled earlier. Asio cancels only what is under
/// way; whatever may wait long asks this first, so that a cancelled coroutine does not wait again.
Task<void> refuse_if_cancelled(char const* attempted);

}  // namespace disgrafs
