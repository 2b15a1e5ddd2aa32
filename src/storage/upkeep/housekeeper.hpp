#pragma once

/// \file storage/upkeep/housekeeper.hpp  What a store does when nobody asks: scrub, compact,
/// checkpoint.
///
/// Concurrency: one event loop. Compaction and checkpoints take turns; scrubbing runs beside them.

#include <cstdint>

#include "io/task.hpp"
#include "io/task_group.hpp"
#include "storage/log/committer.hpp"
#include "storage/store_core.hpp"

namespace disgrafs::storage {

class Housekeeper {
 public:
    Housekeeper(StoreCore& core, Committer& committer);

    Task<void> run();   ///< Until stop().
    Task<void> stop();  ///< At the next safe point.

    /// Write a checkpoint when anything was logged since the last. Lets the ballast go on a full
    /// disk.
    Task<void> checkpoint();
    /// Make the next turn write one: the start had to read the log.
    void wish_checkpoint() { is_wished_ = true; }

    static constexpr Duration turn = std::chrono::seconds(5);
    static constexpr Duration compact_every = std::chrono::minutes(1);
    static constexpr std::uint64_t compact_bytes_per_s = 32U << 20U;
    static constexpr Duration checkpoint_every = std::chrono::minutes(10);
    static constexpr std::uint64_t checkpoint_records = 50'000;  ///< Or a quarter of the shards.

 private:
    Task<void> keep_house();
    [[nodiscard]] bool is_checkpoint_due() const;

    StoreCore& core_;
    Committer& committer_;
    TaskGroup group_;
    bool is_wished_ = false;
    std::uint64_t last_sequence_ = 0;  ///< Of the last checkpoint.
    Duration last_checkpoint_{0};
    Duration last_compaction_{0};
};

}  // namespace disgrafs::storage
