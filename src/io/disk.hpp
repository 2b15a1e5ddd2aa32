#pragma once

/// \file io/disk.hpp  Files with the durability rules of a real disk, behind a seam.
///
/// What is written is durable only after File::sync(); a created, renamed or removed name only
/// after sync_dir() of its folder. The real side runs blocking calls on a Pool; the simulated side
/// (io/sim_disk.hpp) loses, tears and flips what the rules allow.
///
/// After a failed sync() a File is poisoned: every later write and sync fails with io. The caller
/// never retries; it opens another file (fsync semantics: Rebello et al., ATC'20).

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "io/task.hpp"

namespace disgrafs {

class Pool;

enum class OpenMode : std::uint8_t {
    read,     ///< Must exist.
    write,    ///< Read and write; must exist.
    create,   ///< Read and write; made when absent, kept when present.
    replace,  ///< Read and write; made when absent, emptied when present.
};

/// An open file. Operations may overlap; overlapping writes to one range are the caller's bug.
/// Closed by its destructor, after its last operation.
class File {
 public:
    virtual ~File() = default;

    /// All of `parts`, one after the other, from byte `offset`. They live until completion.
    /// Errors: exhausted (no space), io.
    virtual Task<void> write_at(std::uint64_t offset, std::vector<ByteView> parts) = 0;
    /// Up to `size` bytes; fewer only at the end of the file. Errors: io.
    virtual Task<Bytes> read_at(std::uint64_t offset, std::size_t size) = 0;
    /// fdatasync. Errors: io; the file is poisoned then.
    virtual Task<void> sync() = 0;
    /// Reserve blocks up to `size` bytes; the file grows to that size, new bytes read as zero.
    virtual Task<void> allocate(std::uint64_t size) = 0;
    /// Give the blocks of a range back; it reads as zero afterwards. The size stays.
    virtual Task<void> punch(std::uint64_t offset, std::uint64_t size) = 0;
    virtual Task<void> truncate(std::uint64_t size) = 0;
    virtual Task<std::uint64_t> size() = 0;
};

struct DiskSpace {
    std::uint64_t capacity_bytes = 0;
    std::uint64_t free_bytes = 0;
    /// Names the file system: the same for all folders on it, another on every other machine. After
    /// a restart of the machine it may be another. Empty: not known.
    std::string file_system{};
};

/// A folder of the machine. Paths are relative to it, with '/' between parts; "" and "." are the
/// folder itself. Besides the errors named below: invalid (see check_path), denied.
class Disk {
 public:
    virtual ~Disk() = default;

    /// Errors: not_found, exhausted, io.
    virtual Task<std::unique_ptr<File>> open(std::string path, OpenMode mode) = 0;
    /// Names (not paths) in a folder, sorted. Errors: not_found, io.
    virtual Task<std::vector<std::string>> list(std::string folder) = 0;
    virtual Task<void> rename(std::string from, std::string to) = 0;  ///< Replaces `to`.
    /// A file or an empty folder; absent names succeed. Errors: conflict (not empty), io.
    virtual Task<void> remove(std::string path) = 0;
    virtual Task<void> make_folder(std::string path) = 0;  ///< With parents; durable.
    virtual Task<void> sync_dir(std::string folder) = 0;
    virtual Task<DiskSpace> space() = 0;

    /// Hold `path` until the returned object dies; a second holder, in any process, is refused.
    /// Errors: conflict ("… is in use by another process").
    virtual Result<std::shared_ptr<void>> lock(std::string path) = 0;
};

/// The folder `root`, made with its parents when absent. Blocking calls run on `pool`.
/// Errors: io (not a folder, no right).
Result<std::unique_ptr<Disk>> open_real_disk(Pool& pool, std::string root);

/// What a path of a Disk may be: relative, without "..", without a zero byte. Errors: invalid.
Result<void> check_path(std::string_view path);
/// A range that a file may have: it ends below 2^63. Errors: exhausted.
Result<void> check_range(std::uint64_t offset, std::uint64_t size);
/// The folder in which `path` lies; "." for a path without a slash.
std::string folder_of(std::string_view path);

/// The whole of a file. Errors: those of open and read; exhausted above `limit_bytes`.
Task<Bytes> read_file(Disk& disk, std::string path, std::size_t limit_bytes = 64U << 20U);
/// Atomically: temporary name, sync, rename, sync of the folder. Durable then.
Task<void> replace_file(Disk& disk, std::string path, ByteView content);

}  // namespace disgrafs
