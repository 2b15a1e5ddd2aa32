#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "io/disk.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"

namespace disgrafs {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t page = 4096;

/// A byte for each place and generation, so that a page tells what it is.
Bytes pattern(std::size_t size, unsigned generation) {
    Bytes bytes(size);
    for (std::size_t at = 0; at < size; ++at) {
        bytes[at] = static_cast<std::byte>(at / page * 7 + generation * 101 + 1);
    }
    return bytes;
}

Task<void> write(File& file, std::uint64_t offset, ByteView bytes) {
    std::vector<ByteView> const parts{bytes};
    co_return co_await file.write_at(offset, parts);
}

/// A durable file of `size` bytes of generation 0.
Task<std::unique_ptr<File>> durable_file(Disk& disk, std::string path, std::size_t size) {
    CO_TRY(auto file, co_await disk.open(path, OpenMode::create));
    auto const bytes = pattern(size, 0);
    CO_TRY_OK(co_await write(*file, 0, bytes));
    CO_TRY_OK(co_await file->sync());
    CO_TRY_OK(co_await disk.sync_dir(folder_of(path)));
    co_return std::move(file);
}

void power_cycle(SimWorld& world, std::string const& host) {
    world.crash(host);
    world.start(host);
}

/// Every seed is another world; an error in one names it.
void for_seeds(std::uint64_t count, Task<void> (*scenario)(SimWorld&), SimFaults faults = {}) {
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        SimWorld world(seed, faults);
        auto const result = world.run(scenario(world));
        ASSERT_TRUE(result) << "seed " << seed << ": " << result.error().message;
    }
}

Task<void> crash_after_sync(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 10 * page + 7));
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    EXPECT_EQ(bytes, pattern(10 * page + 7, 0));
    co_return Result<void>();
}

TEST(SimDisk, WhatWasSyncedSurvivesEveryCrash) { for_seeds(50, crash_after_sync); }

std::set<std::string> fates;

/// Page by page: old, new, or the first sectors new and the rest old.
void note_fate(ByteView bytes, ByteView before, ByteView after) {
    for (std::size_t at = 0; at < before.size(); at += page) {
        auto const seen = as_text(bytes.subspan(at, page));
        std::size_t sectors = 0;
        while (sectors < 8 &&
               seen.substr(sectors * 512, 512) == as_text(after.subspan(at + sectors * 512, 512))) {
            ++sectors;
        }
        auto const rest = as_text(before.subspan(at + sectors * 512, page - sectors * 512));
        EXPECT_EQ(seen.substr(sectors * 512), rest) << "page " << at / page;
        fates.insert(sectors == 0 ? "lost" : sectors == 8 ? "kept" : "torn");
    }
}

Task<void> crash_before_sync(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 8 * page));
    auto const after = pattern(8 * page, 1);
    CO_TRY_OK(co_await write(*file, 0, after));
    CO_TRY(auto const seen, co_await read_file(disk, "a"));
    EXPECT_EQ(seen, after);
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    note_fate(bytes, pattern(8 * page, 0), after);
    co_return Result<void>();
}

TEST(SimDisk, EachUnsyncedPageIsLostTornOrKeptOnItsOwn) {
    fates.clear();
    for_seeds(30, crash_before_sync);
    EXPECT_THAT(fates, ElementsAre("kept", "lost", "torn"));
}

Task<void> sync_quietly(File& file, Result<void>& result) {
    result = co_await file.sync();
    co_return Result<void>();
}

/// The sync begins, then generation 2 is written over generation 1; only 1 is covered.
Task<void> write_while_syncing(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 4 * page));
    auto const one = pattern(4 * page, 1);
    auto const two = pattern(4 * page, 2);
    CO_TRY_OK(co_await write(*file, 0, one));
    TaskGroup group(world.executor());
    Result<void> synced = fail(Errc::io, "not ended");
    group.spawn("sync", sync_quietly(*file, synced));
    CO_TRY_OK(co_await world.clock().sleep(0ms));
    CO_TRY_OK(co_await write(*file, 0, two));
    CO_TRY_OK(co_await group.join());
    CO_TRY_OK(synced);
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    note_fate(bytes, one, two);
    co_return Result<void>();
}

