#include "app/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace disgrafs::app {

namespace {

constexpr off_t log_bytes_max = 64 << 20;

/// A log that has grown large makes room: one older generation is kept.
Result<int> open_log(std::string const& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) == 0 && facts.st_size > log_bytes_max) {
        std::rename(path.c_str(), (path + ".1").c_str());
    }
    auto const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return fail(Errc::io, "open {}: {}", path, std::strerror(errno));
    return file;
}

/// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, int log, pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    auto const null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::close_range(3, ~0U, 0);
    ::execv(arguments[0], arguments);
    ::_exit(127);
}

}  // namespace

Result<pid_t> start_child(ChildCommand const& command) {
    TRY(auto const log, open_log(command.log_path));
    auto words = command.arguments;
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);

    auto const parent = ::getpid();
    auto const pid = ::fork();
    if (pid == 0) become(pointers.data(), log, parent);
    auto const reason = errno;
    ::close(log);
    if (pid < 0) return fail(Errc::io, "fork: {}", std::strerror(reason));
    return pid;
}

std::string describe_end(int wait_status) {
    if (WIFSIGNALED(wait_status)) {
        return fmt::format("killed by signal {}", WTERMSIG(wait_status));
    }
    return fmt::format("exit status {}", WEXITSTATUS(wait_status));
}

std::string last_lines(std::string const& path, std::size_t lines) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return {};
    auto const size = static_cast<std::streamoff>(file.tellg());
    auto const from = size > 8192 ? size - 8192 : std::streamoff{0};
    file.seekg(from);
    std::string tail(static_cast<std::size_t>(size - from), '\0');
    file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    std::size_t at = tail.size();
    for (std::size_t count = 0; at != 0 && count <= lines;) {
        at = tail.rfind('\n', at - 1);
        if (at == std::string::npos) return tail;
        if (++count > lines) return tail.substr(at + 1);
        if (at == 0) break;
    }
    return tail;
}

}  // namespace disgrafs::app
