#include "io/task_group.hpp"

#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "io/exception.hpp"
#include "io/loop_end.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

namespace asio = boost::asio;

struct TaskGroup::State {
    struct Child {
        char const* name;
        asio::cancellation_signal signal;
    };
    using Place = std::list<Child>::iterator;

    asio::any_io_executor executor;
    std::shared_ptr<WaitList> waiting_for_the_end;
    std::list<Child> children;
    bool is_stopping = false;

    void remove(Place child) {
        children.erase(child);
        if (children.empty()) waiting_for_the_end->wake_all();
    }

    /// Called when the child has ended; destroyed uncalled when the loop drops it.
    class End {
     public:
        End(std::shared_ptr<State> state, Place child) : state_(std::move(state)), child_(child) {}
        End(End&&) noexcept = default;
        End& operator=(End&&) = delete;
        ~End() {
            if (state_) state_->remove(child_);
        }

        void operator()(std::exception_ptr const& caught, Result<void> result) {
            if (caught) result = std::unexpected(error_of(caught));
            if (!result && result.error().code != Errc::cancelled) {
                LOG_WARN("task failed", kv("task", child_->name), kv("error", result.error()));
            }
            std::exchange(state_, nullptr)->remove(child_);
        }

     private:
        std::shared_ptr<State> state_;
        Place child_;
    };
};

namespace {

/// Begins on the next turn of the loop, so that spawn() never runs a child inside itself.
Task<void> begin_later(asio::any_io_executor executor, Task<void> task) {
    co_await asio::post(executor, asio::use_awaitable);
    co_return co_await std::move(task);
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : state_(std::make_shared<State>(executor, std::make_shared<WaitList>(executor))) {}

TaskGroup::~TaskGroup() {
    if (state_->children.empty() || LoopEnd::of(state_->executor).is_ending()) return;
    auto const* const name = state_->children.front().name;
    DISGRAFS_ASSERT(false, "{} tasks still run, first {}", state_->children.size(), name);
}

void TaskGroup::spawn(char const* name, Task<void> task) {
    if (state_->is_stopping) return;
    auto const child = state_->children.emplace(state_->children.end(), name);
    State::End end(state_, child);
    asio::co_spawn(
        state_->executor,
        told_of_cancellation(begin_later(state_->executor, std::move(task))),
        asio::bind_cancellation_slot(child->signal.slot(), std::move(end))
    );
}

Task<void> TaskGroup::stop() {
    auto const state = state_;
    state->is_stopping = true;
    for (auto& child : state->children) child.signal.emit(asio::cancellation_type::terminal);
    co_return co_await join();
}

Task<void> TaskGroup::join() {
    auto const state = state_;
    while (!state->children.empty()) {
        auto const waiting = state->waiting_for_the_end;
        CO_TRY_OK(co_await WaitList::wait(waiting, WaitList::Cancel::refused));
    }
    co_return Result<void>();
}

std::size_t TaskGroup::count() const { return state_->children.size(); }

bool TaskGroup::is_stopping() const { return state_->is_stopping; }

asio::any_io_executor TaskGroup::executor() const { return state_->executor; }

}  // namespace disgrafs
