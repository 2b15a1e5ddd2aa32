#include "cluster/healing/margins.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "cluster/layouts.hpp"
#include "io/random.hpp"

namespace disgrafs::cluster {
namespace {

StripeRow row_on(std::vector<std::uint64_t> const& nodes) {
    auto const layout = layout_for(SizeClass::large, static_cast<int>(nodes.size()));
    StripeRow row{.layout = layout, .content_bytes = 1, .nodes = {}, .blocks = {}};
    for (auto const node : nodes) row.nodes.push_back({node});
    return row;
}

UploadId upload(std::uint64_t index) { return {.block = 1, .index = index}; }
StripeId stripe(std::uint64_t index, std::uint32_t number) {
    return {.upload = upload(index), .stripe = number};
}

TEST(Margins, OnlyAdoptedUploadsCount) {
    Margins margins;
    margins.set(stripe(1, 0), row_on({1, 2, 3}));
    EXPECT_EQ(margins.stripes(), 0U);
    margins.adopt(upload(1));
    margins.set(stripe(1, 0), row_on({1, 2, 3}));
    EXPECT_EQ(margins.stripes(), 1U);
    EXPECT_EQ(margins.margin_of(stripe(1, 1)), std::nullopt);
}

TEST(Margins, MissingAndUnreachableShardsLowerTheMargin) {
    Margins margins;
    margins.adopt(upload(1));
    margins.set(stripe(1, 0), row_on({1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(margins.margin_of(stripe(1, 0)), -4);
    for (std::uint64_t node = 1; node <= 6; ++node) margins.set_reachable({node}, true);
    EXPECT_EQ(margins.margin_of(stripe(1, 0)), 2);
    margins.set_reachable({3}, false);
    EXPECT_EQ(margins.by_margin(), (std::map<int, std::uint64_t>{{1, 1}}));
    margins.set(stripe(1, 0), row_on({1, 0, 3, 4, 5, 6}));
    EXPECT_EQ(margins.margin_of(stripe(1, 0)), 0);
    EXPECT_EQ(margins.risk().at_risk, 1U);
    margins.set_reachable({6}, false);
    EXPECT_EQ(margins.risk().lost, 1U);
    margins.forget(upload(1));
    EXPECT_EQ(margins.stripes(), 0U);
    EXPECT_TRUE(margins.by_margin().empty());
}

// Random changes, and the same counts as by looking at each stripe.
TEST(Margins, AgreeWithCountingEveryStripe) {
    auto const random = make_seeded_random(7);
    Margins margins;
    std::map<StripeId, StripeRow> model;
    std::set<MemberId> reachable;
    for (int step = 0; step < 5000; ++step) {
        auto const index = random->below(40);
        auto const what = random->below(10);
        if (what == 0) {
            MemberId const node{1 + random->below(9)};
            bool const is_up = random->happens(0.5);
            margins.set_reachable(node, is_up);
            if (is_up) reachable.insert(node);
            if (!is_up) reachable.erase(node);
        } else if (what == 1) {
            margins.forget(upload(index));
            std::erase_if(model, [&](auto const& entry) {
                return entry.first.upload == upload(index);
            });
        } else {
            std::vector<std::uint64_t> nodes;
            for (std::uint64_t node = 1; node <= 9; ++node)
                nodes.push_back(random->happens(0.2) ? 0 : node);
            auto const id = stripe(index, static_cast<std::uint32_t>(random->below(5)));
            margins.adopt(upload(index));
            margins.set(id, row_on(nodes));
            model[id] = row_on(nodes);
        }
        std::map<int, std::uint64_t> expected;
        for (auto const& [id, row] : model) {
            int count = 0;
            for (auto const node : row.nodes) count += reachable.contains(node) ? 1 : 0;
            expected[count - row.layout.k] += 1;
            if (step % 500 == 0) EXPECT_EQ(margins.margin_of(id), count - row.layout.k);
        }
        ASSERT_EQ(margins.by_margin(), expected) << step;
        ASSERT_EQ(margins.stripes(), model.size());
    }
    std::uint64_t visited = 0;
    margins.each_on({4}, [&](StripeId) { visited += 1; });
    auto const has_four = [](auto const& entry) {
        return std::ranges::find(entry.second.nodes, MemberId{4}) != entry.second.nodes.end();
    };
    EXPECT_EQ(visited, static_cast<std::uint64_t>(std::ranges::count_if(model, has_four)));
}

}  // namespace
}  // namespace disgrafs::cluster
