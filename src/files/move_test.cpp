/// \file files/move_test.cpp  Move, rename, delete, restore, purge.

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

Task<void> move_and_rename(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const put, co_await drive.put("admin", "/a/f.txt", "x"));
    CO_TRY_OK(co_await drive.files().make_folder(admin, "/b"));
    CO_TRY(auto const moved, co_await drive.files().move(admin, "/a/f.txt", "/b/g.md"));
    EXPECT_EQ(moved.id, put.entry.id);
    EXPECT_EQ(moved.path, "/b/g.md");
    EXPECT_EQ(moved.name, "g.md");
    EXPECT_EQ((*drive.image().node(moved.id))["ext"].text(), "md");
    auto const old = co_await drive.files().find(admin, "/a/f.txt");
    EXPECT_TRUE(is_error(old, Errc::not_found));
    CO_TRY(auto const text, co_await drive.get("admin", "/b/g.md"));
    EXPECT_EQ(text, "x");
    CO_TRY_OK(co_await drive.files().move(admin, "/b", "/c"));
    CO_TRY(auto const below, co_await drive.get("admin", "/c/g.md"));
    EXPECT_EQ(below, "x") << "a folder takes along what is in it";
    CO_TRY(auto const same, co_await drive.files().move(admin, "/c", "/c"));
    EXPECT_EQ(same.path, "/c") << "to where it is: nothing to do";
    co_return Result<void>{};
}

Task<void> refused_moves(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.put("admin", "/a/b/c.txt", "x"));
    CO_TRY_OK(co_await drive.put("admin", "/d.txt", "x"));
    struct Case {
        char const* from;
        char const* to;
        Errc code;
    };
    std::vector<Case> const cases = {
        {"/a", "/a/b/a", Errc::invalid},
        {"/a", "/a/x", Errc::invalid},
        {"/d.txt", "/a", Errc::conflict},
        {"/a", "/d.txt", Errc::conflict},
        {"/d.txt", "/a/b/c.txt", Errc::conflict},
        {"/d.txt", "/d.txt/x", Errc::conflict},
        {"/d.txt", "/no/such/folder", Errc::not_found},
        {"/nothing", "/x", Errc::not_found},
        {"/a", "/", Errc::conflict},
        {"/", "/x", Errc::denied},
        {"/home", "/x", Errc::denied},
        {"/home/admin", "/x", Errc::denied},
        {"/d.txt", "/a/..", Errc::invalid},
    };
    for (auto const& each : cases) {
        auto const done = co_await drive.files().move(admin, each.from, each.to);
        EXPECT_TRUE(is_error(done, each.code)) << each.from << " to " << each.to;
    }
    co_return Result<void>{};
}

Task<void> move_one(TestDrive& drive, std::string from, std::string to, int& done) {
    auto const admin = drive.as("admin");
    auto const moved = co_await drive.files().move(admin, from, to);
    if (moved) ++done;
    co_return Result<void>{};
}

Task<void> no_circle(TestDrive& drive) {
    auto const admin = drive.as("admin");
    for (int round = 0; round < 10; ++round) {
        CO_TRY_OK(co_await drive.files().make_folder(admin, fmt::format("/{}/a", round)));
        CO_TRY_OK(co_await drive.files().make_folder(admin, fmt::format("/{}/b", round)));
        auto const a = fmt::format("/{}/a", round);
        auto const b = fmt::format("/{}/b", round);
        int done = 0;
        TaskGroup group(drive.executor());
        group.spawn("move", move_one(drive, a, b + "/a", done));
        group.spawn("move", move_one(drive, b, a + "/b", done));
        CO_TRY_OK(co_await group.join());
        EXPECT_EQ(done, 1) << "one into the other, the other way not";
        CO_TRY(auto const folder, co_await drive.files().find(admin, fmt::format("/{}", round)));
        EXPECT_EQ(folder.children, 1);
    }
    co_return Result<void>{};
}

Task<void> too_deep(TestDrive& drive) {
    auto const admin = drive.as("admin");
    std::string deep;
    for (int i = 0; i < 200; ++i) deep += "/d";
    CO_TRY_OK(co_await drive.files().make_folder(admin, deep));
    std::string other;
    for (int i = 0; i < 60; ++i) other += "/e";
    CO_TRY_OK(co_await drive.files().make_folder(admin, other));
    auto const moved = co_await drive.files().move(admin, "/d", other + "/d");
    EXPECT_TRUE(is_error(moved, Errc::invalid)) << "paths below would have 260 names";
    CO_TRY_OK(co_await drive.files().move(admin, "/d", "/e/d"));
    co_return Result<void>{};
}

