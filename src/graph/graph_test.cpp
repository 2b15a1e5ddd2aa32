#include "graph/graph.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/test_graph.hpp"

namespace disgrafs::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GraphTest : public ::testing::Test {
 protected:
    void tell(kv::StoreWorld::Story story) {
        auto const told = world_.run(std::move(story));
        if (!told) ADD_FAILURE() << told.error().message;
    }

 private:
    kv::LogWorld world_;
};

template <typename T>
void expect_error(Result<T> const& result, Errc code) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
}

/// A folder and a file in it called "a.txt".
struct Pair {
    NodeId folder;
    NodeId file;
};
Task<Pair> make_pair(Graph& graph) {
    auto const change = graph.begin();
    Pair made;
    made.folder = change->create_node({"Folder"}, {{"name", "root"}});
    made.file = change->create_node({"File"}, {{"size", 7}});
    change->add_child(made.folder, "a.txt", made.file);
    CO_TRY_OK(co_await change->commit());
    co_return made;
}

std::vector<std::string> names_of(std::vector<Child> const& children) {
    std::vector<std::string> names;
    for (auto const& child : children) names.emplace_back(child.name);
    return names;
}

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

TEST_F(GraphTest, NameThatIsTakenIsAConflict) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const change = graph->begin();
        change->add_child(pair.folder, "a.txt", change->create_node({"File"}, {}));
        auto const refused = co_await change->commit();
        expect_error(refused, Errc::conflict);
        EXPECT_THAT(refused.error().message, HasSubstr("a.txt"));
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, OfTwoWhoTakeOneNameAtOnceOneHasAConflict) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const mine = graph->begin();
        auto const theirs = graph->begin();
        mine->add_child(pair.folder, "b", mine->create_node({"File"}, {}));
        theirs->add_child(pair.folder, "b", theirs->create_node({"File"}, {}));
        CO_TRY_OK(co_await mine->commit());
        expect_error(co_await theirs->commit(), Errc::conflict);
        EXPECT_EQ(graph.image().child_count(pair.folder), 2U);
        EXPECT_EQ(graph.image().counts().nodes, 3U);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, ManyMayAddToOneFolderAtOnce) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const mine = graph->begin();
        auto const theirs = graph->begin();
        mine->add_child(pair.folder, "b", mine->create_node({"File"}, {}));
        theirs->add_child(pair.folder, "c", theirs->create_node({"File"}, {}));
        CO_TRY_OK(co_await mine->commit());
        CO_TRY_OK(co_await theirs->commit());
        EXPECT_EQ(graph.image().child_count(pair.folder), 3U);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, FolderThatGainsAChildMeanwhileIsNotRemoved) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const make = graph->begin();
        auto const folder = make->create_node({"Folder"}, {});
        CO_TRY_OK(co_await make->commit());
        auto const remove = graph->begin();
        auto const add = graph->begin();
        remove->remove_node(folder);
        add->add_child(folder, "a", add->create_node({"File"}, {}));
        CO_TRY_OK(co_await add->commit());
        expect_error(co_await remove->commit(), Errc::conflict);

        auto const empty = graph->begin();
        empty->remove_child(graph.image().child(folder, "a")->node);
        CO_TRY_OK(co_await empty->commit());
        auto const retry = graph->begin();
        auto const late = graph->begin();
        retry->remove_node(folder);
        late->add_child(folder, "b", late->create_node({"File"}, {}));
        CO_TRY_OK(co_await retry->commit());
        expect_error(co_await late->commit(), Errc::conflict);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, RenameAndMoveAreOneCommitAndKeepTheNode) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const rename = graph->begin();
        rename->remove_child(pair.file);
        rename->add_child(pair.folder, "b.txt", pair.file);
        CO_TRY_OK(co_await rename->commit());
        EXPECT_THAT(names_of(graph.image().children(pair.folder, "", 9)), ElementsAre("b.txt"));
        EXPECT_EQ(graph.image().counts().edges, 1U);

        auto const same = graph->begin();
        same->remove_child(pair.file);
        same->add_child(pair.folder, "b.txt", pair.file);
        CO_TRY_OK(co_await same->commit());

        auto const swap = graph->begin();
        auto const file = swap->create_node({"File"}, {});
        swap->add_child(pair.folder, "x.txt", file);
        CO_TRY_OK(co_await swap->commit());
        auto const back = graph->begin();
        for (auto const child : {pair.file, file}) back->remove_child(child);
        back->add_child(pair.folder, "x.txt", pair.file);
        back->add_child(pair.folder, "b.txt", file);
        CO_TRY_OK(co_await back->commit());
        EXPECT_EQ(graph.image().child(pair.folder, "b.txt")->node, file);

        auto const move = graph->begin();
        auto const other = move->create_node({"Folder"}, {});
        move->remove_child(pair.file);
        move->add_child(other, "c.txt", pair.file);
        CO_TRY_OK(co_await move->commit());
        EXPECT_EQ(graph.image().child_count(pair.folder), 1U);
        EXPECT_EQ(graph.image().place(pair.file)->folder, other);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, OfTwoWhoMoveOneNodeOneHasAConflict) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const out = graph->begin();
        out->remove_child(pair.file);
        CO_TRY_OK(co_await out->commit());
        auto const mine = graph->begin();
        auto const theirs = graph->begin();
        mine->add_child(pair.folder, "x", pair.file);
        theirs->add_child(pair.folder, "y", pair.file);
        CO_TRY_OK(co_await mine->commit());
        expect_error(co_await theirs->commit(), Errc::conflict);
        auto const again = graph->begin();
        again->add_child(pair.folder, "z", pair.file);
        expect_error(co_await again->commit(), Errc::conflict);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, UniqueNameIsFoundKeptWhenRenamedAndFreedWhenRemoved) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const make = graph->begin();
        auto const cat = make->create_named({"Tag", "Seen"}, "cat", {{"kind", "object"}});
        make->create_named({"Tag"}, "dog", {});
        CO_TRY_OK(co_await make->commit());
        EXPECT_EQ(graph.image().named("Tag", "cat"), cat);
        EXPECT_EQ((*graph.image().node(cat))["name"].text(), "cat");
        EXPECT_EQ(graph.image().named("Seen", "cat"), std::nullopt);

        auto const twice = graph->begin();
        twice->create_named({"Tag"}, "cat", {});
        expect_error(co_await twice->commit(), Errc::conflict);
        auto const taken = graph->begin();
        taken->set(cat, {{"name", "dog"}});
        expect_error(co_await taken->commit(), Errc::conflict);

        auto const rename = graph->begin();
        rename->set(cat, {{"name", "猫"}});
        CO_TRY_OK(co_await rename->commit());
        EXPECT_EQ(graph.image().named("Tag", "cat"), std::nullopt);
        EXPECT_EQ(graph.image().named("Tag", "猫"), cat);

        auto const remove = graph->begin();
        remove->remove_node(cat);
        remove->create_named({"Tag"}, "猫", {});
        CO_TRY_OK(co_await remove->commit());
        EXPECT_NE(graph.image().named("Tag", "猫"), cat);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, ChangedNodeConflictsAndUnrelatedChangesDoNot) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const mine = graph->begin();
        auto const theirs = graph->begin();
        auto const reader = graph->begin();
        mine->set(pair.file, {{"size", 8}, {"ext", "txt"}});
        theirs->set(pair.file, {{"size", 9}});
        reader->depend(pair.file);
        reader->set(pair.folder, {{"seen", true}});
        CO_TRY_OK(co_await mine->commit());
        expect_error(co_await theirs->commit(), Errc::conflict);
        expect_error(co_await reader->commit(), Errc::conflict);
        EXPECT_EQ((*graph.image().node(pair.file))["size"].integer(), 8);

        auto const late = graph->begin();
        auto const other = graph->begin();
        other->set(pair.file, {{"size", Value()}});
        CO_TRY_OK(co_await other->commit());
        late->set(pair.file, {{"size", 1}});  // read after another commit since begin()
        expect_error(co_await late->commit(), Errc::conflict);
        EXPECT_TRUE((*graph.image().node(pair.file))["size"].is_null());
        EXPECT_EQ((*graph.image().node(pair.file))["ext"].text(), "txt");
        co_return co_await graph.close();
    });
}

