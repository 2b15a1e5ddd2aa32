#include "storage/shard_store.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "erasure/checksum.hpp"
#include "storage/id_gates.hpp"
#include "storage/log/committer.hpp"
#include "storage/log/disk_identity.hpp"
#include "storage/log/record_reader.hpp"
#include "storage/log/recovery.hpp"
#include "storage/upkeep/housekeeper.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint32_t list_limit_max = 10'000;
/// A shard that moves under a reader is looked up again, so often.
constexpr int lookups_max = 8;

Result<void> check_options(ShardStoreOptions const& options) {
    bool const is_good = options.segment_bytes >= 64U << 10U &&
                         options.segment_bytes <= 2U << 30U && options.batch_bytes_max > 0 &&
                         options.batch_records_max > 0 && options.batch_bytes_max <= 256U << 20U &&
                         options.reserve_ratio >= 0 && options.reserve_ratio < 1;
    if (!is_good) return fail(Errc::invalid, "options of the shard store are out of range");
    return {};
}

Result<void> check_put(
    wire::ShardPlace const& place, std::vector<std::uint32_t> const& blocks, ByteView payload
) {
    TRY_OK(erasure::check_stored(place.layout));
    if (place.id.upload == UploadId{}) return fail(Errc::invalid, "upload 0 names nothing");
    if (place.id.index >= place.layout.total()) {
        return fail(Errc::invalid, "shard {} of {}", place.id.index, place.layout.total());
    }
    if (place.content_bytes == 0 || place.content_bytes > place.layout.stripe_bytes()) {
        return fail(Errc::invalid, "stripe of {} bytes", place.content_bytes);
    }
    auto const size = erasure::shard_bytes(place.layout, place.content_bytes, place.id.index);
    if (payload.size() != size) {
        return fail(Errc::invalid, "{} bytes for a shard of {}", payload.size(), size);
    }
    if (blocks.size() != block_count(size)) {
        return fail(Errc::invalid, "{} checksums for {} bytes", blocks.size(), size);
    }
    return check_payload(payload, blocks, 0);
}

/// The bytes to read for a wished range; 0 means to the end.
Result<std::uint32_t> range_of(
    IndexEntry const& entry, std::uint32_t offset, std::uint32_t wished
) {
    auto const whole = entry.payload_bytes();
    bool const is_inside = offset < whole || (offset == 0 && whole == 0);
    if (!is_inside || offset % erasure::unit_bytes != 0 || wished > whole - offset) {
        return fail(Errc::invalid, "range {}+{} of a shard of {} bytes", offset, wished, whole);
    }
    auto const size = wished == 0 ? whole - offset : wished;
    if (size % erasure::unit_bytes != 0 && offset + size != whole) {
        return fail(Errc::invalid, "range {}+{} ends within a block", offset, wished);
    }
    return size;
}

class SegmentStore final : public ShardStore {
 public:
    SegmentStore(ShardStoreParts parts, ShardStoreOptions options, std::shared_ptr<void> lock)
        : lock_(std::move(lock)),
          core_(parts, options),
          gates_(parts.executor),
          committer_(core_),
          housekeeper_(core_, committer_),
          idle_(parts.executor) {}

    Task<void> open() {
        auto& [disk, clock, random, executor] = core_.parts;
        CO_TRY(auto const identity, co_await open_identity(*disk, *random, clock->now()));
        core_.disk_id = identity.id;
        co_await core_.measure_space();
        CO_TRY_OK(co_await core_.find_ballast());
        CO_TRY(auto const found, co_await recover(core_));
        if (found.replayed != 0 || found.cut != 0) housekeeper_.wish_checkpoint();
        LOG_INFO(
            "store opened",
            kv("disk", to_text(core_.disk_id)),
            kv("shards", core_.catalog.shards()),
            kv("from_checkpoint", found.from_checkpoint),
            kv("replayed", found.replayed),
            kv("cut", found.cut),
            kv("corrupt", found.corrupt),
            kv("lost", found.lost)
        );
        core_.publish();
        co_return Result<void>();
    }

    Task<Stored> put(wire::ShardPlace place, std::vector<std::uint32_t> blocks, Bytes payload)
        override {
        CO_TRY(auto const visit, enter());
        CO_TRY_OK(check_put(place, blocks, payload));
        Draft draft;
        draft.place = place;
        draft.root = erasure::shard_root(static_cast<std::uint32_t>(payload.size()), blocks);
        draft.blocks = std::move(blocks);
        draft.payload = std::move(payload);
        draft.written = core_.parts.clock->now();
        CO_TRY(draft.hold, co_await gates_.enter(place.id));
        for (int n = 0; n < lookups_max; ++n) {
            auto const* const known = core_.catalog.index().find(place.id);
            if (known == nullptr) {
                CO_TRY_OK(check_room(draft));
                co_return co_await committer_.append(std::move(draft));
            }
            auto const entry = *known;
            CO_TRY_OK(check_same(entry, draft));
            auto const read = co_await read_record(core_, entry);
            if (read) co_return settle(entry, *read, draft);
            if (read.error().code == Errc::corrupt) {  // the same bytes again heal it
                draft.may_use_reserve = true;
                co_return co_await committer_.append(std::move(draft));
            }
            if (read.error().code != Errc::conflict) co_return std::unexpected(read.error());
        }
        co_return fail(Errc::unavailable, "shard is being moved");
    }