Task<void> trash_and_back(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.put("admin", "/t/a/f", "12345"));
    CO_TRY(auto const folder, co_await drive.files().find(admin, "/t/a"));
    CO_TRY(auto const file, co_await drive.files().find(admin, "/t/a/f"));
    CO_TRY_OK(co_await drive.files().remove(admin, "/t/a"));
    auto const gone = co_await drive.files().find(admin, "/t/a/f");
    EXPECT_TRUE(is_error(gone, Errc::not_found));
    auto const by_id = co_await drive.files().entry(admin, file.id);
    EXPECT_TRUE(is_error(by_id, Errc::not_found)) << "what lies in the trash has no place";
    auto const read = co_await drive.files().version(admin, file.id, 0);
    EXPECT_TRUE(is_error(read, Errc::not_found));
    EXPECT_EQ(drive.files().logical_bytes(), 0);
    EXPECT_EQ(drive.files().used_bytes(admin.user), 5) << "the trash counts";
    CO_TRY(auto const trash, co_await drive.files().trash(admin));
    EXPECT_EQ(trash.size(), 1);
    EXPECT_EQ(trash.front().from, "/t/a");
    EXPECT_EQ(trash.front().by, "admin");
    EXPECT_EQ(trash.front().entry.id, folder.id);
    EXPECT_EQ(trash.front().entry.name, "a");

    auto const inner = co_await drive.files().restore(admin, file.id);
    EXPECT_TRUE(is_error(inner, Errc::not_found)) << "only what was deleted itself comes back";
    CO_TRY(auto const back, co_await drive.files().restore(admin, folder.id));
    EXPECT_EQ(back.path, "/t/a");
    CO_TRY(auto const text, co_await drive.get("admin", "/t/a/f"));
    EXPECT_EQ(text, "12345");
    EXPECT_EQ(drive.files().logical_bytes(), 5);
    auto const twice = co_await drive.files().restore(admin, folder.id);
    EXPECT_TRUE(is_error(twice, Errc::not_found));
    co_return Result<void>{};
}

Task<void> restore_elsewhere(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const put, co_await drive.put("admin", "/r/f", "old"));
    auto const id = put.entry.id;
    CO_TRY_OK(co_await drive.files().remove(admin, "/r/f"));
    CO_TRY_OK(co_await drive.put("admin", "/r/f", "new"));
    auto const taken = co_await drive.files().restore(admin, id);
    EXPECT_TRUE(is_error(taken, Errc::conflict)) << "the name is taken by now";
    CO_TRY_OK(co_await drive.files().move(admin, "/r", "/s"));
    CO_TRY_OK(co_await drive.files().move(admin, "/s/f", "/s/g"));
    CO_TRY(auto const back, co_await drive.files().restore(admin, id));
    EXPECT_EQ(back.path, "/s/f") << "into its folder, wherever that is now";

    CO_TRY_OK(co_await drive.files().remove(admin, "/s/f"));
    CO_TRY_OK(co_await drive.files().remove(admin, "/s"));
    CO_TRY(auto const made, co_await drive.files().restore(admin, id));
    EXPECT_EQ(made.path, "/s/f") << "its folder is in the trash, too: it is made again";
    CO_TRY(auto const text, co_await drive.get("admin", "/s/f"));
    EXPECT_EQ(text, "old");
    co_return Result<void>{};
}

Task<void> purge_is_for_ever(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.put("admin", "/p/x/f", "12345"));
    CO_TRY_OK(co_await drive.put("admin", "/p/x/f", "1234567"));
    CO_TRY_OK(co_await drive.put("admin", "/p/y", "1"));
    CO_TRY(auto const folder, co_await drive.id_of("/p"));
    CO_TRY(auto const file, co_await drive.id_of("/p/x/f"));
    CO_TRY_OK(co_await drive.files().add_tag(admin, file, "fox"));
    CO_TRY_OK(co_await drive.add_user("li"));
    CO_TRY_OK(co_await drive.grant("/p/x", "user:li", "r"));
    auto const early = co_await drive.files().purge(admin, folder);
    EXPECT_TRUE(is_error(early, Errc::not_found)) << "only what lies in the trash";
    CO_TRY_OK(co_await drive.files().remove(admin, "/p"));
    CO_TRY_OK(co_await drive.files().purge(admin, folder));
    EXPECT_EQ(drive.image().node(folder), nullptr);
    EXPECT_EQ(drive.image().node(file), nullptr);
    CO_TRY(auto const contents, co_await drive.contents().count());
    EXPECT_EQ(contents, 0);
    EXPECT_EQ(drive.files().used_bytes(admin.user), 0);
    for (auto const* space : {"H", "Q", "T", "S"}) {
        auto range = kv::Range::prefix(space);
        CO_TRY(auto const rows, co_await drive.graph().store().scan(std::move(range), 10));
        EXPECT_TRUE(rows.entries.empty()) << space;
    }
    CO_TRY(auto const trash, co_await drive.files().trash(admin));
    EXPECT_TRUE(trash.empty());
    co_return Result<void>{};
}

