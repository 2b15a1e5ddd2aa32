#pragma once

/// \file kv/faulty_files.hpp  For tests: files under RocksDB that forget at power loss what was not
/// synced.
///
/// Everything is written to the real folder at once and tracked. lose_power() makes every later
/// write fail; after the database is closed, forget() does to the files what power loss may do: of
/// the bytes behind the last sync each 4 KiB page is kept, zeroed, or kept only in its first
/// sectors, the file ends anywhere behind the synced part, and new names in a folder that was not
/// synced go.
///
/// Called from RocksDB's threads, hence the mutex.

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "io/random.hpp"

namespace disgrafs::kv {

class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
    using Options = rocksdb::IOOptions;
    using Debug = rocksdb::IODebugContext;

    FaultyFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

    char const* Name() const override { return "FaultyFiles"; }

    /// How often a log was synced.
    [[nodiscard]] int log_syncs() const {
        return locked([&] { return log_syncs_; });
    }
    [[nodiscard]] std::uint64_t bytes_lost() const { return bytes_lost_; }
    /// Sync reports success and keeps nothing: what a test must notice.
    void lie_about_sync() { is_lying_ = true; }
    /// After so many more syncs of a log, in the middle of the next write to it.
    void lose_power_after(int log_syncs) {
        locked([&] { power_ends_at_ = log_syncs_ + log_syncs; });
    }
    void lose_power() {
        locked([&] { is_off_ = true; });
    }
    [[nodiscard]] bool is_off() const {
        return locked([&] { return is_off_; });
    }
    /// The disk after power came back. The database must be closed.
    void forget(Random& random) {
        for (auto const& path : new_names_) {
            if (random.happens(0.5)) std::filesystem::remove(path);
        }
        for (auto const& [path, file] : files_) {
            std::error_code absent;
            auto const size = std::filesystem::file_size(path, absent);
            if (absent || size <= file.synced) continue;
            tear(path, file.synced, size, random);
        }
        files_.clear();
        new_names_.clear();
        is_off_ = false;
        power_ends_at_ = -1;
    }

    rocksdb::IOStatus NewWritableFile(
        std::string const& path,
        rocksdb::FileOptions const& options,
        std::unique_ptr<rocksdb::FSWritableFile>* result,
        Debug* context
    ) override {
        if (is_off()) return off();
        auto status = FileSystemWrapper::NewWritableFile(path, options, result, context);
        if (status.ok()) {
            locked([&] {
                files_[path] = {};
                new_names_.insert(path);
            });
            *result = std::make_unique<Writable>(std::move(*result), path, *this);
        }
        return status;
    }
    rocksdb::IOStatus RenameFile(
        std::string const& from, std::string const& to, Options const& options, Debug* context
    ) override {
        if (is_off()) return off();
        auto status = FileSystemWrapper::RenameFile(from, to, options, context);
        if (status.ok()) {
            locked([&] {
                files_[to] = files_[from];
                files_.erase(from);
                new_names_.erase(from);
            });
        }
        return status;
    }
    rocksdb::IOStatus DeleteFile(std::string const& path, Options const& options, Debug* context)
        override {
        if (is_off()) return off();
        locked([&] {
            files_.erase(path);
            new_names_.erase(path);
        });
        return FileSystemWrapper::DeleteFile(path, options, context);
    }
    rocksdb::IOStatus NewDirectory(
        std::string const& path,
        Options const& options,
        std::unique_ptr<rocksdb::FSDirectory>* result,
        Debug* context
    ) override {
        auto status = FileSystemWrapper::NewDirectory(path, options, result, context);
        if (status.ok()) *result = std::make_unique<Folder>(std::move(*result), path, *this);
        return status;
    }

 private:
    struct Tracked {
        std::uint64_t synced = 0;
    };

    class Writable final : public rocksdb::FSWritableFileOwnerWrapper {
     public:
        Writable(
            std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, FaultyFiles& files
        )
            : FSWritableFileOwnerWrapper(std::move(file)), path_(std::move(path)), files_(files) {}

