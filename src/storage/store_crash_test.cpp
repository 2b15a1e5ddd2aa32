/// Crashes of a store at every step of what it does, and what it must still know afterwards.

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "io/task_group.hpp"
#include "storage/testing/store_model.hpp"

namespace disgrafs::storage {
namespace {

/// Everything a store does: puts of many sizes at once, removals, segments that fill, compaction,
/// checkpoints, and closing.
Task<void> life(StoreWorld& on, StoreModel& model, std::uint64_t first) {
    TaskGroup house(on.world.executor());
    house.spawn("keep house", on.store->run());
    auto upload = first;
    for (int round = 0; round < 3; ++round) {
        TaskGroup writers(on.world.executor());
        for (std::uint32_t const size : {0U, 100U, 4000U, 20'000U, 9000U, 12'000U}) {
            writers.spawn("put", model.put(upload++, size));
        }
        co_await writers.join();
        TaskGroup removers(on.world.executor());
        for (auto const back : {2U, 3U, 6U}) {
            if (model.is_stored(upload - back))
                removers.spawn("remove", model.remove(upload - back));
        }
        co_await removers.join();
        auto const compaction_and_checkpoint_come = std::chrono::minutes(11);
        co_await on.world.clock().sleep(compaction_and_checkpoint_come);
    }
    co_await on.store->stop();
    co_await house.join();
    co_return Result<void>();
}

Task<void> crash_after(StoreWorld& on, Duration wait) {
    co_await on.world.clock().sleep(wait);
    on.world.crash("n1");
    co_return Result<void>();
}

/// Lives one life in which the power fails about when step `fatal` happens; what step that was.
std::string live_and_crash(
    StoreWorld& on, StoreModel& model, std::uint64_t first, std::uint64_t fatal
) {
    std::string step;
    TaskGroup crash(on.world.executor());
    on.disk.steps = 0;
    on.disk.on_step = [&](std::string const& what) {
        if (on.disk.steps != fatal) return;
        step = what;
        // A step takes up to 100 µs, a sync up to 2 ms: before, within, or just after it.
        auto const wait = Duration(static_cast<std::int64_t>(on.world.random().below(2000)));
        crash.spawn("crash", crash_after(on, wait));
    };
    EXPECT_TRUE(on.run(life(on, model, first)));
    EXPECT_TRUE(on.run(crash.join()));
    on.disk.on_step = [](std::string const&) {};
    if (on.world.is_up("n1")) on.world.crash("n1");  // the last steps of closing
    on.store.reset();
    on.world.start("n1");
    return step;
}

/// Its kind: "write segments" of "write segments/0000000001".
std::string kind_of(std::string const& step) { return step.substr(0, step.find('/')); }

TEST(StoreCrash, AtEveryStepLosesNothingAnswered) {
    std::set<std::string> kinds;
    std::uint64_t steps = 0;
    std::uint64_t midway = 0;
    for (std::uint64_t fatal = 1;; ++fatal) {
        SCOPED_TRACE(testing::Message() << "step " << fatal);
        StoreWorld on(fatal);
        StoreModel model(on);
        ASSERT_TRUE(on.open());
        auto const step = live_and_crash(on, model, 1, fatal);
        if (step.empty()) break;  // the whole life had fewer steps
        ++steps;
        kinds.insert(kind_of(step));
        auto const opened = on.open();
        ASSERT_TRUE(opened) << step << ": " << opened.error().message;
        midway += on.world.tally("lost_page") + on.world.tally("torn_page") != 0;
        model.check();
        model.retry();
        model.check();
        on.crash_and_open();
        model.check();
        if (HasFailure()) FAIL() << "after " << step;
    }
    // It proves something only when it crashed in the midst of everything.
    EXPECT_GT(steps, 60U);
    EXPECT_GT(midway, steps / 4);
    for (auto const* const kind :
         {"open segments",
          "write segments",
          "sync segments",
          "allocate segments",
          "sync_dir segments",
          "truncate segments",
          "remove segments",
          "open checkpoints",
          "write checkpoints",
          "sync checkpoints",
          "rename checkpoints",
          "sync_dir checkpoints",
          "remove checkpoints"}) {
        EXPECT_TRUE(kinds.contains(kind)) << kind;
    }
}

// Several lives on one disk, each ended by a crash at a random step: what one crash leaves behind
// is the ground on which the next one falls.
TEST(StoreCrash, ManyTimesOnOneDiskLosesNothingAnswered) {
    for (std::uint64_t seed = 1000; seed < 1060; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        SimFaults faults;
        faults.lost_unsynced = 0.2 + 0.01 * static_cast<double>(seed % 60);
        StoreWorld on(seed, faults);
        StoreModel model(on);
        for (std::uint64_t turn = 0; turn < 5; ++turn) {
            auto const opened = on.open();
            ASSERT_TRUE(opened) << opened.error().message;
            model.check();
            live_and_crash(on, model, 100 * turn + 1, on.world.random().below(110) + 1);
        }
        ASSERT_TRUE(on.open());
        model.check();
        model.retry();
        on.reopen();
        model.check();
        if (HasFailure()) FAIL();
    }
}

// Power fails while the store opens after a power failure, at every step of that.
TEST(StoreCrash, DuringRecoveryLosesNothingAnswered) {
    std::uint64_t crashes = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        for (std::uint64_t fatal = 1;; ++fatal) {
            SCOPED_TRACE(testing::Message() << "seed " << seed << " step " << fatal);
            StoreWorld on(seed);
            StoreModel model(on);
            ASSERT_TRUE(on.open());
            live_and_crash(on, model, 1, 20 + seed);
            on.disk.steps = 0;
            bool has_crashed = false;
            on.disk.on_step = [&](std::string const&) {
                if (on.disk.steps != fatal) return;
                has_crashed = true;
                on.world.crash("n1");
            };
            auto const cut_short = on.open();
            on.disk.on_step = [](std::string const&) {};
            if (!has_crashed) break;
            ++crashes;
            EXPECT_FALSE(cut_short);
            on.store.reset();
            on.world.start("n1");
            ASSERT_TRUE(on.open());
            model.check();
            if (HasFailure()) FAIL();
        }
    }
    EXPECT_GT(crashes, 20U);
}

}  // namespace
}  // namespace disgrafs::storage
