#pragma once

/// \file gateway/live.hpp  /ws: what happens, to everyone who may know it
/// (docs/formats/events-ws.md).
///
/// A commit becomes one or a few records in a ring in RAM, without text or rights. Each connection
/// walks the ring with a cursor of its own and makes the message for its own user, so a slow client
/// costs nothing but its place: when the ring overtakes it, it gets `lagged` and goes on with now.
/// What has no event number (members, repair, progress) lies in a mailbox per connection, where a
/// newer word of the same kind replaces the older.
///
/// Concurrency: one event loop.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/ids.hpp"
#include "gateway/services.hpp"
#include "gateway/uploads.hpp"
#include "graph/graph.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"

namespace disgrafs::gateway {

struct LiveRecord {
    enum class Kind : std::uint8_t { created, changed, tagged, moved, deleted } kind;
    std::uint64_t event = 0;
    NodeId node;
    NodeId old_folder;     ///< moved, deleted: where it was,
    std::string old_name;  ///< and under which name.
};

/// What one commit means for people, in the order of its changes.
std::vector<LiveRecord> records_of(graph::Graph::Change const& change, graph::Image const& image);

class Live {
 public:
    explicit Live(Services& services);
    ~Live();

    /// Serve one socket of `user` to its end, from the events behind `after` on; nullopt: from now.
    Task<void> serve(wire::WebSocket& socket, files::User user, std::optional<std::uint64_t> after);
    void tell(UploadProgress const& progress);
    [[nodiscard]] std::size_t connections() const { return connections_.size(); }

 private:
    struct Connection;
    static constexpr std::size_t records_max = 20'000;

    void add(graph::Graph::Change const& change);
    void tell_all(std::string const& key, std::string const& message);
    Task<void> send_loop(Connection& connection);
    Task<void> receive_loop(Connection& connection);
    Task<void> send_records(Connection& connection);
    Task<std::string> message_of(Connection const& connection, LiveRecord const& record);
    Task<std::string> deleted_message(Connection const& connection, LiveRecord const& record);

    Services& services_;
    std::deque<LiveRecord> ring_;
    std::uint64_t first_ = 0;  ///< Position of ring_.front(), counted since start.
    std::uint64_t since_;      ///< Events up to this one were before the ring.
    std::set<Connection*> connections_;
    std::shared_ptr<void> graph_;
    std::shared_ptr<void> cluster_;
    std::shared_ptr<void> queue_;
};

}  // namespace disgrafs::gateway
