#include "graph/store_transaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/test_graph.hpp"

namespace disgrafs::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using TransactionTest = GraphTest;

TEST_F(TransactionTest, NameThatIsTakenIsAConflict) {
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

TEST_F(TransactionTest, OfTwoWhoTakeOneNameAtOnceOneHasAConflict) {
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

TEST_F(TransactionTest, ManyMayAddToOneFolderAtOnce) {
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

TEST_F(TransactionTest, FolderThatGainsAChildMeanwhileIsNotRemoved) {
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

TEST_F(TransactionTest, RenameAndMoveAreOneCommitAndKeepTheNode) {
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

TEST_F(TransactionTest, OfTwoWhoMoveOneNodeOneHasAConflict) {
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

TEST_F(TransactionTest, UniqueNameIsFoundKeptWhenRenamedAndFreedWhenRemoved) {
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

TEST_F(TransactionTest, ChangedNodeConflictsAndUnrelatedChangesDoNot) {
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
TEST_F(TransactionTest, EdgeToARemovedNodeIsRefusedAndARemovedNodeTakesNewEdgesAlong) {
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

TEST_F(TransactionTest, NodeWithEdgesIsNotRemovedUnlessTheyGoToo) {
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

TEST_F(TransactionTest, LockIsHeldByOneOfTwo) {
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

TEST_F(TransactionTest, RowsOfOtherModulesAreWrittenInTheSameCommit) {
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

TEST_F(TransactionTest, WhatIsWrongWithACallIsTheAnswerOfCommit) {
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

/// 40 writers increment one property, each reading it first; all second attempts queue.
TEST_F(TransactionTest, RunTransactionRepeatsAfterConflictsUntilAllAreIn) {
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

}  // namespace
}  // namespace disgrafs::graph
