#pragma once

/// \file storage/testing/watched_disk.hpp  A disk for tests that counts, and calls out before each
/// change.
///
/// A step is whatever changes the disk or makes a change durable. Tests number them, and do
/// something at the n-th: crash the world, for example.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/disk.hpp"

namespace disgrafs::storage {

class WatchedDisk final : public Disk {
 public:
    explicit WatchedDisk(Disk& inner) : inner_(inner) {}

    std::uint64_t steps = 0;
    std::uint64_t read_bytes = 0;
    std::uint64_t synced_files = 0;
    /// Before step `steps`, which is "write segments/0000000001" or the like.
    std::function<void(std::string const& what)> on_step = [](std::string const&) {};

    Task<std::unique_ptr<File>> open(std::string path, OpenMode mode) override {
        if (mode == OpenMode::create || mode == OpenMode::replace) step("open " + path);
        CO_TRY(auto file, co_await inner_.open(path, mode));
        co_return std::make_unique<WatchedFile>(*this, std::move(file), path);
    }
    Task<std::vector<std::string>> list(std::string folder) override { return inner_.list(folder); }
    Task<void> rename(std::string from, std::string to) override {
        step("rename " + to);
        return inner_.rename(std::move(from), std::move(to));
    }
    Task<void> remove(std::string path) override {
        step("remove " + path);
        return inner_.remove(std::move(path));
    }
    Task<void> make_folder(std::string path) override {
        step("make_folder " + path);
        return inner_.make_folder(std::move(path));
    }
    Task<void> sync_dir(std::string folder) override {
        step("sync_dir " + folder);
        return inner_.sync_dir(std::move(folder));
    }
    Task<DiskSpace> space() override { return inner_.space(); }
    Result<std::shared_ptr<void>> lock(std::string path) override {
        return inner_.lock(std::move(path));
    }

 private:
    class WatchedFile final : public File {
     public:
        WatchedFile(WatchedDisk& disk, std::unique_ptr<File> inner, std::string path)
            : disk_(disk), inner_(std::move(inner)), path_(std::move(path)) {}

        Task<void> write_at(std::uint64_t offset, std::vector<ByteView> parts) override {
            disk_.step("write " + path_);
            return inner_->write_at(offset, std::move(parts));
        }
        Task<Bytes> read_at(std::uint64_t offset, std::size_t size) override {
            disk_.read_bytes += size;
            return inner_->read_at(offset, size);
        }
        Task<void> sync() override {
            disk_.step("sync " + path_);
            ++disk_.synced_files;
            return inner_->sync();
        }
        Task<void> allocate(std::uint64_t size) override {
            disk_.step("allocate " + path_);
            return inner_->allocate(size);
        }
        Task<void> punch(std::uint64_t offset, std::uint64_t size) override {
            disk_.step("punch " + path_);
            return inner_->punch(offset, size);
        }
        Task<void> truncate(std::uint64_t size) override {
            disk_.step("truncate " + path_);
            return inner_->truncate(size);
        }
        Task<std::uint64_t> size() override { return inner_->size(); }

     private:
        WatchedDisk& disk_;
        std::unique_ptr<File> inner_;
        std::string path_;
    };

    void step(std::string const& what) {
        ++steps;
        on_step(what);
    }

    Disk& inner_;
};

}  // namespace disgrafs::storage
