#pragma once

/// \file wire/testing/shards.hpp  A ShardService in memory, and requests for it: tests only.

#include <map>
#include <memory>
#include <utility>

#include "erasure/checksum.hpp"
#include "io/wake.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::wire {

inline Context nobody() { return {}; }
inline Ticket no_ticket() { return {}; }

inline ShardId test_shard(std::uint64_t number) {
    return {.upload = {.block = 1, .index = number}, .stripe = 0, .index = 0};
}

/// A replica shard of `size` bytes that depend on `number`.
inline PutShard test_put(std::uint64_t number, std::size_t size) {
    PutShard put;
    put.ticket.verb = Verb::put;
    put.place.id = test_shard(number);
    put.place.layout = {.k = 1, .m = 2, .w = 8, .matrix = erasure::Matrix::replica};
    put.place.content_bytes = static_cast<std::uint32_t>(size);
    put.payload.resize(size);
    auto state = number + 1;
    for (auto& byte : put.payload) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        byte = static_cast<std::byte>(state >> 56U);
    }
    put.blocks = erasure::block_checksums(put.payload);
    return put;
}

inline GetShard test_get(std::uint64_t number) {
    GetShard get;
    get.ticket.verb = Verb::get;
    get.shard = test_shard(number);
    return get;
}

class TestShards final : public ShardService {
 public:
    explicit TestShards(boost::asio::any_io_executor executor) : gate_(std::move(executor)) {}

    Task<Receipt> put(Context context, PutShard request) override {
        last_context = std::move(context);
        CO_TRY_OK(co_await pass());
        if (erasure::block_checksums(request.payload) != request.blocks) {
            co_return fail(Errc::corrupt, "payload against blocks");
        }
        Receipt receipt;
        receipt.shard = request.place.id;
        receipt.size_bytes = static_cast<std::uint32_t>(request.payload.size());
        receipt.sequence = ++sequence;
        shards[request.place.id] = std::move(request.payload);
        co_return receipt;
    }

    Task<ShardRange> get(Context, GetShard request) override {
        CO_TRY_OK(co_await pass());
        auto const found = shards.find(request.shard);
        if (found == shards.end()) co_return fail(Errc::not_found, "no such shard");
        ShardRange range;
        range.shard_size_bytes = static_cast<std::uint32_t>(found->second.size());
        range.payload = found->second;
        range.blocks = erasure::block_checksums(range.payload);
        co_return range;
    }

    Task<void> remove(Context, Ticket, ShardId shard) override {
        shards.erase(shard);
        co_return Result<void>();
    }

    Task<ShardList> list(Context, ListShards request) override {
        ShardList list;
        for (auto at = shards.upper_bound(request.after); at != shards.end(); ++at) {
            list.more = list.entries.size() == request.limit;
            if (list.more) break;
            ShardEntry entry;
            entry.place.id = at->first;
            entry.size_bytes = static_cast<std::uint32_t>(at->second.size());
            list.entries.push_back(entry);
        }
        co_return list;
    }

    /// Requests wait until open(); `waiting` counts them.
    void shut() { is_shut_ = true; }
    void open() {
        is_shut_ = false;
        gate_.notify();
    }

    std::map<ShardId, Bytes> shards;
    Context last_context;
    std::uint64_t sequence = 0;
    int waiting = 0;

 private:
    Task<void> pass() {
        ++waiting;
        Result<void> passed;
        while (is_shut_ && passed) passed = co_await gate_.wait();
        --waiting;
        co_return passed;
    }

    Wake gate_;
    bool is_shut_ = false;
};

}  // namespace disgrafs::wire
