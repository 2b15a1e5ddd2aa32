#include "storage/log/recovery.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "storage/index/checkpoint.hpp"
#include "storage/log/segment_scan.hpp"

namespace disgrafs::storage {
namespace {

/// A scanned segment that waits for the verdict: is it the last, so that its end may be torn?
struct Scanned {
    std::uint32_t id = 0;
    std::uint64_t sequence_before = 0;  ///< Of the record that precedes the scan; 0: unknown.
    SegmentScan scan;
};

Task<bool> is_all_zero(File& file, std::uint64_t from) {
    constexpr std::size_t piece_bytes = 1U << 20U;
    while (true) {
        CO_TRY(auto const bytes, co_await file.read_at(from, piece_bytes));
        auto const is_zero = [](std::byte byte) { return byte == std::byte{}; };
        if (!std::ranges::all_of(bytes, is_zero)) co_return false;
        if (bytes.size() < piece_bytes) co_return true;
        from += bytes.size();
    }
}

class Recovery {
 public:
    explicit Recovery(StoreCore& core) : core_(core) {}

    Task<RecoveryReport> run() {
        CO_TRY(auto const on_disk, co_await segments_on_disk());
        CO_TRY(auto loaded, co_await load_checkpoint(core_));
        std::uint32_t scan_from = 0;
        if (loaded) scan_from = adopt(*std::move(loaded));
        std::erase_if(core_.catalog.segments(), [&](auto const& known) {
            return !std::ranges::binary_search(on_disk, known.first);
        });
        for (auto const id : on_disk) {
            core_.last_segment = std::max(core_.last_segment, id);
            // One below that the checkpoint does not know was compacted, and removed not durably.
            bool const is_covered = id < scan_from && core_.catalog.segments().contains(id);
            if (!is_covered) CO_TRY_OK(co_await scan(id));
        }
        CO_TRY_OK(co_await judge_last());
        report_.corrupt += core_.catalog.recount();
        core_.durable = std::max(core_.durable, last_sequence_);
        core_.count_sealed();
        co_return report_;
    }

 private:
    Task<std::vector<std::uint32_t>> segments_on_disk() {
        CO_TRY(auto const names, co_await core_.parts.disk->list(segment_folder));
        std::vector<std::uint32_t> ids;
        for (auto const& name : names) {
            auto const id = parse_segment_name(name);
            if (id) ids.push_back(*id);
            if (!id) LOG_WARN("strange file among the segments", kv("name", name));
        }
        std::ranges::sort(ids);
        co_return ids;
    }

    /// Answers the segment from which on the log must be scanned.
    std::uint32_t adopt(LoadedCheckpoint loaded) {
        core_.catalog = std::move(loaded.catalog);
        core_.durable = last_sequence_ = loaded.head.sequence;
        core_.last_segment = loaded.head.last_segment;
        report_.from_checkpoint = core_.catalog.index().size();
        auto const& segments = core_.catalog.segments();
        return segments.empty() ? 0 : segments.rbegin()->first;
    }

    Task<void> scan(std::uint32_t id) {
        CO_TRY(auto const file, co_await core_.files.open(id));
        CO_TRY(auto const is_usable, co_await read_superblock(id, *file));
        if (!is_usable) co_return Result<void>();
        auto const& segment = core_.catalog.segment(id);
        Scanned scanned;
        scanned.id = id;
        // The segment that a checkpoint leaves off in goes on with the next sequence.
        if (segment.used_bytes > superblock_bytes) scanned.sequence_before = last_sequence_;
        CO_TRY(scanned.scan, co_await scan_segment(*file, segment.stamp, segment.used_bytes));
        for (auto const& record : scanned.scan.records) {
            core_.durable = std::max(core_.durable, record.durable);
        }
        if (!scanned.scan.records.empty()) {
            // A batch is written after all before it was synced: the ones that wait are whole.
            for (auto const& earlier : waiting_) CO_TRY_OK(co_await apply(earlier));
            waiting_.clear();
        }
        waiting_.push_back(std::move(scanned));
        co_return Result<void>();
    }

    /// Makes the segment known. False when there is nothing in it that could be used.
    Task<bool> read_superblock(std::uint32_t id, File& file) {
        bool const is_known = core_.catalog.segments().contains(id);
        CO_TRY(auto const bytes, co_await file.read_at(0, superblock_bytes));
        auto const block = parse_superblock(bytes);
        if (block && (block->disk != core_.disk_id || block->segment != id)) {
            auto const owner = to_text(block->disk);
            co_return fail(Errc::corrupt, "{} belongs to disk {}", segment_path(id), owner);
        }
        if (!block && block.error().code != Errc::corrupt) co_return std::unexpected(block.error());
        if (block && !is_known) core_.catalog.segments()[id].stamp = block->stamp;
        if (block || is_known) co_return true;
        // Either its making was cut short, or both copies rotted. Only an empty one may go.
        CO_TRY(auto const is_empty, co_await is_all_zero(file, superblock_bytes));
        if (is_empty) CO_TRY_OK(co_await core_.files.remove(id));
        if (!is_empty) {
            core_.metrics.checksum_errors.Increment();
            LOG_ERROR(
                "segment has lost its superblock", kv("segment", id), kv("error", block.error())
            );
        }
        co_return false;
    }

