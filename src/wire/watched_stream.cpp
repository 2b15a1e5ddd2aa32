#include "wire/watched_stream.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>

#include "base/assert.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
constexpr Duration never{0};

}  // namespace

/// One stream's state; outlives it for operations that complete after it was destroyed.
struct StreamWatch::Place {
    /// One direction: since when an operation is under way, and how long it may be.
    struct Way {
        bool is_busy = false;
        Duration since{0};
        Duration limit{0};
        std::uint64_t bytes = 0;
        asio::cancellation_signal stop;

        [[nodiscard]] bool is_over(Duration now) const {
            return is_busy && limit != never && now - since > limit;
        }
    };

    Way in;
    Way out;
    Duration read_end{0};
    Duration last_received{0};
    Duration last_progress{0};
    bool is_late = false;

    void sweep(Duration now) {
        bool const is_past_end = in.is_busy && read_end != never && now > read_end;
        if (in.is_over(now) || is_past_end) abort(in);
        if (out.is_over(now)) abort(out);
    }
    void abort(Way& way) {
        is_late = true;
        way.stop.emit(asio::cancellation_type::terminal);
    }
};

StreamWatch::StreamWatch(asio::any_io_executor executor, Clock& clock, Duration tick)
    : clock_(clock), tick_(tick), changed_(std::move(executor)) {}

Task<void> StreamWatch::run() {
    while (true) {
        if (places_.empty()) {
            CO_TRY_OK(co_await changed_.wait());
        } else {
            CO_TRY_OK(co_await clock_.sleep(tick_));
        }
        sweep();
    }
}

void StreamWatch::sweep() {
    auto const now = clock_.steady();
    auto const places = std::vector(places_.begin(), places_.end());  // aborting may remove some
    for (auto const& place : places) place->sweep(now);
}

WatchedStream::WatchedStream(
    std::unique_ptr<Stream> inner, std::shared_ptr<StreamWatch> watch, Bytes first
)
    : inner_(std::move(inner)),
      watch_(std::move(watch)),
      place_(std::make_shared<StreamWatch::Place>()),
      is_secure_(is_tls(*inner_)),
      again_(std::move(first)) {
    place_->last_received = place_->last_progress = watch_->clock_.steady();
    registered_ = watch_->places_.insert(watch_->places_.end(), place_);
    watch_->changed_.notify();
}

WatchedStream::~WatchedStream() { watch_->places_.erase(registered_); }

WatchedStream::executor_type WatchedStream::get_executor() { return inner_->get_executor(); }

Address WatchedStream::peer() const { return inner_->peer(); }

void WatchedStream::close() { inner_->close(); }

void WatchedStream::shutdown_send() { inner_->shutdown_send(); }

void WatchedStream::unread(ByteView bytes) {
    Bytes joined(bytes.begin(), bytes.end());
    joined.insert(
        joined.end(), again_.begin() + static_cast<std::ptrdiff_t>(again_at_), again_.end()
    );
    again_ = std::move(joined);
    again_at_ = 0;
}

void WatchedStream::limit_read(Duration limit) { place_->in.limit = limit; }

void WatchedStream::limit_write(Duration limit) { place_->out.limit = limit; }

void WatchedStream::read_until(Duration steady) { place_->read_end = steady; }

void WatchedStream::interrupt_read() { cancel_read(); }

bool WatchedStream::is_late() const { return place_->is_late; }

std::uint64_t WatchedStream::bytes_in() const { return place_->in.bytes; }

std::uint64_t WatchedStream::bytes_out() const { return place_->out.bytes; }

Duration WatchedStream::last_received() const { return place_->last_received; }

Duration WatchedStream::last_progress() const { return place_->last_progress; }

void WatchedStream::start_read(asio::mutable_buffer into, Done done) {
    if (again_at_ < again_.size()) {
        auto const size = std::min(into.size(), again_.size() - again_at_);
        std::memcpy(into.data(), again_.data() + again_at_, size);
        again_at_ += size;
        if (again_at_ == again_.size()) again_ = {};
        auto later = [done = std::move(done), size]() mutable { done(error_code(), size); };
        asio::post(get_executor(), std::move(later));
        return;
    }
    auto& way = place_->in;
    DISGRAFS_ASSERT(!way.is_busy, "two reads of one stream");
    way.is_busy = true;
    way.since = watch_->clock_.steady();
    auto finish = [place = place_,
                   watch = watch_,
                   done = std::move(done)](error_code error, std::size_t size) mutable {
        place->in.is_busy = false;
        place->in.bytes += size;
        if (size != 0) place->last_received = place->last_progress = watch->clock_.steady();
        done(error, size);
    };
    inner_->async_read_some(into, asio::bind_cancellation_slot(way.stop.slot(), std::move(finish)));
}

void WatchedStream::start_write(Gather const& parts, Done done) {
    auto& way = place_->out;
    DISGRAFS_ASSERT(!way.is_busy, "two writes to one stream");
    way.is_busy = true;
    way.since = watch_->clock_.steady();
    auto finish = [place = place_,
                   watch = watch_,
                   done = std::move(done)](error_code error, std::size_t size) mutable {
        place->out.is_busy = false;
        place->out.bytes += size;
        if (size != 0) place->last_progress = watch->clock_.steady();
        done(error, size);
    };
    inner_->async_write_some(
        parts, asio::bind_cancellation_slot(way.stop.slot(), std::move(finish))
    );
}

void WatchedStream::cancel_read() { place_->in.stop.emit(asio::cancellation_type::terminal); }

void WatchedStream::cancel_write() { place_->out.stop.emit(asio::cancellation_type::terminal); }

}  // namespace disgrafs::wire
