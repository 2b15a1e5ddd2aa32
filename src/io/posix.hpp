#pragma once

/// \file io/posix.hpp  File descriptors and errno, as values. Inside io/ only.

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include <sys/types.h>

#include "base/result.hpp"

namespace disgrafs {

/// Owns one descriptor.
class Fd {
 public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd();

    [[nodiscard]] int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

 private:
    int fd_ = -1;
};

/// Opened with O_CLOEXEC, relative to the folder `at`. Errors: those of os_failure.
Result<Fd> open_fd(int at, std::string const& path, int flags, mode_t mode = 0);

/// The error of the call that just failed, from errno: not_found (ENOENT, ENOTDIR), exhausted (no
/// space, quota, descriptors, memory), denied (EACCES, EPERM), conflict (ENOTEMPTY, EEXIST), else
/// io.
std::unexpected<Error> os_failure(char const* attempted, std::string const& object);

/// Calls until the answer is not "interrupted by a signal".
template <typename Call>
auto again_if_interrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

}  // namespace disgrafs
