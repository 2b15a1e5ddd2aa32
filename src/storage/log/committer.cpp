#include "storage/log/committer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "base/log.hpp"

namespace disgrafs::storage {

struct Committer::Pending {
    Pending(Draft what, Semaphore::Place at, boost::asio::any_io_executor const& executor)
        : draft(std::move(what)), place(std::move(at)), wake(executor) {}

    Draft draft;
    Semaphore::Place place;
    Wake wake;
    RecordHeader header;
    Bytes head;
    Bytes tail;
    std::optional<Result<Stored>> outcome;

    [[nodiscard]] std::uint32_t payload_bytes() const {
        return static_cast<std::uint32_t>(draft.payload.size());
    }
    [[nodiscard]] std::uint32_t size() const { return record_bytes(payload_bytes()); }

    void encode(RecordSpot spot, std::uint64_t sequence, std::uint64_t durable) {
        header.type = draft.type;
        header.spot = spot;
        header.sequence = sequence;
        header.durable = durable;
        header.written = draft.written;
        header.place = draft.place;
        header.payload_bytes = payload_bytes();
        header.root = draft.root;
        head = encode_head(header, draft.blocks);
        tail = encode_tail(header);
    }

    void finish(Result<Stored> result) {
        outcome = std::move(result);
        draft.payload = Bytes();
        draft.hold.reset();
        place = Semaphore::Place();
        wake.notify();
    }
};

namespace {

std::uint64_t round_up(std::uint64_t bytes) {
    return (bytes + batch_align - 1) / batch_align * batch_align;
}

template <typename Batch>
std::uint64_t bytes_of(Batch const& batch) {
    std::uint64_t bytes = 0;
    for (auto const& pending : batch) bytes += pending->size();
    return round_up(bytes);
}

}  // namespace

Committer::Committer(StoreCore& core)
    : core_(core), places_(core.parts.executor, queue_bytes_max), group_(core.parts.executor) {}

Task<Stored> Committer::append(Draft draft) {
    CO_TRY_OK(core_.may_write());
    if (places_.waiting() >= waiting_max) {
        co_return fail(Errc::unavailable, "{} shards wait to be written", waiting_max);
    }
    auto const size = record_bytes(static_cast<std::uint32_t>(draft.payload.size()));
    CO_TRY(auto place, co_await places_.acquire(size));
    auto const& executor = core_.parts.executor;
    auto const pending = std::make_shared<Pending>(std::move(draft), std::move(place), executor);
    queue_.push_back(pending);
    if (!std::exchange(is_running_, true)) group_.spawn("commit", run());
    while (!pending->outcome) CO_TRY_OK(co_await pending->wake.wait());
    co_return *pending->outcome;
}

Task<void> Committer::run() {
    while (!queue_.empty()) {
        auto batch = take();
        auto const done = co_await commit(batch);
        for (auto const& pending : batch) {
            auto const& header = pending->header;
            if (!done) {
                pending->finish(std::unexpected(done.error()));
            } else {
                pending->finish(Stored{header.payload_bytes, header.root, header.sequence});
            }
        }
        core_.publish();
    }
    is_running_ = false;
    co_return Result<void>();
}

Committer::Batch Committer::take() {
    Batch batch;
    std::uint64_t bytes = 0;
    while (!queue_.empty() && batch.size() < core_.options.batch_records_max &&
           bytes < core_.options.batch_bytes_max) {
        bytes += queue_.front()->size();
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return batch;
}

/// On a full disk the puts of a batch are refused and taken out of it; the rest uses the reserve.
Task<void> Committer::commit(Batch& batch) {
    CO_TRY_OK(core_.may_write());
    auto ready = co_await make_room(bytes_of(batch));
    if (!ready && ready.error().code == Errc::exhausted) {
        core_.metrics.space_errors.Increment();
        auto const may_use_it = [](auto const& pending) { return pending->draft.may_use_reserve; };
        auto const puts = std::partition(batch.begin(), batch.end(), may_use_it);
        for (auto at = puts; at != batch.end(); ++at) {
            (*at)->finish(std::unexpected(ready.error()));
        }
        batch.erase(puts, batch.end());
        if (batch.empty()) co_return Result<void>();
        CO_TRY_OK(co_await core_.release_ballast());
        ready = co_await make_room(bytes_of(batch));
    }
    if (!ready && ready.error().code == Errc::io) core_.stop_writing(ready.error());
    CO_TRY_OK(ready);
    co_return co_await write(batch);
}

/// There is a segment to write to, and `bytes` of it are reserved on the disk.
Task<void> Committer::make_room(std::uint64_t bytes) {
    auto const limit = core_.options.segment_bytes;
    if (file_ != nullptr) {
        auto& segment = core_.catalog.segment(segment_);
        auto const used = segment.used_bytes;
        if (used == superblock_bytes || used + bytes <= limit) {
            if (used + bytes <= segment.allocated_bytes) co_return Result<void>();
            auto const least = used + bytes;
            auto const wanted = std::min(least + allocate_step, std::max(limit, least));
            CO_TRY(segment.allocated_bytes, co_await allocate(wanted, least));
            co_await core_.measure_space();
            co_return Result<void>();
        }
        // Full: what was allocated ahead goes back to the disk. It is only space, so no reason to
        // fail.
        auto const cut = co_await file_->truncate(used);
        if (!cut) LOG_WARN("sealed segment keeps its spare blocks", kv("error", cut.error()));
        segment.allocated_bytes = used;
        file_.reset();
    }
    co_return co_await start_segment(bytes);
}

/// Some space ahead, or no more than is needed when that is all there is; answers how far it goes.
Task<std::uint64_t> Committer::allocate(std::uint64_t wanted, std::uint64_t least) {
    auto const done = co_await file_->allocate(wanted);
    if (done) co_return wanted;
    if (done.error().code != Errc::exhausted) co_return std::unexpected(done.error());
    CO_TRY_OK(co_await file_->allocate(least));
    co_return least;
}

Task<void> Committer::start_segment(std::uint64_t bytes) {
    Superblock block;
    block.segment = ++core_.last_segment;
    core_.count_sealed();
    block.stamp = core_.parts.random->next();
    block.disk = core_.disk_id;
    block.created = core_.parts.clock->now();
    auto const least = superblock_bytes + bytes;
    auto const wanted = std::max(least, std::min(core_.options.segment_bytes, allocate_step));
    auto made = co_await core_.files.create(block, wanted);
    auto size = wanted;
    if (!made && made.error().code == Errc::exhausted) {
        size = least;
        made = co_await core_.files.create(block, least);
    }
    CO_TRY(file_, std::move(made));
    segment_ = block.segment;
    auto& segment = core_.catalog.segments()[segment_];
    segment.stamp = block.stamp;
    segment.allocated_bytes = size;
    co_await core_.measure_space();
    co_return Result<void>();
}

Task<void> Committer::write(Batch const& batch) {
    auto& segment = core_.catalog.segment(segment_);
    auto const& clock = *core_.parts.clock;
    std::vector<ByteView> parts;
    parts.reserve(batch.size() * 3);
    auto offset = segment.used_bytes;
    auto sequence = core_.durable;
    for (auto const& pending : batch) {
        RecordSpot const spot{segment.stamp, static_cast<std::uint32_t>(offset)};
        pending->encode(spot, ++sequence, core_.durable);
        parts.insert(parts.end(), {pending->head, pending->draft.payload, pending->tail});
        offset += pending->size();
    }
    DISGRAFS_ASSERT(offset <= segment.allocated_bytes, "{} not allocated", offset);

    auto const before = clock.steady();
    auto done = co_await file_->write_at(segment.used_bytes, parts);
    auto const between = clock.steady();
    observe(core_.metrics.write, clock, before);
    if (done) {
        done = co_await file_->sync();
        observe(core_.metrics.sync, clock, between);
    }
    if (!done) {
        core_.stop_writing(done.error());
        file_.reset();
        co_return fail(Errc::io, "batch not durable: {}", done.error().message);
    }
    core_.durable = sequence;
    segment.used_bytes = round_up(offset);
    core_.metrics.batches.Increment();
    for (auto const& pending : batch) core_.catalog.apply(pending->header, segment_);
    co_return Result<void>();
}

}  // namespace disgrafs::storage
