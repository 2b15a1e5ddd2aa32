#pragma once

/// \file io/sim_world.hpp  A world from one seed: time, disks, network, randomness.
///
/// One thread, one queue. Time stands still while anything can run, then jumps to the next timer.
/// The same seed and program give the same run. What the rules of io/disk.hpp and a network allow
/// to go wrong goes wrong with the chances of SimFaults.
///
///     SimWorld world(seed);
///     auto& disk = world.disk("n1");             // survives crash("n1") by the rules
///     world.run(scenario(world));                // until the task ends
///
/// A host is a name; its network addresses are given by host_address(). Crashing a host cuts its
/// connections, refuses its port, and makes its disk forget what was not synced; the program of the
/// test destroys the objects that lived there, and builds them again on the same disk.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// Chances per operation, 0 … 1.
struct SimFaults {
    double write_error = 0;        ///< write_at fails with io.
    double sync_error = 0;         ///< sync fails; the file is poisoned, the data may be lost.
    double bit_flip = 0;           ///< One bit of what read_at returns is wrong, and stays wrong.
    double misdirected_write = 0;  ///< A write lands 4 KiB off.
    double lost_unsynced = 0.5;    ///< At a crash: each unsynced 4 KiB page is lost, else kept,
    double torn_page = 0.1;        ///< or only its first 512·n bytes are kept.
    double connection_cut = 0;     ///< Per write: the connection breaks.
    Duration latency_min{50};
    Duration latency_max{2000};
    std::uint64_t disk_capacity_bytes = 8ULL << 30U;
};

class SimWorld {
 public:
    explicit SimWorld(std::uint64_t seed, SimFaults faults = {});
    ~SimWorld();

    boost::asio::any_io_executor executor();
    Clock& clock();
    Random& random();
    Pool& pool();  ///< 0 threads.
    Disk& disk(std::string const& host);
    Network& network(std::string const& host);
    Address host_address(std::string const& host, std::uint16_t port) const;
    SimFaults& faults();  ///< May be changed while it runs.

    /// Run `task` to its end, moving time as needed. Errors: the task's; exhausted when nothing is
    /// left to run (a deadlock) or after `limit` of simulated time.
    Result<void> run(Task<void> task, Duration limit = std::chrono::hours(1));

    void crash(std::string const& host);                   ///< As power loss; see above.
    void cut(std::string const& a, std::string const& b);  ///< No bytes either way.
    void heal(std::string const& a, std::string const& b);
    /// Flip one bit in what is stored in a file of `host`, chosen by the seed; false: nothing
    /// there.
    bool rot(std::string const& host, std::string const& path_prefix);

    /// How often something happened: "crash", "lost_page", "torn_page", "bit_flip" …
    [[nodiscard]] std::uint64_t tally(std::string const& what) const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace disgrafs
