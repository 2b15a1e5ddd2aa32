#include "wire/frame_caller.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "io/deadline.hpp"
#include "wire/shard_messages.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

constexpr Duration tick_min = std::chrono::milliseconds(1);
constexpr Duration tick_max = std::chrono::milliseconds(50);
constexpr std::size_t batch_frames_max = 8;
constexpr std::size_t batch_bytes_max = 1U << 20U;

/// Room in `room`, waited for until `limit`; a timer is made only when there is none now.
Task<Semaphore::Place> take_room(Semaphore& room, std::size_t units, Clock& clock, Duration limit) {
    if (room.waiting() == 0 && room.free() >= units) co_return co_await room.acquire(units);
    co_return co_await within(clock, limit, room.acquire(units));
}

}  // namespace

FrameCaller::FrameCaller(ShardClientParts parts, Address node, ShardClientOptions options)
    : network_(*parts.network),
      clock_(*parts.clock),
      tasks_(*parts.tasks),
      tls_(std::move(parts.tls)),
      node_(std::move(node)),
      options_(std::move(options)),
      watch_(std::make_shared<StreamWatch>(tasks_.executor(), clock_, tick_max)),
      call_room_(tasks_.executor(), options_.calls_max),
      byte_room_(tasks_.executor(), options_.bytes_max),
      queued_(tasks_.executor()),
      retry_delay_(options_.retry_min) {}

Task<Frame> FrameCaller::call(Frame frame, Timestamp deadline, std::size_t answer_bytes) {
    auto const left = deadline.us == 0 ? options_.call_max : deadline - clock_.now();
    if (left <= Duration(0))
        co_return fail(Errc::unavailable, "storage node {}: too late to ask", options_.peer);
    auto const end = clock_.steady() + left;
    auto const bytes = std::min(frame.payload.size() + answer_bytes, options_.bytes_max);
    CO_TRY(auto const place, co_await take_room(call_room_, 1, clock_, left));
    auto const rest = end - clock_.steady();
    CO_TRY(auto const room, co_await take_room(byte_room_, bytes, clock_, rest));
    co_return co_await wait_for_answer(std::move(frame), end);
}

Task<Frame> FrameCaller::wait_for_answer(Frame frame, Duration deadline) {
    CO_TRY_OK(start());
    auto const request = ++last_request_;
    frame.request = request;
    Waiting waiting{.deadline = deadline, .result = {}, .done = Wake(tasks_.executor())};
    if (waiting_.empty()) busy_since_ = clock_.steady();
    waiting_[request] = &waiting;
    queue_.push_back(std::move(frame));
    queued_.notify();
    while (!waiting.is_done) {
        if (auto woken = co_await waiting.done.wait(); !woken && !waiting.is_done) {
            forget(request);
            co_return std::unexpected(std::move(woken).error());
        }
    }
    co_return std::move(waiting.result);
}

void FrameCaller::close() {
    is_closed_ = true;
    give_up(fail(Errc::cancelled, "closed").error());
}

/// A connection, or an attempt at one, and someone who keeps the time.
Result<void> FrameCaller::start() {
    if (is_closed_ || tasks_.is_stopping()) {
        return fail(Errc::cancelled, "storage node {}: closed", options_.peer);
    }
    if (!link_ && !is_connecting_) {
        if (clock_.steady() < retry_at_) {
            return fail(Errc::unavailable, "storage node {}: {}", options_.peer, last_failure_);
        }
        is_connecting_ = true;
        tasks_.spawn("shard connection", run(shared_from_this()));
    }
    if (!is_timed_) {
        is_timed_ = true;
        tasks_.spawn("shard call times", keep_time(shared_from_this()));
    }
    return {};
}

/// The caller no longer waits: the node need not work for it.
void FrameCaller::forget(std::uint64_t request) {
    waiting_.erase(request);
    auto const unsent = std::ranges::find(queue_, request, &Frame::request);
    if (unsent != queue_.end()) {
        queue_.erase(unsent);
    } else if (link_) {
        queue_.push_back(Frame{.type = FrameType::cancel, .request = request});
        queued_.notify();
    }
}

void FrameCaller::finish(std::uint64_t request, Result<Frame> result) {
    auto const found = waiting_.extract(request);
    if (found.empty()) return;  // cancelled, or late
    auto& waiting = *found.mapped();
    waiting.result = std::move(result);
    waiting.is_done = true;
    waiting.done.notify();
}

Task<void> FrameCaller::run(Self self) {
    auto stream = co_await self->connect();
    self->is_connecting_ = false;
    if (!stream || self->is_closed_) {
        if (!stream) self->give_up(stream.error());
        co_return Result<void>();
    }
    auto watched = std::make_unique<WatchedStream>(*std::move(stream), self->watch_, Bytes());
    std::shared_ptr<FrameLink> const link =
        make_stream_link(std::move(watched), Duration(0), Duration(0));
    self->link_ = link;
    self->tasks_.spawn("shard writer", write_frames(self, link));
    auto const ended = co_await self->read_answers(*link);
    if (self->link_ == link) self->give_up(ended.error());
    co_return Result<void>();
}

