#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "io/disk.hpp"
#include "io/pool.hpp"
#include "io/posix.hpp"
#include "io/real_file.hpp"
#include "io/task.hpp"

namespace disgrafs {
namespace {

constexpr mode_t file_mode = 0600;  // keys and passwords lie beside the rest
constexpr mode_t folder_mode = 0700;

Result<void> sync_folder(int at, std::string const& path) {
    TRY(auto const folder, open_fd(at, path, O_RDONLY | O_DIRECTORY));
    if (::fsync(folder.get()) != 0) return os_failure("sync folder", path);
    return {};
}

int flags_of(OpenMode mode) {
    switch (mode) {
        case OpenMode::read:
            return O_RDONLY;
        case OpenMode::write:
            return O_RDWR;
        case OpenMode::create:
            return O_RDWR | O_CREAT;
        case OpenMode::replace:
            return O_RDWR | O_CREAT | O_TRUNC;
    }
    std::unreachable();
}

/// Names the running kernel: containers of one machine share it. Empty when it is not told.
std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

class RealDisk final : public Disk {
 public:
    RealDisk(Pool& pool, Fd root, std::string name)
        : pool_(pool), root_(std::move(root)), name_(std::move(name)), machine_(boot_id()) {}

    Task<std::unique_ptr<File>> open(std::string path, OpenMode mode) override {
        CO_TRY_OK(check_path(path));
        auto const work = [&]() -> Result<std::unique_ptr<File>> {
            TRY(auto fd, open_fd(root_.get(), path, flags_of(mode), file_mode));
            struct stat status{};
            if (::fstat(fd.get(), &status) != 0) return os_failure("stat", path);
            if (!S_ISREG(status.st_mode)) return fail(Errc::io, "{} is no file", path);
            return make_real_file(pool_, std::move(fd), path);
        };
        co_return co_await offload(pool_, work);
    }

    Task<std::vector<std::string>> list(std::string folder) override {
        CO_TRY_OK(check_path(folder));
        auto const work = [&] { return list_now(folder); };
        co_return co_await offload(pool_, work);
    }

    Task<void> rename(std::string from, std::string to) override {
        CO_TRY_OK(check_path(from));
        CO_TRY_OK(check_path(to));
        auto const work = [&]() -> Result<void> {
            if (::renameat(root_.get(), from.c_str(), root_.get(), to.c_str()) == 0) return {};
            return os_failure("rename", from);
        };
        co_return co_await offload(pool_, work);
    }

    Task<void> remove(std::string path) override {
        CO_TRY_OK(check_path(path));
        auto const work = [&]() -> Result<void> {
            if (::unlinkat(root_.get(), path.c_str(), 0) == 0 || errno == ENOENT) return {};
            if (errno != EISDIR) return os_failure("remove", path);
            if (::unlinkat(root_.get(), path.c_str(), AT_REMOVEDIR) == 0) return {};
            return os_failure("remove folder", path);
        };
        co_return co_await offload(pool_, work);
    }

    Task<void> make_folder(std::string path) override {
        CO_TRY_OK(check_path(path));
        auto const work = [&] { return make_folder_now(path); };
        co_return co_await offload(pool_, work);
    }

    Task<void> sync_dir(std::string folder) override {
        CO_TRY_OK(check_path(folder));
        auto const work = [&] { return sync_folder(root_.get(), path_or_root(folder)); };
        co_return co_await offload(pool_, work);
    }

    Task<DiskSpace> space() override {
        auto const work = [&]() -> Result<DiskSpace> {
            struct statvfs status{};
            if (::fstatvfs(root_.get(), &status) != 0) return os_failure("statvfs", name_);
            struct stat folder{};
            if (::fstat(root_.get(), &folder) != 0) return os_failure("stat", name_);
            std::uint64_t const block = status.f_frsize;
            return DiskSpace{
                .capacity_bytes = block * status.f_blocks,
                .free_bytes = block * status.f_bavail,
                .file_system =
                    machine_.empty() ? "" : fmt::format("{}:{:x}", machine_, folder.st_dev),
            };
        };
        co_return co_await offload(pool_, work);
    }

