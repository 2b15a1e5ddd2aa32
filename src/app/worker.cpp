#include "app/worker.hpp"

#include <csignal>
#include <memory>
#include <string>
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

namespace disgrafs::app {

namespace {

Task<void> run_on(
    boost::asio::any_io_executor executor,
    std::string data,
    Address listen,
    analysis::WorkerConfig config
) {
    Signals stops(executor, {SIGINT, SIGTERM});
    Pool pool("io", 1);
    CO_TRY(auto tls, trust_for(config.index_url, config.index_fingerprint));
    auto const clock = make_real_clock();
    auto const random = make_real_random();
    auto const network = make_real_network(executor);
    CO_TRY(auto const disk, open_real_disk(pool, data));
    CO_TRY(auto const lock, disk->lock("worker.lock"));
    CO_TRY(auto const listener, network->listen(listen));
    LOG_INFO("serving", kv("address", listener->address().text()));
    analysis::WorkerParts const parts{
        .disk = disk.get(),
        .clock = clock.get(),
        .random = random.get(),
        .network = network.get(),
        .listener = listener.get(),
        .executor = executor,
        .tls = std::move(tls)
    };
    auto const worker = analysis::make_worker(parts, std::move(config));
    TaskGroup tasks(executor);
    tasks.spawn("worker", worker->run());
    auto const number = co_await stops.next();
    (void)number;
    (void)co_await worker->stop();
    co_return co_await tasks.stop();
}

}  // namespace

Result<void> run_worker(std::string data, Address listen, analysis::WorkerConfig config) {
    return run_loop([&](boost::asio::any_io_executor executor) {
        return run_on(executor, std::move(data), std::move(listen), std::move(config));
    });
}

}  // namespace disgrafs::app
