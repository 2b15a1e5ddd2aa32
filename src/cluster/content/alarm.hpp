#pragma once

/// \file cluster/content/alarm.hpp  "Is it late?", asked of thousands of operations by one timer.
///
/// Every operation waits equally long, so they become late in the order in which they began: a
/// queue and one sleeping coroutine suffice. An operation that ended in time is simply gone by
/// then.

#include <deque>
#include <memory>

#include "io/clock.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"

namespace disgrafs::cluster {

/// What becomes late: `wake` is notified when it does, and whenever its owner has news.
struct Late {
    explicit Late(boost::asio::any_io_executor executor) : wake(std::move(executor)) {}

    bool is_late = false;
    Wake wake;
};

class Alarm {
 public:
    Alarm(Clock& clock, boost::asio::any_io_executor executor, Duration delay);

    /// `late` is late after the delay, if it still exists then.
    void set(std::weak_ptr<Late> late);
    /// Rings until cancelled.
    Task<void> run();
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
    struct Entry {
        Duration due;  ///< Steady.
        std::weak_ptr<Late> late;
    };

    void drop_ended();

    Clock& clock_;
    Duration delay_;
    Wake first_;
    std::deque<Entry> waiting_;
};

}  // namespace disgrafs::cluster
