#pragma once

/// \file app/client/progress.hpp  A bar on a terminal's standard error; silent elsewhere.

#include <cstdint>
#include <string>

#include "io/clock.hpp"

namespace disgrafs::app {

class Progress {
 public:
    /// `total` 0: unknown, shows bytes alone.
    Progress(Clock& clock, std::string name, std::uint64_t total);
    ~Progress();  ///< Ends the line.
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    void add(std::uint64_t size_bytes);

 private:
    void draw();

    Clock& clock_;
    std::string name_;
    std::uint64_t total_;
    std::uint64_t done_ = 0;
    Duration begin_;
    Duration drawn_{0};
    bool is_terminal_;
    bool has_drawn_ = false;
};

}  // namespace disgrafs::app
