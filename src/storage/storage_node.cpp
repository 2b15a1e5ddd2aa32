#include "storage/storage_node.hpp"

#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "storage/node_pages.hpp"
#include "storage/shard_keeper.hpp"
#include "wire/http.hpp"
#include "wire/member_pages.hpp"
#include "wire/protocol.hpp"
#include "wire/shard_server.hpp"

namespace disgrafs::storage {
namespace {

constexpr char const* address_path = "address";
constexpr std::size_t address_bytes_max = 256;
constexpr Duration accept_pause = std::chrono::milliseconds(100);
/// A node that comes back before the index server missed it is refused for a moment.
constexpr Duration conflict_pause = std::chrono::seconds(2);
constexpr int conflicts_max = 10;

class Node final : public StorageNode {
 public:
    Node(
        StorageNodeParts parts,
        StorageNodeOptions options,
        std::unique_ptr<ShardStore> store,
        std::unique_ptr<Listener> listener
    )
        : parts_(parts),
          options_(std::move(options)),
          store_(std::move(store)),
          listener_(std::move(listener)),
          client_(wire::make_http_client(*parts.network, *parts.clock, parts.tls)),
          member_(member_parts(), member_config()),
          keeper_(*store_, member_, *parts.clock),
          changed_(parts.executor),
          group_(parts.executor) {
        wire::ShardServerParts shards{parts_.executor, parts_.clock, &keeper_};
        shards_ = wire::make_shard_server(shards);
        wire::add_member_pages(routes_, [this] { return node_health(*store_, member_); });
        routes_.add("GET", "/shards/v1", "frames", [this](wire::HttpExchange& exchange) {
            return serve_frames(exchange);
        });
        wire::HttpServerParts http{parts_.executor, parts_.clock, parts_.random, &routes_, {}};
        http_ = wire::make_http_server(std::move(http));
    }

    [[nodiscard]] Address address() const override { return listener_->address(); }
    [[nodiscard]] wire::MemberClient const& member() const override { return member_; }
    ShardStore& store() override { return *store_; }

    Task<void> run() override {
        group_.spawn("accept", until_it_ends(accept()));
        group_.spawn("member", until_it_ends(be_member()));
        group_.spawn("store", until_it_ends(store_->run()));
        while (!ended_) CO_TRY_OK(co_await changed_.wait());
        co_return *ended_;
    }

    Task<void> stop() override {
        listener_->close();
        TaskGroup closing(parts_.executor);
        closing.spawn("stop frames", shards_->stop(options_.stop_grace));
        closing.spawn("stop http", http_->stop(options_.stop_grace));
        co_await closing.join();
        auto const stopped = co_await store_->stop();
        co_await group_.stop();
        end(Result<void>());
        co_return stopped;
    }

 private:
    wire::MemberClientParts member_parts() {
        wire::MemberClientParts parts;
        parts.disk = parts_.disk;
        parts.clock = parts_.clock;
        parts.http = client_.get();
        parts.executor = parts_.executor;
        parts.heartbeat = [this] { return heartbeat(*store_); };
        parts.on_order = [](std::string const& order) {
            LOG_WARN("order that a storage node does not know", log_fields::kv("order", order));
        };
        return parts;
    }

    wire::MemberClientConfig member_config() {
        wire::MemberClientConfig config;
        config.index_url = options_.index_url;
        config.join_token = options_.join_token;
        config.role = wire::Role::storage;
        config.name = options_.name;
        config.address = options_.advertise;
        if (config.address.empty()) config.address = listener_->address().text();
        config.disk_id = store_->disk_id();
        return config;
    }

    void end(Result<void> result) {
        if (!ended_) ended_ = std::move(result);
        changed_.notify();
    }

    /// The node ends with the first part that does.
    Task<void> until_it_ends(Task<void> part) {
        auto result = co_await std::move(part);
        end(result);
        co_return result;
    }

    Task<void> be_member() {
        for (int conflicts = 0;; ++conflicts) {
            auto const ended = co_await member_.run();
            bool const may_pass = !ended && ended.error().code == Errc::conflict;
            if (!may_pass || conflicts >= conflicts_max) co_return ended;
            LOG_WARN("not taken back yet", kv("error", ended.error()));
            CO_TRY_OK(co_await parts_.clock->sleep(conflict_pause));
        }
    }

    Task<void> accept() {
        while (true) {
            auto stream = co_await listener_->accept();
            if (!stream && stream.error().code == Errc::exhausted) {
                CO_TRY_OK(co_await parts_.clock->sleep(accept_pause));
                continue;
            }
            if (!stream) co_return std::unexpected(stream.error());
            if (group_.count() >= options_.connections_max)
                continue;  // closed by going out of scope
            group_.spawn("connection", serve(*std::move(stream)));
        }
    }

    /// The first bytes tell what is spoken. A connection that fails is its peer's matter.
    Task<void> serve(std::unique_ptr<Stream> stream) {
        auto first = co_await wire::peek(*stream, *parts_.clock, options_.first_bytes_max);
        if (!first || first->empty()) co_return Result<void>();
        if (wire::protocol_of(*first) == wire::Protocol::frames) {
            co_await shards_->serve(std::move(stream), *std::move(first));
        } else {
            co_await http_->serve(std::move(stream), *std::move(first));
        }
        co_return Result<void>();
    }

    Task<void> serve_frames(wire::HttpExchange& exchange) {
        CO_TRY(auto const socket, co_await exchange.accept_websocket());
        co_return co_await shards_->serve_websocket(*socket);
    }

    StorageNodeParts parts_;
    StorageNodeOptions options_;
    std::unique_ptr<ShardStore> store_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<wire::HttpClient> client_;
    wire::MemberClient member_;
    ShardKeeper keeper_;
    wire::HttpRoutes routes_;
    std::unique_ptr<wire::ShardServer> shards_;
    std::unique_ptr<wire::HttpServer> http_;
    std::optional<Result<void>> ended_;
    Wake changed_;
    TaskGroup group_;
};

/// The port of the last start again, so that a restarted node is found where it was.
Task<std::unique_ptr<Listener>> listen(StorageNodeParts parts, Address at) {
    if (at.port == 0) {
        auto const known = co_await read_file(*parts.disk, address_path, address_bytes_max);
        auto const last = known ? parse_address(as_text(*known)) : fail(Errc::not_found, "none");
        if (last && last->host == at.host) {
            auto listener = parts.network->listen(*last);
            if (listener) co_return listener;
        }
    }
    CO_TRY(auto listener, parts.network->listen(at));
    auto const text = listener->address().text();
    CO_TRY_OK(co_await replace_file(*parts.disk, address_path, as_bytes(text)));
    co_return listener;
}

}  // namespace

Task<std::unique_ptr<StorageNode>> open_storage_node(
    StorageNodeParts parts, StorageNodeOptions options
) {
    ShardStoreParts with;
    with.disk = parts.disk;
    with.clock = parts.clock;
    with.random = parts.random;
    with.executor = parts.executor;
    CO_TRY(auto store, co_await open_shard_store(with, options.store));
    CO_TRY(auto listener, co_await listen(parts, options.listen));
    LOG_INFO("storage node listens", kv("address", listener->address().text()));
    co_return std::make_unique<Node>(
        parts, std::move(options), std::move(store), std::move(listener)
    );
}

}  // namespace disgrafs::storage
