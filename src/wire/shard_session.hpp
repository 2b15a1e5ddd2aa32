#pragma once

/// \file wire/shard_session.hpp  One connection of a ShardServer.
///
///     reader → handler per request → answers_ → writer
///
/// The reader takes room for a request, and for its payload, before it reads the payload; the
/// answer gives the room back when it has been written. Concurrency: the loop.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "wire/frame_link.hpp"
#include "wire/shard_server.hpp"

namespace disgrafs::wire {

class ShardSession {
 public:
    struct Parts {
        ShardServerParts server;
        Semaphore* total_room = nullptr;  ///< Payload bytes of all connections.
        std::function<void()> when_idle;  ///< Called when no request is under way any longer.
    };
    ShardSession(Parts parts, ShardServerOptions const& options, std::unique_ptr<FrameLink> link);

    /// Serve until the peer ends, or breaks a rule.
    Task<void> run();
    /// Answer new requests with unavailable.
    void refuse() { is_refusing_ = true; }
    /// Cancel what is under way and close.
    static Task<void> abort(std::shared_ptr<ShardSession> self);
    /// Every request was answered, and its answer has left.
    [[nodiscard]] bool is_idle() const { return request_room_.free() == requests_max_; }

 private:
    /// What a request holds until its answer is written.
    struct Room {
        Semaphore::Place request;
        Semaphore::Place bytes;
        Semaphore::Place total;
    };
    struct Answer {
        Frame frame;
        Room room;
    };

    Task<void> read_requests();
    Task<void> take_request(FrameLink::Start start);
    Task<void> take_bytes(Room& room, std::size_t bytes);
    Task<void> handle(Frame frame, Room room);
    Task<Frame> ask(Frame frame, Room& room);
    Task<Frame> put(Frame frame);
    Task<Frame> get(Frame frame, Room& room);
    Task<Frame> remove(Frame frame);
    Task<Frame> list(Frame frame);
    Task<void> write_answers();
    void answer(Frame frame, Room room);
    void tell_idle();

    Parts parts_;
    ShardService& service_;
    Clock& clock_;
    std::unique_ptr<FrameLink> link_;
    std::size_t requests_max_;
    Semaphore request_room_;
    Semaphore byte_room_;
    std::size_t bytes_max_;
    std::map<std::uint64_t, bool> wanted_;  ///< By request under way: not cancelled.
    std::deque<Answer> answers_;
    Wake answered_;
    bool is_refusing_ = false;
    bool is_broken_ = false;  ///< Nothing more can be written.
    bool is_ending_ = false;  ///< The writer ends when answers_ is empty.
    TaskGroup handlers_;
    TaskGroup writer_;
};

}  // namespace disgrafs::wire
