#pragma once

/// \file kv/event_hub.hpp  Hands committed events to streams: from RAM when near, else from the
/// store.
///
/// Likeness: a news-stand that keeps the last papers on the counter and fetches older ones from the
/// archive. Streams never hold the hub up; what the counter keeps is bounded.
///
/// Concurrency: one event loop.

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "kv/store.hpp"

namespace disgrafs::kv {

using EventPtr = std::shared_ptr<Event const>;

class EventHub {
 public:
    /// Events after `after`, consecutive, at least one. Asked only for events that were published.
    /// Errors: not_found (trimmed), those of the store.
    using Load = std::function<Task<std::vector<EventPtr>>(Revision after)>;

    EventHub(boost::asio::any_io_executor executor, Revision last, Load load);
    ~EventHub();  ///< Ends all streams.

    /// The next event: its revision is last() + 1.
    void publish(EventPtr event);
    std::unique_ptr<EventStream> stream(Revision after);
    /// All streams answer cancelled from now on.
    void close();
    [[nodiscard]] Revision last() const;

 private:
    struct State;
    std::shared_ptr<State> state_;  ///< Shared with the streams, which may outlive the hub.
};

}  // namespace disgrafs::kv