TEST(SimDisk, ASyncDoesNotCoverWhatIsWrittenWhileItRuns) {
    SimFaults slow_sync;
    slow_sync.disk_latency_max = 1us;
    fates.clear();
    for_seeds(30, write_while_syncing, slow_sync);
    EXPECT_THAT(fates, ElementsAre("kept", "lost", "torn"));
}

/// The crash falls into the sync: each page is of any generation, never a mix of more than two.
Task<void> crash_while_syncing(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 4 * page));
    auto const one = pattern(4 * page, 1);
    auto const two = pattern(4 * page, 2);
    CO_TRY_OK(co_await write(*file, 0, one));
    TaskGroup group(world.executor());
    Result<void> synced;
    group.spawn("sync", sync_quietly(*file, synced));
    CO_TRY_OK(co_await world.clock().sleep(1us));
    CO_TRY_OK(co_await write(*file, 0, two));
    power_cycle(world, "n1");
    CO_TRY_OK(co_await group.join());
    EXPECT_FALSE(synced) << "a sync that the crash overtook must not succeed";
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    EXPECT_EQ(bytes.size(), 4 * page);
    for (std::size_t at = 0; at < bytes.size(); at += page) {
        std::set<std::byte> const kinds(
            bytes.begin() + static_cast<long>(at), bytes.begin() + static_cast<long>(at + page)
        );
        EXPECT_LE(kinds.size(), 2U);
        auto const zero = pattern(4 * page, 0);
        for (auto const kind : kinds) EXPECT_THAT(kind, AnyOf(zero[at], one[at], two[at]));
        fates.insert(bytes[at] == zero[at] ? "zero" : bytes[at] == one[at] ? "one" : "two");
    }
    co_return Result<void>();
}

TEST(SimDisk, ACrashWithinASyncLeavesAnyOfTheGenerations) {
    SimFaults slow_sync;
    slow_sync.disk_latency_max = 1us;
    slow_sync.sync_latency_max = 1s;
    fates.clear();
    for_seeds(30, crash_while_syncing, slow_sync);
    EXPECT_THAT(fates, ElementsAre("one", "two", "zero"));
}

Task<void> grow_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", page));
    auto const all = pattern(6 * page, 0);
    CO_TRY_OK(co_await write(*file, page, ByteView(all).subspan(page)));
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    EXPECT_GE(bytes.size(), page);
    EXPECT_LE(bytes.size(), 6 * page);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        bool const is_old = at < page;
        bool const is_new = bytes[at] == all[at];
        if (!is_new && (is_old || bytes[at] != std::byte{0})) ADD_FAILURE() << "byte " << at;
    }
    fates.insert(bytes.size() == page ? "old" : bytes.size() == 6 * page ? "new" : "between");
    co_return Result<void>();
}

TEST(SimDisk, AnUnsyncedLengthIsKeptOrLostWholeOrInPart) {
    fates.clear();
    for_seeds(40, grow_and_crash);
    EXPECT_THAT(fates, ElementsAre("between", "new", "old"));
}

Task<void> change_names_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY_OK(co_await disk.make_folder("d"));
    CO_TRY(auto const gone, co_await durable_file(disk, "d/gone", 10));
    CO_TRY(auto const moved, co_await durable_file(disk, "d/from", 20));
    CO_TRY(auto const made, co_await disk.open("d/made", OpenMode::create));
    CO_TRY_OK(co_await made->sync());
    CO_TRY_OK(co_await disk.remove("d/gone"));
    CO_TRY_OK(co_await disk.rename("d/from", "d/to"));
    power_cycle(world, "n1");
    CO_TRY(auto const names, co_await disk.list("d"));
    std::set<std::string> const have(names.begin(), names.end());
    EXPECT_NE(have.contains("from"), have.contains("to")) << "a rename is one change";
    fates.insert(have.contains("made") ? "made" : "not made");
    fates.insert(have.contains("gone") ? "not gone" : "gone");
    fates.insert(have.contains("to") ? "moved" : "not moved");
    std::string const path = have.contains("to") ? "d/to" : "d/from";
    CO_TRY(auto const bytes, co_await read_file(disk, path));
    EXPECT_EQ(bytes, pattern(20, 0));
    co_return Result<void>();
}

