#include "analysis/queue.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "base/ids.hpp"
#include "graph/graph.hpp"
#include "graph/test_graph.hpp"
#include "io/clock.hpp"
#include "io/task.hpp"
#include "io/task_group.hpp"
#include "kv/test_world.hpp"
#include "wire/work_service.hpp"

namespace disgrafs::analysis {
namespace {

/// What one call of lease() gave, once it has ended.
struct Leased {
    bool has_ended = false;
    std::vector<wire::WorkTask> tasks;
};

Task<void> lease_one(Queue& queue, MemberId worker, Leased& out) {
    CO_TRY(out.tasks, co_await queue.lease(worker, 1, std::chrono::seconds(20)));
    out.has_ended = true;
    co_return Result<void>{};
}

Task<NodeId> add_file(graph::Graph& graph, Queue& queue) {
    auto const change = graph.begin();
    auto const file = change->create_node({"File"}, {{"name", "a.txt"}, {"version", 1}});
    queue.add(*change, file, 1);
    CO_TRY_OK(co_await change->commit());
    co_return file;
}

Task<void> a_worker_goes_while_it_waits(kv::LogWorld& world) {
    auto& clock = world.sim().clock("index");
    CO_TRY(auto graph, co_await graph::open(world));
    QueueParts const parts{
        .graph = graph.graph.get(), .clock = &clock, .executor = world.executor()
    };
    QueueOptions const options;
    CO_TRY(auto const queue, co_await open_queue(parts, options));
    TaskGroup calls(world.executor());
    Leased of_the_dead;
    Leased of_the_living;
    calls.spawn("lease", lease_one(*queue, MemberId{1}, of_the_dead));
    CO_TRY_OK(co_await clock.sleep(std::chrono::seconds(1)));
    EXPECT_FALSE(of_the_dead.has_ended);
    queue->release(MemberId{1});
    CO_TRY(auto const file, co_await add_file(*graph, *queue));
    CO_TRY_OK(co_await clock.sleep(std::chrono::seconds(1)));
    EXPECT_TRUE(of_the_dead.has_ended);
    EXPECT_EQ(of_the_dead.tasks.size(), 0U) << "nobody would work on it";
    calls.spawn("lease", lease_one(*queue, MemberId{2}, of_the_living));
    CO_TRY_OK(co_await clock.sleep(std::chrono::seconds(1)));
    EXPECT_EQ(of_the_living.tasks.size(), 1U);
    EXPECT_EQ(of_the_living.tasks.at(0).file, file);
    CO_TRY_OK(co_await calls.join());
    CO_TRY_OK(co_await queue->stop());
    co_return co_await graph.close();
}

TEST(Queue, AWorkerThatGoesWhileItWaitsGetsNothing) {
    kv::LogWorld world;
    auto const ran =
        world.run([&](kv::StoreWorld&) { return a_worker_goes_while_it_waits(world); });
    EXPECT_TRUE(ran) << ran.error().message;
}

}  // namespace
}  // namespace disgrafs::analysis
