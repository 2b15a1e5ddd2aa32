#include "io/sim_network.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "io/deadline.hpp"
#include "io/network.hpp"
#include "io/sim_connection.hpp"
#include "io/sim_core.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {
namespace {

constexpr std::size_t backlog = 128;
constexpr Duration retry_after = std::chrono::milliseconds(200);

std::pair<std::size_t, std::size_t> link_of(SimHost const& a, SimHost const& b) {
    return std::minmax(a.index, b.index);
}

}  // namespace

void SimPort::close() {
    is_closed = true;
    callers.clear();
    acceptors->wake_all();
}

void SimFabric::end() {
    for (auto const& weak : std::vector(connections_)) {
        if (auto const connection = weak.lock()) connection->drop_handlers();
    }
}

void SimFabric::crash(SimHost const& host) {
    for (auto& [key, weak] : ports_) {
        if (key.first != host.index) continue;
        if (auto const port = weak.lock()) port->close();
        weak.reset();
    }
    for (auto const& weak : std::vector(connections_)) {
        auto const connection = weak.lock();
        if (!connection) continue;
        for (std::size_t const end : {0U, 1U}) {
            if (&connection->host(end) == &host) connection->crash(end);
        }
    }
}

void SimFabric::cut(SimHost const& a, SimHost const& b) { cuts_.insert(link_of(a, b)); }

void SimFabric::heal(SimHost const& a, SimHost const& b) {
    if (cuts_.erase(link_of(a, b)) == 0) return;
    for (auto const& weak : std::vector(connections_)) {
        auto const connection = weak.lock();
        if (connection && link_of(connection->host(0), connection->host(1)) == link_of(a, b)) {
            connection->heal();
        }
    }
}

bool SimFabric::is_cut(SimHost const& a, SimHost const& b) const {
    return !cuts_.empty() && cuts_.contains(link_of(a, b));
}

std::shared_ptr<SimPort> SimFabric::find_port(SimHost const& host, std::uint16_t port) {
    auto const found = ports_.find({host.index, port});
    auto opened = found == ports_.end() ? nullptr : found->second.lock();
    return opened && !opened->is_closed ? opened : nullptr;
}

void SimFabric::open_port(
    SimHost const& host, std::uint16_t port, std::shared_ptr<SimPort> const& opened
) {
    ports_[{host.index, port}] = opened;
}

std::uint16_t SimFabric::free_port(SimHost const& host) {
    for (int tries = 0; tries < 20'000; ++tries) {
        last_port_ = last_port_ >= 60'000 ? std::uint16_t{40'000} : ++last_port_;
        if (!find_port(host, last_port_)) return last_port_;
    }
    return 0;
}

std::shared_ptr<SimConnection> SimFabric::connect(SimHost& from, SimHost& to) {
    forget_the_dead();
    auto const is_cut = [this](SimHost const& a, SimHost const& b) { return this->is_cut(a, b); };
    std::array<SimHost*, 2> const hosts{&from, &to};
    auto connection = std::make_shared<SimConnection>(core_, hosts, is_cut);
    connections_.push_back(connection);
    return connection;
}

void SimFabric::forget_the_dead() {
    if (connections_.size() < forget_at_) return;
    std::erase_if(connections_, [](auto const& weak) { return weak.expired(); });
    forget_at_ = std::max<std::size_t>(64, connections_.size() * 2);
}

namespace {

class SimListener final : public Listener {
 public:
    SimListener(std::shared_ptr<SimPort> port, Address address)
        : port_(std::move(port)), address_(std::move(address)) {}
    SimListener(SimListener const&) = delete;
    SimListener& operator=(SimListener const&) = delete;
    ~SimListener() override { port_->close(); }

    Task<std::unique_ptr<Stream>> accept() override {
        auto const port = port_;
        CO_TRY_OK(co_await refuse_if_cancelled("accept"));
        while (port->callers.empty() && !port->is_closed) {
            CO_TRY_OK(co_await WaitList::wait(port->acceptors, WaitList::Cancel::allowed));
        }
        if (port->is_closed) co_return fail(Errc::cancelled, "accept: closed");
        auto caller = std::move(port->callers.front());
        port->callers.pop_front();
        co_return std::move(caller);
    }

    [[nodiscard]] Address address() const override { return address_; }
    void close() override { port_->close(); }

 private:
    std::shared_ptr<SimPort> port_;
    Address address_;
};

}  // namespace

Task<std::unique_ptr<Stream>> SimNetwork::connect(Address to, Duration timeout) {
    auto result = co_await within(clock_, timeout, connect_now(to));
    if (result) co_return std::move(result);
    auto const& error = result.error();
    co_return fail(error.code, "connect to {}: {}", to.text(), error.message);
}

Task<std::unique_ptr<Stream>> SimNetwork::connect_now(Address to) {
    auto const life = host_.life;
    CO_TRY(auto* const target, resolve(to));
    auto const there = core_.some_time(core_.faults.latency_min, core_.faults.latency_max);
    CO_TRY_OK(co_await clock_.sleep(there));
    while (fabric_.is_cut(host_, *target)) CO_TRY_OK(co_await clock_.sleep(retry_after));
    auto const port = fabric_.find_port(*target, to.port);
    if (!host_.is_up || host_.life != life)
        co_return fail(Errc::unavailable, "{} is down", host_.name);
    if (!target->is_up || !port || port->callers.size() >= backlog) {
        co_return fail(Errc::unavailable, "connection refused");
    }
    auto const connection = fabric_.connect(host_, *target);
    Address const from{.host = sim_ip(host_), .port = fabric_.free_port(host_)};
    port->callers.push_back(make_sim_stream(core_, connection, 1, from));
    port->acceptors->wake_first();
    core_.note("connect", host_, target->index, to.port);
    auto stream = make_sim_stream(core_, connection, 0, to);
    auto const back = core_.some_time(core_.faults.latency_min, core_.faults.latency_max);
    CO_TRY_OK(co_await clock_.sleep(back));
    co_return std::move(stream);
}

Result<std::unique_ptr<Listener>> SimNetwork::listen(Address at) {
    if (!host_.is_up) return fail(Errc::io, "{} is down; SimWorld::start() starts it", host_.name);
    bool const is_mine =
        at.host == sim_ip(host_) || at.host == "0.0.0.0" || at.host.starts_with("127.");
    if (!is_mine)
        return fail(Errc::invalid, "listen at {}: not an address of {}", at.text(), host_.name);
    if (at.port == 0) at.port = fabric_.free_port(host_);
    if (at.port == 0) return fail(Errc::exhausted, "no port of {} is free", host_.name);
    if (fabric_.find_port(host_, at.port)) return fail(Errc::conflict, "{} is in use", at.text());
    auto const port = std::make_shared<SimPort>();
    port->acceptors = std::make_shared<WaitList>(core_.context.get_executor());
    fabric_.open_port(host_, at.port, port);
    core_.note("listen", host_, at.port);
    return std::make_unique<SimListener>(port, at);
}

/// Itself for a loopback address, else the host that has this address or name.
Result<SimHost*> SimNetwork::resolve(Address const& address) const {
    if (address.host.starts_with("127.") || address.host == "localhost") return &host_;
    if (auto* const host = core_.find_host(address.host)) return host;
    return fail(Errc::unavailable, "no route to host");
}

}  // namespace disgrafs
