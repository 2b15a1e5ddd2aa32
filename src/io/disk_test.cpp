#include "io/disk.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/pool.hpp"
#include "io/sim_world.hpp"
#include "io/testing.hpp"

namespace disgrafs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Scenario = Task<void> (*)(Disk&);

/// The promises of io/disk.hpp, kept by the real disk and by the simulated one.
class DiskTest : public testing::TestWithParam<char const*> {
 protected:
    void run(Scenario scenario) {
        if (GetParam() == std::string_view("Simulated")) return run_simulated(scenario);
        Pool pool("test", 2);
        TemporaryFolder const folder;
        auto const disk = open_real_disk(pool, folder.path());
        ASSERT_TRUE(disk);
        passes([&](auto) { return scenario(**disk); });
    }

 private:
    static void run_simulated(Scenario scenario) {
        SimWorld world(42);
        auto const result = world.run(scenario(world.disk("n1")));
        EXPECT_TRUE(result) << result.error().message;
    }
};

INSTANTIATE_TEST_SUITE_P(
    Both,
    DiskTest,
    testing::Values("Real", "Simulated"),
    [](auto const& info) { return info.param; }
);

Task<void> write_text(Disk& disk, std::string path, std::string_view text) {
    CO_TRY(auto const file, co_await disk.open(path, OpenMode::replace));
    std::vector<ByteView> const parts{as_bytes(text)};
    CO_TRY_OK(co_await file->write_at(0, parts));
    co_return co_await file->sync();
}

Task<std::string> read_text(Disk& disk, std::string path) {
    CO_TRY(auto const bytes, co_await read_file(disk, path));
    co_return std::string(as_text(bytes));
}

Task<void> gather_and_read(Disk& disk) {
    CO_TRY(auto const file, co_await disk.open("文件", OpenMode::create));
    Bytes const empty;
    std::vector<ByteView> const parts{as_bytes("one "), empty, as_bytes("two "), as_bytes("three")};
    CO_TRY_OK(co_await file->write_at(3, parts));
    CO_TRY(auto const size, co_await file->size());
    EXPECT_EQ(size, 16U);
    CO_TRY(auto const all, co_await file->read_at(0, 100));
    EXPECT_EQ(as_text(all), std::string_view("\0\0\0one two three", 16));
    CO_TRY(auto const some, co_await file->read_at(7, 3));
    EXPECT_EQ(as_text(some), "two");
    CO_TRY(auto const none, co_await file->read_at(16, 3));
    EXPECT_TRUE(none.empty());
    CO_TRY(auto const beyond, co_await file->read_at(1'000'000, 8U << 20U));
    EXPECT_TRUE(beyond.empty());
    std::vector<ByteView> const nothing;
    co_return co_await file->write_at(9, nothing);
}

TEST_P(DiskTest, PartsAreWrittenOneAfterTheOtherAndReadAnywhere) { run(gather_and_read); }

