#pragma once

/// \file app/child.hpp  One child process of `disgrafs up`: started, watched, ended by its id.

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.hpp"

namespace disgrafs::app {

struct ChildCommand {
    std::vector<std::string> arguments;  ///< arguments[0] is the program's path.
    std::string log_path;                ///< Gets standard output and error, appended.
};

/// Fork and exec. The child has a process group of its own (a Ctrl-C reaches only the parent),
/// default signal dispositions, no open descriptors but the standard ones, and is killed by the
/// kernel when the parent dies. Errors: io.
Result<pid_t> start_child(ChildCommand const& command);

/// How a process ended, for people: "exit status 3", "killed by signal 9".
std::string describe_end(int wait_status);

/// What its log ends with, at most `lines` lines, for the message when it ends early.
std::string last_lines(std::string const& path, std::size_t lines);

}  // namespace disgrafs::app