/// 150 files do not fit into one batch; a file with 60 tags does not either.
Task<void> purge_in_steps(TestDrive& drive) {
    auto const admin = drive.as("admin");
    for (int i = 0; i < 150; ++i) {
        CO_TRY_OK(co_await drive.put("admin", fmt::format("/big/{}/f{}", i % 7, i), "x"));
    }
    CO_TRY(auto const tagged, co_await drive.id_of("/big/0/f0"));
    for (int i = 0; i < 60; ++i) {
        CO_TRY_OK(co_await drive.files().add_tag(admin, tagged, fmt::format("tag {}", i)));
    }
    for (int i = 0; i < 25; ++i) CO_TRY_OK(co_await drive.put("admin", "/big/0/f0", "x"));
    CO_TRY(auto const big, co_await drive.id_of("/big"));
    CO_TRY_OK(co_await drive.files().remove(admin, "/big"));
    CO_TRY_OK(co_await drive.files().purge(admin, big));
    EXPECT_EQ(drive.image().count_label("File"), 0);
    EXPECT_EQ(drive.image().node(big), nullptr);
    CO_TRY(auto const contents, co_await drive.contents().count());
    EXPECT_EQ(contents, 0);
    co_return Result<void>{};
}

Task<void> wait_until_gone(TestDrive& drive, NodeId node) {
    while (drive.image().node(node) != nullptr) {
        auto const next = drive.graph().store().revision() + 1;
        CO_TRY_OK(co_await drive.graph().reach(next));
    }
    co_return Result<void>{};
}

/// The decision is in the store, the steps are not done: a start goes on with them.
Task<void> purge_after_crash(TestDrive& drive) {
    auto const admin = drive.as("admin");
    for (int i = 0; i < 20; ++i) {
        CO_TRY_OK(co_await drive.put("admin", fmt::format("/big/f{}", i), "x"));
    }
    CO_TRY(auto const big, co_await drive.id_of("/big"));
    CO_TRY_OK(co_await drive.files().remove(admin, "/big"));
    auto const edge = trash_edge(drive.image(), big);
    auto const change = drive.graph().begin();
    graph::Properties decided{{"purge", true}};
    change->set(edge->id, std::move(decided));
    CO_TRY_OK(co_await change->commit());
    auto const back = co_await drive.files().restore(admin, big);
    EXPECT_TRUE(is_error(back, Errc::not_found)) << "decided is decided";
    CO_TRY_OK(co_await drive.reopen());
    drive.start();
    CO_TRY_OK(co_await wait_until_gone(drive, big));
    EXPECT_EQ(drive.image().count_label("File"), 0);
    co_return Result<void>{};
}

Task<void> trash_empties_itself(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const first, co_await drive.put("admin", "/old", "x"));
    CO_TRY(auto const second, co_await drive.put("admin", "/young", "x"));
    auto const old = first.entry.id;
    auto const young = second.entry.id;
    CO_TRY_OK(co_await drive.files().remove(admin, "/old"));
    drive.start();
    drive.clock().pass(std::chrono::hours(24 * 29));
    CO_TRY_OK(co_await drive.files().remove(admin, "/young"));
    EXPECT_NE(drive.image().node(old), nullptr);
    drive.clock().pass(std::chrono::hours(25));
    CO_TRY_OK(co_await wait_until_gone(drive, old));
    EXPECT_NE(drive.image().node(young), nullptr);
    co_return Result<void>{};
}

TEST(Move, TakesAFileOrFolderElsewhereUnderTheSameId) { on_drive(move_and_rename); }
TEST(Move, RefusesWithAReasonWhatCannotBe) { on_drive(refused_moves); }
TEST(Move, TwoMovesAtOnceNeverCloseACircle) { on_drive(no_circle); }
TEST(Move, RefusesPathsBeyondTheLimits) { on_drive(too_deep); }
TEST(Trash, KeepsWhatIsDeletedAndGivesItBack) { on_drive(trash_and_back); }
TEST(Trash, RestoresIntoTheFolderOfThen) { on_drive(restore_elsewhere); }
TEST(Trash, IsEmptiedAfterThirtyDays) { on_drive(trash_empties_itself); }
TEST(Purge, LeavesNothing) { on_drive(purge_is_for_ever); }
TEST(Purge, GoesInSteps) { on_drive(purge_in_steps); }
TEST(Purge, GoesOnAfterACrash) { on_drive(purge_after_crash); }

}  // namespace
}  // namespace disgrafs::files
