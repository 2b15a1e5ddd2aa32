#include "sim/canary_disk.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace disgrafs::sim {

namespace {

constexpr std::string_view segments = "segments/";

class CanaryFile : public File {
 public:
    explicit CanaryFile(std::unique_ptr<File> file) : file_(std::move(file)) {}
    Task<void> write_at(std::uint64_t offset, std::vector<ByteView> parts) override {
        return file_->write_at(offset, std::move(parts));
    }
    Task<Bytes> read_at(std::uint64_t offset, std::size_t size) override {
        return file_->read_at(offset, size);
    }
    Task<void> sync() override { co_return Result<void>{}; }  // The bug.
    Task<void> allocate(std::uint64_t size) override { return file_->allocate(size); }
    Task<void> punch(std::uint64_t offset, std::uint64_t size) override {
        return file_->punch(offset, size);
    }
    Task<void> truncate(std::uint64_t size) override { return file_->truncate(size); }
    Task<std::uint64_t> size() override { return file_->size(); }

 private:
    std::unique_ptr<File> file_;
};

class CanaryDisk : public Disk {
 public:
    explicit CanaryDisk(Disk& disk) : disk_(disk) {}
    Task<std::unique_ptr<File>> open(std::string path, OpenMode mode) override {
        bool const is_segment = path.starts_with(segments);
        CO_TRY(auto file, co_await disk_.open(std::move(path), mode));
        if (!is_segment) co_return file;
        co_return std::make_unique<CanaryFile>(std::move(file));
    }
    Task<std::vector<std::string>> list(std::string folder) override {
        return disk_.list(std::move(folder));
    }
    Task<void> rename(std::string from, std::string to) override {
        return disk_.rename(std::move(from), std::move(to));
    }
    Task<void> remove(std::string path) override { return disk_.remove(std::move(path)); }
    Task<void> make_folder(std::string path) override { return disk_.make_folder(std::move(path)); }
    Task<void> sync_dir(std::string folder) override { return disk_.sync_dir(std::move(folder)); }
    Task<DiskSpace> space() override { return disk_.space(); }
    Result<std::shared_ptr<void>> lock(std::string path) override {
        return disk_.lock(std::move(path));
    }

 private:
    Disk& disk_;
};

}  // namespace

std::unique_ptr<Disk> make_canary_disk(Disk& disk) { return std::make_unique<CanaryDisk>(disk); }

}  // namespace disgrafs::sim
