#include "cluster/healing/garbage.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "cluster/metrics.hpp"
#include "io/task_group.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t page_size = 1000;
constexpr std::size_t rows_per_commit = 50;
constexpr std::size_t removals_at_once = 32;
constexpr std::uint32_t list_size = 1000;

Context own_context() {
    Context context;
    context.request_id = "garbage";
    return context;
}

using Place = std::pair<MemberId, ShardId>;

// Removes until the list is empty or one removal failed.
struct Removal {
    NodeCalls& calls;
    std::vector<Place> places;
    bool const& is_stopping;
    std::size_t next = 0;
    std::optional<Error> error;
};

Task<void> remove_some(Removal& removal) {
    while (!removal.error && removal.next < removal.places.size()) {
        if (removal.is_stopping) {
            removal.error = Error{Errc::cancelled, "the server is stopping", {}};
            break;
        }
        auto const [node, shard] = removal.places[removal.next++];
        auto const done = co_await removal.calls.remove(own_context(), node, shard);
        if (!done) removal.error = done.error();
        if (done) cluster_metrics().removed_shards.Increment();
    }
    co_return Result<void>();
}

}  // namespace

// Everything that is known of one upload.
struct Garbage::Found {
    UploadId of;
    std::set<Place> shards;
    std::vector<StripeId> stripes;
    std::uint64_t bytes = 0;
    bool must_wait = false;  ///< A member that has some of it is away.
};

Task<void> Garbage::run() {
    for (;;) {
        CO_TRY_OK(co_await parts_.clock->sleep(parts_.options.garbage_every));
        auto const tally = co_await collect();
        if (tally) {
            cluster_metrics().garbage_bytes.Set(static_cast<double>(tally->waiting_bytes));
        } else if (tally.error().code == Errc::cancelled) {
            co_return std::unexpected(tally.error());
        } else {
            cluster_metrics().aborted_passes.Increment();
            LOG_WARN("a garbage pass was given up", kv("error", tally.error()));
        }
    }
}

Task<Garbage::Tally> Garbage::collect() {
    Tally tally;
    CO_TRY(
        auto const aborted, co_await parts_.uploads->abort_ended(parts_.options.abandoned_after)
    );
    tally.aborted = aborted.size();
    auto range = kv::Range::prefix(upload_prefix());
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await parts_.store->scan(range, page_size));
        for (auto const& entry : page.entries) CO_TRY_OK(co_await look_at(entry, tally));
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    co_return tally;
}

Task<void> Garbage::look_at(kv::Entry const& entry, Tally& tally) {
    using State = UploadRow::State;
    CO_TRY(auto const upload, parse_upload_key(entry.key));
    CO_TRY(auto const row, parse_upload_row(entry.value));
    if (row.state == State::reencode) {
        // Of an earlier run, or given up: abort() leaves it alone when it holds a content.
        if (parts_.uploads->is_open(upload)) co_return Result<void>();
        CO_TRY(auto const is_garbage, co_await parts_.uploads->abort(upload));
        tally.aborted += is_garbage ? 1 : 0;
        co_return Result<void>();
    }
    if (row.state == State::collected) co_return co_await forget(entry, upload);
    CO_TRY(auto found, co_await find_shards(upload));
    bool const is_young = parts_.clock->now() - row.when < parts_.options.quarantine;
    if (is_young || found.must_wait) {
        tally.waiting += 1;
        tally.waiting_bytes += found.bytes;
        co_return Result<void>();
    }
    // A content's manifest is complete; an upload that never was one may have more on the nodes.
    if (row.state == State::aborted) CO_TRY_OK(co_await list_shards(found));
    CO_TRY_OK(co_await remove_shards(found));
    CO_TRY_OK(co_await remove_rows(upload, found));
    tally.collected += 1;
    tally.removed_shards += found.shards.size();
    co_return Result<void>();
}