Task<void> write_many_parts(Disk& disk) {
    std::vector<std::string> texts;
    std::string whole;
    for (int n = 0; n < 3'000; ++n) whole += texts.emplace_back(std::to_string(n) + ",");
    std::vector<ByteView> parts;
    for (auto const& text : texts) parts.push_back(as_bytes(text));
    CO_TRY(auto const file, co_await disk.open("many", OpenMode::create));
    CO_TRY_OK(co_await file->write_at(0, parts));
    CO_TRY(auto const read, co_await read_text(disk, "many"));
    EXPECT_EQ(read, whole);
    co_return Result<void>();
}

TEST_P(DiskTest, MorePartsThanOneCallTakesAreAllWritten) { run(write_many_parts); }

Task<void> open_in_all_modes(Disk& disk) {
    auto const reading = co_await disk.open("a", OpenMode::read);
    EXPECT_EQ(reading.error().code, Errc::not_found);
    auto const writing = co_await disk.open("a", OpenMode::write);
    EXPECT_EQ(writing.error().code, Errc::not_found);
    auto const nested = co_await disk.open("none/a", OpenMode::create);
    EXPECT_EQ(nested.error().code, Errc::not_found);
    CO_TRY_OK(co_await write_text(disk, "a", "text"));
    {
        CO_TRY(auto const kept, co_await disk.open("a", OpenMode::create));
        CO_TRY(auto const size, co_await kept->size());
        EXPECT_EQ(size, 4U);
        CO_TRY(auto const readable, co_await disk.open("a", OpenMode::read));
        std::vector<ByteView> const parts{as_bytes("no")};
        auto const written = co_await readable->write_at(0, parts);
        EXPECT_EQ(written.error().code, Errc::io);
    }
    CO_TRY(auto const emptied, co_await disk.open("a", OpenMode::replace));
    CO_TRY(auto const size, co_await emptied->size());
    EXPECT_EQ(size, 0U);
    CO_TRY_OK(co_await disk.make_folder("folder"));
    auto const folder = co_await disk.open("folder", OpenMode::read);
    EXPECT_EQ(folder.error().code, Errc::io);
    co_return Result<void>();
}

TEST_P(DiskTest, EachModeOpensAsItSays) { run(open_in_all_modes); }

Task<void> change_sizes(Disk& disk) {
    CO_TRY(auto const file, co_await disk.open("a", OpenMode::create));
    std::vector<ByteView> const parts{as_bytes("0123456789")};
    CO_TRY_OK(co_await file->write_at(0, parts));
    CO_TRY_OK(co_await file->allocate(8192));
    CO_TRY(auto const grown, co_await file->size());
    EXPECT_EQ(grown, 8192U);
    CO_TRY(auto const zeros, co_await file->read_at(8190, 10));
    EXPECT_EQ(as_text(zeros), std::string_view("\0\0", 2));
    CO_TRY_OK(co_await file->allocate(100));
    CO_TRY(auto const same, co_await file->size());
    EXPECT_EQ(same, 8192U) << "allocate never shrinks";
    CO_TRY_OK(co_await file->punch(2, 5));
    CO_TRY_OK(co_await file->punch(4, 0));
    CO_TRY(auto const holed, co_await file->read_at(0, 10));
    EXPECT_EQ(
        as_text(holed),
        std::string_view(
            "01\0\0\0\0\0"
            "789",
            10
        )
    );
    CO_TRY_OK(co_await file->punch(8190, 10'000));
    CO_TRY(auto const kept, co_await file->size());
    EXPECT_EQ(kept, 8192U) << "punch keeps the size";
    CO_TRY_OK(co_await file->truncate(3));
    CO_TRY_OK(co_await file->truncate(5));
    CO_TRY(auto const cut, co_await file->read_at(0, 10));
    EXPECT_EQ(as_text(cut), std::string_view("01\0\0\0", 5));
    co_return Result<void>();
}

TEST_P(DiskTest, AllocatePunchAndTruncateKeepTheirWord) { run(change_sizes); }

Task<void> write_beyond_the_end_of_numbers(Disk& disk) {
    CO_TRY(auto const file, co_await disk.open("a", OpenMode::create));
    std::vector<ByteView> const parts{as_bytes("x")};
    auto const written = co_await file->write_at(~0ULL - 5, parts);
    EXPECT_EQ(written.error().code, Errc::exhausted);
    auto const read = co_await file->read_at(~0ULL, 10);
    EXPECT_EQ(read.error().code, Errc::exhausted);
    auto const allocated = co_await file->allocate(~0ULL);
    EXPECT_EQ(allocated.error().code, Errc::exhausted);
    co_return Result<void>();
}

TEST_P(DiskTest, OffsetsThatNoFileReachesAreRefused) { run(write_beyond_the_end_of_numbers); }

Task<void> use_folders(Disk& disk) {
    CO_TRY_OK(co_await disk.make_folder("资料/2024/深"));
    CO_TRY_OK(co_await disk.make_folder("资料/2024"));
    CO_TRY_OK(co_await write_text(disk, "资料/b", "b"));
    CO_TRY_OK(co_await write_text(disk, "资料/a", "a"));
    CO_TRY(auto const names, co_await disk.list("资料"));
    EXPECT_THAT(names, ElementsAre("2024", "a", "b"));
    CO_TRY(auto const root, co_await disk.list(""));
    EXPECT_THAT(root, ElementsAre("资料"));
    auto const absent = co_await disk.list("none");
    EXPECT_EQ(absent.error().code, Errc::not_found);
    auto const in_the_way = co_await disk.make_folder("资料/a/c");
    EXPECT_FALSE(in_the_way);
    CO_TRY_OK(co_await disk.sync_dir("资料"));
    CO_TRY_OK(co_await disk.sync_dir("."));
    auto const unsynced = co_await disk.sync_dir("none");
    EXPECT_EQ(unsynced.error().code, Errc::not_found);
    auto const full = co_await disk.remove("资料");
    EXPECT_EQ(full.error().code, Errc::conflict);
    CO_TRY_OK(co_await disk.remove("资料/2024/深"));
    CO_TRY_OK(co_await disk.remove("资料/2024/深"));
    CO_TRY(auto const empty, co_await disk.list("资料/2024"));
    EXPECT_TRUE(empty.empty());
    co_return Result<void>();
}

TEST_P(DiskTest, FoldersAreMadeListedSyncedAndRemoved) { run(use_folders); }

Task<void> rename_over(Disk& disk) {
    CO_TRY_OK(co_await write_text(disk, "new", "new"));
    CO_TRY_OK(co_await write_text(disk, "old", "old"));
    CO_TRY_OK(co_await disk.rename("new", "old"));
    CO_TRY(auto const text, co_await read_text(disk, "old"));
    EXPECT_EQ(text, "new");
    auto const absent = co_await disk.rename("new", "old");
    EXPECT_EQ(absent.error().code, Errc::not_found);
    co_return co_await disk.remove("old");
}

TEST_P(DiskTest, RenameReplaces) { run(rename_over); }

Task<void> leave_the_folder(Disk& disk) {
    for (std::string const path : {"../a", "a/../../b", "/etc/passwd", "a/.."}) {
        auto const opened = co_await disk.open(path, OpenMode::read);
        EXPECT_EQ(opened.error().code, Errc::invalid) << path;
        auto const renamed = co_await disk.rename("a", path);
        EXPECT_EQ(renamed.error().code, Errc::invalid) << path;
        auto const removed = co_await disk.remove(path);
        EXPECT_EQ(removed.error().code, Errc::invalid) << path;
    }
    std::string const zero("a\0b", 3);
    auto const opened = co_await disk.open(zero, OpenMode::create);
    EXPECT_EQ(opened.error().code, Errc::invalid);
    co_return Result<void>();
}

TEST_P(DiskTest, NoPathLeadsOutOfTheFolder) { run(leave_the_folder); }

Task<void> replace_and_read(Disk& disk) {
    CO_TRY_OK(co_await replace_file(disk, "a", as_bytes("first")));
    CO_TRY_OK(co_await replace_file(disk, "a", as_bytes("second")));
    CO_TRY(auto const text, co_await read_text(disk, "a"));
    EXPECT_EQ(text, "second");
    CO_TRY(auto const names, co_await disk.list(""));
    EXPECT_THAT(names, ElementsAre("a")) << "no temporary file stays";
    auto const large = co_await read_file(disk, "a", 5);
    EXPECT_EQ(large.error().code, Errc::exhausted);
    auto const absent = co_await replace_file(disk, "none/a", as_bytes("x"));
    EXPECT_EQ(absent.error().code, Errc::not_found);
    co_return Result<void>();
}

TEST_P(DiskTest, AFileIsReplacedAsAWhole) { run(replace_and_read); }

Task<void> ask_for_space(Disk& disk) {
    CO_TRY(auto const space, co_await disk.space());
    EXPECT_GT(space.capacity_bytes, 1U << 20U);
    EXPECT_GT(space.free_bytes, 0U);
    EXPECT_LE(space.free_bytes, space.capacity_bytes);
    co_return Result<void>();
}

TEST_P(DiskTest, SpaceIsThatOfTheFileSystem) { run(ask_for_space); }

Task<void> lock_twice(Disk& disk) {
    auto first = disk.lock("lock");
    EXPECT_TRUE(first);
    auto const second = disk.lock("lock");
    EXPECT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_THAT(second.error().message, HasSubstr("/lock is in use by another process"));
    first->reset();
    EXPECT_TRUE(disk.lock("lock"));
    EXPECT_EQ(disk.lock("none/lock").error().code, Errc::not_found);
    co_return Result<void>();
}

TEST_P(DiskTest, ALockHasOneHolder) { run(lock_twice); }

Task<void> outlive_its_file(Disk& disk) {
    CO_TRY(auto file, co_await disk.open("a", OpenMode::create));
    std::vector<ByteView> const parts{as_bytes("kept")};
    auto writing = file->write_at(0, parts);
    CO_TRY_OK(co_await std::move(writing));
    file.reset();
    CO_TRY(auto const text, co_await read_text(disk, "a"));
    EXPECT_EQ(text, "kept");
    co_return Result<void>();
}

TEST_P(DiskTest, AClosedFileKeepsWhatWasWritten) { run(outlive_its_file); }

}  // namespace
}  // namespace disgrafs