TEST(SimDisk, NamesAreLostOrKeptUntilTheirFolderIsSynced) {
    fates.clear();
    for_seeds(40, change_names_and_crash);
    EXPECT_THAT(fates, ElementsAre("gone", "made", "moved", "not gone", "not made", "not moved"));
}

Task<void> sync_names_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY_OK(co_await disk.make_folder("x/y"));
    CO_TRY(auto const one, co_await durable_file(disk, "x/one", 10));
    CO_TRY_OK(co_await disk.rename("x/one", "x/two"));
    CO_TRY_OK(co_await disk.rename("x/two", "x/y/three"));
    CO_TRY_OK(co_await disk.sync_dir("x/y"));
    power_cycle(world, "n1");
    CO_TRY(auto const outer, co_await disk.list("x"));
    EXPECT_THAT(outer, ElementsAre("y"));
    CO_TRY(auto const inner, co_await disk.list("x/y"));
    EXPECT_THAT(inner, ElementsAre("three")) << "with the renames on which it rests";
    co_return Result<void>();
}

TEST(SimDisk, SyncOfAFolderCoversWhatItsNamesRestOn) { for_seeds(20, sync_names_and_crash); }

Task<void> wait_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await disk.open("a", OpenMode::create));
    CO_TRY_OK(co_await world.clock().sleep(6s));
    CO_TRY(auto const other, co_await disk.open("b", OpenMode::create));
    power_cycle(world, "n1");
    CO_TRY(auto const names, co_await disk.list(""));
    EXPECT_EQ(names.front(), "a");
    co_return Result<void>();
}

TEST(SimDisk, TheJournalMakesNamesDurableAfterFiveSeconds) { for_seeds(20, wait_and_crash); }

Task<void> replace_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY_OK(co_await replace_file(disk, "a", as_bytes("first")));
    TaskGroup group(world.executor());
    group.spawn("replace", replace_file(disk, "a", as_bytes("second")));
    auto const when = static_cast<std::int64_t>(world.random().below(5'000));
    CO_TRY_OK(co_await world.clock().sleep(Duration(when)));
    power_cycle(world, "n1");
    CO_TRY_OK(co_await group.join());
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    EXPECT_THAT(as_text(bytes), AnyOf("first", "second"));
    fates.insert(std::string(as_text(bytes)));
    co_return Result<void>();
}

TEST(SimDisk, ReplaceFileIsAtomicAtEveryMomentOfACrash) {
    fates.clear();
    testing::internal::CaptureStderr();  // the replace that died says so
    for_seeds(300, replace_and_crash);
    testing::internal::GetCapturedStderr();
    EXPECT_THAT(fates, ElementsAre("first", "second"));
}

Task<void> use_while_down(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 10));
    auto const locked = disk.lock("lock");
    world.crash("n1");
    EXPECT_FALSE(world.is_up("n1"));
    auto const opened = co_await disk.open("a", OpenMode::read);
    EXPECT_EQ(opened.error().code, Errc::io);
    EXPECT_THAT(opened.error().message, HasSubstr("n1 is down"));
    EXPECT_FALSE(co_await disk.sync_dir(""));
    EXPECT_FALSE(disk.lock("lock"));
    world.start("n1");
    auto const read = co_await file->read_at(0, 10);
    EXPECT_EQ(read.error().code, Errc::io) << "of a life before";
    auto const written = co_await write(*file, 0, as_bytes("x"));
    EXPECT_FALSE(written);
    EXPECT_TRUE(disk.lock("lock")) << "its holder died";
    CO_TRY(auto const again, co_await read_file(disk, "a"));
    EXPECT_EQ(again.size(), 10U);
    co_return Result<void>();
}

TEST(SimDisk, ADeadHostWritesNoMoreAndItsOldFilesStayDead) { for_seeds(5, use_while_down); }

