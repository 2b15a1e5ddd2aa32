#include "cluster/members/registry.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"

namespace disgrafs::cluster {
namespace {

template <std::size_t size>
std::string random_hex(Random& random) {
    std::array<std::byte, size> bytes{};
    random.fill(bytes);
    return to_hex(bytes);
}

constexpr std::size_t page_size = 1000;

}  // namespace

Registry::Registry(
    kv::Store& store, Clock& clock, Random& random, boost::asio::any_io_executor executor
)
    : store_(store), clock_(clock), random_(random), one_at_a_time_(std::move(executor), 1) {}

Task<void> Registry::load() {
    CO_TRY(auto const identity, co_await store_.get(identity_key()));
    if (!identity) {
        identity_ = {.cluster_id = random_hex<16>(random_), .join_token = random_hex<32>(random_)};
        kv::Batch batch;
        batch.require(identity_key(), 0).put(identity_key(), write_row(identity_));
        batch.require(map_key(), 0).put(map_key(), write_row(map_));
        CO_TRY(map_revision_, co_await store_.commit(std::move(batch)));
        LOG_INFO("a new cluster", kv("cluster", identity_.cluster_id));
        co_return Result<void>();
    }
    CO_TRY(identity_, parse_identity_row(identity->value));
    CO_TRY(auto const map, co_await store_.get(map_key()));
    if (!map) co_return fail(Errc::corrupt, "the store has a cluster id, but no map");
    CO_TRY(map_, parse_map_row(map->value));
    map_revision_ = map->revision;
    auto range = kv::Range::prefix(member_prefix());
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await store_.scan(range, page_size));
        for (auto const& entry : page.entries) {
            CO_TRY(auto row, parse_member_row(entry.key, entry.value));
            rows_[row.id] = std::move(row);
        }
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    co_return Result<void>();
}

Task<MemberRow> Registry::add(MemberRow row) {
    CO_TRY(auto const turn, co_await one_at_a_time_.acquire());
    row.id = map_.next;
    row.joined = clock_.now();
    random_.fill(row.key);
    MapRow const map{.epoch = map_.epoch + 1, .next = {map_.next.value + 1}};
    CO_TRY_OK(co_await save(row, map));
    co_return row;
}

Task<void> Registry::change(MemberRow row) {
    CO_TRY(auto const turn, co_await one_at_a_time_.acquire());
    if (!rows_.contains(row.id)) co_return fail(Errc::not_found, "no member {}", row.id.value);
    MapRow const map{.epoch = map_.epoch + 1, .next = map_.next};
    co_return co_await save(std::move(row), map);
}

MemberRow const* Registry::find(MemberId id) const {
    auto const found = rows_.find(id);
    return found == rows_.end() ? nullptr : &found->second;
}

MemberRow const* Registry::find_disk(std::string_view disk_id) const {
    auto const is_it = [&](auto const& entry) { return entry.second.disk_id == disk_id; };
    auto const found = std::ranges::find_if(rows_, is_it);
    return found == rows_.end() ? nullptr : &found->second;
}

MemberRow const* Registry::find_name(std::string_view name) const {
    auto const is_it = [&](auto const& entry) { return entry.second.name == name; };
    auto const found = std::ranges::find_if(rows_, is_it);
    return found == rows_.end() ? nullptr : &found->second;
}

Task<void> Registry::save(MemberRow row, MapRow map) {
    kv::Batch batch;
    batch.require(map_key(), map_revision_).put(map_key(), write_row(map));
    batch.put(member_key(row.id), write_row(row));
    CO_TRY(map_revision_, co_await store_.commit(std::move(batch)));
    map_ = map;
    rows_[row.id] = std::move(row);
    co_return Result<void>();
}

}  // namespace disgrafs::cluster
