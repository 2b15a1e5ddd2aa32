#pragma once

/// \file cluster/testing/fake_node.hpp  A storage node in memory, with everything that can go
/// wrong.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "erasure/checksum.hpp"
#include "io/clock.hpp"
#include "wire/shard_service.hpp"

namespace disgrafs::cluster {

struct NodeFaults {
    bool is_dead = false;  ///< Every call fails at once.
    bool is_hung = false;  ///< No call ever ends (until cancelled).
    bool is_full = false;
    bool lies = false;  ///< Receipts are not signed by its key.
    bool lies_about_root = false;
    bool flips_bits = false;  ///< get() returns wrong bytes, unaware of it.
    bool lists_fail = false;
    Duration put_takes{0};
    Duration get_takes{0};
};

/// What the disk holds; outlives the process that serves it.
struct NodeDisk {
    struct Shard {
        wire::ShardPlace place;
        std::vector<std::uint32_t> blocks;
        Bytes payload;
        bool is_corrupt = false;
    };
    /// As a scrubber does.
    void find_damage(ShardId id) {
        shards.at(id).is_corrupt = true;
        damage_found += 1;
    }
    std::map<ShardId, Shard> shards;
    std::set<ShardId> removed;
    std::uint64_t sequence = 0;
    std::uint64_t damage_found = 0;
    std::uint64_t puts = 0;
    std::uint64_t gets = 0;
    std::uint64_t got_bytes = 0;
};

struct FakeNode {
    MemberId id;
    std::string address;
    wire::Key key{};
    std::uint64_t epoch_least = 0;
    NodeFaults faults;
    NodeDisk disk;
};

class FakeShardService final : public wire::ShardService {
 public:
    FakeShardService(FakeNode& node, Clock& clock) : node_(node), clock_(clock) {}

    Task<wire::Receipt> put(Context, wire::PutShard request) override {
        auto const size = static_cast<std::uint32_t>(request.payload.size());
        auto const& place = request.place;
        CO_TRY_OK(co_await reach(node_.faults.put_takes));
        CO_TRY_OK(check(request.ticket, wire::Verb::put, place.id, size));
        if (erasure::block_checksums(request.payload) != request.blocks) {
            co_return fail(Errc::corrupt, "payload against blocks");
        }
        if (size != erasure::shard_bytes(place.layout, place.content_bytes, place.id.index)) {
            co_return fail(Errc::invalid, "a shard of another length");
        }
        auto& disk = node_.disk;
        if (disk.removed.contains(place.id)) co_return fail(Errc::conflict, "removed before");
        auto const found = disk.shards.find(place.id);
        bool const is_known = found != disk.shards.end() && !found->second.is_corrupt;
        if (is_known && found->second.blocks != request.blocks) {
            co_return fail(Errc::conflict, "other bytes");
        }
        if (!is_known && node_.faults.is_full) co_return fail(Errc::exhausted, "disk full");
        if (!is_known) {
            disk.shards[place.id] = {
                .place = place,
                .blocks = request.blocks,
                .payload = std::move(request.payload),
                .is_corrupt = false,
            };
        }
        disk.puts += 1;
        wire::Receipt receipt;
        receipt.shard = place.id;
        receipt.node = node_.id;
        receipt.size_bytes = size;
        receipt.root = erasure::shard_root(size, request.blocks);
        receipt.sequence = ++disk.sequence;
        if (node_.faults.lies_about_root) receipt.root ^= 1U;
        auto key = node_.key;
        if (node_.faults.lies) key[0] ^= std::byte{1};
        receipt.mac = wire::sign_receipt(receipt, key);
        co_return receipt;
    }

    Task<wire::ShardRange> get(Context, wire::GetShard request) override {
        CO_TRY_OK(co_await reach(node_.faults.get_takes));
        CO_TRY_OK(check(request.ticket, wire::Verb::get, request.shard, 0));
        auto const found = node_.disk.shards.find(request.shard);
        if (found == node_.disk.shards.end()) co_return fail(Errc::not_found, "no such shard");
        auto const& shard = found->second;
        if (shard.is_corrupt) co_return fail(Errc::corrupt, "bad on disk");
        auto const total = static_cast<std::uint32_t>(shard.payload.size());
        auto const size = request.size_bytes == 0 ? total - request.offset : request.size_bytes;
        bool const is_range = request.offset % erasure::unit_bytes == 0 &&
                              request.offset + size <= total &&
                              (size % erasure::unit_bytes == 0 || request.offset + size == total);
        if (!is_range) co_return fail(Errc::invalid, "range");
        wire::ShardRange range;
        range.shard_size_bytes = total;
        auto const begin = shard.payload.begin() + request.offset;
        range.payload.assign(begin, begin + size);
        range.blocks = erasure::block_checksums(range.payload);
        if (node_.faults.flips_bits && !range.payload.empty()) {
            range.payload[size / 2] ^= std::byte{0x10};
        }
        node_.disk.gets += 1;
        node_.disk.got_bytes += size;
        co_return range;
    }

    Task<void> remove(Context, wire::Ticket ticket, ShardId shard) override {
        CO_TRY_OK(co_await reach(Duration(0)));
        CO_TRY_OK(check(ticket, wire::Verb::remove, shard, 0));
        node_.disk.shards.erase(shard);
        node_.disk.removed.insert(shard);
        node_.disk.sequence += 1;
        co_return Result<void>();
    }

    Task<wire::ShardList> list(Context, wire::ListShards request) override {
        CO_TRY_OK(co_await reach(Duration(0)));
        CO_TRY_OK(check(request.ticket, wire::Verb::list, ShardId(), 0));
        if (node_.faults.lists_fail) co_return fail(Errc::io, "the list broke off");
        wire::ShardList list;
        auto const& shards = node_.disk.shards;
        bool const from_first = request.after == ShardId();
        auto at = from_first ? shards.begin() : shards.upper_bound(request.after);
        for (; at != shards.end(); ++at) {
            if (list.entries.size() == request.limit) {
                list.more = true;
                break;
            }
            auto const& shard = at->second;
            auto const size = static_cast<std::uint32_t>(shard.payload.size());
            list.entries.push_back(
                {.place = shard.place,
                 .size_bytes = size,
                 .root = erasure::shard_root(size, shard.blocks),
                 .is_corrupt = shard.is_corrupt}
            );
        }
        co_return list;
    }

 private:
    Task<void> reach(Duration takes) {
        if (node_.faults.is_dead) co_return fail(Errc::unavailable, "connection refused");
        if (node_.faults.is_hung) takes = std::chrono::hours(10);
        if (takes > Duration(0)) CO_TRY_OK(co_await clock_.sleep(takes));
        if (node_.faults.is_dead) co_return fail(Errc::unavailable, "connection reset");
        co_return Result<void>();
    }

    Result<void> check(
        wire::Ticket const& ticket, wire::Verb verb, ShardId shard, std::uint32_t size
    ) const {
        wire::TicketCheck const expected{
            .verb = verb,
            .shard = shard,
            .size_bytes = size,
            .node = node_.id,
            .epoch_least = node_.epoch_least,
            .now = clock_.now(),
        };
        return wire::check_ticket(ticket, expected, node_.key);
    }

    FakeNode& node_;
    Clock& clock_;
};

}  // namespace disgrafs::cluster
