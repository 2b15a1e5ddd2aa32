#include "graph/ram_image.hpp"

#include <algorithm>
#include <iterator>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/test_graph.hpp"
#include "io/random.hpp"

namespace disgrafs::graph {
namespace {

/// One random commit after the other, or several in the same moment.
class Scribe {
 public:
    Scribe(Graph& graph, Random& random) : graph_(graph), random_(random) {}

    Task<void> write(int steps) {
        auto const change = graph_.begin();
        for (int i = 0; i < steps; ++i) act(*change);
        auto const done = co_await change->commit();
        if (done) {
            ++commits;
        } else if (done.error().code == Errc::conflict) {
            ++conflicts;
        } else {
            ++refusals;
        }
        co_return Result<void>{};
    }

    int commits = 0;
    int conflicts = 0;
    int refusals = 0;

 private:
    NodeId any_node() {
        auto const ids = graph_.image().with_label("");
        return ids.empty() ? NodeId{1} : ids[random_.below(ids.size())];
    }
    std::optional<EdgeRecord> any_edge() {
        auto const direction = random_.happens(0.5) ? Direction::out : Direction::in;
        auto const edges = graph_.image().edges(any_node(), direction);
        if (edges.empty()) return std::nullopt;
        return edges[random_.below(edges.size())];
    }
    std::string any_name() { return fmt::format("n{}", random_.below(30)); }
    Properties any_properties() {
        Properties properties;
        for (auto count = random_.below(3); count > 0; --count) {
            auto const number = static_cast<std::int64_t>(random_.below(100));
            properties[any_name()] = number % 4 == 0 ? Value() : Value(number);
        }
        return properties;
    }
    /// The node with all its edges; sometimes without, which is refused.
    void remove(Transaction& change, NodeId node) {
        std::vector<EdgeId> edges;
        for (auto const direction : {Direction::out, Direction::in}) {
            for (auto const& edge : graph_.image().edges(node, direction)) {
                if (std::ranges::find(edges, edge.id) == edges.end()) edges.push_back(edge.id);
            }
        }
        if (random_.happens(0.9)) {
            for (auto const edge : edges) change.remove_edge(edge);
        }
        change.remove_node(node);
    }
    void act(Transaction& change) {
        switch (random_.below(12)) {
            case 0:
            case 1:
                change.create_node({any_name(), "Node"}, any_properties());
                break;
            case 2:
                change.create_named({"Tag"}, any_name(), any_properties());
                break;
            case 3:
            case 4:
                change.create_edge(any_node(), any_name(), any_node(), any_properties());
                break;
            case 5:
            case 6: {
                auto const child = any_node();
                if (graph_.image().place(child)) change.remove_child(child);
                change.add_child(any_node(), any_name(), child);
                break;
            }
            case 7:
                change.set(any_node(), any_properties());
                break;
            case 8:
                change.set(any_node(), {{"name", any_name()}});
                break;
            case 9:
                change.add_label(any_node(), any_name());
                break;
            case 10:
                if (auto const edge = any_edge()) {
                    if (random_.happens(0.5))
                        change.remove_edge(edge->id);
                    else
                        change.set(edge->id, {{"x", 1}});
                }
                break;
            default:
                remove(change, any_node());
                break;
        }
    }

