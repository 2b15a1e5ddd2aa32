#include "kv/rocks_wal.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "erasure/checksum.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::size_t header_bytes = 7;
enum : std::uint8_t { type_full = 1, type_first = 2, type_middle = 3, type_last = 4 };

struct Fragment {
    std::uint8_t type = 0;
    std::size_t size = 0;  ///< With its header.
};

/// As LevelDB stores a checksum of bytes that hold checksums.
std::uint32_t mask(std::uint32_t crc) { return std::rotr(crc, 15) + 0xa282ead8U; }

/// nullopt: no undamaged fragment begins here.
std::optional<Fragment> fragment_at(ByteView bytes) {
    ByteReader reader(bytes);
    auto const crc = reader.u32();
    std::size_t const length = reader.u16();
    auto const type = reader.u8();
    if (!reader.ok() || type < type_full || type > type_last || length > reader.left()) {
        return std::nullopt;
    }
    auto const covered = bytes.subspan(header_bytes - 1, length + 1);
    if (mask(erasure::crc32c(covered)) != crc) return std::nullopt;
    return Fragment{.type = type, .size = header_bytes + length};
}

bool begins_record(Fragment const& fragment) {
    return fragment.type == type_full || fragment.type == type_first;
}

std::unexpected<Error> failed(std::string const& path, rocksdb::Status const& status) {
    return fail(Errc::io, "{}: {}", path, status.ToString());
}

Result<WalCheck> check(rocksdb::Env& env, std::string const& path) {
    std::unique_ptr<rocksdb::SequentialFile> file;
    auto status = env.NewSequentialFile(path, &file, {});
    WalCheck check;
    std::vector<char> buffer(wal_block_bytes);
    std::size_t filled = wal_block_bytes;
    while (status.ok() && filled == wal_block_bytes) {
        rocksdb::Slice read;
        filled = 0;
        while (status.ok() && filled < wal_block_bytes) {
            status = file->Read(wal_block_bytes - filled, &read, buffer.data() + filled);
            if (status.ok()) std::ranges::copy(read.ToStringView(), buffer.data() + filled);
            filled += read.size();
            if (read.empty()) break;
        }
        check.add(as_bytes(std::string_view(buffer.data(), filled)));
    }
    if (!status.ok()) return failed(path, status);
    return check;
}

Result<void> cut(rocksdb::Env& env, std::string const& path, std::uint64_t size) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    auto const& files = env.GetFileSystem();
    auto status = files->ReopenWritableFile(path, {}, &file, nullptr);
    if (status.ok()) status = file->Truncate(size, {}, nullptr);
    if (status.ok()) status = file->Fsync({}, nullptr);
    if (status.ok()) status = file->Close({}, nullptr);
    if (!status.ok()) return failed(path, status);
    LOG_WARN("cut the torn tail of a log", kv("file", path), kv("bytes", size));
    return {};
}

}  // namespace

void WalCheck::add(ByteView block) {
    std::size_t at = 0;
    while (!is_corrupt_ && block.size() - at >= header_bytes) {
        if (auto const fragment = fragment_at(block.subspan(at))) {
            at += fragment->size;
            if (!take(fragment->type, at_ + at)) is_damaged_ = true;
            continue;
        }
        // Its length cannot be trusted: look for the begin of a record at every byte behind it.
        is_damaged_ = true;
        for (++at; !is_corrupt_ && block.size() - at >= header_bytes; ++at) {
            auto const later = fragment_at(block.subspan(at));
            is_corrupt_ = later && begins_record(*later);
        }
        break;
    }
    // Less than a header is left at the end of each block; at the end of the file it is torn.
    auto const is_last = block.size() < wal_block_bytes;
    if (is_last && !is_damaged_ && at < block.size()) is_damaged_ = true;
    at_ += block.size();
}

/// False: the fragment does not belong here.
bool WalCheck::take(std::uint8_t type, std::uint64_t end) {
    auto const is_begin = type == type_full || type == type_first;
    if (is_begin && (is_in_record_ || is_damaged_)) is_corrupt_ = true;
    if (is_damaged_) return false;
    if (!is_begin && !is_in_record_) return false;
    is_in_record_ = type == type_first || type == type_middle;
    if (!is_in_record_) whole_bytes_ = end;
    return true;
}

Result<void> mend_wals(rocksdb::Env& env, std::string const& folder) {
    std::vector<std::string> names;
    auto const status = env.GetChildren(folder, &names);
    if (status.IsNotFound()) return {};
    if (!status.ok()) return failed(folder, status);
    std::erase_if(names, [](std::string const& name) {
        return !name.ends_with(".log") ||
               !parse_number(std::string_view(name).substr(0, name.size() - 4));
    });
    std::ranges::sort(names, {}, [](std::string const& name) {
        return parse_number(std::string_view(name).substr(0, name.size() - 4)).value_or(0);
    });
    bool is_torn = false;
    std::string torn_path;
    std::uint64_t whole_bytes = 0;
    for (auto const& name : names) {
        auto const path = folder + "/" + name;
        TRY(auto const found, check(env, path));
        auto const is_later = is_torn && found.whole_bytes() != 0;
        if (found.is_corrupt() || is_later) {
            auto const& damaged = found.is_corrupt() ? path : torn_path;
            return fail(
                Errc::corrupt,
                "{} is damaged at or behind byte {}",
                damaged,
                found.is_corrupt() ? found.whole_bytes() : whole_bytes
            );
        }
        if (found.is_torn()) {
            is_torn = true;
            torn_path = path;
            whole_bytes = found.whole_bytes();
        }
    }
    if (is_torn) return cut(env, torn_path, whole_bytes);
    return {};
}

}  // namespace disgrafs::kv