/// The three commits are decided in one group, after which the image sees all of them.
TEST_F(GraphTest, EdgeToARemovedNodeIsRefusedAndARemovedNodeTakesNewEdgesAlong) {
    struct Child {
        static Task<void> commit(Transaction& change, Result<kv::Revision>& answer) {
            answer = co_await change.commit();
            co_return Result<void>{};
        }
    };
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const make = graph->begin();
        auto const a = make->create_node({}, {});
        auto const b = make->create_node({}, {});
        CO_TRY_OK(co_await make->commit());
        auto const remove = graph->begin();
        auto const before = graph->begin();
        auto const after = graph->begin();
        remove->remove_node(b);
        before->create_edge(a, "KNOWS", b, {});
        after->create_edge(a, "KNOWS", b, {});
        std::vector<Result<kv::Revision>> answers(3);
        TaskGroup group(world.executor());
        group.spawn("before", Child::commit(*before, answers[0]));
        group.spawn("remove", Child::commit(*remove, answers[1]));
        group.spawn("after", Child::commit(*after, answers[2]));
        CO_TRY_OK(co_await group.join());
        EXPECT_TRUE(answers[0] && answers[1]);
        expect_error(answers[2], Errc::conflict);
        EXPECT_EQ(graph.image().counts().edges, 0U);
        EXPECT_EQ(graph.image().degree(a, Direction::out, ""), 0U);
        auto const never = graph->begin();
        never->create_edge(a, "KNOWS", b, {});
        expect_error(co_await never->commit(), Errc::not_found);
        auto const seen = portrait(graph.image());
        CO_TRY_OK(co_await graph.close());

        CO_TRY(auto reopened, co_await open(world));  // sweeps the row of the edge
        EXPECT_EQ(portrait(reopened.image()), seen);
        CO_TRY(auto const rows, co_await reopened.store->scan(kv::Range::prefix("O"), 10));
        EXPECT_THAT(rows.entries, IsEmpty());
        co_return co_await reopened.close();
    });
}