    Graph& graph_;
    Random& random_;
};

/// The graph drawn from nothing but the events.
Task<std::string> replay(kv::Store& store, boost::asio::any_io_executor executor) {
    RamImage image(std::move(executor));
    auto const stream = store.events(0);
    while (image.revision() < store.revision()) {
        CO_TRY(auto const event, co_await stream->next());
        CO_TRY_OK(image.apply(*event, nullptr));
    }
    co_return portrait(image);
}

/// For several seeds: after random commits, many of them at the same moment, the image that
/// followed, one replayed from the first event, and one scanned at reopening are the same.
class RandomGraph : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, RandomGraph, ::testing::Range<std::uint64_t>(1, 9));

TEST_P(RandomGraph, ImageThatFollowedEqualsReplayEqualsScan) {
    struct Story {
        static Task<void> tell(kv::StoreWorld& world, Random& random) {
            int commits = 0;
            int conflicts = 0;
            for (int opening = 0; opening < 4; ++opening) {
                CO_TRY(auto graph, co_await open(world));
                Scribe scribe(*graph, random);
                for (int round = 0; round < 60; ++round) {
                    TaskGroup group(world.executor());
                    for (auto count = random.below(4) + 1; count > 0; --count) {
                        auto const steps = static_cast<int>(random.below(4)) + 1;
                        group.spawn("scribe", scribe.write(steps));
                    }
                    CO_TRY_OK(co_await group.join());
                }
                commits += scribe.commits;
                conflicts += scribe.conflicts;
                auto const followed = portrait(graph.image());
                CO_TRY(auto const replayed, co_await replay(*graph.store, world.executor()));
                EXPECT_EQ(followed, replayed);
                CO_TRY_OK(co_await graph.close());
                CO_TRY(auto scanned, co_await open(world));
                EXPECT_EQ(followed, portrait(scanned.image()));
                CO_TRY_OK(co_await scanned.close());
            }
            EXPECT_GT(commits, 200);
            EXPECT_GT(conflicts, 5);
            co_return Result<void>{};
        }
    };
    kv::LogWorld world;
    auto const random = make_seeded_random(GetParam());
    auto const story = [&random](kv::StoreWorld& in) { return Story::tell(in, *random); };
    auto const told = world.run(story);
    EXPECT_TRUE(told) << told.error().message;
}

/// A folder of 100,000 names: a page of 100 costs a page, not the folder.
TEST(RamImage, PageOfALargeFolderStartsWhereItShould) {
    boost::asio::io_context context;
    RamImage image(context.get_executor());
    auto const put = [&image](std::string key, Bytes value) {
        auto const loaded = image.load({std::move(key), std::move(value), 1});
        EXPECT_TRUE(loaded) << loaded.error().message;
    };
    constexpr std::uint64_t count = 100'000;
    put(node_key(NodeId{1}), encode_node({{"Folder"}, {}}));
    for (std::uint64_t i = 0; i < count; ++i) {
        NodeId const child{i + 2};
        put(node_key(child), encode_node({{"File"}, {}}));
        put(child_key(NodeId{1}, fmt::format("{:06}", i)), encode_child({child, EdgeId{i + 1}}));
    }
    auto const page = image.children(NodeId{1}, "049999", 3);
    ASSERT_EQ(page.size(), 3U);
    EXPECT_EQ(page[0].name, "050000");
    EXPECT_EQ(page[2].node, NodeId{50'004});
    EXPECT_EQ(image.child_count(NodeId{1}), count);
    auto const started = std::chrono::steady_clock::now();
    for (int i = 0; i < 1000; ++i) {
        auto const after = fmt::format("{:06}", i * 97);
        EXPECT_EQ(image.children(NodeId{1}, after, 100).size(), 100U);
    }
    auto const took = std::chrono::steady_clock::now() - started;
    EXPECT_LT(took, std::chrono::seconds(2));  // the whole folder each time would be 100 × this
}

TEST(RamImage, RecordStaysUntilTheNextTurnOfTheLoopHoweverManyAreLookedAt) {
    boost::asio::io_context context;
    RamImage image(context.get_executor());
    for (std::uint64_t id = 1; id <= 10'000; ++id) {
        NodeRow const row{.labels = {"File"}, .properties = {{"size", std::int64_t(id)}}};
        ASSERT_TRUE(image.load({node_key(NodeId{id}), encode_node(row), id}));
    }
    auto const* first = image.node(NodeId{1});
    for (std::uint64_t id = 2; id <= 10'000; ++id) ASSERT_NE(image.node(NodeId{id}), nullptr);
    EXPECT_EQ((*first)["size"].integer(), 1);
    context.run();  // forgets
    EXPECT_EQ((*image.node(NodeId{2}))["size"].integer(), 2);
}

}  // namespace
}  // namespace disgrafs::graph
