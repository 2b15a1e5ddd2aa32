#pragma once

/// \file io/sim_network.hpp  The network between simulated hosts. Inside io/ only.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/network.hpp"
#include "io/sim_connection.hpp"
#include "io/sim_core.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

/// An open port: connections that wait to be accepted.
struct SimPort {
    std::deque<std::unique_ptr<Stream>> callers;
    std::shared_ptr<WaitList> acceptors;
    bool is_closed = false;

    void close();
};

/// All cables: which ports are open, which connections stand, which links are cut.
class SimFabric {
 public:
    explicit SimFabric(SimCore& core) : core_(core) {}
    SimFabric(SimFabric const&) = delete;
    SimFabric& operator=(SimFabric const&) = delete;

    void end();  ///< Destroys what still waits for bytes or room.

    void crash(SimHost const& host);
    void cut(SimHost const& a, SimHost const& b);
    void heal(SimHost const& a, SimHost const& b);
    [[nodiscard]] bool is_cut(SimHost const& a, SimHost const& b) const;

    /// Null when nothing listens there.
    [[nodiscard]] std::shared_ptr<SimPort> find_port(SimHost const& host, std::uint16_t port);
    void open_port(SimHost const& host, std::uint16_t port, std::shared_ptr<SimPort> const& opened);
    /// One that no listener has; 0 when there is none left.
    std::uint16_t free_port(SimHost const& host);
    std::shared_ptr<SimConnection> connect(SimHost& from, SimHost& to);

 private:
    void forget_the_dead();

    SimCore& core_;
    std::map<std::pair<std::size_t, std::uint16_t>, std::weak_ptr<SimPort>> ports_;
    std::set<std::pair<std::size_t, std::size_t>> cuts_;
    std::vector<std::weak_ptr<SimConnection>> connections_;
    std::size_t forget_at_ = 64;
    std::uint16_t last_port_ = 40'000;
};

/// The network as `host` has it.
class SimNetwork final : public Network {
 public:
    SimNetwork(SimCore& core, SimFabric& fabric, SimHost& host, Clock& clock)
        : core_(core), fabric_(fabric), host_(host), clock_(clock) {}

    Task<std::unique_ptr<Stream>> connect(Address to, Duration timeout) override;
    Result<std::unique_ptr<Listener>> listen(Address at) override;

 private:
    Result<SimHost*> resolve(Address const& address) const;
    Task<std::unique_ptr<Stream>> connect_now(Address to);

    SimCore& core_;
    SimFabric& fabric_;
    SimHost& host_;
    Clock& clock_;
};

}  // namespace disgrafs
