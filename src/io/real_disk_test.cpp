#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/disk.hpp"
#include "io/pool.hpp"
#include "io/posix.hpp"
#include "io/real_file.hpp"
#include "io/testing.hpp"

namespace disgrafs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Task<void> compare_file_systems(Disk& one, Disk& beside, Disk& elsewhere) {
    CO_TRY(auto const here, co_await one.space());
    CO_TRY(auto const there, co_await beside.space());
    CO_TRY(auto const other, co_await elsewhere.space());
    EXPECT_NE(here.file_system, "");
    EXPECT_EQ(here.file_system, there.file_system);
    EXPECT_NE(here.file_system, other.file_system);
    co_return Result<void>();
}

/// What only the machine's disk has; what all disks promise stands in disk_test.cpp.
class RealDiskTest : public testing::Test {
 protected:
    RealDiskTest() {
        auto disk = open_real_disk(pool_, folder_.path());
        EXPECT_TRUE(disk);
        disk_ = *std::move(disk);
    }

    void run(Task<void> (*scenario)(Disk&)) {
        passes([&](auto) { return scenario(*disk_); });
    }
    [[nodiscard]] std::string at(std::string const& path) const {
        return folder_.path() + "/" + path;
    }

    Pool pool_{"test", 2};
    TemporaryFolder folder_;
    std::unique_ptr<Disk> disk_;
};

TEST_F(RealDiskTest, FoldersOfOneFileSystemNameTheSameAndOthersAnother) {
    auto beside = open_real_disk(pool_, at("beside"));
    auto elsewhere = open_real_disk(pool_, "/proc");
    ASSERT_TRUE(beside && elsewhere);
    passes([&](auto) { return compare_file_systems(*disk_, **beside, **elsewhere); });
}

Task<void> fill_up(Disk& disk) {
    CO_TRY_OK(co_await replace_file(disk, "a", as_bytes("before")));
    std::string const large(100'000, 'x');
    auto const replaced = co_await replace_file(disk, "a", as_bytes(large));
    EXPECT_FALSE(replaced);
    CO_TRY(auto const bytes, co_await read_file(disk, "a"));
    EXPECT_EQ(as_text(bytes), "before");
    CO_TRY(auto const names, co_await disk.list(""));
    EXPECT_THAT(names, ElementsAre("a"));
    co_return Result<void>();
}

/// The limit of file sizes stands for a full disk: the write stops in its middle.
TEST_F(RealDiskTest, AReplaceThatFailsHalfwayLeavesTheOldFile) {
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    auto const ignored = ::signal(SIGXFSZ, SIG_IGN);
    rlimit const tight{.rlim_cur = 50'000, .rlim_max = old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    run(fill_up);
    ::setrlimit(RLIMIT_FSIZE, &old);
    ::signal(SIGXFSZ, ignored);
}

/// A child started by exec must not keep the lock alive.
TEST_F(RealDiskTest, DescriptorsAreClosedOnExec) {
    auto const lock = disk_->lock("lock");
    ASSERT_TRUE(lock);
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        auto const target = std::filesystem::read_symlink(entry, gone).string();
        if (!target.starts_with(folder_.path())) continue;
        auto const flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
        EXPECT_TRUE((flags & FD_CLOEXEC) != 0) << target;
    }
}

Task<void> make_private(Disk& disk) {
    CO_TRY_OK(co_await disk.make_folder("folder"));
    co_return co_await replace_file(disk, "folder/secret", as_bytes("key"));
}

TEST_F(RealDiskTest, FilesAndFoldersAreForTheirOwnerOnly) {
    run(make_private);
    struct stat status{};
    ASSERT_EQ(::stat(at("folder/secret").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(at("folder").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST(OpenRealDisk, MakesMissingParents) {
    Pool pool("test", 0);
    TemporaryFolder const folder;
    EXPECT_TRUE(open_real_disk(pool, folder.path() + "/a/b/c/"));
    EXPECT_TRUE(open_real_disk(pool, folder.path() + "/a/b"));
    EXPECT_TRUE(std::filesystem::is_directory(folder.path() + "/a/b/c"));
}

TEST(OpenRealDisk, AFileInTheWayIsAnError) {
    Pool pool("test", 0);
    TemporaryFolder const folder;
    auto const file = folder.path() + "/file";
    ASSERT_TRUE(open_fd(AT_FDCWD, file, O_CREAT | O_WRONLY, 0600));
    EXPECT_EQ(open_real_disk(pool, file).error().code, Errc::io);
    EXPECT_FALSE(open_real_disk(pool, file + "/below"));
    EXPECT_FALSE(open_real_disk(pool, ""));
}

Task<void> open_a_device(Disk& devices) {
    auto const opened = co_await devices.open("null", OpenMode::write);
    EXPECT_EQ(opened.error().code, Errc::io);
    co_return Result<void>();
}

TEST(OpenRealDisk, ADeviceIsNoFile) {
    Pool pool("test", 0);
    auto const devices = open_real_disk(pool, "/dev");
    ASSERT_TRUE(devices);
    passes([&](auto) { return open_a_device(**devices); });
}

Task<void> use_after_failed_sync(Pool& pool) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    Fd const reader(ends[0]);
    auto const file = make_real_file(pool, Fd(ends[1]), "pipe");
    auto const synced = co_await file->sync();
    EXPECT_EQ(synced.error().code, Errc::io);
    EXPECT_THAT(synced.error().message, HasSubstr("sync pipe"));
    std::vector<ByteView> const parts{as_bytes("x")};
    auto const written = co_await file->write_at(0, parts);
    EXPECT_THAT(written.error().message, HasSubstr("unusable since a sync failed"));
    auto const again = co_await file->sync();
    EXPECT_THAT(again.error().message, HasSubstr("unusable since a sync failed"));
    auto const resized = co_await file->truncate(0);
    EXPECT_THAT(resized.error().message, HasSubstr("unusable since a sync failed"));
    auto const reserved = co_await file->allocate(10);
    EXPECT_THAT(reserved.error().message, HasSubstr("unusable since a sync failed"));
    co_return Result<void>();
}

/// A pipe stands for the file: fdatasync refuses it.
TEST(RealFile, AFailedSyncPoisonsTheFile) {
    Pool pool("test", 1);
    passes([&](auto) { return use_after_failed_sync(pool); });
}

}  // namespace
}  // namespace disgrafs
