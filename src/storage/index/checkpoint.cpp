#include "storage/index/checkpoint.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::size_t piece_bytes = 1U << 20U;
constexpr std::size_t kept = 2;
constexpr std::size_t name_digits = 20;
constexpr char const* unfinished = "checkpoints/unfinished";

std::string path_of(std::string const& name) {
    return fmt::format("{}/{}", checkpoint_folder, name);
}

/// Names of whole checkpoints, newest first.
Task<std::vector<std::string>> names(Disk& disk) {
    CO_TRY(auto all, co_await disk.list(checkpoint_folder));
    std::erase_if(all, [](std::string const& name) {
        return name.size() != name_digits || !parse_number(name);
    });
    std::ranges::sort(all, std::greater{});
    co_return all;
}

/// Collects bytes and writes them in pieces.
class Writer {
 public:
    explicit Writer(File& file) : file_(file) {}

    Task<void> add(Bytes bytes) {
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
        if (buffer_.size() >= piece_bytes) co_return co_await flush();
        co_return Result<void>();
    }
    Task<void> flush() {
        std::vector<ByteView> const parts(1, buffer_);
        CO_TRY_OK(co_await file_.write_at(offset_, parts));
        offset_ += buffer_.size();
        buffer_.clear();
        co_return Result<void>();
    }

 private:
    File& file_;
    std::uint64_t offset_ = 0;
    Bytes buffer_;
};

/// Reads a file from its beginning in pieces.
class Reader {
 public:
    explicit Reader(File& file) : file_(file) {}

    /// The next `size` bytes without going past them. Errors: corrupt (the file ends), io.
    Task<ByteView> peek(std::size_t size) {
        if (buffer_.size() - at_ < size) {
            buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
            at_ = 0;
            CO_TRY(auto const more, co_await file_.read_at(offset_, std::max(size, piece_bytes)));
            offset_ += more.size();
            buffer_.insert(buffer_.end(), more.begin(), more.end());
            if (buffer_.size() < size) co_return fail(Errc::corrupt, "checkpoint cut short");
        }
        co_return ByteView(buffer_).subspan(at_, size);
    }
    Task<ByteView> take(std::size_t size) {
        CO_TRY(auto const bytes, co_await peek(size));
        at_ += size;
        co_return bytes;
    }

 private:
    File& file_;
    std::uint64_t offset_ = 0;
    Bytes buffer_;
    std::size_t at_ = 0;
};

Task<void> write_all(StoreCore& core, CheckpointHead head, File& file) {
    Writer writer(file);
    auto bytes = encode_checkpoint_head(head);
    CO_TRY_OK(co_await writer.add(std::move(bytes)));
    std::uint64_t total = 0;
    std::vector<IndexEntry> entries;
    auto some = core.catalog.index().first();
    while (!some.empty()) {
        entries.insert(entries.end(), some.begin(), some.end());
        auto const last = entries.back().id();
        auto const next = core.catalog.index().some_after(last);
        bool const is_full = entries.size() + next.size() > checkpoint_block_entries;
        if (is_full || next.empty()) {
            total += entries.size();
            bytes = encode_entries(entries, total);
            entries.clear();
            CO_TRY_OK(co_await writer.add(std::move(bytes)));
        }
        some = core.catalog.index().some_after(last);  // anew: inserts may have come meanwhile
    }
    bytes = encode_entries(entries, total);
    CO_TRY_OK(co_await writer.add(std::move(bytes)));
    CO_TRY_OK(co_await writer.flush());
    co_return co_await file.sync();
}

Task<LoadedCheckpoint> load_one(File& file) {
    Reader reader(file);
    LoadedCheckpoint loaded;
    CO_TRY(auto const first, co_await reader.peek(checkpoint_head_bytes));
    CO_TRY(auto const size, head_size(first));
    CO_TRY(auto const head, co_await reader.take(size));
    CO_TRY(loaded.head, parse_checkpoint_head(head));
    std::uint64_t total = 0;
    ShardId last;
    while (true) {
        CO_TRY(auto const start, co_await reader.peek(sizeof(std::uint32_t)));
        auto const count = ByteReader(start).u32();
        CO_TRY(auto const block_bytes, block_size(count));
        CO_TRY(auto const block, co_await reader.take(block_bytes));
        if (count == 0) {
            CO_TRY(auto const expected, parse_end(block));
            if (expected != total) co_return fail(Errc::corrupt, "checkpoint of {} entries", total);
            break;
        }
        CO_TRY(auto const entries, parse_entries(block, last));
        for (auto const& entry : entries) loaded.catalog.restore(entry);
        last = entries.back().id();
        total += count;
    }
    loaded.catalog.segments() = loaded.head.segments;
    co_return loaded;
}

}  // namespace

Task<void> write_checkpoint(StoreCore& core) {
    CheckpointHead head;
    head.disk = core.disk_id;
    head.sequence = core.durable;
    head.last_segment = core.last_segment;
    head.segments = core.catalog.segments();

    auto& disk = *core.parts.disk;
    CO_TRY(auto const file, co_await disk.open(unfinished, OpenMode::replace));
    CO_TRY_OK(co_await write_all(core, head, *file));
    auto const name = fmt::format("{:020}", head.sequence);
    auto const path = path_of(name);
    CO_TRY_OK(co_await disk.rename(unfinished, path));
    CO_TRY_OK(co_await disk.sync_dir(checkpoint_folder));
    CO_TRY(auto const all, co_await names(disk));
    for (auto at = kept; at < all.size(); ++at) {
        auto const old = path_of(all[at]);
        CO_TRY_OK(co_await disk.remove(old));
    }
    co_return Result<void>();
}

Task<std::optional<LoadedCheckpoint>> load_checkpoint(StoreCore& core) {
    auto& disk = *core.parts.disk;
    CO_TRY(auto const all, co_await names(disk));
    for (auto const& name : all) {
        auto const path = path_of(name);
        CO_TRY(auto const file, co_await disk.open(path, OpenMode::read));
        auto loaded = co_await load_one(*file);
        if (loaded && loaded->head.disk != core.disk_id) {
            co_return fail(
                Errc::corrupt, "{} belongs to disk {}", path, to_text(loaded->head.disk)
            );
        }
        if (loaded) co_return std::optional(std::move(*loaded));
        if (loaded.error().code != Errc::corrupt) co_return std::unexpected(loaded.error());
        core.metrics.checksum_errors.Increment();
        LOG_WARN("checkpoint is damaged", kv("path", path), kv("error", loaded.error()));
    }
    co_return std::optional<LoadedCheckpoint>();
}

}  // namespace disgrafs::storage
