#include "io/sim_connection.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "io/network.hpp"
#include "io/sim_core.hpp"

namespace disgrafs {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Streams give and take less than asked for now and then, as real ones do.
constexpr double short_transfer = 0.1;

std::size_t other(std::size_t end) { return 1 - end; }

/// The first `size` bytes of `parts`.
Bytes first_bytes(SimConnection::ConstBuffers const& parts, std::size_t size) {
    Bytes bytes(size);
    asio::buffer_copy(asio::buffer(bytes), parts);
    return bytes;
}

}  // namespace

SimConnection::SimConnection(SimCore& core, std::array<SimHost*, 2> hosts, IsCut is_cut)
    : core_(core), is_cut_(std::move(is_cut)) {
    ends_[0].host = hosts[0];
    ends_[1].host = hosts[1];
}

void SimConnection::read(std::size_t end, asio::mutable_buffer into, Done done) {
    if (into.size() == 0) return complete(std::move(done), {}, 0);
    DISGRAFS_ASSERT(!ends_[end].read, "two reads at once");
    ends_[end].read.emplace(into, std::move(done));
    go_on_reading(end);
}

void SimConnection::write(std::size_t end, ConstBuffers parts, Done done) {
    if (asio::buffer_size(parts) == 0) return complete(std::move(done), {}, 0);
    if (!ends_[end].is_closed && core_.random->happens(core_.faults.connection_cut)) {
        core_.note("connection_cut", host(end));
        break_down();
    }
    DISGRAFS_ASSERT(!ends_[end].write, "two writes at once");
    ends_[end].write.emplace(std::move(parts), std::move(done));
    go_on_writing(end);
}

void SimConnection::cancel_read(std::size_t end) {
    if (auto read = std::exchange(ends_[end].read, std::nullopt)) {
        complete(std::move(read->done), asio::error::operation_aborted, 0);
    }
}

void SimConnection::cancel_write(std::size_t end) {
    if (auto write = std::exchange(ends_[end].write, std::nullopt)) {
        complete(std::move(write->done), asio::error::operation_aborted, 0);
    }
}

void SimConnection::shut_down(std::size_t end) {
    auto& me = ends_[end];
    if (me.is_shut || me.broken) return;
    me.is_shut = true;
    send(end, Item{.what = What::end, .bytes = {}});
    go_on_writing(end);
}

void SimConnection::close(std::size_t end) {
    auto& me = ends_[end];
    if (me.is_closed) return;
    me.is_closed = true;
    cancel_read(end);
    cancel_write(end);
    // As TCP does: who closes without having read all resets the connection.
    bool const has_unread = !ends_[other(end)].arrived.empty();
    if (!me.broken && has_unread) send(end, Item{.what = What::reset, .bytes = {}});
    if (!me.broken && !has_unread && !me.is_shut) send(end, Item{.what = What::end, .bytes = {}});
    me.is_shut = true;
}

void SimConnection::break_down() {
    for (std::size_t const end : {0U, 1U}) {
        lose_under_way(end);
        fail_end(end, asio::error::connection_reset);
    }
}

void SimConnection::crash(std::size_t end) {
    lose_under_way(end);
    fail_end(end, asio::error::connection_reset);
    send(end, Item{.what = What::reset, .bytes = {}});
}

void SimConnection::heal() {
    for (std::size_t const end : {0U, 1U}) {
        auto const count = std::exchange(ends_[end].held_back, 0);
        for (std::size_t n = 0; n < count; ++n) schedule_delivery(end);
    }
}

void SimConnection::drop_handlers() {
    for (auto& end : ends_) {
        end.is_closed = true;
        auto const read = std::exchange(end.read, std::nullopt);
        auto const write = std::exchange(end.write, std::nullopt);
    }
}

void SimConnection::send(std::size_t from, Item item) {
    ends_[from].unread += item.bytes.size();
    ends_[from].under_way.push_back(std::move(item));
    schedule_delivery(from);
}

void SimConnection::schedule_delivery(std::size_t from) {
    auto& sender = ends_[from];
    auto const latency = core_.some_time(core_.faults.latency_min, core_.faults.latency_max);
    sender.last_delivery = std::max(sender.last_delivery, core_.time + latency);
    core_.after(sender.last_delivery - core_.time, [weak = weak_from_this(), from] {
        if (auto const alive = weak.lock()) alive->deliver(from);
    });
}

/// The next item of a direction arrives, whichever timer fired: so order is kept.
void SimConnection::deliver(std::size_t from) {
    auto& sender = ends_[from];
    auto& receiver = ends_[other(from)];
    if (is_cut_(*sender.host, *receiver.host)) {
        ++sender.held_back;
        return;
    }
    if (sender.under_way.empty()) return;  // lost meanwhile
    auto item = std::move(sender.under_way.front());
    sender.under_way.pop_front();
    core_.note("deliver", *receiver.host, item.bytes.size());
    if (receiver.broken) return;
    if (item.what == What::reset) return fail_end(other(from), asio::error::connection_reset);
    if (item.what == What::end) {
        sender.has_ended = true;
    } else if (receiver.is_closed) {
        sender.unread -= item.bytes.size();
        return send(other(from), Item{.what = What::reset, .bytes = {}});
    } else {
        sender.arrived.push_back(std::move(item.bytes));
    }
    go_on_reading(other(from));
}

