#include "io/real_file.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/bytes.hpp"
#include "io/disk.hpp"
#include "io/pool.hpp"
#include "io/posix.hpp"
#include "io/task.hpp"

namespace disgrafs {
namespace {

/// What operations under way share with the File; the last of them closes the descriptor.
struct OpenFile {
    Fd fd;
    std::string name;
    std::atomic<bool> is_poisoned = false;

    Result<void> check() const {
        if (!is_poisoned) return {};
        return fail(Errc::io, "{} is unusable since a sync failed", name);
    }
};

constexpr std::size_t large_read = 1U << 20U;

/// Takes `size` written bytes off the front.
void drop_front(std::span<iovec>& parts, std::size_t size) {
    while (!parts.empty() && size >= parts.front().iov_len) {
        size -= parts.front().iov_len;
        parts = parts.subspan(1);
    }
    if (parts.empty()) return;
    parts.front().iov_base = static_cast<std::byte*>(parts.front().iov_base) + size;
    parts.front().iov_len -= size;
}

Result<void> write_all(OpenFile& file, std::uint64_t offset, std::span<iovec> parts) {
    TRY_OK(file.check());
    while (!parts.empty()) {
        auto const count = static_cast<int>(std::min<std::size_t>(parts.size(), IOV_MAX));
        auto const write = [&] {
            return ::pwritev(file.fd.get(), parts.data(), count, static_cast<off_t>(offset));
        };
        auto const written = again_if_interrupted(write);
        if (written < 0) return os_failure("write", file.name);
        if (written == 0) return fail(Errc::io, "write {}: nothing was taken", file.name);
        offset += static_cast<std::uint64_t>(written);
        drop_front(parts, static_cast<std::size_t>(written));
    }
    return {};
}

Result<std::uint64_t> size_of(OpenFile& file) {
    struct stat status{};
    if (::fstat(file.fd.get(), &status) != 0) return os_failure("stat", file.name);
    return static_cast<std::uint64_t>(status.st_size);
}

Result<Bytes> read_all(OpenFile& file, std::uint64_t offset, std::size_t size) {
    if (size > large_read) {  // a size from a damaged header costs no memory
        TRY(auto const end, size_of(file));
        size = std::min<std::uint64_t>(size, end - std::min(end, offset));
    }
    Bytes bytes(size);
    std::size_t have = 0;
    while (have < size) {
        auto const read = [&] {
            auto const at = static_cast<off_t>(offset + have);
            return ::pread(file.fd.get(), bytes.data() + have, size - have, at);
        };
        auto const got = again_if_interrupted(read);
        if (got < 0) return os_failure("read", file.name);
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

/// For file systems that know no holes.
Result<void> write_zeros(OpenFile& file, std::uint64_t offset, std::uint64_t size) {
    static constexpr std::array<std::byte, 65536> zeros{};
    TRY(auto const end, size_of(file));
    auto const stop = std::min(end, offset + size);
    while (offset < stop) {
        auto const count = std::min<std::uint64_t>(zeros.size(), stop - offset);
        iovec part{.iov_base = const_cast<std::byte*>(zeros.data()), .iov_len = count};
        TRY_OK(write_all(file, offset, {&part, 1}));
        offset += count;
    }
    return {};
}

Result<void> resize(OpenFile& file, std::uint64_t size) {
    auto const resize = [&] { return ::ftruncate(file.fd.get(), static_cast<off_t>(size)); };
    if (again_if_interrupted(resize) != 0) return os_failure("resize", file.name);
    return {};
}

Result<void> reserve(OpenFile& file, std::uint64_t size) {
    auto const reserve = [&] { return ::fallocate(file.fd.get(), 0, 0, static_cast<off_t>(size)); };
    if (size == 0 || again_if_interrupted(reserve) == 0) return {};
    if (errno != EOPNOTSUPP) return os_failure("allocate", file.name);
    TRY(auto const now, size_of(file));  // no reserve to be had here; the size is kept at least
    return now >= size ? Result<void>() : resize(file, size);
}

Result<void> make_hole(OpenFile& file, std::uint64_t offset, std::uint64_t size) {
    auto const make_hole = [&] {
        constexpr int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
        return ::fallocate(
            file.fd.get(), mode, static_cast<off_t>(offset), static_cast<off_t>(size)
        );
    };
    if (size == 0 || again_if_interrupted(make_hole) == 0) return {};
    if (errno != EOPNOTSUPP) return os_failure("punch", file.name);
    return write_zeros(file, offset, size);
}

class RealFile final : public File {
 public:
    RealFile(Pool& pool, Fd fd, std::string name)
        : pool_(pool), file_(std::make_shared<OpenFile>(std::move(fd), std::move(name))) {}

    Task<void> write_at(std::uint64_t offset, std::vector<ByteView> parts) override {
        auto const file = file_;
        std::vector<iovec> vectors;
        std::uint64_t size = 0;
        for (auto const part : parts) {
            if (part.empty()) continue;
            size += part.size();
            vectors.push_back({const_cast<std::byte*>(part.data()), part.size()});
        }
        CO_TRY_OK(check_range(offset, size));
        auto const work = [&] { return write_all(*file, offset, vectors); };
        co_return co_await offload(pool_, work);
    }

    Task<Bytes> read_at(std::uint64_t offset, std::size_t size) override {
        auto const file = file_;
        CO_TRY_OK(check_range(offset, size));
        auto const work = [&] { return read_all(*file, offset, size); };
        co_return co_await offload(pool_, work);
    }

    Task<void> sync() override {
        auto const file = file_;
        auto const work = [&]() -> Result<void> {
            TRY_OK(file->check());
            if (::fdatasync(file->fd.get()) == 0) return {};
            file->is_poisoned = true;
            return os_failure("sync", file->name);
        };
        co_return co_await offload(pool_, work);
    }

    Task<void> allocate(std::uint64_t size) override {
        co_return co_await change(0, size, reserve_now);
    }
    Task<void> punch(std::uint64_t offset, std::uint64_t size) override {
        co_return co_await change(offset, size, make_hole);
    }
    Task<void> truncate(std::uint64_t size) override {
        co_return co_await change(0, size, resize_now);
    }

    Task<std::uint64_t> size() override {
        auto const file = file_;
        auto const work = [&] { return size_of(*file); };
        co_return co_await offload(pool_, work);
    }

 private:
    using Change = Result<void> (*)(OpenFile&, std::uint64_t, std::uint64_t);

    static Result<void> reserve_now(OpenFile& file, std::uint64_t, std::uint64_t size) {
        return reserve(file, size);
    }
    static Result<void> resize_now(OpenFile& file, std::uint64_t, std::uint64_t size) {
        return resize(file, size);
    }

    Task<void> change(std::uint64_t offset, std::uint64_t size, Change change) {
        auto const file = file_;
        CO_TRY_OK(check_range(offset, size));
        auto const work = [&]() -> Result<void> {
            TRY_OK(file->check());
            return change(*file, offset, size);
        };
        co_return co_await offload(pool_, work);
    }

    Pool& pool_;
    std::shared_ptr<OpenFile> file_;
};

}  // namespace

std::unique_ptr<File> make_real_file(Pool& pool, Fd fd, std::string name) {
    return std::make_unique<RealFile>(pool, std::move(fd), std::move(name));
}

}  // namespace disgrafs
