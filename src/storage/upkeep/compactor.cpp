#include "storage/upkeep/compactor.hpp"

#include <map>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "storage/log/record_reader.hpp"
#include "storage/log/segment_scan.hpp"
#include "storage/upkeep/pace.hpp"

namespace disgrafs::storage {
namespace {

/// Each start begins a new segment; so many that stayed small are made into one.
constexpr std::size_t small_segments_max = 8;
constexpr std::uint64_t small_part = 16;

class Compaction {
 public:
    Compaction(StoreCore& core, Committer& committer, std::uint64_t bytes_per_s)
        : core_(core), committer_(committer), pace_(*core.parts.clock, bytes_per_s) {}

    Task<std::size_t> run() {
        std::size_t gone = 0;
        for (auto const id : choose()) {
            auto const emptied = co_await empty(id);
            if (!emptied) co_return std::unexpected(emptied.error());
            if (!*emptied) continue;
            CO_TRY_OK(co_await core_.files.remove(id));
            core_.catalog.segments().erase(id);
            core_.count_sealed();
            ++gone;
        }
        co_return gone;
    }

 private:
    /// Sealed segments that are dead enough for long enough, emptiest first.
    std::vector<std::uint32_t> choose() {
        auto const now = core_.parts.clock->now();
        bool const is_tight = core_.is_tight();
        std::multimap<std::uint64_t, std::uint32_t> by_live;
        std::vector<std::uint32_t> small;
        for (auto& [id, segment] : core_.catalog.segments()) {
            if (id == core_.last_segment) continue;
            auto const dead = segment.dead_bytes();
            if (dead * (is_tight ? 10 : 2) < segment.record_bytes) {
                segment.ripe_at = Timestamp();
            } else if (segment.ripe_at == Timestamp()) {
                auto const wait = dead == 0 ? Duration(0) : core_.options.compact_after;
                segment.ripe_at = now + wait;  // one without any record goes at once
            }
            bool const is_ripe = segment.ripe_at != Timestamp() && segment.ripe_at <= now;
            if (is_ripe) by_live.emplace(segment.live_bytes, id);
            bool const is_small = segment.used_bytes < core_.options.segment_bytes / small_part;
            if (is_small && !is_ripe) small.push_back(id);
        }
        std::vector<std::uint32_t> ids;
        if (small.size() >= small_segments_max) ids = small;
        for (auto const& [live, id] : by_live) ids.push_back(id);
        return ids;
    }

    /// True when nothing in the segment is needed any more.
    Task<bool> empty(std::uint32_t id) {
        auto const& segment = core_.catalog.segment(id);
        CO_TRY(auto const file, co_await core_.files.open(id));
        CO_TRY(auto const scan, co_await scan_segment(*file, segment.stamp, superblock_bytes));
        for (auto const& header : scan.records) {
            if (is_needed(header, id)) CO_TRY_OK(co_await copy(header, id));
        }
        co_return segment.live_records == 0;
    }

    /// Does the index point to it, or was it removed so recently that its bytes are kept?
    bool is_needed(RecordHeader const& header, std::uint32_t id) const {
        auto const* const entry = core_.catalog.index().find(header.place.id);
        if (entry == nullptr) return false;
        if (is_current(header, id)) return true;
        if (!entry->is_removed() || header.type == RecordType::tombstone) return false;
        return entry->removed_at() + core_.options.compact_after > core_.parts.clock->now();
    }

    /// Does the index point to it?
    bool is_current(RecordHeader const& header, std::uint32_t id) const {
        auto const* const entry = core_.catalog.index().find(header.place.id);
        return entry != nullptr && entry->segment == id && entry->offset == header.spot.offset;
    }

    /// A shard that cannot be read stays where it is, for repair to replace; a dead one is let go.
    Task<void> copy(RecordHeader header, std::uint32_t id) {
        auto const size = record_bytes(header.payload_bytes);
        CO_TRY_OK(co_await pace_.spend(size));
        auto const read = co_await read_record_at(core_, id, header);
        if (!read && read.error().code == Errc::cancelled) co_return std::unexpected(read.error());
        if (!read) {
            bool const is_tombstone = header.type == RecordType::tombstone;
            auto const entry = make_entry(header, id);
            if (!is_tombstone && is_current(header, id)) core_.lose(entry, read.error());
            co_return Result<void>();
        }
        Draft draft;
        draft.type = header.type;
        draft.place = header.place;
        draft.root = header.root;
        draft.written = header.written;
        draft.blocks = read->record.blocks;
        draft.payload.assign(read->record.payload.begin(), read->record.payload.end());
        draft.may_use_reserve = true;
        CO_TRY_OK(co_await committer_.append(std::move(draft)));
        core_.metrics.compacted_bytes.Increment(size);
        co_return Result<void>();
    }

    StoreCore& core_;
    Committer& committer_;
    Pace pace_;
};

}  // namespace

Task<std::size_t> compact(StoreCore& core, Committer& committer, std::uint64_t bytes_per_s) {
    Compaction compaction(core, committer, bytes_per_s);
    co_return co_await compaction.run();
}

}  // namespace disgrafs::storage
