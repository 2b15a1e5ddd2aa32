#include "app/index.hpp"

#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "analysis/queue.hpp"
#include "app/data_folder.hpp"
#include "app/program.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "cluster/cluster.hpp"
#include "files/files.hpp"
#include "files/people.hpp"
#include "gateway/gateway.hpp"
#include "graph/graph.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/loop.hpp"
#include "io/network.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task_group.hpp"
#include "kv/rocks_store.hpp"
#include "search/search.hpp"
#include "wire/certificate.hpp"
#include "wire/protocol.hpp"
#include "wire/shard_client.hpp"
#include "wire/tls.hpp"

namespace disgrafs::app {

namespace {

/// 35 of each member (disgrafs_edge_*: 27, disgrafs_member_*: 8) on top of what a process may have.
constexpr std::size_t series_of_process = 1500;
constexpr std::size_t series_per_member = 40;
constexpr std::size_t members_measured = 200;

/// Built in the order of its members, destroyed in reverse; stop() goes from the doors inwards.
class Index {
 public:
    Index(IndexConfig config, boost::asio::any_io_executor executor)
        : config_(std::move(config)),
          executor_(executor),
          clock_(make_real_clock()),
          random_(make_real_random()),
          network_(make_real_network(executor)),
          links_(executor),
          tasks_(executor) {
        limit_series(series_of_process + series_per_member * members_measured);
    }

    Task<void> run() {
        Signals stops(executor_, {SIGINT, SIGTERM});
        auto result = co_await open();
        if (result) {
            start();
            LOG_INFO("serving", kv("address", listener_->address().text()));
            auto const number = co_await stops.next();
            LOG_INFO("stopping", kv("signal", number.value_or(0)));
        }
        auto const stopped = co_await stop();
        CO_TRY_OK(result);
        co_return stopped;
    }

 private:
    Task<void> open() {
        CO_TRY(auto const address, parse_address(config_.listen));
        // Bound first: a second index server on the port must not touch the store.
        CO_TRY(listener_, network_->listen(address));
        CO_TRY_OK(listen_for_this_machine());
        CO_TRY(disk_, open_real_disk(io_pool_, config_.data));
        CO_TRY(lock_, disk_->lock("index.lock"));
        CO_TRY_OK(co_await open_tls(address));
        kv::RocksOptions const store_options;
        CO_TRY(
            store_,
            co_await kv::open_rocks_store(
                store_pool_, executor_, config_.data + "/store", store_options
            )
        );
        CO_TRY(graph_, co_await graph::open_graph(*store_, executor_));
        CO_TRY_OK(co_await open_cluster());
        search::SearchParts const search_parts{
            .graph = graph_.get(), .cpu = &cpu_pool_, .executor = executor_
        };
        search_ = search::make_search(search_parts);
        analysis::QueueParts const queue_parts{
            .graph = graph_.get(), .clock = clock_.get(), .executor = executor_
        };
        analysis::QueueOptions const queue_options;
        CO_TRY(queue_, co_await analysis::open_queue(queue_parts, queue_options));
        open_files();
        CO_TRY_OK(co_await set_up_people());
        co_return open_gateway();
    }

    /// Members on this machine, and `disgrafs up`, come by loopback wherever the page is served.
    Result<void> listen_for_this_machine() {
        auto const address = listener_->address();
        if (wire::is_any(address) || wire::is_loopback(address)) return {};
        TRY(local_listener_, network_->listen(Address{"127.0.0.1", address.port}));
        return {};
    }

    Task<void> open_tls(Address address) {
        std::vector<std::string> names{host_name(), "localhost", "127.0.0.1", "::1"};
        if (!wire::is_any(address)) names.push_back(address.host);
        CO_TRY(auto const kept, co_await wire::keep_certificate(*disk_, *clock_, std::move(names)));
        CO_TRY(tls_, wire::TlsContext::for_server(kept));
        CO_TRY(auto const fingerprint, wire::fingerprint_of(kept.chain_pem));
        LOG_INFO("https is served", kv("fingerprint", fingerprint));
        co_return Result<void>{};
    }

    Task<void> open_cluster() {
        cluster::ClusterParts parts{
            .store = store_.get(),
            .clock = clock_.get(),
            .random = random_.get(),
            .cpu = &cpu_pool_,
            .executor = executor_,
            .connect = [this](
                           MemberId node, std::string address
                       ) { return connect_shards(node, std::move(address)); }
        };
        CO_TRY(cluster_, co_await cluster::open_cluster(std::move(parts), config_.cluster));
        co_return replace_small_file(
            config_.data + "/join-token", cluster_->join_token() + "\n", 0600
        );
    }

    std::unique_ptr<wire::ShardService> connect_shards(MemberId node, std::string address);

