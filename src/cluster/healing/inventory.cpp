#include "cluster/healing/inventory.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

constexpr Duration look_every = std::chrono::seconds(2);
constexpr Duration pause_between_pages = std::chrono::milliseconds(10);
constexpr std::uint32_t page_size = 1000;

Context own_context() {
    Context context;
    context.request_id = "inventory";
    return context;
}

StripeId stripe_of(ShardId shard) { return {.upload = shard.upload, .stripe = shard.stripe}; }

constexpr ShardId last_shard{
    .upload = {.block = ~0ULL, .index = ~0ULL}, .stripe = ~0U, .index = 0xFF
};

}  // namespace

// One pass over one node; a page of its list is in hand.
struct Inventory::Pass {
    MemberId node;
    ShardId after;                               ///< Everything up to it was compared.
    std::map<ShardId, wire::ShardEntry> listed;  ///< Of the page; what is left has no manifest.
    std::map<UploadId, Fate> fates;              ///< Of the page's foreign uploads.
    Tally tally;
};

Task<void> Inventory::run() {
    for (;;) {
        CO_TRY_OK(co_await parts_.clock->sleep(look_every));
        auto const& members = parts_.calls->members();
        for (auto const& known : members.all()) {
            auto const now = members.find(known.id);  // Passes before this one took their time.
            if (!now || !is_due(*now)) continue;
            auto const& member = *now;
            auto const connection = members.connections_of(member.id);
            auto const tally = co_await compare(member.id);
            if (!tally && tally.error().code == Errc::cancelled) {
                co_return std::unexpected(tally.error());
            }
            if (!tally) {
                LOG_WARN(
                    "an inventory broke off", kv("member", member.name), kv("error", tally.error())
                );
                continue;
            }
            done_[member.id] = {
                .connection = connection,
                .damage_found = member.heartbeat.damage_found,
                .when = parts_.clock->steady(),
            };
            parts_.calls->members().trust(member.id);
            LOG_INFO(
                "inventory of a storage node",
                kv("member", member.name),
                kv("listed", tally->listed),
                kv("bad", tally->bad),
                kv("removed", tally->removed),
                kv("unknown", tally->unknown)
            );
        }
    }
}

bool Inventory::is_due(Member const& member) const {
    if (member.role != wire::Role::storage || member.state != MemberState::up) return false;
    auto const found = done_.find(member.id);
    if (found == done_.end()) return true;
    auto const& done = found->second;
    return done.connection != parts_.calls->members().connections_of(member.id) ||
           done.damage_found != member.heartbeat.damage_found ||
           parts_.clock->steady() - done.when >= parts_.every;
}

Task<Inventory::Tally> Inventory::compare(MemberId node) {
    Pass pass;
    pass.node = node;
    for (bool more = true; more;) {
        auto& calls = *parts_.calls;
        CO_TRY(auto const list, co_await calls.list(own_context(), node, pass.after, page_size));
        if (list.more && list.entries.empty())
            co_return fail(Errc::invalid, "an empty page, and more");
        auto const last = list.more ? list.entries.back().place.id : last_shard;
        CO_TRY_OK(co_await compare_page(pass, list, last));
        pass.after = last;
        more = list.more;
        if (more) CO_TRY_OK(co_await parts_.clock->sleep(pause_between_pages));
    }
    co_return pass.tally;
}

// Shards in (pass.after, last]: first what the manifests expect, then what is left over.
Task<void> Inventory::compare_page(Pass& pass, wire::ShardList const& list, ShardId last) {
    pass.listed.clear();
    pass.fates.clear();
    for (auto const& entry : list.entries) {
        if (entry.place.id <= pass.after && pass.after != ShardId()) {
            co_return fail(Errc::invalid, "a list of shards that is not in order");
        }
        pass.listed.emplace(entry.place.id, entry);
    }
    pass.tally.listed += pass.listed.size();
    kv::Range range{
        .first = stripe_key(stripe_of(pass.after)), .last = stripe_key(stripe_of(last)) + '\0'
    };
    auto const upper = last;
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await parts_.store->scan(range, page_size));
        for (auto const& entry : page.entries) {
            CO_TRY(auto const id, parse_stripe_key(entry.key));
            CO_TRY(auto const row, parse_stripe_row(entry.value));
            CO_TRY_OK(co_await check_expected(pass, id, row, upper));
        }
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    for (auto const& [shard, entry] : pass.listed) {
        CO_TRY_OK(co_await check_foreign(pass, shard));
    }
    co_return Result<void>();
}

