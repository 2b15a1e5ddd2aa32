#pragma once

/// \file io/wake.hpp  Waiting inside the loop: for an event, for a place, or for a deadline.

#include <cstddef>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "io/clock.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// Coroutines wait; notify() lets all that wait now go on, in the order in which they came.
/// There is no memory: test the condition before waiting, and again after.
class Wake {
 public:
    explicit Wake(boost::asio::any_io_executor executor);
    ~Wake();  ///< Waiters, if any, end with cancelled.

    Task<void> wait();  ///< Errors: cancelled.
    void notify();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

/// At most `limit` units are out at once; first come, first served. The way a module bounds memory
/// or parallel work. Units come back when the Place dies.
class Semaphore {
 public:
    class Place {
     public:
        Place() = default;
        Place(Place&& other) noexcept;
        Place& operator=(Place&& other) noexcept;
        ~Place();

     private:
        friend class Semaphore;
        Semaphore* owner_ = nullptr;
        std::size_t units_ = 0;
    };

    Semaphore(boost::asio::any_io_executor executor, std::size_t limit);
    /// Waits until `units` (≤ limit) are free. Errors: cancelled.
    Task<Place> acquire(std::size_t units = 1);
    [[nodiscard]] std::size_t free() const;
    [[nodiscard]] std::size_t waiting() const;

 private:
    void give_back(std::size_t units);
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace disgrafs
