#include "wire/shard_session.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "io/exception.hpp"
#include "wire/shard_messages.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t batch_frames_max = 8;
constexpr std::size_t batch_bytes_max = 1U << 20U;
constexpr std::uint16_t websocket_normal = 1000;
constexpr std::uint16_t websocket_going_away = 1001;
constexpr std::uint16_t websocket_protocol_error = 1002;

bool is_protocol_error(Error const& error) {
    return error.code == Errc::invalid || error.code == Errc::corrupt;
}

/// The answer of the service as a frame, whatever it was.
template <typename T>
Frame to_frame(std::uint64_t request, Result<T> result) {
    if (!result) return write_failure(request, result.error());
    return write_answer(request, *std::move(result));
}

}  // namespace

ShardSession::ShardSession(
    Parts parts, ShardServerOptions const& options, std::unique_ptr<FrameLink> link
)
    : parts_(std::move(parts)),
      service_(*parts_.server.service),
      clock_(*parts_.server.clock),
      link_(std::move(link)),
      requests_max_(options.requests_max),
      request_room_(parts_.server.executor, options.requests_max),
      byte_room_(parts_.server.executor, options.bytes_max),
      bytes_max_(std::min(options.bytes_max, options.bytes_total_max)),
      answered_(parts_.server.executor),
      handlers_(parts_.server.executor),
      writer_(parts_.server.executor) {}

Task<void> ShardSession::run() {
    writer_.spawn("shard answers", write_answers());
    auto const ended = co_await read_requests();
    auto code = websocket_normal;
    if (!ended && is_protocol_error(ended.error())) {
        answer(write_failure(0, ended.error()), {});
        code = websocket_protocol_error;
    }
    co_await handlers_.join();
    is_ending_ = true;
    answered_.notify();
    co_await writer_.join();
    auto const reason = ended ? std::string() : ended.error().message;
    co_await link_->end(code, reason);
    co_return ended;
}

Task<void> ShardSession::abort(std::shared_ptr<ShardSession> self) {
    self->is_broken_ = true;
    self->answers_.clear();
    co_await self->link_->end(websocket_going_away, "the storage node stops");
    co_await self->handlers_.stop();
    co_await self->writer_.stop();
    co_return Result<void>();
}

Task<void> ShardSession::read_requests() {
    while (!is_broken_) {
        CO_TRY(auto start, co_await link_->read_start());
        if (start.head.type == FrameType::cancel) {
            auto const found = wanted_.find(start.head.request);
            if (found != wanted_.end()) found->second = false;
        } else if (start.head.type == FrameType::ping) {
            answer(Frame{.type = FrameType::pong, .request = start.head.request}, {});
        } else {
            CO_TRY_OK(co_await take_request(std::move(start)));
            continue;
        }
        if (start.head.payload_bytes != 0) co_return fail(Errc::invalid, "frame: no payload here");
    }
    co_return Result<void>();
}

Task<void> ShardSession::take_request(FrameLink::Start start) {
    auto const& head = start.head;
    if (head.request == 0 || wanted_.contains(head.request)) {
        co_return fail(Errc::invalid, "frame: request {} is under way", head.request);
    }
    Room room;
    CO_TRY(room.request, co_await request_room_.acquire());
    CO_TRY_OK(co_await take_bytes(room, head.payload_bytes));
    CO_TRY(auto payload, co_await link_->read_payload(head));
    if (auto const checked = check_payload(head, payload); !checked) {
        answer(write_failure(head.request, checked.error()), std::move(room));
        co_return Result<void>();
    }
    Frame frame{.type = head.type, .request = head.request, .control = std::move(start.control)};
    frame.payload = std::move(payload);
    wanted_[head.request] = true;
    handlers_.spawn("shard request", handle(std::move(frame), std::move(room)));
    co_return Result<void>();
}

/// First of this connection's share, then of all: always in this order, so nobody waits in a
/// circle.
Task<void> ShardSession::take_bytes(Room& room, std::size_t bytes) {
    auto const units = std::min(bytes, bytes_max_);
    if (units == 0) co_return Result<void>();
    CO_TRY(room.bytes, co_await byte_room_.acquire(units));
    CO_TRY(room.total, co_await parts_.total_room->acquire(units));
    co_return Result<void>();
}