TEST_F(GraphTest, NodeWithEdgesIsNotRemovedUnlessTheyGoToo) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        auto const refused = graph->begin();
        refused->remove_node(pair.file);
        expect_error(co_await refused->commit(), Errc::invalid);
        auto const remove = graph->begin();
        remove->remove_edge(graph.image().place(pair.file)->edge);
        remove->remove_node(pair.file);
        CO_TRY_OK(co_await remove->commit());
        EXPECT_EQ(graph.image().node(pair.file), nullptr);
        EXPECT_EQ(graph.image().child_count(pair.folder), 0U);
        auto const again = graph->begin();
        again->remove_node(pair.file);
        expect_error(co_await again->commit(), Errc::not_found);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, LockIsHeldByOneOfTwo) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const mine = graph->begin();
        auto const theirs = graph->begin();
        auto const other = graph->begin();
        mine->lock("tree");
        theirs->lock("tree");
        other->lock("wood");
        CO_TRY_OK(co_await mine->commit());
        expect_error(co_await theirs->commit(), Errc::conflict);
        CO_TRY_OK(co_await other->commit());
        auto const next = graph->begin();
        next->lock("tree");
        CO_TRY_OK(co_await next->commit());
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, RowsOfOtherModulesAreWrittenInTheSameCommit) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const change = graph->begin();
        change->create_node({"File"}, {});
        change->rows().require("Mx", 0).put("Mx", to_bytes("manifest"));
        CO_TRY(auto const revision, co_await change->commit());
        CO_TRY(auto const row, co_await graph.store->get("Mx"));
        EXPECT_TRUE(row && row->revision == revision);
        auto const again = graph->begin();
        again->create_node({"File"}, {});
        again->rows().require("Mx", 0).put("Mx", {});
        expect_error(co_await again->commit(), Errc::conflict);
        EXPECT_EQ(graph.image().counts().nodes, 1U);
        co_return co_await graph.close();
    });
}

