#include "io/wake.hpp"

#include <cstddef>
#include <memory>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "base/assert.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

struct Wake::State {
    std::shared_ptr<WaitList> waiters;
};

Wake::Wake(boost::asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::make_shared<WaitList>(std::move(executor)))) {}

Wake::~Wake() = default;

Task<void> Wake::wait() { return WaitList::wait(state_->waiters, WaitList::Cancel::allowed); }

void Wake::notify() { state_->waiters->wake_all(); }

struct Semaphore::State {
    std::shared_ptr<WaitList> waiters;
    std::size_t limit = 0;
    std::size_t free = 0;

    /// Those at the head whose units are free may go; a large one in front is not overtaken.
    void let_in() {
        while (!waiters->empty() && waiters->first_weight() <= free) {
            free -= waiters->first_weight();
            waiters->wake_first();
        }
    }
};

Semaphore::Semaphore(boost::asio::any_io_executor executor, std::size_t limit)
    : state_(std::make_shared<State>(std::make_shared<WaitList>(std::move(executor)), limit, limit)
      ) {
    state_->waiters->on_cancelled([state = state_.get()] { state->let_in(); });
}

Task<Semaphore::Place> Semaphore::acquire(std::size_t units) {
    DISGRAFS_ASSERT(units <= state_->limit, "{} units of {}", units, state_->limit);
    if (state_->waiters->empty() && units <= state_->free) {
        state_->free -= units;
    } else {
        CO_TRY_OK(co_await WaitList::wait(state_->waiters, WaitList::Cancel::allowed, units));
    }
    Place place;
    place.owner_ = this;
    place.units_ = units;
    co_return place;
}

std::size_t Semaphore::free() const { return state_->free; }

std::size_t Semaphore::waiting() const { return state_->waiters->size(); }

void Semaphore::give_back(std::size_t units) {
    state_->free += units;
    state_->let_in();
}

Semaphore::Place::Place(Place&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), units_(std::exchange(other.units_, 0)) {}

Semaphore::Place& Semaphore::Place::operator=(Place&& other) noexcept {
    Place const old(std::move(*this));  // gives its units back
    owner_ = std::exchange(other.owner_, nullptr);
    units_ = std::exchange(other.units_, 0);
    return *this;
}

Semaphore::Place::~Place() {
    if (owner_ != nullptr) owner_->give_back(units_);
}

}  // namespace disgrafs
