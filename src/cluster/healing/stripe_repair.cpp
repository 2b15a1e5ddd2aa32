#include "cluster/healing/stripe_repair.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "cluster/content/coder.hpp"
#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

using Kind = RepairOutcome::Kind;

RepairOutcome outcome(Kind kind, std::string why = {}) {
    return {.kind = kind, .written_bytes = 0, .why = std::move(why)};
}

}  // namespace

// One repair under way.
struct StripeRepair::Job {
    StripeId id;
    kv::Revision stripe_revision = 0;
    kv::Revision repair_revision = 0;
    StripeRow row;
    std::vector<MemberId> targets;  ///< Best last; none holds a shard of the stripe.
    std::uint64_t written = 0;
    std::size_t left = 0;      ///< Missing shards that found no place.
    bool was_refused = false;  ///< A node will never take this shard again.
};

Task<RepairOutcome> StripeRepair::repair(Context context, StripeId id) {
    auto const lock = parts_.locks->try_lock(id);
    if (lock == nullptr) co_return outcome(Kind::again);
    CO_TRY(auto const queued, co_await parts_.store->get(stripe_repair_key(id)));
    if (!queued) co_return outcome(Kind::done);
    CO_TRY(auto const entry, co_await parts_.store->get(stripe_key(id)));
    if (!entry) co_return co_await drop(id, queued->revision);
    CO_TRY(auto const fate, co_await parts_.uploads->fate_of(id.upload));
    if (fate.kind == Fate::Kind::garbage) co_return co_await drop(id, queued->revision);
    Job job;
    job.id = id;
    job.stripe_revision = entry->revision;
    job.repair_revision = queued->revision;
    CO_TRY(job.row, parse_stripe_row(entry->value));
    auto const wanted = missing(job.row);
    if (wanted.empty()) co_return co_await drop(id, queued->revision);
    for (auto const index : wanted) job.row.nodes[static_cast<std::size_t>(index)] = {};
    auto const candidates = parts_.calls->members().candidates();
    for (auto const node : ranked(id.upload, id.stripe, candidates)) {
        bool const holds = std::ranges::find(job.row.nodes, node) != job.row.nodes.end();
        if (!holds) job.targets.insert(job.targets.begin(), node);
    }
    if (job.targets.empty()) {
        cluster_metrics().repairs_without_target.Increment();
        co_return outcome(Kind::waits, too_few_nodes(job.row));
    }
    auto const source = std::make_shared<StripeRow const>(job.row);
    auto shards = co_await parts_.reader->rebuild(context, id, source, wanted);
    if (!shards && shards.error().code == Errc::cancelled) {
        co_return std::unexpected(shards.error());
    }
    if (!shards) {
        cluster_metrics().repairs_without_source.Increment();
        co_return outcome(Kind::waits, shards.error().message);
    }
    for (std::size_t at = 0; at < wanted.size(); ++at) {
        CO_TRY_OK(check_blocks(job.row, wanted[at], 0, (*shards)[at]));
        auto payload = std::move((*shards)[at]);
        CO_TRY_OK(co_await place_shard(context, job, wanted[at], std::move(payload)));
    }
    co_return co_await commit(job);
}

Task<std::uint64_t> StripeRepair::cost(StripeId id) {
    CO_TRY(auto const entry, co_await parts_.store->get(stripe_key(id)));
    if (!entry) co_return std::uint64_t{0};
    CO_TRY(auto const row, parse_stripe_row(entry->value));
    auto const shards = row.layout.k + missing(row).size();
    co_return shards* std::uint64_t{row.shard_size(0)};
}

// Nothing to repair (any more): only the row goes, as it was read.
Task<RepairOutcome> StripeRepair::drop(StripeId id, kv::Revision row) {
    kv::Batch batch;
    batch.require(stripe_repair_key(id), row).remove(stripe_repair_key(id));
    auto const done = co_await parts_.store->commit(std::move(batch));
    if (!done && done.error().code == Errc::conflict) co_return outcome(Kind::again);
    if (!done) co_return std::unexpected(done.error());
    co_return outcome(Kind::done);
}

