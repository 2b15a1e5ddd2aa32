#include "io/disk.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "io/task.hpp"

namespace disgrafs {

Result<void> check_path(std::string_view path) {
    if (path.contains('\0')) return fail(Errc::invalid, "a path holds a zero byte");
    if (path.starts_with('/')) return fail(Errc::invalid, "{} starts with a slash", path);
    for (auto const part : split(path, '/')) {
        if (part == "..") return fail(Errc::invalid, "{} leads out of the disk's folder", path);
    }
    return {};
}

Result<void> check_range(std::uint64_t offset, std::uint64_t size) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (offset <= most && size <= most - offset) return {};
    return fail(Errc::exhausted, "no file reaches {} + {} bytes", offset, size);
}

std::string folder_of(std::string_view path) {
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? "." : std::string(path.substr(0, slash));
}

Task<Bytes> read_file(Disk& disk, std::string path, std::size_t limit_bytes) {
    CO_TRY(auto const file, co_await disk.open(path, OpenMode::read));
    CO_TRY(auto const size, co_await file->size());
    if (size > limit_bytes) {
        co_return fail(Errc::exhausted, "{} has {} bytes, above {}", path, size, limit_bytes);
    }
    co_return co_await file->read_at(0, size);
}

namespace {

Task<void> write_new(Disk& disk, std::string path, ByteView content) {
    CO_TRY(auto const file, co_await disk.open(std::move(path), OpenMode::replace));
    std::vector<ByteView> const parts{content};
    CO_TRY_OK(co_await file->write_at(0, parts));
    co_return co_await file->sync();
}

}  // namespace

Task<void> replace_file(Disk& disk, std::string path, ByteView content) {
    auto const temporary = path + ".new";
    auto const written = co_await write_new(disk, temporary, content);
    if (!written) {
        // The old file stands; a remainder that cannot be removed is emptied by the next attempt.
        static_cast<void>(co_await disk.remove(temporary));
        co_return written;
    }
    CO_TRY_OK(co_await disk.rename(temporary, path));
    co_return co_await disk.sync_dir(folder_of(path));
}

}  // namespace disgrafs
