#include "sim/hosts.hpp"

#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "kv/log_store.hpp"
#include "sim/canary_disk.hpp"
#include "wire/member_service.hpp"
#include "wire/shard_client.hpp"

namespace disgrafs::sim {

namespace {

constexpr std::uint16_t index_port = 8080;
constexpr std::uint16_t node_port = 7000;

/// What takes hours in life happens within the minutes of a seed.
cluster::ClusterOptions cluster_options() {
    cluster::ClusterOptions options;
    options.out_after = std::chrono::seconds(60);
    options.garbage_every = std::chrono::seconds(15);
    options.abandoned_after = std::chrono::seconds(60);
    options.quarantine = std::chrono::seconds(20);
    options.inventory_every = std::chrono::seconds(90);
    return options;
}

storage::ShardStoreOptions store_options() {
    storage::ShardStoreOptions options;
    options.capacity_bytes = 4ULL << 30U;
    options.segment_bytes = 8ULL << 20U;
    options.scrub_every = scrub_every;
    options.scrub_bytes_per_s = 256U << 20U;
    options.compact_after = std::chrono::seconds(20);
    return options;
}

Task<void> join(cluster::Cluster& cluster, wire::HttpExchange& exchange) {
    CO_TRY(auto const text, co_await exchange.read_all(64U << 10U));
    CO_TRY(auto request, wire::parse_join_request(text));
    CO_TRY(auto const joined, co_await cluster.join(std::move(request)));
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = wire::to_json(joined)};
    co_return co_await exchange.send(std::move(out));
}

Task<void> serve_member(cluster::Cluster& cluster, wire::HttpExchange& exchange) {
    auto const& query = exchange.request().query;
    auto const found = query.find("id");
    if (found == query.end()) co_return fail(Errc::invalid, "no id");
    CO_TRY(auto const number, parse_number(found->second));
    CO_TRY(auto const socket, co_await exchange.accept_websocket());
    MemberId const id{number};
    co_return co_await cluster.serve_member(*socket, id);
}

}  // namespace

IndexHost::IndexHost(SimWorld& world)
    : world_(world), links_(world.executor()), tasks_(world.executor()) {}

Task<std::unique_ptr<IndexHost>> IndexHost::open(SimWorld& world) {
    std::unique_ptr<IndexHost> host(new IndexHost(world));
    auto const started = co_await host->start();
    if (!started) {
        (void)co_await host->stop();
        co_return std::unexpected(started.error());
    }
    co_return host;
}

Task<void> IndexHost::start() {
    kv::LogOptions const log_options;
    auto& disk = world_.disk("index");
    CO_TRY(store_, co_await kv::open_log_store(disk, world_.executor(), "store", log_options));
    CO_TRY(graph_, co_await graph::open_graph(*store_, world_.executor()));
    auto const connect = [this](MemberId node, std::string address) {
        wire::ShardClientParts const parts{
            .network = &world_.network("index"), .clock = &world_.clock("index"), .tasks = &links_
        };
        wire::ShardClientOptions options;
        options.peer = fmt::format("{}", node.value);
        auto const parsed = parse_address(address);
        return wire::make_shard_client(parts, parsed.value_or(Address{}), std::move(options));
    };
    cluster::ClusterParts parts{
        .store = store_.get(),
        .clock = &world_.clock("index"),
        .random = &world_.random(),
        .cpu = &world_.pool(),
        .executor = world_.executor(),
        .connect = connect
    };
    CO_TRY(cluster_, co_await cluster::open_cluster(std::move(parts), cluster_options()));
    files::FilesParts files_parts{
        .graph = graph_.get(),
        .contents = &cluster_->contents(),
        .clock = &world_.clock("index"),
        .executor = world_.executor(),
        .on_new_version = [](graph::Transaction&, NodeId, std::uint64_t) {}
    };
    files_ = files::make_files(std::move(files_parts));
    files::PeopleParts people_parts{
        .graph = graph_.get(),
        .clock = &world_.clock("index"),
        .random = &world_.random(),
        .cpu = &world_.pool(),
        .executor = world_.executor(),
        .used_bytes = [this](NodeId user) { return files_->used_bytes(user); },
        .on_first_password_changed = {}
    };
    people_ = files::make_people(std::move(people_parts));
    CO_TRY(auto const password, co_await people_->set_up());
    (void)password;
    add_routes();
    wire::HttpServerParts const server_parts{
        .executor = world_.executor(),
        .clock = &world_.clock("index"),
        .random = &world_.random(),
        .routes = &routes_,
        .observe = {}
    };
    server_ = wire::make_http_server(server_parts);
    CO_TRY(listener_, world_.network("index").listen(world_.host_address("index", index_port)));
    tasks_.spawn("http", server_->accept_from(*listener_));
    tasks_.spawn("cluster", cluster_->run());
    tasks_.spawn("files", files_->run());
    co_return Result<void>{};
}

void IndexHost::add_routes() {
    auto& cluster = *cluster_;
    routes_.add("POST", "/cluster/v1/join", "join", [&cluster](wire::HttpExchange& exchange) {
        return join(cluster, exchange);
    });
    routes_.add("GET", "/cluster/v1/member", "member", [&cluster](wire::HttpExchange& exchange) {
        return serve_member(cluster, exchange);
    });
}

Context IndexHost::admin() const {
    Context context;
    context.user = graph_->image().named(graph::label::user, "admin").value_or(NodeId{});
    return context;
}

Task<void> IndexHost::stop() {
    if (listener_) listener_->close();
    if (server_) (void)co_await server_->stop(std::chrono::milliseconds(10));
    if (files_) (void)co_await files_->stop();
    if (cluster_) (void)co_await cluster_->stop();
    (void)co_await tasks_.stop();
    (void)co_await links_.stop();
    if (graph_) (void)co_await graph_->stop();
    if (store_) (void)co_await store_->stop();
    co_return Result<void>{};
}

NodeHost::NodeHost(SimWorld& world) : tasks_(world.executor()) {}

Task<std::unique_ptr<NodeHost>> NodeHost::open(
    SimWorld& world, std::string name, std::string join_token, bool with_canary
) {
    std::unique_ptr<NodeHost> host(new NodeHost(world));
    if (with_canary) host->canary_ = make_canary_disk(world.disk(name));
    storage::StorageNodeParts const parts{
        .disk = with_canary ? host->canary_.get() : &world.disk(name),
        .clock = &world.clock(name),
        .random = &world.random(),
        .network = &world.network(name),
        .executor = world.executor()
    };
    storage::StorageNodeOptions options;
    options.listen = world.host_address(name, node_port);
    options.index_url = "http://" + world.host_address("index", index_port).text();
    options.join_token = std::move(join_token);
    options.name = name;
    options.store = store_options();
    CO_TRY(host->node_, co_await storage::open_storage_node(parts, std::move(options)));
    host->tasks_.spawn("node", host->node_->run());
    co_return host;
}

Task<void> NodeHost::stop() {
    if (node_) (void)co_await node_->stop();
    co_return co_await tasks_.stop();
}

}  // namespace disgrafs::sim
