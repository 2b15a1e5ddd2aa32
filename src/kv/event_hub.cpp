#include "kv/event_hub.hpp"

#include <deque>
#include <utility>

#include "base/assert.hpp"
#include "io/wake.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::size_t near_events_max = 4096;
constexpr std::size_t near_bytes_max = 8U << 20U;

std::size_t weight(Event const& event) {
    std::size_t bytes = sizeof(Event);
    for (auto const& write : event.writes) {
        bytes += sizeof(Write) + write.key.size() + (write.value ? write.value->size() : 0);
    }
    return bytes;
}

}  // namespace

struct EventHub::State {
    State(boost::asio::any_io_executor executor, Revision last_revision, Load from_store)
        : last(last_revision), load(std::move(from_store)), published(std::move(executor)) {}

    /// nullptr: not in RAM any more.
    EventPtr find(Revision revision) const {
        if (near.empty() || revision < near.front()->revision || revision > last) return nullptr;
        return near[revision - near.front()->revision];
    }

    std::deque<EventPtr> near;  ///< Consecutive, ending with `last`.
    std::size_t near_bytes = 0;
    Revision last;
    Load load;
    Wake published;
    bool closed = false;
};

namespace {

/// Reads the hub's state, which outlives the hub itself.
template <typename State>
class Stream final : public EventStream {
 public:
    Stream(std::shared_ptr<State> state, Revision after)
        : state_(std::move(state)), after_(after), is_foreign_(after > state_->last) {}

    Task<EventPtr> next() override {
        if (is_foreign_) co_return fail(Errc::not_found, "event {} is not of this store", after_);
        while (!state_->closed) {
            if (auto event = take()) co_return event;
            if (after_ < state_->last) {
                CO_TRY(auto const loaded, co_await state_->load(after_));
                loaded_.assign(loaded.begin(), loaded.end());
            } else {
                CO_TRY_OK(co_await state_->published.wait());
            }
        }
        co_return fail(Errc::cancelled, "the store was stopped");
    }

 private:
    EventPtr take() {
        EventPtr event;
        if (loaded_.empty()) {
            event = state_->find(after_ + 1);
        } else {
            event = std::move(loaded_.front());
            loaded_.pop_front();
        }
        if (event) {
            DISGRAFS_ASSERT(
                event->revision == after_ + 1, "event {} follows {}", event->revision, after_
            );
            after_ = event->revision;
        }
        return event;
    }

    std::shared_ptr<State> state_;
    Revision after_;
    bool is_foreign_;
    std::deque<EventPtr> loaded_;  ///< Read ahead from the store.
};

}  // namespace

EventHub::EventHub(boost::asio::any_io_executor executor, Revision last, Load load)
    : state_(std::make_shared<State>(std::move(executor), last, std::move(load))) {}

EventHub::~EventHub() { close(); }

void EventHub::publish(EventPtr event) {
    auto& state = *state_;
    DISGRAFS_ASSERT(
        event->revision == state.last + 1, "event {} after {}", event->revision, state.last
    );
    state.last = event->revision;
    state.near_bytes += weight(*event);
    state.near.push_back(std::move(event));
    while (state.near.size() > near_events_max ||
           (state.near_bytes > near_bytes_max && state.near.size() > 1)) {
        state.near_bytes -= weight(*state.near.front());
        state.near.pop_front();
    }
    state.published.notify();
}

std::unique_ptr<EventStream> EventHub::stream(Revision after) {
    return std::make_unique<Stream<State>>(state_, after);
}

void EventHub::close() {
    state_->closed = true;
    state_->published.notify();
}

Revision EventHub::last() const { return state_->last; }

}  // namespace disgrafs::kv
