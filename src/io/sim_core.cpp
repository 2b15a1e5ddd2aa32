#include "io/sim_core.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/time.hpp"
#include "io/clock.hpp"
#include "io/loop_end.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

namespace asio = boost::asio;

namespace {

constexpr std::size_t steps_per_instant_max = 20'000'000;
constexpr Duration far_future = std::chrono::hours(24 * 36'500);
constexpr Timestamp birth{1'900'000'000'000'000};  // 2030-03-17: nobody's real clock

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29U);
}

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
    for (auto const sign : text)
        hash = (hash ^ static_cast<unsigned char>(sign)) * 0x100000001B3ULL;
    return hash;
}

}  // namespace

SimCore::SimCore(std::uint64_t seed, SimFaults const& chances)
    : faults(chances),
      random(make_seeded_random(seed)),
      program_random(make_seeded_random(~seed)) {}

void SimCore::end() {
    is_ending_ = true;
    LoopEnd::of(context.get_executor()).begin();
    while (!timers_.empty()) timers_.extract(timers_.begin());
}

Result<void> SimCore::run_until(std::function<bool()> const& is_done, Duration limit) {
    auto const end = limit < far_future ? time + limit : far_future;
    while (true) {
        context.restart();
        for (std::size_t steps = 0; !is_done() && context.poll_one() != 0; ++steps) {
            if (steps == steps_per_instant_max) {
                return fail(Errc::exhausted, "time stands still: {} steps at one instant", steps);
            }
        }
        if (is_done()) return {};
        if (timers_.empty()) return fail(Errc::exhausted, "deadlock: nothing is left to run");
        auto const next = timers_.begin();
        if (next->first.first > end) {
            auto const seconds = std::chrono::duration<double>(limit).count();
            return fail(Errc::exhausted, "not done after {} s of simulated time", seconds);
        }
        time = next->first.first;
        auto node = timers_.extract(next);
        asio::post(context, std::move(node.mapped()));
    }
}

SimCore::TimerKey SimCore::after(Duration wait, Call call) {
    TimerKey const key{time + std::clamp(wait, Duration(0), far_future), timer_count_++};
    if (!is_ending_) timers_.emplace(key, std::move(call));
    return key;
}

Task<void> SimCore::delay(Duration wait) {
    auto const start = [this, wait](auto handler) {
        after(wait, [handler = std::move(handler)]() mutable { handler(Result<void>()); });
    };
    co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Result<void>)>(
        start, asio::use_awaitable
    );
}

Duration SimCore::some_time(Duration least, Duration most) {
    if (most <= least) return least;
    auto const span = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Duration(static_cast<Duration::rep>(random->below(span)));
}

SimHost& SimCore::host(std::string const& name) {
    auto& host = hosts_[name];
    if (!host) {
        host = std::make_unique<SimHost>();
        host->name = name;
        host->index = hosts_.size() - 1;
    }
    return *host;
}

SimHost* SimCore::find_host(std::string_view address) {
    for (auto& [name, host] : hosts_) {
        if (name == address || sim_ip(*host) == address) return host.get();
    }
    return nullptr;
}

void SimCore::note(std::string_view what, SimHost const& host, std::uint64_t a, std::uint64_t b) {
    auto tally = tallies.find(what);
    if (tally == tallies.end()) tally = tallies.emplace(what, 0).first;
    ++tally->second;
    fingerprint = mix(fingerprint, hash_of(what) + host.index);
    fingerprint = mix(fingerprint, static_cast<std::uint64_t>(time.count()));
    fingerprint = mix(fingerprint, a);
    fingerprint = mix(fingerprint, b);
}

std::string sim_ip(SimHost const& host) {
    DISGRAFS_ASSERT(host.index < 62'500, "{} hosts", host.index);
    return fmt::format("10.0.{}.{}", host.index / 250, host.index % 250 + 1);
}

Duration SimRate::own(Duration world) const {
    auto const passed = world - since_world;
    return since_own + passed +
           Duration(
               passed.count() / 1'000'000 * ppm + passed.count() % 1'000'000 * ppm / 1'000'000
           );
}

Duration SimRate::world_wait(Duration own_wait) const {
    if (ppm == 0 || own_wait >= far_future) return own_wait;
    using Wide = __int128;
    auto const speed = Wide{1'000'000} + ppm;
    auto const wait = (Wide{own_wait.count()} * 1'000'000 + speed - 1) / speed;
    return Duration(static_cast<Duration::rep>(wait));
}

namespace {

class SimClock final : public Clock {
 public:
    SimClock(SimCore& core, SimRate const& rate) : core_(core), rate_(rate) {}

    [[nodiscard]] Timestamp now() const override { return birth + steady() + rate_.wall_offset; }
    [[nodiscard]] Duration steady() const override { return rate_.own(core_.time); }

    Task<void> sleep(Duration duration) override {
        CO_TRY_OK(co_await refuse_if_cancelled("sleep"));
        auto const start = [this, duration](auto handler) { begin(duration, std::move(handler)); };
        co_return co_await asio::async_initiate<asio::use_awaitable_t<> const, void(Result<void>)>(
            start, asio::use_awaitable
        );
    }

 private:
    struct Sleeper {
        WaitList::Done done;
        SimCore::TimerKey timer;

        void end(Result<void> result) {
            if (auto go_on = std::exchange(done, nullptr)) go_on(std::move(result));
        }
    };

    template <typename Handler>
    void begin(Duration duration, Handler handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto const sleeper = std::make_shared<Sleeper>(std::move(handler));
        sleeper->timer = core_.after(rate_.world_wait(duration), [sleeper] { sleeper->end({}); });
        if (!slot.is_connected()) return;
        slot.assign([&core = core_, weak = std::weak_ptr(sleeper)](asio::cancellation_type) {
            auto const alive = weak.lock();
            if (!alive) return;
            core.cancel(alive->timer);
            asio::post(core.context, [alive] {
                alive->end(fail(Errc::cancelled, "sleep: cancelled"));
            });
        });
    }

    SimCore& core_;
    SimRate const& rate_;
};

}  // namespace

std::unique_ptr<Clock> make_sim_clock(SimCore& core, SimRate const& rate) {
    return std::make_unique<SimClock>(core, rate);
}

}  // namespace disgrafs
