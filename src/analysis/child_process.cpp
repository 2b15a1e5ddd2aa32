#include "analysis/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace disgrafs::analysis {

namespace {

Ending to_ending(int status) {
    if (WIFSIGNALED(status)) return {.exit_code = -1, .signal = WTERMSIG(status)};
    return {.exit_code = WEXITSTATUS(status), .signal = 0};
}

/// Only what sanitizers and coverage need of our environment, and a charset.
std::vector<std::string> child_environment() {
    std::vector<std::string> kept{"LC_ALL=C.UTF-8"};
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        for (auto const prefix : {"ASAN_", "UBSAN_", "TSAN_", "LSAN_", "LLVM_PROFILE_FILE="}) {
            if (text.starts_with(prefix)) kept.emplace_back(text);
        }
    }
    return kept;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// The actions and attributes of posix_spawn, freed at the end.
struct SpawnPlan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    explicit SpawnPlan(int stream) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, stream, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, stream, STDOUT_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        // Its own group: Ctrl-C in a terminal must not look like a crash caused by a file.
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        );
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(SpawnPlan const&) = delete;
    SpawnPlan& operator=(SpawnPlan const&) = delete;
};

}  // namespace

std::string Ending::text() const {
    if (signal == 0) return fmt::format("exit code {}", exit_code);
    return fmt::format("signal {} ({})", signal, strsignal(signal));
}

Result<ChildProcess> ChildProcess::spawn(
    std::string const& program, std::vector<std::string> const& arguments
) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(Errc::unavailable, "socketpair: {}", std::strerror(errno));
    }
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    auto environment = child_environment();
    auto const argv = pointers_to(words);
    auto const envp = pointers_to(environment);
    SpawnPlan const plan(ends[1]);
    int id = 0;
    int const error = posix_spawn(
        &id, program.c_str(), &plan.actions, &plan.attributes, argv.data(), envp.data()
    );
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return fail(Errc::unavailable, "{} cannot be started: {}", program, std::strerror(error));
    }
    return ChildProcess(id, ends[0]);
}

ChildProcess::~ChildProcess() {
    end();
    if (stream_ >= 0) close(stream_);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept { *this = std::move(other); }

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(stream_, other.stream_);
    std::swap(has_ended_, other.has_ended_);
    std::swap(ending_, other.ending_);
    return *this;
}

int ChildProcess::take_stream() { return std::exchange(stream_, -1); }

int ChildProcess::open_end_descriptor() const {  // glibc 2.36 declares pidfd_open for C only.
    return id_ == 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, id_, 0));
}

bool ChildProcess::is_running() {
    if (id_ == 0 || has_ended_) return false;
    int status = 0;
    if (waitpid(id_, &status, WNOHANG) == 0) return true;
    has_ended_ = true;
    ending_ = to_ending(status);
    return false;
}

Ending ChildProcess::end() {
    if (!is_running()) return ending_;
    kill(id_, SIGKILL);
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) continue;
    has_ended_ = true;
    ending_ = to_ending(status);
    return ending_;
}

}  // namespace disgrafs::analysis