TEST_F(GraphTest, WhatIsWrongWithACallIsTheAnswerOfCommit) {
    struct Try {
        static Task<void> call(
            Graph& graph, Errc code, void (*fill)(Transaction&, Pair), Pair pair
        ) {
            auto const change = graph.begin();
            fill(*change, pair);
            expect_error(co_await change->commit(), code);
            co_return Result<void>{};
        }
    };
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        CO_TRY(auto const pair, co_await make_pair(*graph));
        using Fill = void (*)(Transaction&, Pair);
        std::vector<std::pair<Errc, Fill>> const wrong = {
            {Errc::invalid, [](auto& t, Pair) { t.create_node({""}, {}); }},
            {Errc::invalid, [](auto& t, Pair) { t.create_node({std::string("a\0b", 3)}, {}); }},
            {Errc::invalid, [](auto& t, Pair) { t.create_node({}, {{"", 1}}); }},
            {Errc::invalid, [](auto& t, Pair) { t.create_named({}, "x", {}); }},
            {Errc::invalid, [](auto& t, Pair) { t.create_named({"Tag"}, "", {}); }},
            {Errc::invalid, [](auto& t, Pair p) { t.create_edge(p.file, "", p.folder, {}); }},
            {Errc::invalid, [](auto& t, Pair p) { t.create_edge(p.folder, "CONTAINS", p.file, {}); }
            },
            {Errc::invalid, [](auto& t, Pair p) { t.add_child(p.folder, "", p.file); }},
            {Errc::invalid,
             [](auto& t, Pair p) { t.add_child(p.folder, std::string(1025, 'x'), p.file); }},
            {Errc::not_found, [](auto& t, Pair p) { t.create_edge(p.file, "X", NodeId{99}, {}); }},
            {Errc::not_found, [](auto& t, Pair) { t.set(NodeId{99}, {}); }},
            {Errc::not_found, [](auto& t, Pair) { t.set(EdgeId{99}, {}); }},
            {Errc::not_found, [](auto& t, Pair) { t.remove_edge(EdgeId{99}); }},
            {Errc::not_found, [](auto& t, Pair p) { t.remove_child(p.folder); }},
            {Errc::not_found, [](auto& t, Pair) { t.depend(NodeId{99}); }},
            {Errc::not_found, [](auto& t, Pair) { t.depend(EdgeId{99}); }},
            {Errc::conflict, [](auto& t, Pair p) { t.depend_absent_child(p.folder, "a.txt"); }},
        };
        auto const before = portrait(graph.image());
        for (auto const& [code, fill] : wrong) {
            CO_TRY_OK(co_await Try::call(*graph, code, fill, pair));
        }
        auto const deep = graph->begin();
        Value value;
        for (int i = 0; i < 20; ++i) value = Value(List{value});
        deep->create_node({}, {{"deep", value}});
        expect_error(co_await deep->commit(), Errc::invalid);
        auto const wide = graph->begin();
        for (int i = 0; i < 129; ++i) wide->create_node({}, {});
        expect_error(co_await wide->commit(), Errc::invalid);
        EXPECT_EQ(portrait(graph.image()), before);
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

/// 40 writers increment one property, each reading it first; all second attempts queue.
TEST_F(GraphTest, RunTransactionRepeatsAfterConflictsUntilAllAreIn) {
    struct Writer {
        static Task<void> increment(Transaction& change, Graph& graph, NodeId node) {
            auto const count = (*graph.image().node(node))["count"].integer();
            change.set(node, {{"count", count + 1}});
            co_return Result<void>{};
        }
        static Task<void> run(Graph& graph, NodeId node, int& failures) {
            auto const body = [&](Transaction& change) { return increment(change, graph, node); };
            auto const done = co_await run_transaction(graph, body);
            if (!done) ++failures;
            co_return Result<void>{};
        }
    };
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await open(world));
        auto const make = graph->begin();
        auto const node = make->create_node({}, {{"count", 0}});
        CO_TRY_OK(co_await make->commit());
        int failures = 0;
        TaskGroup group(world.executor());
        for (int i = 0; i < 40; ++i) group.spawn("writer", Writer::run(*graph, node, failures));
        CO_TRY_OK(co_await group.join());
        EXPECT_EQ(failures, 0);
        EXPECT_EQ((*graph.image().node(node))["count"].integer(), 40);
        co_return co_await graph.close();
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
