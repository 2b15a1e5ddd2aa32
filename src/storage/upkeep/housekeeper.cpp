#include "storage/upkeep/housekeeper.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "storage/index/checkpoint.hpp"
#include "storage/upkeep/compactor.hpp"
#include "storage/upkeep/scrubber.hpp"

namespace disgrafs::storage {

Housekeeper::Housekeeper(StoreCore& core, Committer& committer)
    : core_(core), committer_(committer), group_(core.parts.executor) {}

Task<void> Housekeeper::run() {
    group_.spawn("scrub", scrub(core_));
    group_.spawn("keep house", keep_house());
    co_return co_await group_.join();
}

Task<void> Housekeeper::stop() { return group_.stop(); }

/// An error here costs time or space, never data, so it is logged and the next turn tries again.
Task<void> Housekeeper::keep_house() {
    auto const& clock = *core_.parts.clock;
    last_checkpoint_ = last_compaction_ = clock.steady();
    while (true) {
        CO_TRY_OK(co_await core_.parts.clock->sleep(turn));
        co_await core_.measure_space();
        if (!core_.may_write()) continue;
        auto done = co_await core_.hold_ballast();
        if (!done) LOG_WARN("no ballast", kv("error", done.error()));
        if (core_.is_tight() || clock.steady() - last_compaction_ >= compact_every) {
            last_compaction_ = clock.steady();
            auto const gone = co_await compact(core_, committer_, compact_bytes_per_s);
            if (!gone) LOG_WARN("compaction stopped", kv("error", gone.error()));
            if (gone && *gone != 0) LOG_INFO("segments compacted", kv("count", *gone));
        }
        if (is_checkpoint_due()) {
            last_checkpoint_ = clock.steady();
            done = co_await checkpoint();
            if (!done) LOG_WARN("no checkpoint", kv("error", done.error()));
        }
    }
}

bool Housekeeper::is_checkpoint_due() const {
    auto const logged = core_.durable - last_sequence_;
    auto const many = std::max(checkpoint_records, core_.catalog.shards() / 4);
    bool const is_old = core_.parts.clock->steady() - last_checkpoint_ >= checkpoint_every;
    return is_wished_ || logged >= many || is_old;
}

Task<void> Housekeeper::checkpoint() {
    auto const sequence = core_.durable;
    if (!is_wished_ && sequence == last_sequence_) co_return Result<void>();
    auto written = co_await write_checkpoint(core_);
    if (!written && written.error().code == Errc::exhausted && core_.has_ballast) {
        CO_TRY_OK(co_await core_.release_ballast());
        written = co_await write_checkpoint(core_);
    }
    CO_TRY_OK(written);
    is_wished_ = false;
    last_sequence_ = sequence;
    co_return Result<void>();
}

}  // namespace disgrafs::storage
