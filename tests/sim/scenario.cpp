#include "sim/scenario.hpp"

#include "io/sim_world.hpp"
#include "sim/drive.hpp"
#include "sim/guests.hpp"
#include "sim/hall.hpp"

namespace disgrafs::sim {

namespace {

constexpr int steps = 30;
/// Hashing passwords is slow on purpose, so not every seed has a guest.
constexpr std::uint64_t seeds_per_guest = 8;

class Scenario {
 public:
    Scenario(SimWorld& world, bool with_canary, bool with_guest)
        : world_(world), with_guest_(with_guest), hall_(world, with_canary), drive_(world, hall_) {}

    Task<void> run() {
        auto const result = co_await work();
        (void)co_await hall_.stop();
        co_return result;
    }

    [[nodiscard]] Report report() const {
        Observed all;
        all.add(world_.fingerprint());
        all.add(drive_.observed());
        return {
            .fingerprint = all.hash(),
            .puts = drive_.puts,
            .reads = drive_.reads,
            .crashes = hall_.crashes,
            .refused = drive_.refused,
            .rots = world_.tally("rot") + world_.tally("misdirected_write")
        };
    }

 private:
    Task<void> work() {
        CO_TRY_OK(co_await hall_.open());
        if (with_guest_) CO_TRY_OK(co_await visit(hall_));
        world_.faults().connection_cut = 0.0005;
        for (auto step = 0; step < steps; ++step) CO_TRY_OK(co_await one_step());
        world_.faults().connection_cut = 0;  // From here on every call must succeed.
        CO_TRY_OK(co_await hall_.wait_whole());
        CO_TRY_OK(co_await drive_.read_all());
        CO_TRY_OK(co_await hall_.lose_two());
        co_return co_await drive_.read_all();
    }

    Task<void> one_step() {
        auto const dice = world_.random().below(100);
        if (dice < 60) co_return co_await drive_.act();
        if (dice < 68) co_return co_await drive_.act_during_crash();
        if (dice < 96) co_return co_await hall_.harm();
        co_return co_await hall_.wait_whole();
    }

    SimWorld& world_;
    bool with_guest_;
    Hall hall_;
    Drive drive_;
};

}  // namespace

Result<Report> run_scenario(std::uint64_t seed, bool with_canary) {
    SimWorld world(seed);
    Scenario scenario(world, with_canary, seed % seeds_per_guest == 0);
    TRY_OK(world.run(scenario.run(), std::chrono::hours(24)));
    return scenario.report();
}

}  // namespace disgrafs::sim
