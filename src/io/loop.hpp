#pragma once

/// \file io/loop.hpp  The event loop of a program, and the signals that reach it.

#include <functional>
#include <initializer_list>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "io/task.hpp"

namespace disgrafs {

/// Signals as something to wait for. From construction on they no longer end the process, even when
/// they were ignored at its start.
class Signals {
 public:
    Signals(boost::asio::any_io_executor executor, std::initializer_list<int> numbers);
    ~Signals();
    Task<int> next();  ///< The number of the next one. Errors: cancelled.

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Runs `program` on a fresh loop on this thread to its end, and gives its result back. Children
/// that it spawned must have ended by then.
Result<void> run_loop(std::function<Task<void>(boost::asio::any_io_executor)> program);

}  // namespace disgrafs