    void open_files() {
        files::FilesParts parts{
            .graph = graph_.get(),
            .contents = &cluster_->contents(),
            .clock = clock_.get(),
            .executor = executor_,
            .on_new_version = [this](
                                  graph::Transaction& change, NodeId file, std::uint64_t version
                              ) { queue_->add(change, file, version); }
        };
        files_ = files::make_files(std::move(parts));
        files::PeopleParts people_parts{
            .graph = graph_.get(),
            .clock = clock_.get(),
            .random = random_.get(),
            .cpu = &cpu_pool_,
            .executor = executor_,
            .used_bytes = [this](NodeId user) { return files_->used_bytes(user); },
            .on_first_password_changed = [this] { ::unlink(password_file().c_str()); }
        };
        people_ = files::make_people(std::move(people_parts));
    }

    [[nodiscard]] std::string password_file() const {
        auto const& named = config_.admin_password_file;
        return named.empty() ? config_.data + "/admin-password" : named;
    }

    Task<void> set_up_people() {
        auto const file = password_file();
        CO_TRY(auto const password, co_await people_->set_up());
        if (password) co_return replace_small_file(file, *password + "\n", 0600);
        if (!people_->has_first_password()) ::unlink(file.c_str());
        co_return Result<void>{};
    }

    Result<void> open_gateway() {
        auto const page = shared_folder("web");
        if (!page) LOG_WARN("the page was not built", kv("error", page.error()));
        gateway::Services services{
            .graph = *graph_,
            .files = *files_,
            .people = *people_,
            .cluster = *cluster_,
            .search = *search_,
            .queue = *queue_,
            .clock = *clock_,
            .random = *random_,
            .cpu = cpu_pool_,
            .executor = executor_,
            .tls = tls_,
            .web_folder = page.value_or("")
        };
        gateway_ = std::make_unique<gateway::Gateway>(std::move(services));
        return {};
    }

    void start() {
        tasks_.spawn("cluster", cluster_->run());
        tasks_.spawn("search", search_->run());
        tasks_.spawn("queue", queue_->run());
        tasks_.spawn("files", files_->run());
        tasks_.spawn("gateway", gateway_->run(*listener_));
        if (local_listener_) tasks_.spawn("local gateway", gateway_->run(*local_listener_));
    }

    Task<void> stop() {
        if (listener_) listener_->close();
        if (local_listener_) local_listener_->close();
        constexpr Duration grace = std::chrono::milliseconds(700);
        if (gateway_) (void)co_await gateway_->stop(grace);
        if (files_) (void)co_await files_->stop();
        if (queue_) (void)co_await queue_->stop();
        if (search_) (void)co_await search_->stop();
        if (cluster_) (void)co_await cluster_->stop();
        (void)co_await tasks_.stop();
        (void)co_await links_.stop();
        if (graph_) (void)co_await graph_->stop();
        if (store_) CO_TRY_OK(co_await store_->stop());
        co_return Result<void>{};
    }

    IndexConfig config_;
    boost::asio::any_io_executor executor_;
    Pool io_pool_{"io", 1};
    Pool store_pool_{"store", 2};
    Pool cpu_pool_{"cpu", 2};
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<Network> network_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<Listener> local_listener_;  ///< 127.0.0.1, when the other one is elsewhere.
    std::shared_ptr<wire::TlsContext const> tls_;
    std::unique_ptr<Disk> disk_;
    std::shared_ptr<void> lock_;
    std::unique_ptr<kv::Store> store_;
    std::unique_ptr<graph::Graph> graph_;
    TaskGroup links_;  ///< Connections to storage nodes.
    std::unique_ptr<cluster::Cluster> cluster_;
    std::unique_ptr<search::Search> search_;
    std::unique_ptr<analysis::Queue> queue_;
    std::unique_ptr<files::Files> files_;
    std::unique_ptr<files::People> people_;
    std::unique_ptr<gateway::Gateway> gateway_;
    TaskGroup tasks_;
};

std::unique_ptr<wire::ShardService> Index::connect_shards(MemberId node, std::string address) {
    auto const parsed = parse_address(address);
    wire::ShardClientParts const parts{
        .network = network_.get(), .clock = clock_.get(), .tasks = &links_
    };
    wire::ShardClientOptions options;
    options.peer = fmt::format("{}", node.value);
    return wire::make_shard_client(parts, parsed.value_or(Address{}), std::move(options));
}

/// Owns the parts on the loop, so that they die before it does.
Task<void> run_on(boost::asio::any_io_executor executor, IndexConfig config) {
    Index index(std::move(config), executor);
    co_return co_await index.run();
}

}  // namespace

Result<void> run_index(IndexConfig config) {
    return run_loop([&](boost::asio::any_io_executor executor) {
        return run_on(executor, std::move(config));
    });
}

}  // namespace disgrafs::app
