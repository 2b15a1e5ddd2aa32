#include "storage/upkeep/scrubber.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "storage/log/record_reader.hpp"
#include "storage/upkeep/pace.hpp"

namespace disgrafs::storage {
namespace {

Task<void> scrub_one(StoreCore& core, IndexEntry entry) {
    auto const read = co_await read_record(core, entry);
    if (read) {
        if (entry.state_of() == ShardState::corrupt) core.catalog.mark(entry, ShardState::live);
        core.metrics.scrub_bytes.Increment(static_cast<double>(read->bytes.size()));
        co_return Result<void>();
    }
    if (read.error().code == Errc::cancelled) co_return std::unexpected(read.error());
    bool const is_news = entry.state_of() == ShardState::live;
    if (is_news && read.error().code == Errc::corrupt) core.metrics.scrub_errors.Increment();
    co_return Result<void>();
}

/// A superblock on the disk, or why there is none.
Task<Superblock> read_superblock(StoreCore& core, std::uint32_t segment) {
    CO_TRY(auto const file, co_await core.files.open(segment));
    CO_TRY(auto const bytes, co_await file->read_at(0, superblock_bytes));
    co_return parse_superblock(bytes);
}

/// Something whole of another disk, or of a later version, is not for us to write over.
bool may_mend(StoreCore const& core, Result<Superblock> const& found) {
    return found ? found->disk == core.disk_id : found.error().code == Errc::corrupt;
}

/// Who a segment is we know while we run; the next start, without a checkpoint, only from the file.
Task<void> scrub_superblock(StoreCore& core, std::uint32_t segment) {
    auto const found = co_await read_superblock(core, segment);
    if (!found && found.error().code == Errc::cancelled) co_return std::unexpected(found.error());
    auto const known = core.catalog.segments().find(segment);
    if (known == core.catalog.segments().end()) co_return Result<void>();  // compacted meanwhile
    Superblock block{
        .segment = segment,
        .stamp = known->second.stamp,
        .disk = core.disk_id,
        .created = core.parts.clock->now(),
    };
    bool const is_right = found && found->segment == segment && found->stamp == block.stamp &&
                          found->disk == block.disk;
    if (is_right) co_return Result<void>();
    core.metrics.checksum_errors.Increment();
    Result<void> mended = core.may_write();
    if (mended && !may_mend(core, found)) {
        mended = found ? fail(Errc::conflict, "another disk's stands there")
                       : std::unexpected(found.error());
    }
    if (mended) {
        mended = co_await core.files.mend(block);
        if (!mended && mended.error().code == Errc::io) core.stop_writing(mended.error());
    }
    if (!mended && mended.error().code == Errc::cancelled) co_return mended;
    if (mended) LOG_WARN("lost superblock is written anew", kv("segment", segment));
    if (!mended) {
        LOG_ERROR(
            "segment has lost its superblock", kv("segment", segment), kv("error", mended.error())
        );
    }
    co_return Result<void>();
}

Task<void> scrub_superblocks(StoreCore& core, Pace& pace) {
    std::vector<std::uint32_t> ids;
    for (auto const& [id, segment] : core.catalog.segments()) ids.push_back(id);
    for (auto const id : ids) {
        CO_TRY_OK(co_await pace.spend(superblock_bytes));
        CO_TRY_OK(co_await scrub_superblock(core, id));
    }
    co_return Result<void>();
}

}  // namespace

Task<void> scrub_once(StoreCore& core, std::uint64_t bytes_per_s) {
    Pace pace(*core.parts.clock, bytes_per_s);
    CO_TRY_OK(co_await scrub_superblocks(core, pace));
    auto some = core.catalog.index().first();
    while (!some.empty()) {
        std::vector<IndexEntry> const entries(some.begin(), some.end());
        for (auto const& entry : entries) {
            if (entry.is_removed()) continue;
            CO_TRY_OK(co_await pace.spend(record_bytes(entry.payload_bytes())));
            CO_TRY_OK(co_await scrub_one(core, entry));
        }
        some = core.catalog.index().some_after(entries.back().id());
    }
    core.metrics.scrub_completed().Set(core.parts.clock->now().seconds());
    core.publish();
    co_return Result<void>();
}

Task<void> scrub(StoreCore& core) {
    while (core.options.scrub_bytes_per_s != 0) {
        auto const begun = core.parts.clock->steady();
        CO_TRY_OK(co_await scrub_once(core, core.options.scrub_bytes_per_s));
        auto const took = core.parts.clock->steady() - begun;
        auto const rest =
            std::max(core.options.scrub_every - took, Duration(std::chrono::seconds(1)));
        CO_TRY_OK(co_await core.parts.clock->sleep(rest));
    }
    co_return Result<void>();
}

}  // namespace disgrafs::storage