    Task<wire::ShardRange> get(ShardId id, std::uint32_t offset, std::uint32_t size) override {
        CO_TRY(auto const visit, enter());
        for (int n = 0; n < lookups_max; ++n) {
            auto const* const known = core_.catalog.index().find(id);
            if (known == nullptr || known->is_removed())
                co_return fail(Errc::not_found, "no shard");
            auto const entry = *known;
            CO_TRY(auto const bytes, range_of(entry, offset, size));
            if (entry.state_of() == ShardState::corrupt) co_return fail(Errc::corrupt, "bad shard");
            auto range = co_await read_range(core_, entry, offset, bytes);
            if (range || range.error().code != Errc::conflict) co_return range;
        }
        co_return fail(Errc::unavailable, "shard is being moved");
    }

    Task<void> remove(ShardId id) override {
        CO_TRY(auto const visit, enter());
        if (id.upload == UploadId{}) co_return fail(Errc::invalid, "upload 0 names nothing");
        Draft draft;
        draft.type = RecordType::tombstone;
        draft.place.id = id;
        draft.written = core_.parts.clock->now();
        draft.may_use_reserve = true;
        CO_TRY(draft.hold, co_await gates_.enter(id));
        auto const* const known = core_.catalog.index().find(id);
        if (known != nullptr && known->is_removed()) co_return Result<void>();
        CO_TRY_OK(co_await committer_.append(std::move(draft)));
        co_return Result<void>();
    }

    wire::ShardList list(ShardId after, std::uint32_t limit) const override {
        wire::ShardList list;
        limit = std::clamp(limit, 1U, list_limit_max);
        auto const& index = core_.catalog.index();
        for (auto some = index.some_after(after); !some.empty(); some = index.some_after(after)) {
            for (auto const& entry : some) {
                after = entry.id();
                if (entry.is_removed()) continue;
                if (list.entries.size() == limit) {
                    list.more = true;
                    return list;
                }
                bool const is_corrupt = entry.state_of() == ShardState::corrupt;
                list.entries.push_back(
                    {entry.place(), entry.payload_bytes(), entry.root, is_corrupt}
                );
            }
        }
        return list;
    }

    [[nodiscard]] StoreCounts counts() const override { return core_.counts(); }
    [[nodiscard]] std::string disk_id() const override { return to_text(core_.disk_id); }

    Task<void> run() override { return housekeeper_.run(); }

    Task<void> stop() override {
        is_stopping_ = true;
        while (visits_ != 0) CO_TRY_OK(co_await idle_.wait());
        CO_TRY_OK(co_await housekeeper_.stop());
        CO_TRY_OK(co_await committer_.drain());
        if (core_.may_write()) CO_TRY_OK(co_await housekeeper_.checkpoint());
        co_return Result<void>();
    }

 private:
    /// Counts an operation that is under way, while what is returned lives.
    Result<std::shared_ptr<void>> enter() {
        if (is_stopping_) return fail(Errc::cancelled, "the store is being closed");
        ++visits_;
        auto const leave = [this](void*) {
            if (--visits_ == 0) idle_.notify();
        };
        return std::shared_ptr<void>(nullptr, leave);
    }

    Result<void> check_room(Draft const& draft) const {
        auto const size = record_bytes(static_cast<std::uint32_t>(draft.payload.size()));
        auto const room = core_.room_bytes();
        if (committer_.queued_bytes() + size <= room) return {};
        return fail(Errc::exhausted, "disk full: {} bytes left for shards", room);
    }

    static Result<void> check_same(IndexEntry const& entry, Draft const& draft) {
        if (entry.is_removed()) return fail(Errc::conflict, "shard was removed, it stays removed");
        if (entry.root == draft.root && entry.place() == draft.place) return {};
        return fail(Errc::conflict, "other bytes are stored under this shard's name");
    }

    /// The shard is there already, and readable.
    Result<Stored> settle(IndexEntry const& entry, WholeRecord const& known, Draft const& draft) {
        if (entry.state_of() == ShardState::corrupt) core_.catalog.mark(entry, ShardState::live);
        if (!std::ranges::equal(known.record.payload, draft.payload)) {
            return fail(Errc::conflict, "other bytes are stored under this shard's name");
        }
        auto const& header = known.record.header;
        return Stored{header.payload_bytes, header.root, header.sequence};
    }

    std::shared_ptr<void> lock_;
    StoreCore core_;
    IdGates gates_;
    Committer committer_;
    Housekeeper housekeeper_;
    Wake idle_;
    std::uint64_t visits_ = 0;
    bool is_stopping_ = false;
};

}  // namespace

Task<std::unique_ptr<ShardStore>> open_shard_store(
    ShardStoreParts parts, ShardStoreOptions options
) {
    CO_TRY_OK(check_options(options));
    CO_TRY(auto lock, parts.disk->lock("lock"));
    auto store = std::make_unique<SegmentStore>(parts, options, std::move(lock));
    CO_TRY_OK(co_await store->open());
    co_return std::unique_ptr<ShardStore>(std::move(store));
}

}  // namespace disgrafs::storage
