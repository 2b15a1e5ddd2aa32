#include "storage/shard_keeper.hpp"

#include <utility>

#include "base/log.hpp"

namespace disgrafs::storage {
namespace {

double seconds_since(Clock const& clock, Duration begun) {
    return std::chrono::duration<double>(clock.steady() - begun).count();
}

/// Per request: a line to be found by its id, whatever became of it.
template <typename T>
void log(char const* op, Context const& context, Result<T> const& result) {
    if (result) {
        LOG_DEBUG("served", kv(context), kv("op", op));
    } else {
        LOG_DEBUG("refused", kv(context), kv("op", op), kv("error", result.error()));
    }
}

}  // namespace

Task<wire::Receipt> ShardKeeper::put(Context context, wire::PutShard request) {
    auto const begun = clock_.steady();
    auto const bytes = request.payload.size();
    auto result = co_await permitted_put(std::move(request));
    metrics_.write_shard.count(result, seconds_since(clock_, begun), bytes);
    log("write_shard", context, result);
    co_return result;
}

Task<wire::ShardRange> ShardKeeper::get(Context context, wire::GetShard request) {
    auto const begun = clock_.steady();
    auto result = co_await permitted_get(request);
    auto const bytes = result ? result->payload.size() : 0;
    metrics_.read_shard.count(result, seconds_since(clock_, begun), bytes);
    log("read_shard", context, result);
    co_return result;
}

Task<void> ShardKeeper::remove(Context context, wire::Ticket ticket, ShardId shard) {
    auto const begun = clock_.steady();
    auto result = co_await permitted_remove(ticket, shard);
    metrics_.remove_shard.count(result, seconds_since(clock_, begun), 0);
    log("remove_shard", context, result);
    co_return result;
}

Task<wire::ShardList> ShardKeeper::list(Context context, wire::ListShards request) {
    auto const begun = clock_.steady();
    auto result = permitted_list(request);
    metrics_.list_shards.count(result, seconds_since(clock_, begun), 0);
    log("list_shards", context, result);
    co_return result;
}

Task<wire::Receipt> ShardKeeper::permitted_put(wire::PutShard request) {
    auto const& place = request.place;
    CO_TRY_OK(check(request.ticket, wire::Verb::put, place.id, request.payload.size()));
    auto stored = co_await store_.put(place, std::move(request.blocks), std::move(request.payload));
    CO_TRY_OK(stored);
    auto const& identity = member_.identity();
    wire::Receipt receipt;
    receipt.shard = place.id;
    receipt.node = identity.id;
    receipt.size_bytes = stored->size_bytes;
    receipt.root = stored->root;
    receipt.sequence = stored->sequence;
    receipt.mac = wire::sign_receipt(receipt, identity.key);
    co_return receipt;
}

Task<wire::ShardRange> ShardKeeper::permitted_get(wire::GetShard const& request) {
    CO_TRY_OK(check(request.ticket, wire::Verb::get, request.shard, 0));
    co_return co_await store_.get(request.shard, request.offset, request.size_bytes);
}

Task<void> ShardKeeper::permitted_remove(wire::Ticket const& ticket, ShardId shard) {
    CO_TRY_OK(check(ticket, wire::Verb::remove, shard, 0));
    co_return co_await store_.remove(shard);
}

Result<wire::ShardList> ShardKeeper::permitted_list(wire::ListShards const& request) const {
    TRY_OK(check(request.ticket, wire::Verb::list, ShardId{}, 0));
    return store_.list(request.after, request.limit);
}

Result<void> ShardKeeper::check(
    wire::Ticket const& ticket, wire::Verb verb, ShardId shard, std::uint64_t size_bytes
) const {
    auto const& identity = member_.identity();
    if (identity.id == MemberId{}) {
        return fail(Errc::unavailable, "this storage node has not joined a cluster yet");
    }
    if (size_bytes > erasure::shard_bytes_max) {
        return fail(Errc::invalid, "shard of {} bytes", size_bytes);
    }
    wire::TicketCheck check{};
    check.verb = verb;
    check.shard = shard;
    check.size_bytes = static_cast<std::uint32_t>(size_bytes);
    check.node = identity.id;
    check.epoch_least = member_.epoch();
    check.now = clock_.now();
    TRY_OK(wire::check_ticket(ticket, check, identity.key));
    bool const writes = verb == wire::Verb::put || verb == wire::Verb::remove;
    if (writes && !member_.may_act()) {
        return fail(Errc::unavailable, "no lease from the index server: nothing is written");
    }
    return {};
}

}  // namespace disgrafs::storage