    Result<std::shared_ptr<void>> lock(std::string path) override {
        TRY_OK(check_path(path));
        TRY(auto fd, open_fd(root_.get(), path, O_RDWR | O_CREAT, file_mode));
        auto const taken =
            again_if_interrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); });
        if (taken != 0 && errno == EWOULDBLOCK) {
            return fail(Errc::conflict, "{}/{} is in use by another process", name_, path);
        }
        if (taken != 0) return os_failure("lock", path);
        return std::make_shared<Fd>(std::move(fd));
    }

 private:
    static std::string path_or_root(std::string const& path) { return path.empty() ? "." : path; }

    Result<std::vector<std::string>> list_now(std::string const& folder) {
        TRY(auto fd, open_fd(root_.get(), path_or_root(folder), O_RDONLY | O_DIRECTORY));
        std::unique_ptr<DIR, decltype([](DIR* dir) { ::closedir(dir); })> const dir(
            ::fdopendir(fd.get())
        );
        if (!dir) return os_failure("list", folder);
        fd.release();
        std::vector<std::string> names;
        errno = 0;
        while (auto const* const entry = ::readdir(dir.get())) {
            std::string_view const name = entry->d_name;
            if (name != "." && name != "..") names.emplace_back(name);
        }
        // A list that ended with an error is no list: who takes it for whole deletes by it.
        if (errno != 0) return os_failure("list", folder);
        std::ranges::sort(names);
        return names;
    }

    /// Each folder on the way is synced even when it stood: whoever made it may have died before.
    Result<void> make_folder_now(std::string const& path) {
        std::string folder = ".";
        for (auto const part : split(path, '/')) {
            auto const parent = folder;
            folder += "/" + std::string(part);
            if (::mkdirat(root_.get(), folder.c_str(), folder_mode) != 0 && errno != EEXIST) {
                return os_failure("make folder", folder);
            }
            TRY_OK(sync_folder(root_.get(), parent));
        }
        return sync_folder(root_.get(), folder);
    }

    Pool& pool_;
    Fd root_;
    std::string name_;
    std::string machine_;
};

/// Makes `root` and what is missing above it, and makes their names durable. A parent that we may
/// not read was not made by us.
Result<void> make_root(std::filesystem::path const& root) {
    std::vector<std::filesystem::path> missing{root};
    std::error_code error;
    while (missing.back().has_relative_path()) {
        auto parent = missing.back().parent_path();
        if (std::filesystem::exists(parent, error)) break;
        missing.push_back(std::move(parent));
    }
    for (auto const& folder : missing | std::views::reverse) {
        if (::mkdir(folder.c_str(), folder_mode) != 0 && errno != EEXIST) {
            return os_failure("make folder", folder.string());
        }
        auto const synced = sync_folder(AT_FDCWD, folder.parent_path().string());
        if (!synced && synced.error().code != Errc::denied) return synced;
    }
    if (!std::filesystem::is_directory(root, error)) {
        return fail(Errc::io, "{} is no folder", root.string());
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Disk>> open_real_disk(Pool& pool, std::string root) {
    std::error_code error;
    auto absolute = std::filesystem::absolute(root, error).lexically_normal();
    if (error) return fail(Errc::io, "\"{}\": {}", root, error.message());
    if (!absolute.has_filename()) absolute = absolute.parent_path();  // "data/" is "data"
    TRY_OK(make_root(absolute));
    TRY(auto fd, open_fd(AT_FDCWD, absolute.string(), O_RDONLY | O_DIRECTORY));
    return std::make_unique<RealDisk>(pool, std::move(fd), absolute.string());
}

}  // namespace disgrafs
