#include "app/erasure/plain_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/erasure/interrupt.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "io/random.hpp"

namespace disgrafs::app {
namespace {

Errc code_of(int number) {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return Errc::not_found;
        case EACCES:
        case EPERM:
        case EROFS:
            return Errc::denied;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
        case EMFILE:
        case ENFILE:
            return Errc::exhausted;
        case EEXIST:
        case EISDIR:
            return Errc::conflict;
        default:
            return Errc::io;
    }
}

/// The call that just failed, for a person.
std::unexpected<Error> failed(std::string const& path) {
    auto const number = errno;
    return fail(code_of(number), "{}: {}", path, std::strerror(number));
}

bool is_same_file(struct stat const& a, struct stat const& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

Result<void> reserve(int fd, std::string const& path, std::uint64_t size_bytes) {
    if (size_bytes == 0 || ::fallocate(fd, 0, 0, static_cast<off_t>(size_bytes)) == 0) {
        return {};
    }
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
        auto const error = failed(path).error();
        return fail(error.code, "{} ({} bytes are needed)", error.message, size_bytes);
    }
    return {};  // Not every file system can; it will be said when the disk is full.
}

/// rename() that does not replace. Where the kernel or file system cannot, with a gap between
/// looking and renaming.
int rename_to_new(std::string const& from, std::string const& to) {
    auto const done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    if (done == 0 || (errno != EINVAL && errno != ENOSYS)) {
        return done;
    }
    if (::access(to.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return -1;
    }
    return std::rename(from.c_str(), to.c_str());
}

}  // namespace

OpenFile::~OpenFile() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

std::string folder_of(std::string const& path) {
    auto const folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

Result<std::unique_ptr<FileSource>> FileSource::open(std::string path) {
    // A pipe without a writer must not hold the program up.
    OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts{};
    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0) {
        return failed(path);
    }
    if (!S_ISREG(facts.st_mode)) {
        return fail(
            Errc::invalid,
            "{}: is {}, no file",
            path,
            S_ISDIR(facts.st_mode) ? "a folder" : "a device"
        );
    }
    return std::make_unique<FileSource>(std::move(path), std::move(file), facts);
}

Result<void> FileSource::read(std::uint64_t offset, erasure::MutableShard out) {
    TRY_OK(Interrupt::check());
    for (auto rest = out; !rest.empty();) {
        auto const got = ::pread(file_.get(), rest.data(), rest.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            TRY_OK(Interrupt::check());
            continue;
        }
        if (got < 0) {
            return failed(path_);
        }
        if (got == 0) {
            return fail(Errc::io, "{}: became shorter while it was read", path_);
        }
        offset += static_cast<std::uint64_t>(got);
        rest = rest.subspan(static_cast<std::size_t>(got));
    }
    if (progress_ != nullptr) {
        progress_->add(out.size());
    }
    return {};
}

Result<void> FileSource::check_unchanged() const {
    struct stat now{};
    if (::fstat(file_.get(), &now) != 0) {
        return failed(path_);
    }
    bool const is_unchanged = now.st_size == facts_.st_size &&
                              now.st_mtim.tv_sec == facts_.st_mtim.tv_sec &&
                              now.st_mtim.tv_nsec == facts_.st_mtim.tv_nsec;
    if (is_unchanged) {
        return {};
    }
    return fail(Errc::conflict, "{}: was changed while it was read; try again", path_);
}

bool FileSource::is(std::string const& path) const {
    struct stat other{};
    return ::stat(path.c_str(), &other) == 0 && is_same_file(facts_, other);
}

Result<std::unique_ptr<Draft>> Draft::create(
    std::string path, std::uint64_t size_bytes, bool is_replacing
) {
    struct stat there{};
    if (::stat(path.c_str(), &there) == 0) {
        if (S_ISDIR(there.st_mode)) {
            return fail(Errc::conflict, "{}: is a folder; name a file", path);
        }
        if (!is_replacing) {
            return fail(Errc::conflict, "{}: exists; --force replaces it", path);
        }
    }
    auto const number = make_real_random()->next();
    auto draft = fmt::format("{}/.disgrafs-{:016x}.part", folder_of(path), number);
    OpenFile file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.get() < 0) {
        return failed(path);
    }
    auto made =
        std::make_unique<Draft>(std::move(path), std::move(draft), std::move(file), is_replacing);
    TRY_OK(reserve(made->file_.get(), made->path_, size_bytes));
    return made;
}

Draft::~Draft() {
    if (!draft_.empty()) {
        ::unlink(draft_.c_str());
    }
}

Result<void> Draft::write(std::uint64_t offset, ByteView bytes) {
    TRY_OK(Interrupt::check());
    for (auto rest = bytes; !rest.empty();) {
        auto const put =
            ::pwrite(file_.get(), rest.data(), rest.size(), static_cast<off_t>(offset));
        if (put < 0 && errno == EINTR) {
            TRY_OK(Interrupt::check());
            continue;
        }
        if (put < 0) {
            return failed(path_);
        }
        offset += static_cast<std::uint64_t>(put);
        rest = rest.subspan(static_cast<std::size_t>(put));
    }
    if (progress_ != nullptr) {
        progress_->add(bytes.size());
    }
    return {};
}

Result<void> Draft::sync() {
    TRY_OK(Interrupt::check());
    return ::fsync(file_.get()) == 0 ? Result<void>{} : failed(path_);
}

Result<void> Draft::publish() {
    auto const done =
        is_replacing_ ? std::rename(draft_.c_str(), path_.c_str()) : rename_to_new(draft_, path_);
    if (done != 0) {
        return failed(path_);
    }
    draft_.clear();
    return {};
}

void Draft::unpublish() {
    if (draft_.empty() && !is_replacing_) {
        ::unlink(path_.c_str());
    }
}

Result<void> sync_folder(std::string const& folder) {
    OpenFile const file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.get() < 0 || ::fsync(file.get()) != 0) {
        // Some file systems know no sync of a folder.
        return errno == EINVAL ? Result<void>{} : failed(folder);
    }
    return {};
}

Result<void> allow_open_files(std::uint64_t count) {
    constexpr rlim_t own_max = 32;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count + own_max) {
        return {};
    }
    limit.rlim_cur = std::min(limit.rlim_max, count + own_max);
    if (limit.rlim_cur < count + own_max || ::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return fail(
            Errc::exhausted,
            "{} files must be open at once, {} are allowed: raise `ulimit -Hn`",
            count + own_max,
            limit.rlim_max
        );
    }
    return {};
}

}  // namespace disgrafs::app
