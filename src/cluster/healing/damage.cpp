#include "cluster/healing/damage.hpp"

#include <utility>

#include "base/log.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t reports_max = 256;
constexpr int attempts_max = 4;

ShardId shard_of(BadShard const& bad) {
    return {
        .upload = bad.stripe.upload,
        .stripe = bad.stripe.stripe,
        .index = static_cast<std::uint8_t>(bad.index),
    };
}

}  // namespace

Damage::Damage(kv::Store& store, Clock& clock, boost::asio::any_io_executor executor)
    : store_(store), clock_(clock), reports_(std::move(executor)) {}

// Another shard of the stripe may be written down, or repaired, at the same moment.
Task<void> Damage::record(BadShard bad) {
    Result<void> done;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        done = co_await try_record(bad);
        if (done || done.error().code != Errc::conflict) co_return done;
    }
    co_return done;
}

Task<void> Damage::try_record(BadShard bad) {
    CO_TRY(auto const entry, co_await store_.get(stripe_key(bad.stripe)));
    if (!entry) co_return Result<void>();
    CO_TRY(auto row, parse_stripe_row(entry->value));
    auto const at = static_cast<std::size_t>(bad.index);
    if (at >= row.nodes.size() || row.nodes[at] != bad.node) co_return Result<void>();
    row.nodes[at] = {};
    RepairRow const repair{.reason = bad.reason, .since = clock_.now()};
    kv::Batch batch;
    batch.require(entry->key, entry->revision).put(entry->key, write_row(row));
    batch.put(stripe_repair_key(bad.stripe), write_row(repair));
    CO_TRY_OK(co_await store_.commit(std::move(batch)));
    LOG_WARN(
        "a shard is bad and will be repaired",
        kv("member", bad.node.value),
        kv("stripe", bad.stripe.stripe),
        kv("shard", bad.index),
        kv("is_corrupt", bad.reason == RepairRow::Reason::corrupt)
    );
    co_return Result<void>();
}

void Damage::report(BadShard bad) {
    if (under_way_.size() >= reports_max || !under_way_.insert(shard_of(bad)).second) return;
    reports_.spawn("record bad shard", record_report(bad));
}

Task<void> Damage::record_report(BadShard bad) {
    auto const done = co_await record(bad);
    under_way_.erase(shard_of(bad));
    co_return done;
}

}  // namespace disgrafs::cluster
