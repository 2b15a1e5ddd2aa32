#include "cluster/content/stored_contents.hpp"

#include <gtest/gtest.h>

#include "cluster/testing/fake_cluster.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t mib = 1U << 20U;

// Put, then read back with every pair of nodes dead.
Task<void> survives_any_losses(FakeCluster& cluster, std::size_t size, bool tells_size) {
    CO_TRY_OK(co_await cluster.start(6));
    auto const content = test_content(size, size);
    ContentOptions upload;
    if (tells_size) upload.size = size;
    CO_TRY(auto const id, co_await cluster.put(content, upload));
    for (std::size_t a = 0; a < 6; ++a) {
        for (std::size_t b = a; b < 6; ++b) {
            CO_TRY_OK(co_await cluster.kill(a));
            if (b != a) CO_TRY_OK(co_await cluster.kill(b));
            CO_TRY(auto const read, co_await cluster.get(id));
            EXPECT_TRUE(read == content) << size << " bytes without " << a << ", " << b;
            CO_TRY_OK(co_await cluster.revive(a));
            if (b != a) CO_TRY_OK(co_await cluster.revive(b));
        }
    }
    co_return co_await cluster.stop();
}

class EverySize : public testing::TestWithParam<std::size_t> {};

TEST_P(EverySize, ReadsBackWithAnyTwoOfSixNodesDead) {
    for (bool const tells_size : {true, false}) {
        TestWorld world;
        FakeCluster cluster(world);
        world.passes(survives_any_losses(cluster, GetParam(), tells_size));
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
