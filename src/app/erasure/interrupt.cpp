#include "app/erasure/interrupt.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <functional>

#include "app/command.hpp"
#include "base/result.hpp"

namespace disgrafs::app {
namespace {

constexpr std::array marked{SIGINT, SIGTERM, SIGHUP, SIGXFSZ};

std::sig_atomic_t volatile came = 0;  // A handler can reach nothing else.

void mark(int number) { came = number; }

}  // namespace

Interrupt::Interrupt() {
    came = 0;
    for (std::size_t i = 0; i < marked.size(); ++i) {
        ::sigaction(marked[i], nullptr, &before_[i]);
        if (before_[i].sa_handler == SIG_IGN) {
            continue;  // nohup wants it so
        }
        struct sigaction action{};
        action.sa_handler = marked[i] == SIGXFSZ ? SIG_IGN : mark;
        ::sigaction(marked[i], &action, nullptr);
    }
}

Interrupt::~Interrupt() {
    for (std::size_t i = 0; i < marked.size(); ++i) {
        ::sigaction(marked[i], &before_[i], nullptr);
    }
}

Result<void> Interrupt::check() {
    if (came == 0) {
        return {};
    }
    return fail(Errc::cancelled, "stopped: nothing was written");
}

int run_interruptible(std::function<Result<void>()> const& work) {
    int status = 0;
    {
        Interrupt const interrupt;
        status = finish(work());
    }
    if (status != 0 && came != 0) {
        std::raise(came);
    }
    return status;
}

}  // namespace disgrafs::app
