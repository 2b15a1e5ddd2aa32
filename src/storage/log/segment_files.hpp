#pragma once

/// \file storage/log/segment_files.hpp  The open files of the segments, and the making and removing
/// of them.
///
/// Readers hold a shared handle: a segment that is removed under them stays readable to their end.
/// Concurrency: one event loop.

#include <cstdint>
#include <map>
#include <memory>

#include "io/disk.hpp"
#include "io/task.hpp"
#include "storage/log/segment.hpp"

namespace disgrafs::storage {

class SegmentFiles {
 public:
    explicit SegmentFiles(Disk& disk) : disk_(disk) {}

    /// For reading; at most open_files_max stay open. Errors: not_found, io.
    Task<std::shared_ptr<File>> open(std::uint32_t segment);

    /// A new segment, its superblock durable and `allocate` bytes of disk reserved. Only its writer
    /// keeps the handle. Errors: exhausted (what was begun is removed again), io, conflict.
    Task<std::shared_ptr<File>> create(Superblock block, std::uint64_t allocate);
    /// Write a superblock anew of which no copy is left, durably. Errors: not_found, exhausted, io.
    Task<void> mend(Superblock block);
    /// Durably. Absent ones succeed.
    Task<void> remove(std::uint32_t segment);

    static constexpr std::size_t open_files_max = 128;

 private:
    struct Open {
        std::shared_ptr<File> file;
        std::uint64_t used = 0;  ///< Turn of the last use.
    };
    void keep(std::uint32_t segment, std::shared_ptr<File> file);

    Disk& disk_;
    std::map<std::uint32_t, Open> open_;
    std::uint64_t turn_ = 0;
};

}  // namespace disgrafs::storage
