#include "cluster/content/alarm.hpp"

#include <utility>

namespace disgrafs::cluster {

Alarm::Alarm(Clock& clock, boost::asio::any_io_executor executor, Duration delay)
    : clock_(clock), delay_(delay), first_(std::move(executor)) {}

void Alarm::set(std::weak_ptr<Late> late) {
    drop_ended();
    waiting_.push_back({.due = clock_.steady() + delay_, .late = std::move(late)});
    if (waiting_.size() == 1) first_.notify();
}

Task<void> Alarm::run() {
    for (;;) {
        drop_ended();
        if (waiting_.empty()) {
            CO_TRY_OK(co_await first_.wait());
            continue;
        }
        auto const left = waiting_.front().due - clock_.steady();
        if (left > Duration(0)) {
            CO_TRY_OK(co_await clock_.sleep(left));
            continue;
        }
        auto const late = waiting_.front().late.lock();
        waiting_.pop_front();
        if (late == nullptr) continue;
        late->is_late = true;
        late->wake.notify();
    }
}

// Keeps the queue as short as the number of operations under way, whatever their rate.
void Alarm::drop_ended() {
    while (!waiting_.empty() && waiting_.front().late.expired()) waiting_.pop_front();
}

}  // namespace disgrafs::cluster
