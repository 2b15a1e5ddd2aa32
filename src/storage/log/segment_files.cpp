#include "storage/log/segment_files.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace disgrafs::storage {
namespace {

Task<void> write_new(Disk& disk, File& file, Bytes const& superblock, std::uint64_t allocate) {
    CO_TRY_OK(co_await file.allocate(allocate));
    std::vector<ByteView> const parts(1, superblock);
    CO_TRY_OK(co_await file.write_at(0, parts));
    CO_TRY_OK(co_await file.sync());
    co_return co_await disk.sync_dir(segment_folder);
}

}  // namespace

Task<std::shared_ptr<File>> SegmentFiles::open(std::uint32_t segment) {
    if (auto const found = open_.find(segment); found != open_.end()) {
        found->second.used = ++turn_;
        co_return found->second.file;
    }
    auto const path = segment_path(segment);
    CO_TRY(std::shared_ptr<File> file, co_await disk_.open(path, OpenMode::read));
    keep(segment, file);
    co_return file;
}

void SegmentFiles::keep(std::uint32_t segment, std::shared_ptr<File> file) {
    if (open_.size() >= open_files_max) {
        auto const is_older = [](auto const& a, auto const& b) {
            return a.second.used < b.second.used;
        };
        open_.erase(std::ranges::min_element(open_, is_older));
    }
    open_[segment] = {std::move(file), ++turn_};
}

Task<std::shared_ptr<File>> SegmentFiles::create(Superblock block, std::uint64_t allocate) {
    auto const path = segment_path(block.segment);
    auto const bytes = encode_superblock(block);
    CO_TRY(std::shared_ptr<File> file, co_await disk_.open(path, OpenMode::replace));
    auto const made = co_await write_new(disk_, *file, bytes, allocate);
    if (made) co_return file;
    file.reset();
    if (made.error().code == Errc::exhausted) CO_TRY_OK(co_await remove(block.segment));
    co_return std::unexpected(made.error());
}

Task<void> SegmentFiles::mend(Superblock block) {
    auto const path = segment_path(block.segment);
    auto const bytes = encode_superblock(block);
    CO_TRY(auto const file, co_await disk_.open(path, OpenMode::write));
    std::vector<ByteView> const parts(1, bytes);
    CO_TRY_OK(co_await file->write_at(0, parts));
    co_return co_await file->sync();
}

Task<void> SegmentFiles::remove(std::uint32_t segment) {
    open_.erase(segment);
    auto const path = segment_path(segment);
    CO_TRY_OK(co_await disk_.remove(path));
    co_return co_await disk_.sync_dir(segment_folder);
}

}  // namespace disgrafs::storage
