#include "erasure/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace disgrafs::erasure {
namespace {

constexpr Layout four_two{.k = 4, .m = 2};
constexpr Layout three_copies{.k = 1, .m = 2, .matrix = Matrix::replica};

void expect_invalid(Layout layout, char const* rule) {
    auto const checked = check(layout);
    ASSERT_FALSE(checked.has_value()) << rule;
    EXPECT_EQ(checked.error().code, Errc::invalid);
    EXPECT_NE(checked.error().message.find(rule), std::string::npos) << checked.error().message;
}

TEST(Layout, LayoutsInUseAreValid) {
    for (auto const layout :
         {three_copies,
          Layout{.k = 2, .m = 2},
          four_two,
          Layout{.k = 6, .m = 3},
          Layout{.k = 8, .m = 3},
          Layout{.k = 10, .m = 4},
          Layout{.k = 2, .m = 0},
          Layout{.k = 254, .m = 1}}) {
        EXPECT_TRUE(check(layout).has_value()) << layout.total();
        EXPECT_TRUE(check_stored(layout).has_value()) << layout.total();
    }
}

TEST(Layout, TheCodecHasMoreThanAClusterKeeps) {
    for (auto const layout :
         {Layout{.k = 200, .m = 56},
          Layout{.k = 4, .m = 2, .w = 16},
          Layout{.k = 3096, .m = 1000, .w = 16, .matrix = Matrix::vandermonde}}) {
        EXPECT_TRUE(check(layout).has_value()) << layout.total();
        EXPECT_FALSE(check_stored(layout).has_value()) << layout.total();
    }
}

TEST(Layout, BrokenRuleIsNamed) {
    expect_invalid({.k = 0, .m = 2}, "k must be at least 1");
    expect_invalid({.k = 200, .m = 57}, "k + m must be ≤ 256");
    expect_invalid({.k = 4000, .m = 97, .w = 16}, "k + m must be ≤ 4096");
    expect_invalid(
        {.k = 300, .m = 2, .w = 16, .matrix = Matrix::cauchy_xor}, "≤ 256 with cauchy_xor"
    );
    expect_invalid({.k = 4, .m = 2, .w = 4}, "w must be 8 or 16");
    expect_invalid({.k = 4, .m = 2, .matrix = static_cast<Matrix>(9)}, "matrix id 9");
    expect_invalid({.k = 1, .m = 2, .matrix = Matrix::cauchy}, "replica exactly when k = 1");
    expect_invalid({.k = 4, .m = 2, .matrix = Matrix::replica}, "replica exactly when k = 1");
}

TEST(Layout, IdsNeverChange) {
    EXPECT_EQ(static_cast<int>(Matrix::replica), 0);
    EXPECT_EQ(static_cast<int>(Matrix::cauchy), 1);
    EXPECT_EQ(unit_bytes, 65536U);
}

TEST(Layout, DataShardsHoldExactlyTheirUnits) {
    auto const sizes = [](std::uint64_t content_bytes) {
        std::vector<std::uint32_t> list;
        list.reserve(static_cast<std::size_t>(four_two.total()));
        for (int i = 0; i < four_two.total(); ++i) {
            list.push_back(shard_bytes(four_two, content_bytes, i));
        }
        return list;
    };
    using Sizes = std::vector<std::uint32_t>;
    constexpr std::uint32_t u = unit_bytes;
    EXPECT_EQ(sizes(1), (Sizes{1, 0, 0, 0, 1, 1}));
    EXPECT_EQ(sizes(u), (Sizes{u, 0, 0, 0, u, u}));
    EXPECT_EQ(sizes(u + 1), (Sizes{u, 1, 0, 0, u, u}));
    EXPECT_EQ(sizes(4ULL * u), (Sizes{u, u, u, u, u, u}));
    EXPECT_EQ(sizes(4ULL * u + 5), (Sizes{u + 5, u, u, u, u + 5, u + 5}));
    EXPECT_EQ(sizes(7ULL * u), (Sizes{2 * u, 2 * u, 2 * u, u, 2 * u, 2 * u}));
    auto const full = shard_bytes_max;
    EXPECT_EQ(sizes(four_two.stripe_bytes()), (Sizes{full, full, full, full, full, full}));
    EXPECT_EQ(shard_bytes(three_copies, 12'345, 2), 12'345U);
}

TEST(Layout, DataShardsTogetherAreAsLongAsTheContent) {
    for (std::uint8_t k = 2; k <= 16; ++k) {
        Layout const layout{.k = k, .m = 3};
        for (std::uint64_t size = 1; size <= layout.stripe_bytes(); size += 40'961) {
            std::uint64_t sum = 0;
            for (int i = 0; i < k; ++i) {
                sum += shard_bytes(layout, size, i);
                ASSERT_LE(shard_bytes(layout, size, i), shard_bytes(layout, size, 0));
            }
            ASSERT_EQ(sum, size);
        }
    }
}

TEST(LayoutDeathTest, StripeBeyondTheLayoutIsABug) {
    EXPECT_DEATH(shard_bytes(four_two, four_two.stripe_bytes() + 1, 0), "stripe of 16777217");
    EXPECT_DEATH(shard_bytes(four_two, 0, 0), "stripe of 0");
    EXPECT_DEATH(shard_bytes(four_two, 1, 6), "shard 6 of 6");
}

}  // namespace
}  // namespace disgrafs::erasure
