#include "graph/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/test_graph.hpp"

namespace disgrafs::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(GraphTest, CommittedNodeIsInTheImageWithLabelsAndProperties) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const change = graph->begin();
        auto const id = change->create_node(
            {"File", "Archive", "File"},
            {{"name", "文件.txt"},
             {"size", -5},
             {"score", 0.5},
             {"gone", Value()},
             {"list", List{true, "x", List{1}}}}
        );
        EXPECT_EQ(graph.image().node(id), nullptr);
        CO_TRY(auto const revision, co_await change->commit());
        auto const* node = graph.image().node(id);
        CO_TRY_OK(node != nullptr ? Result<void>{} : fail(Errc::not_found, "no node"));
        EXPECT_THAT(node->labels, ElementsAre("Archive", "File"));
        EXPECT_EQ(node->revision, revision);
        EXPECT_EQ((*node)["name"].text(), "文件.txt");
        EXPECT_EQ((*node)["size"].integer(), -5);
        EXPECT_EQ((*node)["score"].number(), 0.5);
        EXPECT_FALSE(node->properties.contains("gone"));
        EXPECT_EQ((*node)["list"], Value(List{true, "x", List{1}}));
        EXPECT_TRUE((*node)["absent"].is_null());
        EXPECT_THAT(graph.image().with_label("Archive"), ElementsAre(id));
        EXPECT_EQ(graph.image().count_label(""), 1U);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, EdgesAreSeenFromBothEndsInOrderOfTheirIds) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const change = graph->begin();
        auto const a = change->create_node({"File"}, {});
        auto const b = change->create_node({"Tag"}, {});
        auto const first = change->create_edge(a, "TAGGED", b, {{"score", 0.9}});
        auto const second = change->create_edge(a, "LIKES", b, {});
        auto const third = change->create_edge(a, "TAGGED", b, {});
        auto const self = change->create_edge(a, "LIKES", a, {});
        CO_TRY_OK(co_await change->commit());
        auto const& image = graph.image();
        auto const ids = [](std::vector<EdgeRecord> const& edges) {
            std::vector<EdgeId> found;
            for (auto const& edge : edges) found.push_back(edge.id);
            return found;
        };
        EXPECT_THAT(ids(image.edges(a, Direction::out)), ElementsAre(first, second, third, self));
        EXPECT_THAT(ids(image.edges(a, Direction::out, "TAGGED")), ElementsAre(first, third));
        EXPECT_THAT(ids(image.edges(b, Direction::in, "LIKES")), ElementsAre(second));
        EXPECT_THAT(ids(image.edges(a, Direction::in)), ElementsAre(self));
        EXPECT_EQ(image.degree(b, Direction::in, ""), 3U);
        EXPECT_EQ(image.degree(b, Direction::in, "TAGGED"), 2U);
        auto const edge = image.edge(first);
        EXPECT_TRUE(edge && edge->from == a && edge->to == b && edge->type == "TAGGED");
        EXPECT_EQ((*edge)["score"].number(), 0.9);
        EXPECT_EQ(image.edge(EdgeId{999}), std::nullopt);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, ChildIsFoundByNameAndKnowsItsPlace) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const& image = graph.image();
        auto const child = image.child(pair.folder, "a.txt");
        EXPECT_TRUE(child && child->node == pair.file);
        EXPECT_FALSE(image.child(pair.folder, "A.TXT"));
        auto const place = image.place(pair.file);
        EXPECT_TRUE(place && place->folder == pair.folder && place->name == "a.txt");
        EXPECT_EQ(image.edge(child->edge)->type, "CONTAINS");
        EXPECT_EQ((*image.edge(child->edge))["name"].text(), "a.txt");
        EXPECT_FALSE(image.place(pair.folder));
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, ChildrenAreListedByNamePageByPage) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const change = graph->begin();
        auto const folder = change->create_node({"Folder"}, {});
        for (auto const* name : {"c", "a", "文", "b", "B"}) {
            change->add_child(folder, name, change->create_node({"File"}, {}));
        }
        CO_TRY_OK(co_await change->commit());
        auto const& image = graph.image();
        EXPECT_THAT(names_of(image.children(folder, "", 2)), ElementsAre("B", "a"));
        EXPECT_THAT(names_of(image.children(folder, "a", 9)), ElementsAre("b", "c", "文"));
        EXPECT_THAT(names_of(image.children(folder, "aa", 1)), ElementsAre("b"));
        EXPECT_THAT(names_of(image.children(folder, "文", 1)), IsEmpty());
        EXPECT_EQ(image.child_count(folder), 5U);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, IdsAreNeverGivenAgainNotEvenAfterReopening) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        std::uint64_t highest = 0;
        for (int round = 0; round < 3; ++round) {
            CO_TRY(auto graph, co_await open(world));
            for (int i = 0; i < 15; ++i) {
                auto const change = graph->begin();
                for (int n = 0; n < 120; ++n) {
                    auto const id = change->create_node({"N"}, {}).value;
                    EXPECT_GT(id, highest);
                    highest = id;
                }
                if (i % 3 != 0) CO_TRY_OK(co_await change->commit());  // the others are dropped
            }
            EXPECT_EQ(graph.image().count_label("N"), 1200U * (static_cast<unsigned>(round) + 1));
            CO_TRY_OK(co_await graph.close());
        }
        co_return Result<void>{};
    });
}

TEST_F(GraphTest, ListenersAreToldWhatChangedUntilTheyLetGo) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        std::vector<std::string> heard;
        auto handle = graph->listen([&heard](Graph::Change const& change) {
            heard.push_back(fmt::format(
                "+{} ~{} -{} e+{} e~{} e-{}",
                change.nodes_created.size(),
                change.nodes_changed.size(),
                change.nodes_removed.size(),
                change.edges_created.size(),
                change.edges_changed.size(),
                change.edges_removed.size()
            ));
            EXPECT_EQ(change.event->revision, change.revision);
        });
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const edge = graph.image().place(pair.file)->edge;
        auto const set = graph->begin();
        set->set(pair.file, {{"size", 9}});
        set->set(pair.folder, {{"name", "root"}});  // no change
        set->set(edge, {{"note", "x"}});
        CO_TRY_OK(co_await set->commit());
        auto const remove = graph->begin();
        remove->remove_child(pair.file);
        remove->remove_node(pair.file);
        CO_TRY_OK(co_await remove->commit());
        handle.reset();
        CO_TRY_OK(co_await make_pair(*graph));
        EXPECT_THAT(
            heard,
            ElementsAre("+2 ~0 -0 e+1 e~0 e-0", "+0 ~1 -0 e+0 e~1 e-0", "+0 ~0 -1 e+0 e~0 e-1")
        );
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, DamagedRowRefusesToOpenAndNamesItsKey) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY_OK(co_await make_pair(*graph));
        std::string const key = std::string("N") + std::string(7, '\0') + "\1";
        kv::Batch batch;
        batch.put(key, to_bytes("\1\xff"));
        CO_TRY_OK(co_await graph.store->commit(std::move(batch)));
        expect_error(co_await graph->reach(graph.store->revision()), Errc::corrupt);
        CO_TRY_OK(co_await graph.close());
        CO_TRY(auto const store, co_await world.open(kv::StoreWorld::many_events));
        auto const refused = co_await open_graph(*store, world.executor());
        expect_error(refused, Errc::corrupt);
        EXPECT_THAT(refused.error().message, HasSubstr(to_hex(as_bytes(key))));
        co_return co_await store->stop();
    });
}

}  // namespace
}  // namespace disgrafs::graph
