#pragma once

/// \file storage/log/committer.hpp  The one writer of a disk: many records, one write, one sync.
///
/// Records that arrive while a batch is being synced make the next batch; there is no timer. A
/// batch begins where no answered byte shares its page, is written, synced, then applied to the
/// catalog, then answered. A failed write or sync ends all writing (StoreCore::stop_writing):
/// nothing of that batch is answered as durable, and neither the call nor the file is used again.
///
/// Concurrency: one event loop; one batch at a time.

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "io/task.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

/// A record to be.
struct Draft {
    RecordType type = RecordType::data;
    wire::ShardPlace place;
    std::uint32_t root = 0;
    Timestamp written;
    std::vector<std::uint32_t> blocks;
    Bytes payload;
    bool may_use_reserve = false;  ///< Deletes and healing go on when the disk is full.
    std::shared_ptr<void> hold;    ///< Let go when the record is durable or has failed.
};

class Committer {
 public:
    explicit Committer(StoreCore& core);

    /// Durable and in the catalog when it completes; so it becomes even when the caller is
    /// cancelled after it was queued. Errors: exhausted (disk full), unavailable (too many wait),
    /// io.
    Task<Stored> append(Draft draft);

    /// Wait until all that was appended is durable or has failed. Appends meanwhile are waited for
    /// too.
    Task<void> drain() { return group_.join(); }

    /// Of records that were taken in and are not yet durable.
    [[nodiscard]] std::uint64_t queued_bytes() const { return queue_bytes_max - places_.free(); }

    static constexpr std::size_t queue_bytes_max = 64U << 20U;
    static constexpr std::size_t waiting_max = 4096;  ///< For a place in the queue.
    static constexpr std::uint64_t allocate_step = 32U << 20U;

 private:
    struct Pending;
    using Batch = std::vector<std::shared_ptr<Pending>>;

    Task<void> run();
    Batch take();
    Task<void> commit(Batch& batch);
    Task<void> make_room(std::uint64_t bytes);
    Task<std::uint64_t> allocate(std::uint64_t wanted, std::uint64_t least);
    Task<void> start_segment(std::uint64_t bytes);
    Task<void> write(Batch const& batch);

    StoreCore& core_;
    Semaphore places_;
    std::deque<std::shared_ptr<Pending>> queue_;
    bool is_running_ = false;
    std::shared_ptr<File>
        file_;  ///< Of the segment that is written to; none yet, or none any more.
    std::uint32_t segment_ = 0;
    TaskGroup group_;
};

}  // namespace disgrafs::storage
