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

}  // namespace

Task<void> scrub_once(StoreCore& core, std::uint64_t bytes_per_s) {
    Pace pace(*core.parts.clock, bytes_per_s);
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
