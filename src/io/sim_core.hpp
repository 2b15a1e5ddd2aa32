#pragma once

/// \file io/sim_core.hpp  What the parts of a simulated world share: time, chance, hosts, and a
/// record of what happened. Inside io/ only.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/time.hpp"
#include "io/clock.hpp"
#include "io/random.hpp"
#include "io/sim_world.hpp"
#include "io/task.hpp"

namespace disgrafs {

/// How a host's own clock runs: `ppm` millionths too fast, since an instant of the world's time.
struct SimRate {
    std::int64_t ppm = 0;
    Duration since_world{};
    Duration since_own{};
    Duration wall_offset{};  ///< now() is so much ahead of the world's.

    [[nodiscard]] Duration own(Duration world) const;
    [[nodiscard]] Duration world_wait(Duration own_wait) const;  ///< Rounded up.
};

struct SimHost {
    std::string name;
    std::size_t index = 0;  ///< By first mention; gives the address.
    bool is_up = true;
    std::uint64_t life = 0;  ///< Grows with each crash: what was begun before it is void.
    SimRate rate;
    SimTrouble trouble = SimTrouble::none;  ///< Of the next operation that can have it.

    /// True once for the trouble that waits.
    [[nodiscard]] bool meets(SimTrouble what) {
        if (trouble != what) return false;
        trouble = SimTrouble::none;
        return true;
    }
};

class SimCore {
 public:
    using Call = std::move_only_function<void()>;
    using TimerKey = std::pair<Duration, std::uint64_t>;  ///< When, then in order of asking.

    SimCore(std::uint64_t seed, SimFaults const& chances);
    ~SimCore() { end(); }
    SimCore(SimCore const&) = delete;
    SimCore& operator=(SimCore const&) = delete;

    /// Destroys what still waits, while all that it may touch on its way out is alive. Idempotent.
    void end();

    /// Runs what can run, then moves time to the next timer, until `is_done` or `limit` is past.
    Result<void> run_until(std::function<bool()> const& is_done, Duration limit);

    /// `call` runs on the loop when `wait` (0 or more) has passed.
    TimerKey after(Duration wait, Call call);
    void cancel(TimerKey const& key) { timers_.erase(key); }
    /// Completes when `wait` has passed, whatever is cancelled.
    Task<void> delay(Duration wait);
    /// 0 … `most`, uniform.
    Duration some_time(Duration most) { return some_time(Duration(0), most); }
    Duration some_time(Duration least, Duration most);

    SimHost& host(std::string const& name);
    [[nodiscard]] SimHost* find_host(std::string_view address);

    /// Count `what` and mix it, with its host and two numbers, into the fingerprint of the run.
    void note(std::string_view what, SimHost const& host, std::uint64_t a = 0, std::uint64_t b = 0);

    SimFaults faults;
    std::unique_ptr<Random> random;          ///< For what the world does.
    std::unique_ptr<Random> program_random;  ///< For what the program asks.
    Duration time{std::chrono::seconds(1)};
    std::map<std::string, std::uint64_t, std::less<>> tallies;
    std::uint64_t fingerprint = 0;

 private:
    bool is_ending_ = false;
    std::map<TimerKey, Call> timers_;
    std::uint64_t timer_count_ = 0;
    std::map<std::string, std::unique_ptr<SimHost>, std::less<>> hosts_;

 public:
    /// Last: the coroutines that it still holds at the end die while the rest is alive.
    boost::asio::io_context context{1};
};

/// The address of a host: 10.0.x.y by its index.
std::string sim_ip(SimHost const& host);

/// `rate` outlives the clock.
std::unique_ptr<Clock> make_sim_clock(SimCore& core, SimRate const& rate);

}  // namespace disgrafs