Task<Garbage::Found> Garbage::find_shards(UploadId upload) {
    Found found;
    found.of = upload;
    auto const& members = parts_.calls->members();
    auto range = kv::Range::prefix(stripe_prefix(upload));
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await parts_.store->scan(range, page_size));
        for (auto const& entry : page.entries) {
            CO_TRY(auto const id, parse_stripe_key(entry.key));
            CO_TRY(auto const row, parse_stripe_row(entry.value));
            found.stripes.push_back(id);
            for (int index = 0; index < row.total(); ++index) {
                auto const node = row.nodes[static_cast<std::size_t>(index)];
                auto const state = members.state_of(node);
                if (node.value == 0 || state == MemberState::out) continue;
                found.must_wait = found.must_wait || state != MemberState::up;
                found.bytes += row.shard_size(index);
                auto const shard = static_cast<std::uint8_t>(index);
                ShardId const shard_id{.upload = upload, .stripe = id.stripe, .index = shard};
                found.shards.insert({node, shard_id});
            }
        }
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    co_return found;
}

Task<void> Garbage::list_shards(Found& found) {
    for (auto const& member : parts_.calls->members().all()) {
        bool const is_asked = member.role == wire::Role::storage && member.state == MemberState::up;
        if (is_asked) CO_TRY_OK(co_await list_shards_of(found, member.id));
    }
    co_return Result<void>();
}

Task<void> Garbage::list_shards_of(Found& found, MemberId node) {
    ShardId after;
    auto const upload = found.of;
    if (upload.index > 0) {
        after.upload = {.block = upload.block, .index = upload.index - 1};
    } else {
        after.upload = {.block = upload.block - 1, .index = ~0ULL};
    }
    after.stripe = ~0U;
    after.index = 0xFF;
    for (bool more = true; more;) {
        CO_TRY(auto const list, co_await parts_.calls->list(own_context(), node, after, list_size));
        if (list.more && list.entries.empty())
            co_return fail(Errc::invalid, "an empty page, and more");
        for (auto const& entry : list.entries) {
            if (entry.place.id.upload != upload) co_return Result<void>();
            if (found.shards.insert({node, entry.place.id}).second) found.bytes += entry.size_bytes;
            after = entry.place.id;
        }
        more = list.more;
    }
    co_return Result<void>();
}

Task<void> Garbage::remove_shards(Found const& found) {
    Removal removal{
        .calls = *parts_.calls,
        .places = {found.shards.begin(), found.shards.end()},
        .is_stopping = is_stopping_,
        .next = 0,
        .error = std::nullopt,
    };
    TaskGroup workers(parts_.executor);
    auto const count = std::min(removals_at_once, removal.places.size());
    for (std::size_t index = 0; index < count; ++index) {
        workers.spawn("remove garbage", remove_some(removal));
    }
    auto const joined = co_await workers.join();
    if (!joined) co_return joined;
    if (removal.error) co_return std::unexpected(*removal.error);
    co_return Result<void>();
}

// The word goes last: while it stands, nothing of the upload is forgotten.
Task<void> Garbage::remove_rows(UploadId upload, Found const& found) {
    for (std::size_t at = 0; at < found.stripes.size(); at += rows_per_commit) {
        kv::Batch batch;
        auto const end = std::min(at + rows_per_commit, found.stripes.size());
        for (auto index = at; index < end; ++index) {
            batch.remove(stripe_key(found.stripes[index]));
            batch.remove(stripe_repair_key(found.stripes[index]));
        }
        CO_TRY_OK(co_await parts_.store->commit(std::move(batch)));
    }
    UploadRow const collected{
        .state = UploadRow::State::collected, .when = parts_.clock->now(), .content = {}
    };
    kv::Batch batch;
    batch.put(upload_key(upload), write_row(collected));
    CO_TRY_OK(co_await parts_.store->commit(std::move(batch)));
    co_return Result<void>();
}

// In a closed block the absence of a word says the same.
Task<void> Garbage::forget(kv::Entry const& entry, UploadId upload) {
    CO_TRY(auto const closed, co_await is_closed(upload.block));
    if (!closed) co_return Result<void>();
    kv::Batch batch;
    batch.require(entry.key, entry.revision).remove(entry.key);
    CO_TRY_OK(co_await parts_.store->commit(std::move(batch)));
    co_return Result<void>();
}

Task<bool> Garbage::is_closed(std::uint64_t block) {
    CO_TRY(auto const entry, co_await parts_.store->get(block_key(block)));
    if (!entry) co_return false;
    CO_TRY(auto const row, parse_block_row(entry->value));
    co_return row.is_closed;
}

}  // namespace disgrafs::cluster
