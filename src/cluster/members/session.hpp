#pragma once

/// \file cluster/members/session.hpp  The WebSockets of the members: proof, heartbeats, leases,
/// orders.
///
///     index → member   {"nonce": …}
///     member → index   {"proof": …}          wrong: closed with 1008
///     member → index   heartbeat             again and again
///     index → member   lease                 one for each heartbeat
///     index → member   order                 whenever there is one
///
/// A second connection of a member ends its first. docs/formats/membership.md.
/// Concurrency: one event loop; what is sent to a member queues in its outbox.

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "cluster/members/members.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "wire/http.hpp"

namespace disgrafs::cluster {

class Sessions {
 public:
    Sessions(
        Members& members,
        Clock& clock,
        Random& random,
        boost::asio::any_io_executor executor,
        Duration lease
    );

    /// Serves one member until the connection ends or stop(). Errors: not_found (no such member),
    /// denied (proof), cancelled, unavailable.
    Task<void> serve(wire::WebSocket& socket, MemberId id);

    /// False when the member is not connected, or 1,000 messages wait for it.
    bool order(MemberId id, std::string json);
    [[nodiscard]] bool is_connected(MemberId id) const { return sessions_.contains(id); }

    /// Ends all sessions and waits for them.
    Task<void> stop();

 private:
    struct Session;

    Task<void> prove(wire::WebSocket& socket, MemberId id);
    Task<void> hear(Session& session);
    static Task<void> say(Session& session);

    Members& members_;
    Clock& clock_;
    Random& random_;
    boost::asio::any_io_executor executor_;
    Duration lease_;
    Wake ended_;
    bool is_stopping_ = false;
    std::size_t running_ = 0;
    std::map<MemberId, Session*> sessions_;
};

}  // namespace disgrafs::cluster