    /// The last segment with records, and empty ones after it: cut what is torn.
    Task<void> judge_last() {
        for (auto& last : waiting_) {
            std::vector<IndexEntry> bad;
            CO_TRY(auto const good, co_await count_good(last, bad));
            auto& records = last.scan.records;
            report_.cut += records.size() - good;
            records.resize(good);
            last.scan.end = core_.catalog.segment(last.id).used_bytes;
            if (good != 0) last.scan.end = end_of(records.back());
            CO_TRY_OK(co_await cut(last));
            CO_TRY_OK(co_await apply(last));
            for (auto const& entry : bad) {
                if (entry.offset >= last.scan.end) continue;
                ++report_.corrupt;
                core_.catalog.mark(entry, ShardState::corrupt);
            }
        }
        co_return Result<void>();
    }

    /// How many records there are up to the last good one; those that are not good go into `bad`.
    Task<std::size_t> count_good(Scanned const& last, std::vector<IndexEntry>& bad) {
        CO_TRY(auto const file, co_await core_.files.open(last.id));
        std::size_t count = 0;
        std::size_t good = 0;
        for (auto const& header : last.scan.records) {
            ++count;
            bool is_good = header.sequence <= core_.durable;
            if (!is_good) {
                auto const size = record_bytes(header.payload_bytes);
                CO_TRY(auto const bytes, co_await file->read_at(header.spot.offset, size));
                is_good = parse_record(bytes, header.spot).has_value();
            }
            if (is_good) good = count;
            if (!is_good) bad.push_back(make_entry(header, last.id));
        }
        co_return good;
    }

    static std::uint64_t end_of(RecordHeader const& header) {
        auto const end = header.spot.offset + std::uint64_t{record_bytes(header.payload_bytes)};
        return (end + batch_align - 1) / batch_align * batch_align;
    }

    /// Nothing answered lies beyond the segment's end: give the rest of the file up.
    Task<void> cut(Scanned& scanned) {
        auto& scan = scanned.scan;
        if (scan.file_bytes <= scan.end) co_return Result<void>();
        auto const path = segment_path(scanned.id);
        CO_TRY(auto const file, co_await core_.parts.disk->open(path, OpenMode::write));
        CO_TRY_OK(co_await file->truncate(scan.end));
        CO_TRY_OK(co_await file->sync());
        scan.file_bytes = scan.end;
        co_return Result<void>();
    }

    /// Take a segment's records into account.
    Task<void> apply(Scanned const& scanned) {
        auto before = scanned.sequence_before;
        for (auto const& record : scanned.scan.records) {
            if (before != 0) missing(before, record.sequence);
            before = record.sequence;
            core_.catalog.apply(record, scanned.id);
        }
        report_.replayed += scanned.scan.records.size();
        last_sequence_ = std::max(last_sequence_, before);
        auto& segment = core_.catalog.segment(scanned.id);
        segment.used_bytes = scanned.scan.end;
        segment.allocated_bytes = std::max(scanned.scan.end, scanned.scan.file_bytes);
        if (segment.allocated_bytes == scanned.scan.end) co_return Result<void>();
        CO_TRY(auto const file, co_await core_.files.open(scanned.id));
        CO_TRY(auto const is_spare, co_await is_all_zero(*file, scanned.scan.end));
        if (!is_spare) {
            core_.metrics.checksum_errors.Increment();
            LOG_ERROR("end of a segment is unreadable", kv("segment", scanned.id));
        }
        co_return Result<void>();
    }

    void missing(std::uint64_t before, std::uint64_t after) {
        auto const end = std::min(after - 1, core_.durable);
        if (end <= before) return;
        report_.lost += end - before;
        core_.metrics.checksum_errors.Increment();
        LOG_ERROR("answered records are gone", kv("from", before + 1), kv("to", end));
    }

    StoreCore& core_;
    RecoveryReport report_;
    std::vector<Scanned> waiting_;  ///< One with records, and empty ones after it.
    std::uint64_t last_sequence_ = 0;
};

}  // namespace

Task<RecoveryReport> recover(StoreCore& core) {
    Recovery recovery(core);
    co_return co_await recovery.run();
}

}  // namespace disgrafs::storage
