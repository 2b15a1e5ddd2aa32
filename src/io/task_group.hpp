#pragma once

/// \file io/task_group.hpp  The owner of running coroutines; nothing runs detached.
///
/// Problem: a coroutine that outlives the object it uses. A component owns a TaskGroup, spawns its
/// children into it, and awaits stop() before it dies; the destructor asserts that none is left.
/// (The idea is Seastar's gate.)

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "io/task.hpp"

namespace disgrafs {

class TaskGroup {
 public:
    explicit TaskGroup(boost::asio::any_io_executor executor);
    ~TaskGroup();  ///< Asserts that no child runs, unless the loop itself is dying.
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    /// Start `task` on the loop. An error other than cancelled is logged as a warning with `name`
    /// (a literal); a child that must not end silently handles its own errors. After stop() began,
    /// the task is dropped unstarted.
    void spawn(char const* name, Task<void> task);

    /// Cancel every child and wait until all have ended. Idempotent; later spawns are dropped.
    Task<void> stop();
    /// Wait until all children have ended, without cancelling.
    Task<void> join();

    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] bool is_stopping() const;
    [[nodiscard]] boost::asio::any_io_executor executor() const;

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace disgrafs
