#include "io/posix.hpp"

#include <cerrno>
#include <expected>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/result.hpp"

namespace disgrafs {

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);  // what must last was synced before, so this answer tells nothing
}

Result<Fd> open_fd(int at, std::string const& path, int flags, mode_t mode) {
    auto const open = [&] { return ::openat(at, path.c_str(), flags | O_CLOEXEC, mode); };
    auto const fd = again_if_interrupted(open);
    if (fd < 0) return os_failure("open", path);
    return Fd(fd);
}

std::unexpected<Error> os_failure(char const* attempted, std::string const& object) {
    auto const number = errno;
    auto code = Errc::io;
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            code = Errc::not_found;
            break;
        case ENOSPC:
        case EDQUOT:
        case EMFILE:
        case ENFILE:
        case ENOMEM:
            code = Errc::exhausted;
            break;
        case EACCES:
        case EPERM:
            code = Errc::denied;
            break;
        case ENOTEMPTY:
        case EEXIST:
            code = Errc::conflict;
            break;
        default:
            break;
    }
    auto const reason = std::generic_category().message(number);
    return fail(code, "{} {}: {}", attempted, object, reason);
}

}  // namespace disgrafs
