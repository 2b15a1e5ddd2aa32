#pragma once

/// \file io/sim_connection.hpp  One simulated connection: two directions, each a queue that keeps
/// its order. Inside io/ only.
///
/// What is written is under way until its latency has passed, then it has arrived. A cut link holds
/// deliveries back until it is healed. The ends are 0 (who called) and 1 (who accepted); direction
/// d carries what end d writes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include "base/bytes.hpp"
#include "io/network.hpp"
#include "io/sim_core.hpp"

namespace disgrafs {

class SimConnection : public std::enable_shared_from_this<SimConnection> {
 public:
    using Done = Stream::Done;
    using IsCut = std::function<bool(SimHost const&, SimHost const&)>;
    using ConstBuffers = std::vector<boost::asio::const_buffer>;

    static constexpr std::size_t window_bytes = 256U << 10U;  ///< Unread bytes of one direction.

    SimConnection(SimCore& core, std::array<SimHost*, 2> hosts, IsCut is_cut);

    void read(std::size_t end, boost::asio::mutable_buffer into, Done done);
    void write(std::size_t end, ConstBuffers parts, Done done);
    void cancel_read(std::size_t end);
    void cancel_write(std::size_t end);
    void shut_down(std::size_t end);  ///< No more from this end.
    void close(std::size_t end);
    /// As a broken cable: both ends fail, part of what was under way is lost.
    void break_down();
    /// As the death of a host: its end fails now, the other hears of it later.
    void crash(std::size_t end);
    void heal();           ///< Deliver what a cut held back.
    void drop_handlers();  ///< The world ends: nobody will be told.

    [[nodiscard]] SimHost& host(std::size_t end) const { return *ends_[end].host; }

 private:
    enum class What : std::uint8_t { bytes, end, reset };
    struct Item {
        What what = What::bytes;
        Bytes bytes;
    };
    struct Read {
        boost::asio::mutable_buffer into;
        Done done;
    };
    struct Write {
        ConstBuffers parts;
        Done done;
    };
    /// One end, and the direction that it writes.
    struct End {
        SimHost* host = nullptr;
        bool is_closed = false;
        bool is_shut = false;
        boost::system::error_code broken;
        std::optional<Read> read;    ///< Waits for bytes of the other's direction.
        std::optional<Write> write;  ///< Waits for room in its own.

        std::deque<Item> under_way;
        std::deque<Bytes> arrived;
        std::size_t read_of_first = 0;
        std::size_t unread = 0;  ///< Under way and arrived.
        bool has_ended = false;  ///< Its end has arrived.
        Duration last_delivery{};
        std::size_t held_back = 0;
    };

    void send(std::size_t from, Item item);
    void schedule_delivery(std::size_t from);
    void deliver(std::size_t from);
    void lose_under_way(std::size_t from);
    void fail_end(std::size_t end, boost::system::error_code error);
    void go_on_reading(std::size_t end);
    void go_on_writing(std::size_t end);
    std::size_t take(End& from, boost::asio::mutable_buffer into);
    void complete(Done done, boost::system::error_code error, std::size_t size);

    SimCore& core_;
    IsCut is_cut_;
    std::array<End, 2> ends_;
};

/// End `end` of a connection, as a program holds it.
std::unique_ptr<Stream> make_sim_stream(
    SimCore& core, std::shared_ptr<SimConnection> connection, std::size_t end, Address peer
);

}  // namespace disgrafs