        rocksdb::IOStatus Append(rocksdb::Slice const& data, Options const& options, Debug* context)
            override {
            if (files_.is_off()) return off();
            if (files_.ends_now(path_)) {
                auto const part = rocksdb::Slice(data.data(), data.size() / 2);
                FSWritableFileOwnerWrapper::Append(part, options, context).PermitUncheckedError();
                return off();
            }
            return FSWritableFileOwnerWrapper::Append(data, options, context);
        }
        rocksdb::IOStatus Append(
            rocksdb::Slice const& data,
            Options const& options,
            rocksdb::DataVerificationInfo const&,
            Debug* context
        ) override {
            return Append(data, options, context);
        }
        rocksdb::IOStatus Sync(Options const& options, Debug* context) override {
            return synced(options, context);
        }
        rocksdb::IOStatus Fsync(Options const& options, Debug* context) override {
            return synced(options, context);
        }
        rocksdb::IOStatus RangeSync(std::uint64_t, std::uint64_t, Options const&, Debug*) override {
            return rocksdb::IOStatus::OK();
        }

     private:
        rocksdb::IOStatus synced(Options const& options, Debug* context) {
            if (files_.is_off()) return off();
            auto status = FSWritableFileOwnerWrapper::Flush(options, context);
            if (status.ok()) files_.note_synced(path_, GetFileSize(options, context));
            return status;
        }

        std::string path_;
        FaultyFiles& files_;
    };

    class Folder final : public rocksdb::FSDirectoryWrapper {
     public:
        Folder(std::unique_ptr<rocksdb::FSDirectory> folder, std::string path, FaultyFiles& files)
            : FSDirectoryWrapper(std::move(folder)), path_(std::move(path)), files_(files) {}

        rocksdb::IOStatus Fsync(Options const& options, Debug* context) override {
            return FsyncWithDirOptions(options, context, {});
        }
        rocksdb::IOStatus
        FsyncWithDirOptions(Options const&, Debug*, rocksdb::DirFsyncOptions const&) override {
            if (files_.is_off()) return off();
            files_.locked([&] {
                std::erase_if(files_.new_names_, [&](auto const& name) {
                    return std::filesystem::path(name).parent_path() == path_;
                });
            });
            return rocksdb::IOStatus::OK();
        }

     private:
        std::filesystem::path path_;
        FaultyFiles& files_;
    };

    static rocksdb::IOStatus off() { return rocksdb::IOStatus::IOError("the power is off"); }

    template <typename Work>
    std::invoke_result_t<Work> locked(Work work) const {
        std::scoped_lock const lock(mutex_);
        return work();
    }
    void note_synced(std::string const& path, std::uint64_t size) {
        locked([&] {
            if (!is_lying_) files_[path].synced = size;
            if (path.ends_with(".log")) ++log_syncs_;
        });
    }
    bool ends_now(std::string const& path) {
        return locked([&] {
            if (!path.ends_with(".log") || log_syncs_ != power_ends_at_) return false;
            is_off_ = true;
            return true;
        });
    }
    void tear(std::string const& path, std::uint64_t synced, std::uint64_t size, Random& random) {
        constexpr std::uint64_t page = 4096;
        constexpr std::uint64_t sector = 512;
        {
            std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
            for (auto at = synced / page * page; at < size; at += page) {
                auto const fate = random.below(3);
                if (fate == 0) continue;
                auto const kept = fate == 1 ? at : at + sector * random.below(page / sector);
                auto const from = std::max(kept, synced);
                auto const to = std::min(at + page, size);
                if (from >= to) continue;
                file.seekp(static_cast<std::streamoff>(from));
                file << std::string(to - from, '\0');
                bytes_lost_ += to - from;
            }
        }
        auto const end = synced + random.below(size - synced + 1);
        bytes_lost_ += size - end;
        std::filesystem::resize_file(path, end);
    }

    mutable std::mutex mutex_;  // NOLINT(house): RocksDB's own threads call
    std::map<std::string, Tracked> files_;
    std::set<std::string> new_names_;  ///< Since the last sync of their folder.
    int log_syncs_ = 0;
    int power_ends_at_ = -1;
    bool is_off_ = false;
    bool is_lying_ = false;
    std::uint64_t bytes_lost_ = 0;
};

}  // namespace disgrafs::kv
