#include "cluster/testing/fake_cluster.hpp"

#include <algorithm>

#include "wire/member_proof.hpp"

namespace disgrafs::cluster {

struct FakeCluster::Connection {
    FakeNode* node = nullptr;
    std::unique_ptr<FakeSocket> here;   ///< The node's end.
    std::unique_ptr<FakeSocket> there;  ///< The index server's end.
};

FakeCluster::FakeCluster(TestWorld& of, ClusterOptions with)
    : world(of), options(with), store(of.executor()), outside_(of.executor()) {
    nobody_.faults.is_dead = true;
}

// After a scenario that broke off.
FakeCluster::~FakeCluster() {
    if (index != nullptr) (void)world.run(stop());
}

Task<void> FakeCluster::start(int count) {
    CO_TRY_OK(co_await open_index());
    for (int number = 0; number < count; ++number) CO_TRY_OK(co_await add_node());
    co_return Result<void>();
}

Task<void> FakeCluster::stop() {
    CO_TRY_OK(co_await close_index());
    co_return co_await outside_.stop();
}

Task<void> FakeCluster::open_index() {
    ClusterParts parts;
    parts.store = &store;
    parts.clock = &world.clock();
    parts.random = &world.random();
    parts.cpu = &world.pool();
    parts.executor = world.executor();
    parts.connect = [this](MemberId id, std::string) -> std::unique_ptr<wire::ShardService> {
        auto* const known = node(id);
        auto& called = known == nullptr ? nobody_ : *known;
        return std::make_unique<FakeShardService>(called, world.clock());
    };
    index = std::make_unique<ClusterImpl>(std::move(parts), options);
    CO_TRY_OK(co_await index->open());
    index_run_ = std::make_unique<TaskGroup>(world.executor());
    index_run_->spawn("index server", index->run());
    for (auto const& one : nodes) {
        if (!one->faults.is_dead) CO_TRY_OK(co_await connect(*one));
    }
    auto const loaded = [this] { return index->healing().is_loaded(); };
    co_return co_await until(loaded);
}

Task<void> FakeCluster::close_index() {
    if (index == nullptr) co_return Result<void>();
    CO_TRY_OK(co_await index->stop());
    CO_TRY_OK(co_await index_run_->join());
    index.reset();
    connections_.clear();
    co_return Result<void>();
}

Task<void> FakeCluster::restart_index() {
    CO_TRY_OK(co_await close_index());
    store.revive();
    co_return co_await open_index();
}

Task<void> FakeCluster::add_node() {
    auto fresh = std::make_unique<FakeNode>();
    auto const number = nodes.size() + 1;
    wire::JoinRequest request;
    request.token = index->join_token();
    request.address = fmt::format("127.0.0.{}:7000", number);
    request.disk_id = fmt::format("disk-{}", number);
    CO_TRY(auto const joined, co_await index->join(request));
    fresh->id = joined.id;
    fresh->address = request.address;
    fresh->key = joined.key;
    nodes.push_back(std::move(fresh));
    co_return co_await connect(*nodes.back());
}

FakeNode* FakeCluster::node(MemberId id) {
    auto const found = std::ranges::find_if(nodes, [id](auto const& one) { return one->id == id; });
    return found == nodes.end() ? nullptr : found->get();
}

Task<void> FakeCluster::kill(std::size_t number) {
    auto& node = at(number);
    node.faults.is_dead = true;
    auto const found = connections_.find(node.id);
    if (found != connections_.end()) found->second->here->cut();
    connections_.erase(node.id);
    auto const is_seen = [this, &node] {
        auto const members = index->status().members;
        auto const member = std::ranges::find(members, node.id, &Member::id);
        return member->state != MemberState::up;
    };
    co_return co_await until(is_seen);
}

Task<void> FakeCluster::revive(std::size_t number) {
    at(number).faults.is_dead = false;
    co_return co_await connect(at(number));
}

Task<ContentId> FakeCluster::put(Bytes content, ContentOptions with) {
    CO_TRY(auto stored, co_await upload(std::move(content), with));
    auto const id = stored.id;
    CO_TRY_OK(co_await commit(std::move(stored)));
    co_return id;
}

Task<ContentId> FakeCluster::put(Bytes content) {
    ContentOptions with;
    with.size = content.size();
    co_return co_await put(std::move(content), with);
}

Task<StoredContent> FakeCluster::upload(Bytes content, ContentOptions with) {
    constexpr std::size_t piece = 100'000;
    CO_TRY(auto const writer, co_await index->contents().begin(Context(), with));
    for (std::size_t from = 0; from < content.size(); from += piece) {
        auto const size = std::min(piece, content.size() - from);
        auto const begin = content.begin() + static_cast<std::ptrdiff_t>(from);
        Bytes part(begin, begin + static_cast<std::ptrdiff_t>(size));
        CO_TRY_OK(co_await writer->write(std::move(part)));
    }
    co_return co_await writer->finish();
}

Task<void> FakeCluster::commit(StoredContent stored) {
    kv::Batch batch;
    batch.writes = std::move(stored.rows);
    batch.preconditions = std::move(stored.preconditions);
    CO_TRY_OK(co_await store.commit(std::move(batch)));
    co_return Result<void>();
}

Task<void> FakeCluster::release(ContentId id) {
    kv::Batch batch;
    CO_TRY(batch.writes, co_await index->contents().release(id));
    CO_TRY_OK(co_await store.commit(std::move(batch)));
    co_return Result<void>();
}

Task<Bytes> FakeCluster::get(ContentId id) {
    constexpr std::size_t piece = 3'000'000;
    Bytes content;
    for (;;) {
        auto& contents = index->contents();
        CO_TRY(auto const part, co_await contents.read(Context(), id, content.size(), piece));
        if (part.empty()) co_return content;
        content.insert(content.end(), part.begin(), part.end());
    }
}

Task<void> FakeCluster::until_whole() {
    auto const is_whole = [this] {
        auto const now = index->status();
        auto const& repair = now.repair;
        return repair.queued_stripes + repair.queued_contents == 0;
    };
    co_return co_await until(is_whole);
}

std::uint64_t FakeCluster::got_bytes() const {
    std::uint64_t bytes = 0;
    for (auto const& one : nodes) bytes += one->disk.got_bytes;
    return bytes;
}

std::size_t FakeCluster::shards() const {
    std::size_t count = 0;
    for (auto const& one : nodes) count += one->disk.shards.size();
    return count;
}

std::uint64_t FakeCluster::stripes_with(int margin) const {
    auto const counts = index->status().stripes_by_margin;
    auto const found = counts.find(margin);
    return found == counts.end() ? 0 : found->second;
}

Task<void> FakeCluster::serve(std::shared_ptr<Connection> connection) {
    (void)co_await index->serve_member(*connection->there, connection->node->id);
    co_return Result<void>();
}

// The node's side: the proof, then a heartbeat every second while it is alive.
Task<void> FakeCluster::live(std::shared_ptr<Connection> connection) {
    auto& node = *connection->node;
    auto& socket = *connection->here;
    CO_TRY(auto const first, co_await socket.receive());
    CO_TRY(auto const nonce, wire::parse_challenge(as_text(first.data)));
    CO_TRY_OK(co_await socket.send_text(wire::proof_json(wire::session_proof(node.key, nonce))));
    while (!node.faults.is_dead) {
        if (!node.faults.is_hung) {
            CO_TRY_OK(co_await socket.send_text(wire::to_json(heartbeat_of(node))));
            CO_TRY(auto const answer_of, co_await socket.receive());
            CO_TRY(auto const lease, wire::parse_lease(as_text(answer_of.data)));
            node.epoch_least = lease.epoch;
        }
        CO_TRY_OK(co_await world.clock().sleep(options.heartbeat_every));
    }
    co_return Result<void>();
}

Task<void> FakeCluster::connect(FakeNode& node) {
    auto const connection = std::make_shared<Connection>();
    connection->node = &node;
    std::tie(connection->here, connection->there) = FakeSocket::pair(world.executor());
    connections_[node.id] = connection;
    outside_.spawn("serve member", serve(connection));
    outside_.spawn("node", live(connection));
    auto const is_up = [this, &node] {
        auto const members = index->status().members;
        auto const member = std::ranges::find(members, node.id, &Member::id);
        return member != members.end() && member->state == MemberState::up;
    };
    co_return co_await until(is_up);
}

wire::Heartbeat FakeCluster::heartbeat_of(FakeNode const& node) const {
    constexpr std::uint64_t disk_bytes = 100ULL << 30U;
    wire::Heartbeat heartbeat;
    heartbeat.capacity_bytes = disk_bytes;
    heartbeat.free_bytes = node.faults.is_full ? 0 : disk_bytes / 2;
    heartbeat.sequence = node.disk.sequence;
    heartbeat.shards = node.disk.shards.size();
    heartbeat.damage_found = node.disk.damage_found;
    for (auto const& [id, shard] : node.disk.shards) {
        heartbeat.used_bytes += shard.payload.size();
        heartbeat.corrupt_shards += shard.is_corrupt ? 1 : 0;
    }
    return heartbeat;
}

}  // namespace disgrafs::cluster
