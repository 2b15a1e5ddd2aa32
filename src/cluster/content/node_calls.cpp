#include "cluster/content/node_calls.hpp"

#include <utility>

#include "base/log.hpp"
#include "erasure/checksum.hpp"
#include "io/deadline.hpp"

namespace disgrafs::cluster {
namespace {

constexpr Duration answer_within = std::chrono::seconds(10);
constexpr Duration ticket_lives = std::chrono::seconds(60);

Result<void> check_receipt(
    wire::Receipt const& got, wire::Receipt const& expected, wire::Key const& key
) {
    bool const fits = got.shard == expected.shard && got.node == expected.node &&
                      got.size_bytes == expected.size_bytes && got.root == expected.root;
    if (!fits) return fail(Errc::corrupt, "a receipt for something else");
    if (!wire::is_signed(got, key)) return fail(Errc::corrupt, "a receipt with a wrong signature");
    return {};
}

}  // namespace

NodeCalls::NodeCalls(Members& members, Clock& clock, ConnectShards connect)
    : members_(members), clock_(clock), connect_(std::move(connect)) {}

Task<wire::Receipt> NodeCalls::put(
    Context context,
    MemberId node,
    wire::ShardPlace place,
    std::vector<std::uint32_t> blocks,
    Bytes payload
) {
    auto const size = static_cast<std::uint32_t>(payload.size());
    wire::Receipt expected;
    expected.shard = place.id;
    expected.node = node;
    expected.size_bytes = size;
    expected.root = erasure::shard_root(size, blocks);
    CO_TRY(auto const service, link(node));
    CO_TRY(auto const permit, ticket(node, wire::Verb::put, place.id, size));
    wire::PutShard request{
        .ticket = permit, .place = place, .blocks = std::move(blocks), .payload = std::move(payload)
    };
    auto call = service->put(std::move(context), std::move(request));
    auto receipt = co_await within(clock_, answer_within, std::move(call));
    if (receipt) {
        auto const* const row = members_.registry().find(node);
        auto const checked = check_receipt(*receipt, expected, row->key);
        if (!checked) {
            LOG_ERROR("a storage node lied", kv("member", row->name), kv("error", checked.error()));
            receipt = std::unexpected(checked.error());
        }
    }
    if (!receipt && receipt.error().code != Errc::cancelled) members_.doubt(node);
    co_return receipt;
}

Task<Bytes> NodeCalls::get(
    Context context, MemberId node, ShardId shard, std::uint32_t offset, std::uint32_t size
) {
    CO_TRY(auto const service, link(node));
    CO_TRY(auto const permit, ticket(node, wire::Verb::get, shard, 0));
    wire::GetShard const request{
        .ticket = permit, .shard = shard, .offset = offset, .size_bytes = size
    };
    auto call = service->get(std::move(context), request);
    CO_TRY(auto range, co_await within(clock_, answer_within, std::move(call)));
    if (range.payload.size() != size) {
        co_return fail(
            Errc::corrupt, "a shard range of {} bytes instead of {}", range.payload.size(), size
        );
    }
    co_return std::move(range.payload);
}

Task<void> NodeCalls::remove(Context context, MemberId node, ShardId shard) {
    CO_TRY(auto const service, link(node));
    CO_TRY(auto const permit, ticket(node, wire::Verb::remove, shard, 0));
    auto call = service->remove(std::move(context), permit, shard);
    co_return co_await within(clock_, answer_within, std::move(call));
}

Task<wire::ShardList> NodeCalls::list(
    Context context, MemberId node, ShardId after, std::uint32_t limit
) {
    CO_TRY(auto const service, link(node));
    CO_TRY(auto const permit, ticket(node, wire::Verb::list, ShardId(), 0));
    wire::ListShards const request{.ticket = permit, .after = after, .limit = limit};
    auto call = service->list(std::move(context), request);
    co_return co_await within(clock_, answer_within, std::move(call));
}

void NodeCalls::expect(MemberId node) { (void)link(node); }

// One service per node; a new one when it moved. Calls under way keep the old one alive.
Result<std::shared_ptr<wire::ShardService>> NodeCalls::link(MemberId node) {
    auto const* const row = members_.registry().find(node);
    if (row == nullptr) return fail(Errc::unavailable, "no storage node {}", node.value);
    auto& link = links_[node];
    if (link.service == nullptr || link.address != row->address) {
        link = {.address = row->address, .service = connect_(node, row->address)};
    }
    return link.service;
}

Result<wire::Ticket> NodeCalls::ticket(
    MemberId node, wire::Verb verb, ShardId shard, std::uint32_t size_max
) const {
    auto const& registry = members_.registry();
    auto const* const row = registry.find(node);
    if (row == nullptr) return fail(Errc::unavailable, "no storage node {}", node.value);
    wire::Ticket const permit{
        .verb = verb,
        .shard = shard,
        .size_max = size_max,
        .node = node,
        .epoch = registry.epoch(),
        .expires = clock_.now() + ticket_lives,
    };
    return wire::sign_ticket(permit, row->key);
}

}  // namespace disgrafs::cluster