Task<void> fail_sync_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 8 * page));
    auto const after = pattern(8 * page, 1);
    CO_TRY_OK(co_await write(*file, 0, after));
    world.faults().sync_error = 1;
    auto const synced = co_await file->sync();
    EXPECT_EQ(synced.error().code, Errc::io);
    world.faults().sync_error = 0;
    auto const again = co_await file->sync();
    EXPECT_EQ(again.error().code, Errc::io) << "poisoned";
    auto const written = co_await write(*file, 0, after);
    EXPECT_EQ(written.error().code, Errc::io);
    CO_TRY(auto const seen, co_await read_file(disk, "a"));
    EXPECT_EQ(seen, after) << "the page cache still shows it";
    {
        CO_TRY(auto const other, co_await disk.open("a", OpenMode::write));
        CO_TRY_OK(co_await other->sync());
    }
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    note_fate(bytes, pattern(8 * page, 0), after);
    co_return Result<void>();
}

TEST(SimDisk, AfterAFailedSyncPagesAreLostWhateverIsSyncedLater) {
    SimFaults no_luck;
    no_luck.lost_unsynced = 0;
    no_luck.torn_page = 0;
    fates.clear();
    for_seeds(20, fail_sync_and_crash, no_luck);
    EXPECT_THAT(fates, ElementsAre("kept", "lost"));
}

Task<void> flip_and_misdirect(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 4 * page));
    world.faults().bit_flip = 1;
    CO_TRY(auto const flipped, co_await file->read_at(0, 4 * page));
    world.faults().bit_flip = 0;
    CO_TRY(auto const stays, co_await file->read_at(0, 4 * page));
    EXPECT_EQ(flipped, stays);
    auto const good = pattern(4 * page, 0);
    int bits = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        bits += std::popcount(std::to_integer<unsigned>(flipped[at] ^ good[at]));
    }
    EXPECT_EQ(bits, 1);

    world.faults().misdirected_write = 1;
    auto const mark = pattern(page, 3);
    CO_TRY_OK(co_await write(*file, page, mark));
    world.faults().misdirected_write = 0;
    CO_TRY(auto const second, co_await file->read_at(page, 1));
    EXPECT_NE(second.front(), mark.front());
    CO_TRY(auto const first, co_await file->read_at(0, 1));
    CO_TRY(auto const third, co_await file->read_at(2 * page, 1));
    EXPECT_TRUE(first.front() == mark.front() || third.front() == mark.front());
    EXPECT_EQ(world.tally("bit_flip"), 1U);
    EXPECT_EQ(world.tally("misdirected_write"), 1U);
    co_return Result<void>();
}

TEST(SimDisk, BitsFlipOneAtATimeAndWritesLandAPageOff) { for_seeds(10, flip_and_misdirect); }

/// Trouble is for one host and one operation.
Task<void> trouble_once(SimWorld& world) {
    CO_TRY(auto const file, co_await durable_file(world.disk("n1"), "one", page));
    CO_TRY(auto const other, co_await durable_file(world.disk("n2"), "two", page));
    auto const mark = pattern(page, 3);
    world.trouble("n1", SimTrouble::write_error);
    CO_TRY_OK(co_await write(*other, 0, mark));
    auto const refused = co_await write(*file, 0, mark);
    EXPECT_FALSE(refused);
    CO_TRY_OK(co_await write(*file, 0, mark));
    world.trouble("n1", SimTrouble::misdirected_write);
    CO_TRY_OK(co_await write(*file, page, pattern(page, 5)));
    EXPECT_EQ(world.tally("misdirected_write"), 1U);
    world.trouble("n1", SimTrouble::sync_error);
    world.trouble("n1", SimTrouble::none);
    CO_TRY_OK(co_await file->sync());
    world.trouble("n1", SimTrouble::sync_error);
    auto const unsynced = co_await file->sync();
    EXPECT_FALSE(unsynced);
    CO_TRY_OK(co_await other->sync());
    co_return Result<void>();
}

TEST(SimDisk, TroubleIsForOneHostAndOneOperation) { for_seeds(10, trouble_once); }

