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
/// connections, refuses its ports, and makes its disk forget what was not synced. It is down then:
/// every call upon its disk and network fails, so that objects which lived there cannot write on
/// while the program of the test stops and destroys them. start() lets it be built again on the
/// same disk. A file that was open before the crash stays unusable.
///
/// On a crash: each 4 KiB page that was not synced is lost, torn or kept, on its own; a name that
/// was made, moved or removed since its folder was synced (and in the last 5 s) is lost or kept; a
/// longer size that was not synced is kept, lost or lost in part. What is written while a sync runs
/// is not covered by it.

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
    double write_error = 0;  ///< write_at fails with io, after a part was written.
    double sync_error = 0;   ///< sync fails; the file is poisoned, pages may be lost at a crash.
    double bit_flip = 0;     ///< One bit of what read_at returns is wrong, and stays wrong.
    double misdirected_write = 0;  ///< A write lands 4 KiB off.
    double lost_unsynced = 0.5;    ///< At a crash: each unsynced page or name is lost, else kept,
    double torn_page = 0.1;        ///< or only its first 512·n bytes are kept.
    double connection_cut = 0;     ///< Per write: the connection breaks.
    Duration latency_min{50};      ///< Of the network, one way.
    Duration latency_max{2000};
    Duration disk_latency_max{100};                   ///< Of a read, a write, or a change of names.
    Duration sync_latency_max{2000};                  ///< Of sync and sync_dir.
    std::uint64_t disk_capacity_bytes = 8ULL << 30U;  ///< Of each host; no file is longer.
};

/// What may happen to one operation of one host's disk.
enum class SimTrouble : std::uint8_t { none, misdirected_write, write_error, sync_error };

class SimWorld {
 public:
    explicit SimWorld(std::uint64_t seed, SimFaults faults = {});
    ~SimWorld();

    boost::asio::any_io_executor executor();
    Clock& clock();                         ///< The world's, always right.
    Clock& clock(std::string const& host);  ///< The host's own, right until set_clock().
    Random& random();                       ///< The program's; what the world does has its own.
    Pool& pool();                           ///< 0 threads.
    Disk& disk(std::string const& host);
    Network& network(std::string const& host);
    Address host_address(std::string const& host, std::uint16_t port) const;
    SimFaults& faults();  ///< May be changed while it runs.

    /// Run `task` to its end, moving time as needed. Errors: the task's; exhausted when nothing is
    /// left to run (a deadlock) or after `limit` of simulated time.
    Result<void> run(Task<void> task, Duration limit = std::chrono::hours(1));

    void crash(std::string const& host);  ///< As power loss; see above.
    void start(std::string const& host);  ///< Hosts are up from the beginning.
    [[nodiscard]] bool is_up(std::string const& host) const;
    /// From now on the clock of `host` runs `ppm` millionths too fast (below 0: too slow; more than
    /// −1,000,000), and its now() is off by `wall_offset`. Its steady() goes on without a jump.
    void set_clock(std::string const& host, std::int64_t ppm, Duration wall_offset = {});
    void cut(std::string const& a, std::string const& b);  ///< No bytes either way, no error.
    void heal(std::string const& a, std::string const& b);
    /// Flip one bit in what is stored in a file of `host`, chosen by the seed; false: nothing
    /// there.
    bool rot(std::string const& host, std::string const& path_prefix);

    /// The next write_at, or File::sync, of `host` meets `what`, whatever the chances are; none
    /// takes it back.
    void trouble(std::string const& host, SimTrouble what);

    /// How often something happened: "crash", "lost_page", "torn_page", "kept_page", "lost_name",
    /// "lost_size", "bit_flip", "rot", "misdirected_write", "write_error", "sync_error", "full",
    /// "connection_cut", "write", "sync", "send", "deliver" …
    [[nodiscard]] std::uint64_t tally(std::string const& what) const;

    /// A hash over all that happened, with its time: equal for two runs of one seed and program.
    [[nodiscard]] std::uint64_t fingerprint() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace disgrafs
