#include "analysers/sandbox/fork_run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysers/sandbox/broker.hpp"
#include "analysers/sandbox/confine.hpp"

namespace disgrafs::analysers {

namespace {

using Steady = std::chrono::steady_clock;

constexpr int channel_number = 3;  ///< Of the channel in the fork.
constexpr int exit_no_sandbox = 78;
constexpr int ending_ms = 1000;
constexpr std::size_t piece_bytes = 64U << 10U;
/// The first byte on the channel: with the broker's descriptor, or without one.
constexpr char greeting = '!';

class Descriptor {
 public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;

    [[nodiscard]] int get() const { return number_; }
    void reset(int number = -1) {
        if (number_ >= 0) close(number_);
        number_ = number;
    }

 private:
    int number_;
};

// In the fork.

void say_all(std::string_view text) {
    while (!text.empty()) {
        auto const count = write(channel_number, text.data(), text.size());
        if (count <= 0) _exit(0);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

/// One byte, with `listener` attached when there is one.
void greet(int listener) {
    char byte = greeting;
    iovec part{.iov_base = &byte, .iov_len = 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (listener >= 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        auto* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &listener, sizeof(int));
    }
    if (sendmsg(channel_number, &message, 0) != 1) _exit(exit_no_sandbox);
    if (listener >= 0) close(listener);
}

/// Libraries complain on standard error about what they read: nobody wants that in a log. The
/// sanitizers' reports are wanted.
void redirect_standard_streams() {
    int const nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) _exit(exit_no_sandbox);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    if (!under_sanitizer) dup2(nothing, STDERR_FILENO);
}

[[noreturn]] void run_child(
    ForkWork const& work, ForkLimits const& limits, int channel, pid_t parent
) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    int const high = fcntl(channel, F_DUPFD_CLOEXEC, channel_number + 1);  // clear of 0 … 3
    redirect_standard_streams();
    if (high < 0 || dup2(high, channel_number) < 0) _exit(exit_no_sandbox);
    auto const listener = confine(
        {.memory_bytes = limits.memory_bytes, .time_ms = limits.time_ms, .asks_broker = true},
        channel_number
    );
    if (!listener) _exit(exit_no_sandbox);
    greet(*listener);
    try {
        work(say_all);
    } catch (std::exception const&) {
        _exit(1);
    }
    _exit(0);
}

// In the parent.

/// Watches one fork until it ends, by itself or by the deadline.
class Watch {
 public:
    Watch(pid_t child, int channel, ForkLimits const& limits)
        : child_(child),
          channel_(channel),
          limits_(limits),
          deadline_(Steady::now() + std::chrono::milliseconds(limits.time_ms)) {}

    Result<ForkOutcome> run() {
        while (!is_over_) wait_once();
        if (outcome_.end == ForkEnd::finished && !ends_soon()) outcome_.end = ForkEnd::out_of_time;
        if (outcome_.end != ForkEnd::finished) kill(child_, SIGKILL);
        int status = 0;
        while (waitpid(child_, &status, 0) < 0 && errno == EINTR) continue;
        if (WIFEXITED(status) && WEXITSTATUS(status) == exit_no_sandbox) {
            return fail(Errc::unavailable, "the sandbox cannot be set up on this system");
        }
        if (outcome_.end == ForkEnd::finished) judge(status);
        return std::move(outcome_);
    }

 private:
    void wait_once() {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Steady::now());
        std::array<pollfd, 2> waits{{
            {.fd = channel_, .events = POLLIN, .revents = 0},
            {.fd = listener_.get(), .events = POLLIN, .revents = 0},  // −1 is passed over
        }};
        auto const timeout = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        int const ready = poll(waits.data(), waits.size(), timeout);
        if (ready < 0 && errno == EINTR) return;
        if (left.count() <= 0) return finish(ForkEnd::out_of_time);
        if ((waits[1].revents & POLLIN) != 0)
            answer_open(listener_.get());
        else if (waits[1].revents != 0)
            listener_.reset();
        if (waits[0].revents != 0) read_channel();
    }

    /// A fork that closed its channel has a moment to end.
    [[nodiscard]] bool ends_soon() const {
        Descriptor const process(static_cast<int>(syscall(SYS_pidfd_open, child_, 0)));
        pollfd wait{.fd = process.get(), .events = POLLIN, .revents = 0};
        int ready = 0;
        do ready = poll(&wait, 1, ending_ms);
        while (ready < 0 && errno == EINTR);
        return ready > 0;
    }

    void read_channel() {
        std::array<char, piece_bytes> piece;
        iovec part{.iov_base = piece.data(), .iov_len = piece.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (!was_greeted_) {  // Later descriptors are dropped by the kernel.
            message.msg_control = control.data();
            message.msg_controllen = control.size();
        }
        auto const count = recvmsg(channel_, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
        if (count <= 0) return finish(ForkEnd::finished);
        take(message, {piece.data(), static_cast<std::size_t>(count)});
    }

    void take(msghdr& message, std::string_view text) {
        if (!was_greeted_) {
            was_greeted_ = true;
            if (auto const* header = CMSG_FIRSTHDR(&message);
                header != nullptr && header->cmsg_type == SCM_RIGHTS) {
                int number = -1;
                std::memcpy(&number, CMSG_DATA(header), sizeof number);
                listener_.reset(number);
            }
            text.remove_prefix(1);
        }
        if (outcome_.output.size() + text.size() > limits_.output_bytes_max) {
            return finish(ForkEnd::too_much);
        }
        outcome_.output += text;
    }

    void finish(ForkEnd end) {
        outcome_.end = end;
        is_over_ = true;
    }

    void judge(int status) {
        if (WIFSIGNALED(status)) {
            outcome_.signal = WTERMSIG(status);
            outcome_.end = outcome_.signal == SIGXCPU ? ForkEnd::out_of_time : ForkEnd::crashed;
        } else if (WEXITSTATUS(status) == exit_no_memory) {
            outcome_.end = ForkEnd::out_of_memory;
        } else if (WEXITSTATUS(status) != 0) {
            outcome_.end = ForkEnd::crashed;
        }
    }

    pid_t child_;
    int channel_;
    ForkLimits const& limits_;
    Steady::time_point deadline_;
    Descriptor listener_;
    bool was_greeted_ = false;
    bool is_over_ = false;
    ForkOutcome outcome_;
};

}  // namespace

Result<ForkOutcome> run_in_fork(ForkWork const& work, ForkLimits const& limits) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail(Errc::unavailable, "socketpair: {}", std::strerror(errno));
    }
    Descriptor const ours(ends[0]);
    Descriptor theirs(ends[1]);
    auto const parent = getpid();
    auto const child = fork();
    if (child < 0) return fail(Errc::unavailable, "fork: {}", std::strerror(errno));
    if (child == 0) run_child(work, limits, theirs.get(), parent);
    theirs.reset();
    return Watch(child, ours.get(), limits).run();
}

}  // namespace disgrafs::analysers