/// What is under way is lost from some point on.
void SimConnection::lose_under_way(std::size_t from) {
    auto& sender = ends_[from];
    auto const kept = core_.random->below(sender.under_way.size() + 1);
    while (sender.under_way.size() > kept) {
        sender.unread -= sender.under_way.back().bytes.size();
        sender.under_way.pop_back();
    }
}

void SimConnection::fail_end(std::size_t end, error_code error) {
    if (!ends_[end].broken) ends_[end].broken = error;
    go_on_reading(end);
    go_on_writing(end);
}

void SimConnection::go_on_reading(std::size_t end) {
    auto& me = ends_[end];
    auto& sender = ends_[other(end)];
    if (!me.read) return;
    bool const has_bytes = !sender.arrived.empty() && !me.is_closed;
    if (!has_bytes && !me.is_closed && !me.broken && !sender.has_ended) return;
    auto read = *std::exchange(me.read, std::nullopt);
    if (me.is_closed) return complete(std::move(read.done), asio::error::bad_descriptor, 0);
    if (has_bytes) {
        auto const size = take(sender, read.into);
        complete(std::move(read.done), {}, size);
        return go_on_writing(other(end));
    }
    error_code const end_of_file = asio::error::eof;
    complete(std::move(read.done), me.broken ? me.broken : end_of_file, 0);
}

void SimConnection::go_on_writing(std::size_t end) {
    auto& me = ends_[end];
    if (!me.write) return;
    bool const is_possible = !me.is_closed && !me.broken && !me.is_shut;
    // Room opens by quarters; else each short read brings a write as short, for ever (RFC 1122
    // §4.2.3.3, the silly window).
    auto const wanted = std::min(asio::buffer_size(me.write->parts), window_bytes / 4);
    if (is_possible && me.unread + wanted > window_bytes) return;
    auto write = *std::exchange(me.write, std::nullopt);
    if (me.is_closed) return complete(std::move(write.done), asio::error::bad_descriptor, 0);
    if (me.broken) return complete(std::move(write.done), me.broken, 0);
    if (me.is_shut) return complete(std::move(write.done), asio::error::broken_pipe, 0);
    auto size = std::min(asio::buffer_size(write.parts), window_bytes - me.unread);
    if (core_.random->happens(short_transfer)) size = 1 + core_.random->below(size);
    send(end, Item{.what = What::bytes, .bytes = first_bytes(write.parts, size)});
    core_.note("send", *me.host, size);
    complete(std::move(write.done), {}, size);
}

/// Moves what has arrived from `from` into the buffer; at least one byte.
std::size_t SimConnection::take(End& from, asio::mutable_buffer into) {
    std::size_t limit = into.size();
    if (core_.random->happens(short_transfer)) limit = 1 + core_.random->below(limit);
    std::size_t taken = 0;
    while (taken < limit && !from.arrived.empty()) {
        auto const& first = from.arrived.front();
        auto const size = std::min(limit - taken, first.size() - from.read_of_first);
        auto* const to = static_cast<std::byte*>(into.data()) + taken;
        std::memcpy(to, first.data() + from.read_of_first, size);
        taken += size;
        from.read_of_first += size;
        if (from.read_of_first == first.size()) {
            from.arrived.pop_front();
            from.read_of_first = 0;
        }
    }
    from.unread -= taken;
    return taken;
}

void SimConnection::complete(Done done, error_code error, std::size_t size) {
    auto go_on = [done = std::move(done), error, size]() mutable { done(error, size); };
    asio::post(core_.context, std::move(go_on));
}

namespace {

class SimStream final : public Stream {
 public:
    SimStream(
        SimCore& core, std::shared_ptr<SimConnection> connection, std::size_t end, Address peer
    )
        : core_(core), connection_(std::move(connection)), end_(end), peer_(std::move(peer)) {}
    SimStream(SimStream const&) = delete;
    SimStream& operator=(SimStream const&) = delete;
    ~SimStream() override { connection_->close(end_); }

    executor_type get_executor() override { return core_.context.get_executor(); }
    [[nodiscard]] Address peer() const override { return peer_; }
    void close() override { connection_->close(end_); }
    void shutdown_send() override { connection_->shut_down(end_); }

 private:
    void start_read(asio::mutable_buffer into, Done done) override {
        connection_->read(end_, into, std::move(done));
    }
    void start_write(Gather const& parts, Done done) override {
        connection_->write(end_, {parts.begin(), parts.end()}, std::move(done));
    }
    void cancel_read() override { connection_->cancel_read(end_); }
    void cancel_write() override { connection_->cancel_write(end_); }

    SimCore& core_;
    std::shared_ptr<SimConnection> connection_;
    std::size_t end_;
    Address peer_;
};

}  // namespace

std::unique_ptr<Stream> make_sim_stream(
    SimCore& core, std::shared_ptr<SimConnection> connection, std::size_t end, Address peer
) {
    return std::make_unique<SimStream>(core, std::move(connection), end, std::move(peer));
}

}  // namespace disgrafs