// One target after the other, until one gives a receipt.
Task<void> StripeRepair::place_shard(Context context, Job& job, int index, Bytes payload) {
    auto const at = static_cast<std::size_t>(index);
    wire::ShardPlace const place{
        .id =
            {.upload = job.id.upload,
             .stripe = job.id.stripe,
             .index = static_cast<std::uint8_t>(index)},
        .layout = job.row.layout,
        .content_bytes = job.row.content_bytes,
    };
    auto const blocks = job.row.blocks_of(index);
    while (!job.targets.empty()) {
        auto const node = job.targets.back();
        job.targets.pop_back();
        std::vector<std::uint32_t> checksums(blocks.begin(), blocks.end());
        auto copy = payload;
        auto const receipt =
            co_await parts_.calls->put(context, node, place, std::move(checksums), std::move(copy));
        if (receipt) {
            job.row.nodes[at] = node;
            job.written += payload.size();
            cluster_metrics().repaired_bytes.Increment(static_cast<double>(payload.size()));
            co_return Result<void>();
        }
        auto const code = receipt.error().code;
        if (code == Errc::cancelled) co_return std::unexpected(receipt.error());
        job.was_refused = job.was_refused || code == Errc::conflict;
        LOG_WARN(
            "a repaired shard was not taken", kv("member", node.value), kv("error", receipt.error())
        );
    }
    job.left += 1;
    co_return Result<void>();
}

Task<RepairOutcome> StripeRepair::commit(Job& job) {
    auto result = outcome(Kind::done);
    result.written_bytes = job.written;
    if (job.left > 0) {
        cluster_metrics().repairs_without_target.Increment();
        result.kind = Kind::waits;
        result.why = too_few_nodes(job.row);
        if (job.was_refused) CO_TRY_OK(co_await ask_for_reencode(job.id));
        if (job.written == 0) co_return result;
    }
    kv::Batch batch;
    batch.require(stripe_key(job.id), job.stripe_revision);
    batch.put(stripe_key(job.id), write_row(job.row));
    batch.require(stripe_repair_key(job.id), job.repair_revision);
    if (job.left == 0) batch.remove(stripe_repair_key(job.id));
    auto const done = co_await parts_.store->commit(std::move(batch));
    if (!done && done.error().code == Errc::conflict) co_return outcome(Kind::again);
    if (!done) co_return std::unexpected(done.error());
    co_return result;
}

// Every node that could take the shard has it on its list of removed ones: under a new upload id
// the whole content finds places again.
Task<void> StripeRepair::ask_for_reencode(StripeId id) {
    CO_TRY(auto const fate, co_await parts_.uploads->fate_of(id.upload));
    if (fate.kind != Fate::Kind::content) co_return Result<void>();
    RepairRow const row{.reason = RepairRow::Reason::missing, .since = parts_.clock->now()};
    kv::Batch batch;
    batch.put(content_repair_key(fate.content), write_row(row));
    CO_TRY_OK(co_await parts_.store->commit(std::move(batch)));
    co_return Result<void>();
}

std::vector<int> StripeRepair::missing(StripeRow const& row) const {
    std::vector<int> indexes;
    for (int index = 0; index < row.total(); ++index) {
        auto const node = row.nodes[static_cast<std::size_t>(index)];
        bool const is_gone =
            node.value == 0 || parts_.calls->members().state_of(node) == MemberState::out;
        if (is_gone) indexes.push_back(index);
    }
    return indexes;
}

std::string StripeRepair::too_few_nodes(StripeRow const& row) const {
    auto const count = parts_.calls->members().count();
    return fmt::format(
        "stripes of {}+{} need {} storage nodes that are up and have space, and {} of {} are there",
        row.layout.k,
        row.layout.m,
        row.total(),
        count.usable,
        count.registered
    );
}

}  // namespace disgrafs::cluster
