#include "analysers/sandbox/confine.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace disgrafs::analysers {

namespace {

constexpr rlim_t descriptors_max = 16;

struct Release {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

std::uint64_t address_space_bytes() {
    std::unique_ptr<FILE, int (*)(FILE*)> const file(
        std::fopen("/proc/self/statm", "re"), &std::fclose
    );
    unsigned long long pages = 0;
    if (file == nullptr || std::fscanf(file.get(), "%llu", &pages) != 1) return 0;
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

Result<void> limit(__rlimit_resource resource, rlim_t soft, rlim_t hard, char const* what) {
    rlimit const value{.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(resource, &value) == 0) return {};
    return fail(Errc::unavailable, "limit of {}: {}", what, std::strerror(errno));
}

Result<void> set_limits(Confinement const& confinement) {
    if (!under_sanitizer) {
        auto const bytes = address_space_bytes() + confinement.memory_bytes;
        TRY_OK(limit(RLIMIT_AS, bytes, bytes, "memory"));
    }
    auto const seconds = rlim_t{confinement.time_ms} / 1000 + 1;
    TRY_OK(limit(RLIMIT_CPU, seconds, seconds + 1, "time"));
    TRY_OK(limit(RLIMIT_CORE, 0, 0, "core"));
    if (!under_sanitizer) TRY_OK(limit(RLIMIT_FSIZE, 0, 0, "file size"));  // their reports
    TRY_OK(limit(RLIMIT_NOFILE, descriptors_max, descriptors_max, "descriptors"));
    return limit(RLIMIT_NPROC, 0, 0, "processes");
}

/// Calls that can do no harm to anything but this process.
constexpr int allowed_calls[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(pread64),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(time),
    SCMP_SYS(uname),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

constexpr scmp_arg_cmp argument_is(unsigned index, std::uint64_t value) {
    return {.arg = index, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}
constexpr scmp_arg_cmp argument_lacks(unsigned index, std::uint64_t bits) {
    return {.arg = index, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = 0};
}

/// By these the sanitizers find out whether an address can be read.
constexpr int sanitizer_calls[] = {SCMP_SYS(pipe), SCMP_SYS(pipe2)};

/// Calls allowed only with a certain argument: no executable memory, no signals to others.
int add_conditional_rules(scmp_filter_ctx filter, int channel) {
    auto const self = static_cast<std::uint64_t>(getpid());
    struct Rule {
        int call;
        scmp_arg_cmp argument;
    };
    Rule const rules[] = {
        {SCMP_SYS(mmap), argument_lacks(2, PROT_EXEC)},
        {SCMP_SYS(mprotect), argument_lacks(2, PROT_EXEC)},
        {SCMP_SYS(tgkill), argument_is(0, self)},
        {SCMP_SYS(fcntl), argument_is(1, F_GETFD)},
        {SCMP_SYS(fcntl), argument_is(1, F_SETFD)},
        {SCMP_SYS(fcntl), argument_is(1, F_GETFL)},
        // The broker's descriptor is handed over once, on the channel.
        {SCMP_SYS(sendmsg), argument_is(0, static_cast<std::uint64_t>(channel))},
    };
    int bad = 0;
    for (auto const& rule : rules) {
        bad |= seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule.call, 1, &rule.argument);
    }
    return bad;
}

Result<int> load_filter(int channel, bool asks_broker) {
    Filter const filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (filter == nullptr) return fail(Errc::unavailable, "seccomp is not there");
    int bad = add_conditional_rules(filter.get(), channel);
    for (int const call : allowed_calls) {
        bad |= seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
    }
    for (int const call : sanitizer_calls) {
        if (under_sanitizer) bad |= seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
    }
    if (asks_broker) bad |= seccomp_rule_add(filter.get(), SCMP_ACT_NOTIFY, SCMP_SYS(openat), 0);
    if (bad != 0) return fail(Errc::unavailable, "a seccomp rule was refused");
    if (int const error = seccomp_load(filter.get()); error != 0) {
        return fail(Errc::unavailable, "seccomp: {}", std::strerror(-error));
    }
    return asks_broker ? seccomp_notify_fd(filter.get()) : -1;
}

}  // namespace

Result<int> confine(Confinement const& confinement, int channel) {
    close_range(static_cast<unsigned>(channel) + 1, ~0U, 0);
    if (channel > STDERR_FILENO + 1) {
        close_range(STDERR_FILENO + 1, static_cast<unsigned>(channel) - 1, 0);
    }
    std::set_new_handler([] { _exit(exit_no_memory); });
    TRY_OK(set_limits(confinement));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return fail(Errc::unavailable, "no_new_privs: {}", std::strerror(errno));
    }
    auto listener = load_filter(channel, confinement.asks_broker);
    // Within another sandbox there may be no second broker: then opens are simply refused.
    if (!listener && confinement.asks_broker) return load_filter(channel, false);
    return listener;
}

}  // namespace disgrafs::analysers
