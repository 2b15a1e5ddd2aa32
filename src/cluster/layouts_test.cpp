#include "cluster/layouts.hpp"

#include <tuple>

#include <gtest/gtest.h>

#include "cluster/contents.hpp"

namespace disgrafs::cluster {
namespace {

using erasure::Layout;
using erasure::Matrix;

std::pair<int, int> code(Layout layout) { return {layout.k, layout.m}; }

TEST(Layouts, SizeClassesBeginOneByteAboveEachBound) {
    EXPECT_EQ(size_class_of(0), SizeClass::in_store);
    EXPECT_EQ(size_class_of(2048), SizeClass::in_store);
    EXPECT_EQ(size_class_of(2049), SizeClass::copies);
    EXPECT_EQ(size_class_of(65536), SizeClass::copies);
    EXPECT_EQ(size_class_of(65537), SizeClass::small);
    EXPECT_EQ(size_class_of(1U << 20U), SizeClass::small);
    EXPECT_EQ(size_class_of((1U << 20U) + 1), SizeClass::large);
}

TEST(Layouts, EveryRowOfTheTableIsAValidLayoutForItsNodes) {
    for (auto const size : {SizeClass::copies, SizeClass::small, SizeClass::large}) {
        for (int nodes = 1; nodes <= 200; ++nodes) {
            auto const layout = layout_for(size, nodes);
            EXPECT_LE(layout.total(), nodes);
            EXPECT_GE(layout.m, std::min(2, nodes - 1));
            EXPECT_TRUE(erasure::check_stored(layout)) << nodes;
            EXPECT_EQ(layout.matrix == Matrix::replica, layout.k == 1);
        }
    }
}

TEST(Layouts, LargeFilesWidenWithTheCluster) {
    std::vector<std::tuple<int, int, int>> const rows{
        {1, 1, 0},
        {2, 1, 1},
        {3, 1, 2},
        {4, 2, 2},
        {5, 2, 2},
        {6, 4, 2},
        {8, 4, 2},
        {9, 6, 3},
        {10, 6, 3},
        {11, 8, 3},
        {13, 8, 3},
        {14, 10, 4},
        {100, 10, 4}
    };
    for (auto const& [nodes, k, m] : rows) {
        EXPECT_EQ(code(layout_for(SizeClass::large, nodes)), std::pair(k, m)) << nodes;
    }
}

TEST(Layouts, TheNodesThatAreUpDecideNotThoseThatAreRegistered) {
    auto const six = [](int usable) { return NodeCount{.registered = 6, .usable = usable}; };
    EXPECT_EQ(code(*layout_now(SizeClass::large, six(6), {})), std::pair(4, 2));
    EXPECT_EQ(code(*layout_now(SizeClass::large, six(5), {})), std::pair(2, 2));
    EXPECT_EQ(code(*layout_now(SizeClass::large, six(4), {})), std::pair(2, 2));
    EXPECT_EQ(code(*layout_now(SizeClass::large, six(3), {})), std::pair(1, 2));
    EXPECT_EQ(code(*layout_now(SizeClass::small, six(3), {})), std::pair(1, 2));
    EXPECT_EQ(code(wanted_layout(SizeClass::large, six(3), {})), std::pair(4, 2));
}

TEST(Layouts, LessParityThanTheClusterOwesIsRefusedAndSaysHowManyNodesAreNeeded) {
    for (int registered = 3; registered <= 20; ++registered) {
        for (int usable = 0; usable <= 2; ++usable) {
            NodeCount const count{.registered = registered, .usable = usable};
            auto const layout = layout_now(SizeClass::copies, count, {});
            ASSERT_FALSE(layout) << registered << " " << usable;
            EXPECT_EQ(layout.error().code, Errc::unavailable);
            EXPECT_NE(layout.error().message.find("needs 3 storage nodes"), std::string::npos);
        }
    }
    EXPECT_FALSE(layout_now(SizeClass::large, {.registered = 2, .usable = 1}, {}));
    EXPECT_FALSE(layout_now(SizeClass::large, {.registered = 0, .usable = 0}, {}));
}

TEST(Layouts, NodesThatAreUpButFullMakeTheClusterFull) {
    NodeCount const count{.registered = 6, .usable = 2, .full = 4};
    EXPECT_EQ(layout_now(SizeClass::small, count, {}).error().code, Errc::exhausted);
    NodeCount const away{.registered = 6, .usable = 1, .full = 1};
    EXPECT_EQ(layout_now(SizeClass::small, away, {}).error().code, Errc::unavailable);
}

TEST(Layouts, ClustersOfOneAndTwoNodesMayWriteWithWhatTheyHave) {
    EXPECT_EQ(
        code(*layout_now(SizeClass::large, {.registered = 1, .usable = 1}, {})), std::pair(1, 0)
    );
    EXPECT_EQ(
        code(*layout_now(SizeClass::copies, {.registered = 2, .usable = 2}, {})), std::pair(1, 1)
    );
}

TEST(Layouts, APolicyHoldsForLargeFilesWhileItsNodesAreUp) {
    Layout const policy{.k = 3, .m = 2, .w = 8, .matrix = Matrix::cauchy};
    EXPECT_EQ(*layout_now(SizeClass::large, {.registered = 6, .usable = 5}, policy), policy);
    EXPECT_EQ(
        code(*layout_now(SizeClass::large, {.registered = 6, .usable = 4}, policy)), std::pair(2, 2)
    );
    EXPECT_EQ(
        code(*layout_now(SizeClass::small, {.registered = 6, .usable = 6}, policy)), std::pair(2, 2)
    );
    EXPECT_EQ(wanted_layout(SizeClass::large, {.registered = 6, .usable = 4}, policy), policy);
    EXPECT_EQ(
        code(wanted_layout(SizeClass::large, {.registered = 4, .usable = 4}, policy)),
        std::pair(2, 2)
    );
}

TEST(Layouts, APolicyWithTooLittleParityIsInvalid) {
    Layout const thin{.k = 4, .m = 1, .w = 8, .matrix = Matrix::cauchy};
    EXPECT_EQ(check_policy(thin, 6).error().code, Errc::invalid);
    EXPECT_TRUE(check_policy(layout_for(SizeClass::large, 6), 6));
    EXPECT_TRUE(check_policy(layout_for(SizeClass::large, 2), 2));
}

TEST(Layouts, AShortPutKeepsAtLeastOneShardToSpare) {
    EXPECT_EQ(receipts_needed(layout_for(SizeClass::large, 6)), 5);
    EXPECT_EQ(receipts_needed(layout_for(SizeClass::large, 3)), 2);
    EXPECT_EQ(receipts_needed(layout_for(SizeClass::large, 2)), 2);
    EXPECT_EQ(receipts_needed(layout_for(SizeClass::large, 1)), 1);
    EXPECT_EQ(receipts_needed(layout_for(SizeClass::large, 14)), 13);
}

}  // namespace
}  // namespace disgrafs::cluster