Task<std::unique_ptr<Stream>> FrameCaller::connect() {
    CO_TRY(auto stream, co_await network_.connect(node_, options_.connect_timeout));
    if (!tls_) co_return std::move(stream);
    auto opening = make_tls_stream(std::move(stream), tls_, node_.host);
    co_return co_await within(clock_, options_.connect_timeout, std::move(opening));
}

/// Ends with an error only.
Task<void> FrameCaller::read_answers(FrameLink& link) {
    while (true) {
        CO_TRY(auto start, co_await link.read_start());
        CO_TRY(auto payload, co_await link.read_payload(start.head));
        retry_delay_ = options_.retry_min;
        auto const& head = start.head;
        Frame frame{
            .type = head.type, .request = head.request, .control = std::move(start.control)
        };
        if (head.request == 0) {
            co_return fail(Errc::unavailable, "refused: {}", parse_failure(frame).message);
        }
        if (auto const checked = check_payload(head, payload); !checked) {
            finish(head.request, std::unexpected(checked.error()));
            continue;
        }
        frame.payload = std::move(payload);
        finish(head.request, std::move(frame));
    }
}

/// Several small frames share a system call; a large payload goes alone.
Task<void> FrameCaller::write_frames(Self self, std::shared_ptr<FrameLink> link) {
    while (self->link_ == link) {
        std::vector<Frame> batch;
        std::size_t bytes = 0;
        while (!self->queue_.empty() && batch.size() < batch_frames_max && bytes < batch_bytes_max
        ) {
            bytes += self->queue_.front().payload.size();
            batch.push_back(std::move(self->queue_.front()));
            self->queue_.pop_front();
        }
        if (batch.empty()) {
            CO_TRY_OK(co_await self->queued_.wait());
            continue;
        }
        if (auto const sent = co_await link->write(std::move(batch)); !sent) {
            if (self->link_ == link) self->give_up(sent.error());
            break;
        }
    }
    co_return Result<void>();
}

/// The connection is gone, or could not be made: nobody waits for it any longer.
void FrameCaller::give_up(Error const& error) {
    last_failure_ = error.message;
    if (link_) link_->close();
    link_.reset();
    pinged_at_ = Duration(0);
    retry_at_ = clock_.steady() + retry_delay_;
    retry_delay_ = std::min(2 * retry_delay_, options_.retry_max);
    queue_.clear();
    queued_.notify();
    if (!waiting_.empty() && !is_closed_) {
        LOG_WARN(
            "storage node does not answer",
            kv("peer", options_.peer),
            kv("calls", waiting_.size()),
            kv("error", error)
        );
    }
    auto const code = is_closed_ ? Errc::cancelled : Errc::unavailable;
    while (!waiting_.empty()) {
        auto const request = waiting_.begin()->first;
        finish(request, fail(code, "storage node {}: {}", options_.peer, error.message));
    }
}

/// Runs while calls wait.
Task<void> FrameCaller::keep_time(Self self) {
    while (!self->waiting_.empty()) {
        auto const now = self->clock_.steady();
        self->end_late_calls(now);
        self->ask_for_life(now);
        auto next = now + tick_max;
        for (auto const& [request, waiting] : self->waiting_)
            next = std::min(next, waiting->deadline);
        if (!co_await self->clock_.sleep(std::max(next - now, tick_min))) break;
    }
    self->is_timed_ = false;
    co_return Result<void>();
}

void FrameCaller::end_late_calls(Duration now) {
    std::vector<std::uint64_t> late;
    for (auto const& [request, waiting] : waiting_) {
        if (waiting->deadline <= now) late.push_back(request);
    }
    for (auto const request : late) {
        auto* const waiting = waiting_[request];
        forget(request);
        waiting->result =
            fail(Errc::unavailable, "storage node {}: no answer in time", options_.peer);
        waiting->is_done = true;
        waiting->done.notify();
    }
}

/// Silence while calls wait may be a slow disk or a dead machine; a ping tells which.
void FrameCaller::ask_for_life(Duration now) {
    if (!link_ || waiting_.empty()) return;
    if (pinged_at_ != Duration(0) && link_->last_received() >= pinged_at_) pinged_at_ = Duration(0);
    auto const quiet = now - std::max(link_->last_progress(), busy_since_);
    if (quiet < options_.ping_after) return;
    if (pinged_at_ == Duration(0)) {
        pinged_at_ = now;
        queue_.push_back(Frame{.type = FrameType::ping, .request = ++last_request_});
        queued_.notify();
    } else if (now - pinged_at_ > options_.silence_max - options_.ping_after) {
        give_up(fail(Errc::unavailable, "silent for {} ms", quiet.count() / 1000).error());
    }
}

}  // namespace disgrafs::wire
