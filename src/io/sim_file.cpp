#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "io/disk.hpp"
#include "io/sim_core.hpp"
#include "io/sim_disk.hpp"
#include "io/sim_pages.hpp"
#include "io/task.hpp"

namespace disgrafs {
namespace {

/// What operations under way share with the File.
struct OpenSimFile {
    SimCore& core;
    SimHost& host;
    std::shared_ptr<SimPages> pages;
    std::shared_ptr<std::uint64_t> used_bytes;
    bool is_writable = false;
    std::uint64_t life = 0;  ///< Of the host, when the file was opened.
    bool is_poisoned = false;

    Result<void> check() const {
        if (host.life != life)
            return fail(Errc::io, "{} crashed since the file was opened", host.name);
        return {};
    }

    Result<void> check_writable() const {
        TRY_OK(check());
        if (!is_writable) return fail(Errc::io, "the file is open for reading only");
        if (is_poisoned) return fail(Errc::io, "the file is unusable since a sync failed");
        return {};
    }

    Task<void> pass_time(Duration most) {
        CO_TRY_OK(co_await core.delay(core.some_time(most)));
        co_return check();
    }

    /// Errors: exhausted when the disk has no room for what a write to this range would take.
    Result<void> check_room(std::uint64_t offset, std::uint64_t size) const {
        TRY_OK(check_length(offset, size));
        auto const capacity = core.faults.disk_capacity_bytes;
        auto const free = capacity - std::min(capacity, *used_bytes);
        if (pages->cost(offset, size) <= free) return {};
        core.note("full", host, size);
        return fail(Errc::exhausted, "no space left on the disk of {}", host.name);
    }

    /// A file, holes included, is no longer than the disk.
    Result<void> check_length(std::uint64_t offset, std::uint64_t size) const {
        TRY_OK(check_range(offset, size));
        auto const most = std::max(core.faults.disk_capacity_bytes, pages->size());
        if (offset + size <= most) return {};
        return fail(Errc::exhausted, "a file of {} bytes is longer than the disk", offset + size);
    }
};

using Shared = std::shared_ptr<OpenSimFile>;

Bytes joined(std::vector<ByteView> const& parts) {
    Bytes all;
    for (auto const part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

Result<void> write_now(OpenSimFile& file, std::uint64_t offset, ByteView bytes) {
    auto& core = file.core;
    auto& random = *core.random;
    TRY_OK(file.check_length(offset, bytes.size()));
    if (auto const room = file.check_room(offset, bytes.size()); !room) {
        // As the system does: what fits is written, then the write fails.
        auto fitting = bytes;
        while (!fitting.empty() && !file.check_room(offset, fitting.size())) {
            fitting = fitting.first(fitting.size() / 2);
        }
        file.pages->write(offset, fitting);
        return room;
    }
    if (random.happens(core.faults.write_error) || file.host.meets(SimTrouble::write_error)) {
        core.note("write_error", file.host, offset);
        file.pages->write(offset, bytes.first(random.below(bytes.size() + 1)));
        return fail(Errc::io, "write: input/output error");
    }
    if (!bytes.empty() && (random.happens(core.faults.misdirected_write) ||
                           file.host.meets(SimTrouble::misdirected_write))) {
        core.note("misdirected_write", file.host, offset);
        bool const is_before = offset >= SimPages::page_bytes && random.happens(0.5);
        offset = is_before ? offset - SimPages::page_bytes : offset + SimPages::page_bytes;
    }
    file.pages->write(offset, bytes);
    core.note("write", file.host, offset, bytes.size());
    return {};
}

Bytes read_now(OpenSimFile& file, std::uint64_t offset, std::size_t size) {
    auto& core = file.core;
    auto const end = file.pages->size();
    auto const length = std::min<std::uint64_t>(size, end - std::min(end, offset));
    if (length != 0 && core.random->happens(core.faults.bit_flip)) {
        auto const at = offset + core.random->below(length);
        file.pages->flip_bit(at, static_cast<unsigned>(core.random->below(8)));
        core.note("bit_flip", file.host, at);
    }
    core.note("read", file.host, offset, length);
    return file.pages->read(offset, length);
}

class SimFile final : public File {
 public:
    explicit SimFile(Shared file) : file_(std::move(file)) {}

    Task<void> write_at(std::uint64_t offset, std::vector<ByteView> parts) override {
        auto const file = file_;
        CO_TRY_OK(file->check_writable());
        auto const all = parts.size() == 1 ? Bytes() : joined(parts);
        auto const written = write_now(*file, offset, parts.size() == 1 ? parts.front() : all);
        CO_TRY_OK(co_await file->pass_time(file->core.faults.disk_latency_max));
        co_return written;
    }

    Task<Bytes> read_at(std::uint64_t offset, std::size_t size) override {
        auto const file = file_;
        CO_TRY_OK(file->check());
        CO_TRY_OK(check_range(offset, size));
        auto bytes = read_now(*file, offset, size);
        CO_TRY_OK(co_await file->pass_time(file->core.faults.disk_latency_max));
        co_return bytes;
    }

    Task<void> sync() override {
        auto const file = file_;
        CO_TRY_OK(file->check_writable());
        auto const layer = file->pages->begin_sync();
        file->core.note("sync", file->host, layer);
        bool const is_failing = file->core.random->happens(file->core.faults.sync_error) ||
                                file->host.meets(SimTrouble::sync_error);
        CO_TRY_OK(co_await file->pass_time(file->core.faults.sync_latency_max));
        if (is_failing) {
            file->core.note("sync_error", file->host, layer);
            file->is_poisoned = true;
            file->pages->fail_sync(layer);
            co_return fail(Errc::io, "sync: input/output error");
        }
        file->pages->end_sync(layer);
        co_return Result<void>();
    }

    Task<void> allocate(std::uint64_t size) override {
        auto const file = file_;
        CO_TRY_OK(file->check_writable());
        auto const room = file->check_room(0, size);
        if (room) file->pages->reserve(size);
        file->core.note("allocate", file->host, size);
        CO_TRY_OK(co_await file->pass_time(file->core.faults.disk_latency_max));
        co_return room;
    }

    Task<void> punch(std::uint64_t offset, std::uint64_t size) override {
        auto const file = file_;
        CO_TRY_OK(file->check_writable());
        file->pages->zero(offset, size);
        file->core.note("punch", file->host, offset, size);
        co_return co_await file->pass_time(file->core.faults.disk_latency_max);
    }

    Task<void> truncate(std::uint64_t size) override {
        auto const file = file_;
        CO_TRY_OK(file->check_writable());
        CO_TRY_OK(file->check_length(0, size));
        file->pages->resize(size);
        file->core.note("truncate", file->host, size);
        co_return co_await file->pass_time(file->core.faults.disk_latency_max);
    }

    Task<std::uint64_t> size() override {
        auto const file = file_;
        CO_TRY_OK(file->check());
        auto const size = file->pages->size();
        CO_TRY_OK(co_await file->pass_time(file->core.faults.disk_latency_max));
        co_return size;
    }

 private:
    Shared file_;
};

}  // namespace

std::unique_ptr<File> make_sim_file(
    SimCore& core,
    SimHost& host,
    std::shared_ptr<SimPages> pages,
    std::shared_ptr<std::uint64_t> used_bytes,
    bool is_writable
) {
    auto const life = host.life;
    OpenSimFile file{core, host, std::move(pages), std::move(used_bytes), is_writable, life};
    return std::make_unique<SimFile>(std::make_shared<OpenSimFile>(std::move(file)));
}

}  // namespace disgrafs
