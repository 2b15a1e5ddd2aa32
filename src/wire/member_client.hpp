#pragma once

/// \file wire/member_client.hpp  The member's side of membership: join once, then stay.
///
/// Remembers its id and key in `member.json` (0600) of its data folder and joins again with a
/// proof; when that file is gone or cannot be understood, by the token, as at first. Holds one
/// WebSocket: answers the nonce, sends a heartbeat every second, keeps the lease that comes back.
/// A broken socket is made anew, with growing pauses up to 2 s, for ever. A storage node and a
/// worker use it alike, on the real world and in simulation.
///
/// Concurrency: one event loop.

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "wire/http.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::wire {

struct MemberClientConfig {
    std::string index_url;  ///< "http://127.0.0.1:8080"
    std::string join_token;
    Role role = Role::worker;
    std::string name;     ///< Wished name.
    std::string address;  ///< Where it serves; empty for a worker.
    std::string disk_id;
    Duration heartbeat_every = std::chrono::seconds(1);
};

struct MemberClientParts {
    Disk* disk = nullptr;  ///< Its data folder.
    Clock* clock = nullptr;
    HttpClient* http = nullptr;
    boost::asio::any_io_executor executor;
    std::function<Heartbeat()> heartbeat;       ///< Asked before each beat.
    std::function<void(std::string)> on_order;  ///< JSON orders of the index server; may be empty.
};

class MemberClient {
 public:
    MemberClient(MemberClientParts parts, MemberClientConfig config);
    ~MemberClient();
    MemberClient(MemberClient const&) = delete;
    MemberClient& operator=(MemberClient const&) = delete;

    /// Until cancelled. Ends with an error only when joining again cannot help: denied (wrong
    /// token), conflict (the disk belongs to another cluster, or a live member has it).
    Task<void> run();

    /// Zero and an empty key until it has joined.
    [[nodiscard]] JoinAnswer const& identity() const { return identity_; }
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
    /// True while it may act: half of the lease since the last answered heartbeat was sent (3FS).
    [[nodiscard]] bool may_act() const;

 private:
    Task<void> load();
    Task<void> join();
    Task<void> hold_socket();
    Task<void> beat(WebSocket& socket);
    Task<void> listen(WebSocket& socket);

    MemberClientParts parts_;
    MemberClientConfig config_;
    JoinAnswer identity_;
    std::uint64_t epoch_ = 0;
    std::deque<Duration> sent_;  ///< When the heartbeats that wait for an answer left.
    Duration leased_{0};         ///< Sent time of the last answered one.
    Duration lease_{0};
};

}  // namespace disgrafs::wire