// A shard that was put after the page was made is not on it: only a read tells that it is missing.
Task<void> Inventory::check_expected(Pass& pass, StripeId id, StripeRow const& row, ShardId last) {
    for (int index = 0; index < row.total(); ++index) {
        if (row.nodes[static_cast<std::size_t>(index)] != pass.node) continue;
        ShardId const shard{
            .upload = id.upload, .stripe = id.stripe, .index = static_cast<std::uint8_t>(index)
        };
        bool const is_on_page = shard <= last && (shard > pass.after || pass.after == ShardId());
        if (!is_on_page) continue;
        auto const found = pass.listed.find(shard);
        bool const is_there = found != pass.listed.end();
        bool const is_whole = is_there && !found->second.is_corrupt &&
                              found->second.size_bytes == row.shard_size(index) &&
                              found->second.root == row.root_of(index);
        if (is_there) pass.listed.erase(found);
        if (is_whole) continue;
        auto const size = std::min(row.shard_size(index), erasure::unit_bytes);
        auto const read = co_await parts_.calls->get(own_context(), pass.node, shard, 0, size);
        using Reason = RepairRow::Reason;
        auto reason = Reason::corrupt;
        if (!read) {
            auto const code = read.error().code;
            bool const is_bad = code == Errc::not_found || code == Errc::corrupt;
            if (!is_bad) co_return std::unexpected(read.error());
            if (code == Errc::not_found) reason = Reason::missing;
        } else if (!is_there) {
            continue;
        }
        pass.tally.bad += 1;
        BadShard const bad{.stripe = id, .index = index, .node = pass.node, .reason = reason};
        CO_TRY_OK(co_await parts_.damage->record(bad));
    }
    co_return Result<void>();
}

Task<void> Inventory::check_foreign(Pass& pass, ShardId shard) {
    if (!pass.fates.contains(shard.upload)) {
        CO_TRY(auto const fate, co_await parts_.uploads->fate_of(shard.upload));
        pass.fates[shard.upload] = fate;
    }
    auto const fate = pass.fates.at(shard.upload);
    bool may_go = false;
    std::shared_ptr<void> lock;
    if (fate.kind == Fate::Kind::unknown) pass.tally.unknown += 1;
    if (fate.kind == Fate::Kind::garbage) {
        may_go = parts_.clock->now() - fate.since >= parts_.quarantine;
    } else if (fate.kind == Fate::Kind::content) {
        lock = parts_.locks->try_lock(stripe_of(shard));
        if (lock == nullptr) co_return Result<void>();
        CO_TRY(may_go, co_await is_stray(shard, pass.node, fate.content));
    }
    if (!may_go) co_return Result<void>();
    CO_TRY_OK(co_await parts_.calls->remove(own_context(), pass.node, shard));
    pass.tally.removed += 1;
    cluster_metrics().removed_shards.Increment();
    co_return Result<void>();
}

// Needed by nobody: of an attempt that no run of the content names; or the same shard has a receipt
// from another node, and the stripe is whole on nodes that are up.
Task<bool> Inventory::is_stray(ShardId shard, MemberId node, ContentId content) {
    CO_TRY(auto const entry, co_await parts_.store->get(content_key(content)));
    if (!entry) co_return false;
    CO_TRY(auto const row, parse_content_row(entry->value));
    if (row.is_inline || row.upload != shard.upload) co_return false;
    if (!row.has_stripe(shard.stripe)) co_return true;
    CO_TRY(auto const manifest, co_await parts_.store->get(stripe_key(stripe_of(shard))));
    if (!manifest) co_return false;
    CO_TRY(auto const stripe, parse_stripe_row(manifest->value));
    if (shard.index >= stripe.nodes.size()) co_return true;
    if (stripe.nodes[shard.index] == node) co_return false;
    auto const is_up = [this](MemberId holder) {
        return holder.value != 0 && parts_.calls->members().is_up(holder);
    };
    co_return std::ranges::all_of(stripe.nodes, is_up);
}

}  // namespace disgrafs::cluster
