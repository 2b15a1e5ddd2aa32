#pragma once

/// \file wire/watched_stream.hpp  A stream that counts its bytes, takes some back, and is not
/// waited for longer than a limit.
///
/// A StreamWatch sweeps all streams of a server a few times per second, instead of one timer per
/// operation: a limit is kept to within a tick. What was late ends as if cancelled, and is_late()
/// tells the difference. Concurrency: the loop.

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>

#include <boost/asio/cancellation_signal.hpp>

#include "base/bytes.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/wake.hpp"

namespace disgrafs::wire {

class StreamWatch {
 public:
    StreamWatch(boost::asio::any_io_executor executor, Clock& clock, Duration tick);

    /// Sweeps until it is cancelled; rests while there is no stream.
    Task<void> run();
    [[nodiscard]] std::size_t count() const { return places_.size(); }

 private:
    friend class WatchedStream;
    struct Place;
    void sweep();

    Clock& clock_;
    Duration tick_;
    Wake changed_;
    std::list<std::shared_ptr<Place>> places_;
};

class WatchedStream final : public Stream {
 public:
    /// `first` was read from `inner` already and comes again. Limits hold while watch->run() runs.
    WatchedStream(std::unique_ptr<Stream> inner, std::shared_ptr<StreamWatch> watch, Bytes first);
    ~WatchedStream() override;

    executor_type get_executor() override;
    [[nodiscard]] Address peer() const override;
    void close() override;
    void shutdown_send() override;

    /// Bytes to be read again, before all others.
    void unread(ByteView bytes);
    /// How long one read or write may wait for its next byte; 0: for ever.
    void limit_read(Duration limit);
    void limit_write(Duration limit);
    /// Until when (by Clock::steady) reads may go on at all; 0: for ever.
    void read_until(Duration steady);
    /// Breaks a read that is under way, which ends with operation_aborted.
    void interrupt_read();

    [[nodiscard]] bool is_secure() const { return is_secure_; }  ///< Upon TLS.
    /// A limit was passed, and what was under way then was aborted.
    [[nodiscard]] bool is_late() const;
    [[nodiscard]] std::uint64_t bytes_in() const;
    [[nodiscard]] std::uint64_t bytes_out() const;
    /// By Clock::steady: when the last byte came, and when the last one came or went.
    [[nodiscard]] Duration last_received() const;
    [[nodiscard]] Duration last_progress() const;

 private:
    void start_read(boost::asio::mutable_buffer into, Done done) override;
    void start_write(Gather const& parts, Done done) override;
    void cancel_read() override;
    void cancel_write() override;

    std::unique_ptr<Stream> inner_;
    std::shared_ptr<StreamWatch> watch_;
    std::shared_ptr<StreamWatch::Place> place_;
    std::list<std::shared_ptr<StreamWatch::Place>>::iterator registered_;
    bool is_secure_;
    Bytes again_;
    std::size_t again_at_ = 0;
};

}  // namespace disgrafs::wire