Task<void> rot_in_place(SimWorld& world) {
    auto& disk = world.disk("n1");
    EXPECT_FALSE(world.rot("n1", "d/"));
    CO_TRY_OK(co_await disk.make_folder("d"));
    CO_TRY(auto const one, co_await durable_file(disk, "d/one", page + 9));
    CO_TRY(auto const two, co_await durable_file(disk, "e", page + 9));
    EXPECT_FALSE(world.rot("n1", "d/two"));
    EXPECT_TRUE(world.rot("n1", "d/"));
    CO_TRY(auto const rotten, co_await read_file(disk, "d/one"));
    EXPECT_NE(rotten, pattern(page + 9, 0));
    CO_TRY(auto const sound, co_await read_file(disk, "e"));
    EXPECT_EQ(sound, pattern(page + 9, 0));
    power_cycle(world, "n1");
    CO_TRY(auto const still, co_await read_file(disk, "d/one"));
    EXPECT_EQ(still, rotten);
    co_return Result<void>();
}

TEST(SimDisk, RotFlipsABitOfAFileUnderThePrefix) { for_seeds(10, rot_in_place); }

Task<void> fill_and_free(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await disk.open("a", OpenMode::create));
    CO_TRY_OK(co_await file->allocate(6 * page));
    auto const three = pattern(3 * page, 1);
    CO_TRY(auto const other, co_await disk.open("b", OpenMode::create));
    auto const full = co_await write(*other, 0, three);
    EXPECT_EQ(full.error().code, Errc::exhausted);
    CO_TRY_OK(co_await write(*file, 0, three));
    auto const beyond = co_await file->allocate(11 * page);
    EXPECT_EQ(beyond.error().code, Errc::exhausted);
    CO_TRY(auto const space, co_await disk.space());
    EXPECT_EQ(space.capacity_bytes, 8 * page);
    CO_TRY_OK(co_await other->truncate(0));
    CO_TRY_OK(co_await file->punch(0, 2 * page + 5));
    CO_TRY(auto const freed, co_await disk.space());
    EXPECT_EQ(freed.free_bytes, 4 * page);
    CO_TRY_OK(co_await write(*other, 0, three));
    co_return co_await disk.remove("b");
}

TEST(SimDisk, AFullDiskRefusesAndPunchedSpaceComesBack) {
    SimFaults small;
    small.disk_capacity_bytes = 8 * page;
    for_seeds(5, fill_and_free, small);
}

Task<void> write_with_errors(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 8 * page));
    world.faults().write_error = 1;
    auto const after = pattern(8 * page, 1);
    auto const written = co_await write(*file, 0, after);
    EXPECT_EQ(written.error().code, Errc::io);
    world.faults().write_error = 0;
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    auto const before = pattern(8 * page, 0);
    auto const end = std::ranges::mismatch(bytes, after).in1 - bytes.begin();
    EXPECT_EQ(
        as_text(ByteView(bytes).subspan(static_cast<std::size_t>(end))),
        as_text(ByteView(before).subspan(static_cast<std::size_t>(end)))
    );
    CO_TRY_OK(co_await write(*file, 0, after));
    co_return co_await file->sync();
}

TEST(SimDisk, AFailedWriteLeavesAPrefixAndTheFileUsable) { for_seeds(20, write_with_errors); }

Task<void> shrink_and_crash(SimWorld& world) {
    auto& disk = world.disk("n1");
    CO_TRY(auto const file, co_await durable_file(disk, "a", 3 * page));
    CO_TRY_OK(co_await file->truncate(100));
    CO_TRY_OK(co_await file->sync());
    CO_TRY_OK(co_await file->truncate(page));
    CO_TRY_OK(co_await file->sync());
    power_cycle(world, "n1");
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    Bytes expected = pattern(100, 0);
    expected.resize(page);
    EXPECT_EQ(bytes, expected);
    co_return Result<void>();
}

TEST(SimDisk, ASyncedTruncateLeavesNothingBehind) { for_seeds(10, shrink_and_crash); }

}  // namespace
}  // namespace disgrafs
