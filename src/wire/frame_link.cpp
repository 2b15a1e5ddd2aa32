#include "wire/frame_link.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "wire/stream_io.hpp"

namespace disgrafs::wire {
namespace {

/// Small frames are read many at a time into a buffer, large payloads straight to where they stay.
class StreamLink final : public FrameLink {
 public:
    StreamLink(std::unique_ptr<WatchedStream> stream, Duration stall, Duration idle)
        : stream_(std::move(stream)), stall_(stall), idle_(idle), buffer_(buffer_bytes) {
        stream_->limit_write(stall);
    }

    Task<Start> read_start() override {
        if (begin_ == end_) {
            stream_->limit_read(idle_);
            CO_TRY(end_, co_await read_some(*stream_, buffer_));
            if (end_ == 0) co_return fail(Errc::cancelled, "read: ended");
        }
        stream_->limit_read(stall_);
        CO_TRY_OK(co_await fill(frame_head_bytes));
        CO_TRY(auto const head, read_head(take(frame_head_bytes)));
        CO_TRY_OK(co_await fill(head.control_bytes));
        auto const control = take(head.control_bytes);
        CO_TRY_OK(check_control(head, control));
        co_return Start{head, Bytes(control.begin(), control.end())};
    }

    Task<Bytes> read_payload(FrameHead const& head) override {
        Bytes payload(head.payload_bytes);
        auto const here = take(std::min(payload.size(), end_ - begin_));
        std::ranges::copy(here, payload.begin());
        auto const rest = std::span(payload).subspan(here.size());
        CO_TRY(auto const size, co_await read_full(*stream_, rest));
        if (size != rest.size()) co_return fail(Errc::unavailable, "read: cut within a payload");
        co_return payload;
    }

    Task<void> write(std::vector<Frame> frames) override {
        std::vector<Bytes> starts;
        std::vector<ByteView> parts;
        starts.reserve(frames.size());
        for (auto const& frame : frames) {
            parts.emplace_back(starts.emplace_back(write_start(frame)));
            parts.emplace_back(frame.payload);
        }
        co_return co_await write_all(*stream_, std::move(parts));
    }

    Task<void> end(std::uint16_t, std::string) override {
        close();
        co_return Result<void>();
    }
    void close() override { stream_->close(); }
    [[nodiscard]] Duration last_received() const override { return stream_->last_received(); }
    [[nodiscard]] Duration last_progress() const override { return stream_->last_progress(); }

 private:
    static constexpr std::size_t buffer_bytes = 64U << 10U;
    static_assert(buffer_bytes > frame_head_bytes + control_bytes_max);

    /// Read until at least `size` bytes are in the buffer.
    Task<void> fill(std::size_t size) {
        if (buffer_.size() - begin_ < size) {
            std::copy(at(begin_), at(end_), at(0));
            end_ -= std::exchange(begin_, 0);
        }
        while (end_ - begin_ < size) {
            auto const free = std::span(buffer_).subspan(end_);
            CO_TRY(auto const count, co_await read_some(*stream_, free));
            if (count == 0) co_return fail(Errc::unavailable, "read: cut within a frame");
            end_ += count;
        }
        co_return Result<void>();
    }

    ByteView take(std::size_t size) {
        DISGRAFS_ASSERT(size <= end_ - begin_, "{} of {} bytes", size, end_ - begin_);
        auto const taken = ByteView(buffer_).subspan(begin_, size);
        begin_ += size;
        if (begin_ == end_) begin_ = end_ = 0;
        return taken;
    }
    Bytes::iterator at(std::size_t offset) {
        return buffer_.begin() + static_cast<std::ptrdiff_t>(offset);
    }

    std::unique_ptr<WatchedStream> stream_;
    Duration stall_;
    Duration idle_;
    Bytes buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// A message arrives whole; its payload waits here until it is asked for.
class WebSocketLink final : public FrameLink {
 public:
    WebSocketLink(WebSocket& socket, Clock& clock) : socket_(socket), clock_(clock) {
        last_received_ = last_progress_ = clock_.steady();
    }

    Task<Start> read_start() override {
        if (is_closed_) co_return fail(Errc::cancelled, "read: closed");
        CO_TRY(auto message, co_await socket_.receive());
        last_received_ = last_progress_ = clock_.steady();
        if (message.is_text) co_return fail(Errc::invalid, "frame: a text message");
        auto& data = message.data;
        if (data.size() < frame_head_bytes) {
            co_return fail(Errc::invalid, "frame: {} bytes are no head", data.size());
        }
        CO_TRY(auto const head, read_head(ByteView(data).first(frame_head_bytes)));
        auto const payload_at = frame_head_bytes + head.control_bytes;
        if (data.size() != payload_at + head.payload_bytes) {
            co_return fail(Errc::invalid, "frame: a message of {} bytes", data.size());
        }
        auto const control = ByteView(data).subspan(frame_head_bytes, head.control_bytes);
        CO_TRY_OK(check_control(head, control));
        Start start{head, Bytes(control.begin(), control.end())};
        data.erase(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(payload_at));
        payload_ = std::move(data);
        co_return start;
    }

    Task<Bytes> read_payload(FrameHead const&) override { co_return std::exchange(payload_, {}); }

    Task<void> write(std::vector<Frame> frames) override {
        for (auto const& frame : frames) {
            CO_TRY_OK(co_await socket_.send_binary(write_frame(frame)));
            last_progress_ = clock_.steady();
        }
        co_return Result<void>();
    }

    Task<void> end(std::uint16_t code, std::string reason) override {
        close();
        return socket_.close(code, std::move(reason));
    }
    void close() override { is_closed_ = true; }
    [[nodiscard]] Duration last_received() const override { return last_received_; }
    [[nodiscard]] Duration last_progress() const override { return last_progress_; }

 private:
    WebSocket& socket_;
    Clock& clock_;
    Bytes payload_;
    Duration last_received_{0};
    Duration last_progress_{0};
    bool is_closed_ = false;
};

}  // namespace

std::unique_ptr<FrameLink> make_stream_link(
    std::unique_ptr<WatchedStream> stream, Duration stall, Duration idle
) {
    return std::make_unique<StreamLink>(std::move(stream), stall, idle);
}

std::unique_ptr<FrameLink> make_websocket_link(WebSocket& socket, Clock& clock) {
    return std::make_unique<WebSocketLink>(socket, clock);
}

}  // namespace disgrafs::wire
