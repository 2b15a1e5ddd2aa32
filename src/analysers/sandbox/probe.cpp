#include "analysers/sandbox/probe.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace disgrafs::analysers {

namespace {

constexpr std::size_t block_bytes = 1U << 20U;

bool try_open() { return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0; }

bool try_socket() { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }

/// Comes back only when it failed.
bool try_exec() {
    char program[] = "/bin/true";
    char* const argv[] = {program, nullptr};
    char* const envp[] = {nullptr};
    execve(program, argv, envp);
    return false;
}

bool try_ptrace() { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }

/// By the bare call: what fork() does around it is not what is tried.
bool try_fork() {
    auto const child = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (child == 0) _exit(0);
    return child > 0;
}

bool try_signal() { return kill(getppid(), 0) == 0 || kill(1, 0) == 0; }

bool try_execute() {
    return mmap(
               nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
           ) != MAP_FAILED;
}

/// Touches memory without end.
bool use_memory() {
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t i = 0; i < (std::size_t{1} << 20U); ++i) {
        blocks.push_back(std::make_unique<char[]>(block_bytes));
        std::memset(blocks.back().get(), static_cast<int>(i), block_bytes);
    }
    return true;
}

bool use_time() {
    for (unsigned volatile turn = 0;; turn = turn + 1) continue;
}

bool crash() { std::abort(); }

struct Probe {
    std::string_view name;
    bool (*attempt)();  ///< Whether it worked, which it must not.
};

constexpr Probe probes[] = {
    {"open", &try_open},
    {"socket", &try_socket},
    {"exec", &try_exec},
    {"ptrace", &try_ptrace},
    {"fork", &try_fork},
    {"signal", &try_signal},
    {"execute", &try_execute},
    {"memory", &use_memory},
    {"time", &use_time},
    {"crash", &crash},
};

}  // namespace

analysis::Findings run_probe(std::string_view name) {
    using analysis::AnalyseStatus;
    for (auto const& probe : probes) {
        if (probe.name != name) continue;
        errno = 0;
        bool const worked = probe.attempt();
        if (worked) {
            return analysis::failed_findings(
                "", AnalyseStatus::failed, fmt::format("{} worked", name)
            );
        }
        return analysis::failed_findings(
            "", AnalyseStatus::ok, fmt::format("refused: {}: {}", name, std::strerror(errno))
        );
    }
    return analysis::failed_findings("", AnalyseStatus::failed, fmt::format("no probe '{}'", name));
}

}  // namespace disgrafs::analysers
