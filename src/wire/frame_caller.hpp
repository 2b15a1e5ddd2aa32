#pragma once

/// \file wire/frame_caller.hpp  Many calls over one connection that comes and goes.
///
/// Invariants: a waiting call is in waiting_ exactly until it has its result; a frame is in queue_
/// or with the writer; there is at most one connection, and at most one attempt at it.
///
///     call → queue_ → writer → node → reader → waiting_[request] → call
///
/// Concurrency: the loop. Its coroutines hold it by shared_ptr: the last of them decides.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "io/wake.hpp"
#include "wire/frame_link.hpp"
#include "wire/shard_client.hpp"

namespace disgrafs::wire {

class FrameCaller : public std::enable_shared_from_this<FrameCaller> {
 public:
    FrameCaller(ShardClientParts parts, Address node, ShardClientOptions options);

    /// Send `frame` under a new request number and wait for its answer, which may be of type
    /// failed. `deadline` 0: after call_max. `answer_bytes`: the most payload that may come back.
    /// Errors: unavailable, corrupt (the answer's checksum), cancelled.
    Task<Frame> call(Frame frame, Timestamp deadline, std::size_t answer_bytes);
    /// Give the connection up; calls under way and later ones fail with cancelled.
    void close();
    [[nodiscard]] Timestamp now() const { return clock_.now(); }
    [[nodiscard]] Clock& clock() const { return clock_; }

 private:
    /// A call, in the frame of its coroutine.
    struct Waiting {
        Duration deadline;
        Result<Frame> result;
        bool is_done = false;
        Wake done;
    };
    using Self = std::shared_ptr<FrameCaller>;

    Task<Frame> wait_for_answer(Frame frame, Duration deadline);
    Result<void> start();
    void forget(std::uint64_t request);
    void finish(std::uint64_t request, Result<Frame> result);

    static Task<void> run(Self self);
    static Task<void> write_frames(Self self, std::shared_ptr<FrameLink> link);
    static Task<void> keep_time(Self self);
    Task<std::unique_ptr<Stream>> connect();
    Task<void> read_answers(FrameLink& link);
    void give_up(Error const& error);
    void end_late_calls(Duration now);
    void ask_for_life(Duration now);

    Network& network_;
    Clock& clock_;
    TaskGroup& tasks_;
    std::shared_ptr<TlsContext const> tls_;
    Address node_;
    ShardClientOptions options_;
    std::shared_ptr<StreamWatch> watch_;
    Semaphore call_room_;
    Semaphore byte_room_;

    std::map<std::uint64_t, Waiting*> waiting_;
    std::deque<Frame> queue_;
    Wake queued_;
    std::uint64_t last_request_ = 0;
    std::shared_ptr<FrameLink> link_;
    bool is_connecting_ = false;
    bool is_timed_ = false;  ///< keep_time() runs.
    bool is_closed_ = false;
    Duration retry_at_{0};
    Duration retry_delay_;
    Duration busy_since_{0};  ///< When waiting_ was empty last.
    Duration pinged_at_{0};   ///< 0: no ping is under way.
    std::string last_failure_;
};

}  // namespace disgrafs::wire
