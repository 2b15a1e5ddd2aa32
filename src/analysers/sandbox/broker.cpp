#include "analysers/sandbox/broker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace disgrafs::analysers {

namespace {

constexpr std::string_view readable_folders[] = {"/usr/share/poppler/"};
constexpr std::size_t path_bytes_max = 512;
constexpr std::uint64_t forbidden_flags = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_PATH;

struct Notice {
    Notice() { seccomp_notify_alloc(&request, &response); }
    ~Notice() { seccomp_notify_free(request, response); }
    Notice(Notice const&) = delete;
    Notice& operator=(Notice const&) = delete;

    seccomp_notif* request = nullptr;
    seccomp_notif_resp* response = nullptr;
};

/// The text at `address` of another process; empty when it cannot be read or is too long.
std::string read_path(pid_t process, std::uint64_t address) {
    std::array<char, path_bytes_max> buffer{};
    iovec const local{.iov_base = buffer.data(), .iov_len = buffer.size()};
    iovec const remote{
        .iov_base = reinterpret_cast<void*>(address), .iov_len = buffer.size()  // NOLINT
    };
    auto const count = process_vm_readv(process, &local, 1, &remote, 1, 0);
    if (count <= 0) return {};
    std::string_view const text(buffer.data(), static_cast<std::size_t>(count));
    auto const end = text.find('\0');
    return end == std::string_view::npos ? std::string() : std::string(text.substr(0, end));
}

/// Opens for the child and gives the number the file has there, or −errno.
int open_for(int listener, seccomp_notif const& request) {
    auto const path = read_path(static_cast<pid_t>(request.pid), request.data.args[1]);
    if (!may_open(path) || (request.data.args[2] & forbidden_flags) != 0) return -EPERM;
    int const file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return -errno;
    seccomp_notif_addfd const add{
        .id = request.id,
        .flags = 0,
        .srcfd = static_cast<std::uint32_t>(file),
        .newfd = 0,
        .newfd_flags = O_CLOEXEC
    };
    int const number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
    int const result = number < 0 ? -errno : number;
    close(file);
    return result;
}

}  // namespace

bool may_open(std::string_view path) {
    if (path.find("..") != std::string_view::npos) return false;
    return std::ranges::any_of(readable_folders, [&](std::string_view folder) {
        return path.starts_with(folder);
    });
}

void answer_open(int listener) {
    Notice const notice;
    if (notice.request == nullptr || seccomp_notify_receive(listener, notice.request) != 0) return;
    int const result = open_for(listener, *notice.request);
    notice.response->id = notice.request->id;
    notice.response->flags = 0;
    notice.response->error = result < 0 ? result : 0;
    notice.response->val = result < 0 ? 0 : result;
    seccomp_notify_respond(listener, notice.response);
}

}  // namespace disgrafs::analysers
