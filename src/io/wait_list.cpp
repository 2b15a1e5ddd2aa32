#include "io/wait_list.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/assert.hpp"
#include "io/task.hpp"

namespace disgrafs {

namespace asio = boost::asio;

WaitList::WaitList(asio::any_io_executor executor) : executor_(std::move(executor)) {
    LoopEnd::of(executor_).add(node_);
}

WaitList::~WaitList() {
    while (!waiters_.empty()) {
        auto node = waiters_.extract(waiters_.begin());
        complete(std::move(node.mapped()), fail(Errc::cancelled, "wait: its owner is gone"));
    }
}

Task<void> WaitList::wait(std::shared_ptr<WaitList> list, Cancel cancel, std::size_t weight) {
    if (cancel == Cancel::allowed) CO_TRY_OK(co_await refuse_if_cancelled("wait"));
    auto const start = [&list, cancel, weight](auto handler) {
        auto const number = list->arrivals_++;
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (cancel == Cancel::allowed && slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(list), number](asio::cancellation_type) {
                if (auto const alive = weak.lock()) alive->cancel(number);
            });
        }
        list->waiters_.emplace(number, Waiter{.weight = weight, .done = std::move(handler)});
        list.reset();  // the list's owner alone decides how long it lives
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Result<void>)>(
        start, asio::use_awaitable
    );
}

void WaitList::wake_first() {
    if (waiters_.empty()) return;
    auto node = waiters_.extract(waiters_.begin());
    complete(std::move(node.mapped()), {});
}

void WaitList::wake_all() {
    auto const count = waiters_.size();
    for (std::size_t n = 0; n < count; ++n) wake_first();
}

void WaitList::abandon() { auto const dying = std::exchange(waiters_, {}); }

std::size_t WaitList::first_weight() const {
    DISGRAFS_ASSERT(!waiters_.empty(), "nobody waits");
    return waiters_.begin()->second.weight;
}

void WaitList::complete(Waiter waiter, Result<void> result) {
    auto go_on = [done = std::move(waiter.done), result = std::move(result)]() mutable {
        done(std::move(result));
    };
    asio::post(executor_, std::move(go_on));
}

void WaitList::cancel(std::uint64_t number) {
    auto node = waiters_.extract(number);
    if (node.empty()) return;  // woken already; it keeps its answer
    complete(std::move(node.mapped()), fail(Errc::cancelled, "wait: cancelled"));
    if (on_cancelled_) on_cancelled_();
}

Task<void> refuse_if_cancelled(char const* attempted) {
    auto const state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) co_return Result<void>();
    co_return fail(Errc::cancelled, "{}: cancelled", attempted);
}

}  // namespace disgrafs
