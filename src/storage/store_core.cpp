#include "storage/store_core.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint64_t ballast_bytes_max = 32U << 20U;
constexpr char const* ballast_path = "ballast";

}  // namespace

StoreCore::StoreCore(ShardStoreParts with, ShardStoreOptions how)
    : parts(with), options(how), files(*with.disk) {}

std::uint64_t StoreCore::capacity_bytes() const {
    if (options.capacity_bytes == 0) return space.capacity_bytes;
    return std::min(options.capacity_bytes, space.capacity_bytes);
}

std::uint64_t StoreCore::reserve_bytes() const {
    return static_cast<std::uint64_t>(
        static_cast<double>(capacity_bytes()) * options.reserve_ratio
    );
}

std::uint64_t StoreCore::room_bytes() const {
    auto const last = catalog.segments().find(last_segment);
    auto const is_open = last != catalog.segments().end();
    auto const used = is_open ? last->second.used_bytes : 0;
    auto const ahead = is_open ? last->second.allocated_bytes - used : 0;
    auto const occupied = sealed_bytes_ + used;
    auto const capacity = capacity_bytes();
    auto const by_limit = capacity - std::min(capacity, occupied);
    auto const left = std::min(by_limit, space.free_bytes + ahead);
    return left - std::min(left, reserve_bytes());
}

StoreCounts StoreCore::counts() const {
    StoreCounts counts;
    counts.shards = catalog.shards();
    counts.corrupt_shards = catalog.corrupt_shards();
    counts.damage_found = catalog.damage_found();
    counts.used_bytes = catalog.live_payload_bytes();
    counts.capacity_bytes = capacity_bytes();
    counts.free_bytes = room_bytes();
    counts.file_system = space.file_system;
    counts.disk_bytes = space.capacity_bytes;
    counts.sequence = durable;
    counts.is_read_only = !read_only_because.empty();
    return counts;
}

Result<void> StoreCore::may_write() const {
    if (read_only_because.empty()) return {};
    return fail(Errc::io, "the disk is read-only until restart: {}", read_only_because);
}

void StoreCore::stop_writing(Error const& why) {
    metrics.io_errors.Increment();
    if (!read_only_because.empty()) return;
    read_only_because = why.message;
    LOG_ERROR("disk failed, store is read-only", kv("error", why));
    publish();
}

void StoreCore::lose(IndexEntry const& seen, Error const& why) {
    auto& counter = why.code == Errc::io ? metrics.io_errors : metrics.checksum_errors;
    counter.Increment();
    LOG_WARN(
        "shard is corrupt",
        kv("block", seen.upload.block),
        kv("upload", seen.upload.index),
        kv("stripe", seen.stripe),
        kv("shard", static_cast<int>(seen.index)),
        kv("segment", seen.segment),
        kv("offset", seen.offset),
        kv("error", why)
    );
    catalog.mark(seen, ShardState::corrupt);
}

boost::asio::awaitable<void> StoreCore::measure_space() {
    auto const measured = co_await parts.disk->space();
    if (measured) space = *measured;
    if (!measured) LOG_WARN("free space is unknown", kv("error", measured.error()));
    publish();
}

Task<void> StoreCore::find_ballast() {
    auto const file = co_await parts.disk->open(ballast_path, OpenMode::read);
    has_ballast = file.has_value();
    bool const is_answer = file || file.error().code == Errc::not_found;
    if (!is_answer) co_return std::unexpected(file.error());
    co_return Result<void>();
}

Task<void> StoreCore::hold_ballast() {
    auto const bytes = std::min(ballast_bytes_max, reserve_bytes() / 2);
    if (has_ballast || space.free_bytes < 2 * bytes) co_return Result<void>();
    CO_TRY(auto const file, co_await parts.disk->open(ballast_path, OpenMode::create));
    CO_TRY_OK(co_await file->allocate(bytes));
    has_ballast = true;
    co_return Result<void>();
}

Task<void> StoreCore::release_ballast() {
    if (!std::exchange(has_ballast, false)) co_return Result<void>();
    LOG_WARN("disk is full, the ballast is let go");
    CO_TRY_OK(co_await parts.disk->remove(ballast_path));
    co_return co_await parts.disk->sync_dir(".");  // only then is its space free
}

void StoreCore::count_sealed() {
    sealed_bytes_ = 0;
    for (auto const& [id, segment] : catalog.segments()) {
        if (id != last_segment) sealed_bytes_ += segment.allocated_bytes;
    }
}

void StoreCore::publish() {
    auto const now = counts();
    metrics.size_bytes.Set(static_cast<double>(now.capacity_bytes));
    metrics.free_bytes.Set(static_cast<double>(now.free_bytes));
    metrics.healthy.Set(now.is_read_only ? 0 : 1);
    metrics.shards_ok.Set(static_cast<double>(now.shards - now.corrupt_shards));
    metrics.shards_corrupt.Set(static_cast<double>(now.corrupt_shards));
}

void observe(Histogram& into, Clock const& clock, Duration since) {
    into.Observe(std::chrono::duration<double>(clock.steady() - since).count());
}

}  // namespace disgrafs::storage