Task<void> ShardSession::handle(Frame frame, Room room) {
    auto const request = frame.request;
    Result<Frame> reply = fail(Errc::unavailable, "the storage node stops");
    if (!is_refusing_) {
        try {  // the one place where a library's exception ends: the peer must hear of it
            reply = co_await ask(std::move(frame), room);
        } catch (...) {
            reply = std::unexpected(error_of(std::current_exception()));
        }
    }
    if (!reply) reply = write_failure(request, reply.error());
    auto const found = wanted_.extract(request);
    if (!found.empty() && found.mapped()) {
        answer(*std::move(reply), std::move(room));
    } else {
        room = Room();
        tell_idle();
    }
    co_return Result<void>();
}

Task<Frame> ShardSession::ask(Frame frame, Room& room) {
    switch (frame.type) {
        case FrameType::put:
            return put(std::move(frame));
        case FrameType::get:
            return get(std::move(frame), room);
        case FrameType::remove:
            return remove(std::move(frame));
        case FrameType::list:
            return list(std::move(frame));
        default:
            break;
    }
    return [](FrameType type) -> Task<Frame> {
        co_return fail(Errc::invalid, "frame: unknown type {:#x}", static_cast<int>(type));
    }(frame.type);
}

Task<Frame> ShardSession::put(Frame frame) {
    auto const request = frame.request;
    CO_TRY(auto call, parse_put(std::move(frame), clock_.now()));
    auto answered = co_await service_.put(std::move(call.context), std::move(call.message));
    co_return to_frame(request, std::move(answered));
}

Task<Frame> ShardSession::get(Frame frame, Room& room) {
    CO_TRY(auto call, parse_get(frame, clock_.now()));
    auto const wanted = call.message.size_bytes;
    auto const size = wanted == 0 ? erasure::shard_bytes_max : wanted;
    CO_TRY_OK(co_await take_bytes(room, size));
    if (!wanted_[frame.request]) co_return fail(Errc::cancelled, "get: no longer wanted");
    auto answered = co_await service_.get(std::move(call.context), std::move(call.message));
    co_return to_frame(frame.request, std::move(answered));
}

Task<Frame> ShardSession::remove(Frame frame) {
    CO_TRY(auto call, parse_remove(frame, clock_.now()));
    auto& message = call.message;
    auto const answered =
        co_await service_.remove(std::move(call.context), std::move(message.ticket), message.shard);
    if (!answered) co_return write_failure(frame.request, answered.error());
    co_return Frame{.type = FrameType::remove_done, .request = frame.request};
}

Task<Frame> ShardSession::list(Frame frame) {
    CO_TRY(auto call, parse_list(frame, clock_.now()));
    auto answered = co_await service_.list(std::move(call.context), std::move(call.message));
    co_return to_frame(frame.request, std::move(answered));
}

void ShardSession::tell_idle() {
    if (is_idle() && parts_.when_idle) parts_.when_idle();
}

void ShardSession::answer(Frame frame, Room room) {
    if (is_broken_) return;
    answers_.push_back({std::move(frame), std::move(room)});
    answered_.notify();
}

/// Several small answers share a system call; their room is given back when they have left.
Task<void> ShardSession::write_answers() {
    while (!is_broken_) {
        std::vector<Frame> frames;
        std::vector<Room> rooms;
        std::size_t bytes = 0;
        while (!answers_.empty() && frames.size() < batch_frames_max && bytes < batch_bytes_max) {
            bytes += answers_.front().frame.payload.size();
            frames.push_back(std::move(answers_.front().frame));
            rooms.push_back(std::move(answers_.front().room));
            answers_.pop_front();
        }
        if (frames.empty()) {
            tell_idle();
            if (is_ending_) break;
            CO_TRY_OK(co_await answered_.wait());
            continue;
        }
        if (auto const sent = co_await link_->write(std::move(frames)); !sent) {
            is_broken_ = true;
            answers_.clear();
            link_->close();
            tell_idle();
        }
    }
    co_return Result<void>();
}

}  // namespace disgrafs::wire
