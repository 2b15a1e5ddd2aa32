#include "io/pool.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/metrics.hpp"

namespace disgrafs {

struct Pool::State {
    struct Metrics {
        Gauge& threads;
        Gauge& busy;
        Gauge& queue_length;

        explicit Metrics(std::string const& pool)
            : threads(gauge("disgrafs_pool_threads", "Threads in a pool.", {{"pool", pool}})),
              busy(gauge("disgrafs_pool_busy_threads", "Threads now busy.", {{"pool", pool}})),
              queue_length(gauge("disgrafs_pool_queue_length", "Tasks waiting.", {{"pool", pool}})
              ) {}
    };

    explicit State(std::string const& name) : metrics(name) {}

    /// A thread's life: work until the queue is empty and no more will come.
    void serve() {
        std::unique_lock lock(mutex);
        while (true) {
            something.wait(lock, [this] { return !queue.empty() || is_closing; });
            if (queue.empty()) return;
            auto work = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            metrics.queue_length.Decrement();
            metrics.busy.Increment();
            work();
            work = nullptr;  // what it owns dies here, outside the lock
            metrics.busy.Decrement();
            lock.lock();
        }
    }

    Metrics metrics;
    std::mutex mutex;
    std::condition_variable something;
    std::deque<std::move_only_function<void()>> queue;
    bool is_closing = false;
    std::vector<std::jthread> threads;  // last: joined before the rest dies
};

Pool::Pool(std::string name, std::size_t threads) : state_(std::make_unique<State>(name)) {
    state_->metrics.threads.Increment(static_cast<double>(threads));
    for (std::size_t n = 0; n < threads; ++n) {
        state_->threads.emplace_back([state = state_.get()] { state->serve(); });
    }
}

Pool::~Pool() {
    state_->metrics.threads.Decrement(static_cast<double>(state_->threads.size()));
    {
        std::lock_guard const lock(state_->mutex);
        state_->is_closing = true;
    }
    state_->something.notify_all();
}

void Pool::post(std::move_only_function<void()> work) {
    if (state_->threads.empty()) return work();
    state_->metrics.queue_length.Increment();
    {
        std::lock_guard const lock(state_->mutex);
        state_->queue.push_back(std::move(work));
    }
    state_->something.notify_one();
}

namespace {

std::atomic<int> hand_backs = 0;

}  // namespace

HandBack::HandBack() { ++hand_backs; }

HandBack::~HandBack() {
    --hand_backs;
    hand_backs.notify_all();
}

void HandBack::wait_for_none() {
    for (int count = hand_backs; count != 0; count = hand_backs) hand_backs.wait(count);
}

}  // namespace disgrafs
