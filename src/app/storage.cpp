#include "app/storage.hpp"

#include <csignal>
#include <memory>
#include <utility>

#include "app/trust.hpp"
#include "base/log.hpp"
#include "io/clock.hpp"
#include "io/disk.hpp"
#include "io/loop.hpp"
#include "io/network.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs::app {

namespace {

/// What ends the program first: a signal, or the node itself.
struct End {
    explicit End(boost::asio::any_io_executor executor) : wake(std::move(executor)) {}
    Wake wake;
    bool is_reached = false;
    Result<void> result;
};

Task<void> serve(storage::StorageNode& node, End& end) {
    auto const result = co_await node.run();
    if (!end.is_reached) end.result = result;
    end.is_reached = true;
    end.wake.notify();
    co_return Result<void>{};
}

Task<void> wait_for_signal(Signals& stops, End& end) {
    CO_TRY(auto const number, co_await stops.next());
    LOG_INFO("stopping", kv("signal", number));
    end.is_reached = true;
    end.wake.notify();
    co_return Result<void>{};
}

Task<void> run_on(boost::asio::any_io_executor executor, storage::StorageNodeOptions options) {
    Signals stops(executor, {SIGINT, SIGTERM});
    Pool pool("io", 2);
    CO_TRY(auto tls, trust_for(options.index_url, options.index_fingerprint));
    auto const clock = make_real_clock();
    auto const random = make_real_random();
    auto const network = make_real_network(executor);
    CO_TRY(auto const disk, open_real_disk(pool, options.data));
    storage::StorageNodeParts const parts{
        .disk = disk.get(),
        .clock = clock.get(),
        .random = random.get(),
        .network = network.get(),
        .executor = executor,
        .tls = std::move(tls)
    };
    CO_TRY(auto const node, co_await storage::open_storage_node(parts, std::move(options)));
    LOG_INFO("serving", kv("address", node->address().text()));
    End end(executor);
    TaskGroup tasks(executor);
    tasks.spawn("storage node", serve(*node, end));
    tasks.spawn("stop signals", wait_for_signal(stops, end));
    while (!end.is_reached) (void)co_await end.wake.wait();
    auto const stopped = co_await node->stop();
    CO_TRY_OK(co_await tasks.stop());
    CO_TRY_OK(end.result);
    co_return stopped;
}

}  // namespace

Result<void> run_storage(storage::StorageNodeOptions options) {
    return run_loop([&](boost::asio::any_io_executor executor) {
        return run_on(executor, std::move(options));
    });
}

}  // namespace disgrafs::app
