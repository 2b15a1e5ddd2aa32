#pragma once

/// \file analysis/child_process.hpp  A program started as a child, with one stream to talk to it.
///
/// The child's standard input and output are one socket; standard error stays ours. It gets no
/// other descriptor, and an environment without secrets. It is killed when this object dies.

#include <string>
#include <vector>

#include "base/result.hpp"

namespace disgrafs::analysis {

/// How a process ended.
struct Ending {
    int exit_code = -1;  ///< −1 when a signal ended it.
    int signal = 0;      ///< 0 when it exited.

    /// "exit code 3" or "signal 11 (Segmentation fault)".
    [[nodiscard]] std::string text() const;
};

class ChildProcess {
 public:
    /// Errors: unavailable (no such program, or the system refuses).
    static Result<ChildProcess> spawn(
        std::string const& program, std::vector<std::string> const& arguments
    );

    ~ChildProcess();
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;

    [[nodiscard]] int id() const { return id_; }
    /// Our end of the stream; the caller closes it.
    [[nodiscard]] int take_stream();
    /// A descriptor that becomes readable when the process ends (pidfd); the caller closes it.
    /// −1 when the system has none.
    [[nodiscard]] int open_end_descriptor() const;

    /// True until it has ended; never waits.
    bool is_running();
    /// Kills it if need be, waits for the end, and tells how it came.
    Ending end();

 private:
    ChildProcess(int id, int stream) : id_(id), stream_(stream) {}

    int id_ = 0;
    int stream_ = -1;
    bool has_ended_ = false;
    Ending ending_;
};

}  // namespace disgrafs::analysis
