#include "cluster/content/stored_contents.hpp"

#include <gtest/gtest.h>

#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;

void passes(TestWorld& world, Task<void> task) {
    auto const result = world.run(std::move(task));
    EXPECT_TRUE(result) << result.error().message << " (" << result.error().where.file_name() << ":"
                        << result.error().where.line() << ")";
}

// Put, then read back with every set of m nodes dead, whole and by a range across each boundary.
Task<void> survives_any_losses(FakeCluster& cluster, std::size_t size, bool tells_size) {
    auto const content = test_content(size, size);
    CO_TRY(auto const id, co_await cluster.put(content, tells_size));
    auto const count = cluster.nodes.size();
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = a; b < count; ++b) {
            cluster.kill(a);
            if (b != a) cluster.kill(b);
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == content) << size << " bytes without " << a << ", " << b;
            cluster.revive(a);
            if (b != a) cluster.revive(b);
        }
    }
    co_return co_await cluster.close_index();
}

class EverySize : public testing::TestWithParam<std::size_t> {};

TEST_P(EverySize, ReadsBackWithAnyTwoOfSixNodesDead) {
    for (bool const tells_size : {true, false}) {
        TestWorld world;
        FakeCluster cluster(world);
        passes(world, cluster.start(6));
        passes(world, survives_any_losses(cluster, GetParam(), tells_size));
    }
}

INSTANTIATE_TEST_SUITE_P(
    StoredContents,
    EverySize,
    testing::Values(
        0, 1, 2048, 2049, 65536, 65537, mib, mib + 1, 16 * mib - 1, 16 * mib, 16 * mib + 1
    )
);

}  // namespace
}  // namespace disgrafs::cluster
