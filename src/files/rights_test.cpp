/// \file files/rights_test.cpp  Who may do what, and that nobody learns of the rest.

#include "files/rights.hpp"

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

Task<void> own_home(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY(auto const put, co_await drive.put("li", "/home/li/secret.txt", "x"));
    EXPECT_EQ(put.entry.owner, "li");
    EXPECT_TRUE(put.entry.may.write && put.entry.may.share);
    auto const elsewhere = co_await drive.put("li", "/mine.txt", "x");
    EXPECT_TRUE(is_error(elsewhere, Errc::denied)) << "the root is only to be passed";
    auto const in_home = co_await drive.put("li", "/home/x.txt", "x");
    EXPECT_TRUE(is_error(in_home, Errc::denied));
    auto const folder = co_await drive.files().make_folder(drive.as("li"), "/x/y");
    EXPECT_TRUE(is_error(folder, Errc::denied));
    CO_TRY(auto const top, co_await drive.ls("li", "/"));
    EXPECT_EQ(top, "home");
    CO_TRY(auto const homes, co_await drive.ls("li", "/home"));
    EXPECT_EQ(homes, "li") << "the homes of others do not exist";
    CO_TRY(auto const all, co_await drive.ls("admin", "/home"));
    EXPECT_EQ(all, "admin li wang");
    co_return Result<void>{};
}

/// Every door answers as if the file did not exist.
Task<void> unseen_is_not_found(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY(auto const put, co_await drive.put("li", "/home/li/a/f", "x"));
    auto const wang = drive.as("wang");
    auto const id = put.entry.id;
    auto& files = drive.files();
    auto const found = co_await files.find(wang, "/home/li/a/f");
    auto const nothing = co_await files.find(wang, "/home/li/a/none");
    EXPECT_TRUE(is_error(found, Errc::not_found));
    EXPECT_TRUE(is_error(nothing, Errc::not_found));
    auto const entry = co_await files.entry(wang, id);
    EXPECT_TRUE(is_error(entry, Errc::not_found));
    auto const version = co_await files.version(wang, id, 0);
    EXPECT_TRUE(is_error(version, Errc::not_found));
    auto const versions = co_await files.versions(wang, id);
    EXPECT_TRUE(is_error(versions, Errc::not_found));
    auto const listing = co_await drive.ls("wang", "/home/li");
    EXPECT_TRUE(is_error(listing, Errc::not_found));
    auto const moved = co_await files.move(wang, "/home/li/a/f", "/home/wang/f");
    EXPECT_TRUE(is_error(moved, Errc::not_found));
    auto const removed = co_await files.remove(wang, "/home/li/a/f");
    EXPECT_TRUE(is_error(removed, Errc::not_found));
    auto const tagged = co_await files.add_tag(wang, id, "x");
    EXPECT_TRUE(is_error(tagged, Errc::not_found));
    auto const grants = co_await files.grants(wang, "/home/li/a/f");
    EXPECT_TRUE(is_error(grants, Errc::not_found));
    Grant const self{"/home/li/a/f", "user:wang", {.read = true}};
    auto const granted = co_await files.grant(wang, self);
    EXPECT_TRUE(is_error(granted, Errc::not_found));

    auto const over = co_await drive.put("wang", "/home/li/a/f", "x");
    auto const beside = co_await drive.put("wang", "/home/li/a/none", "x");
    EXPECT_TRUE(is_error(over, Errc::denied));
    EXPECT_TRUE(is_error(beside, Errc::denied));
    EXPECT_EQ(over.error().message, beside.error().message) << "the answer tells nothing";

    CO_TRY_OK(co_await files.remove(drive.as("li"), "/home/li/a"));
    CO_TRY(auto const trash, co_await files.trash(wang));
    EXPECT_TRUE(trash.empty());
    auto const folder = trash_edge(drive.image(), id);
    EXPECT_FALSE(folder);
    auto const restored = co_await files.restore(wang, id);
    EXPECT_TRUE(is_error(restored, Errc::not_found));
    auto const purged = co_await files.purge(wang, id);
    EXPECT_TRUE(is_error(purged, Errc::not_found));
    co_return Result<void>{};
}

Task<void> inherited_and_revoked(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY_OK(co_await drive.put("admin", "/p/q/r/f", "x"));
    CO_TRY_OK(co_await drive.put("admin", "/p/hidden", "x"));
    CO_TRY_OK(co_await drive.grant("/p/q", "user:li", "r"));
    auto const li = drive.as("li");
    CO_TRY(auto const text, co_await drive.get("li", "/p/q/r/f"));
    EXPECT_EQ(text, "x");
    CO_TRY(auto const top, co_await drive.ls("li", "/"));
    EXPECT_EQ(top, "home p");
    CO_TRY(auto const passed, co_await drive.ls("li", "/p"));
    EXPECT_EQ(passed, "q") << "a folder on the way shows just that";
    CO_TRY(auto const folder, co_await drive.files().find(li, "/p"));
    EXPECT_EQ(folder.children, 1);
    EXPECT_FALSE(folder.may.read);
    EXPECT_EQ(folder.owner, "") << "whose it is is not told";

    auto const write = co_await drive.put("li", "/p/q/r/f", "y");
    EXPECT_TRUE(is_error(write, Errc::denied));
    auto const make = co_await drive.put("li", "/p/q/new", "y");
    EXPECT_TRUE(is_error(make, Errc::denied));
    auto const take = co_await drive.files().remove(li, "/p/q/r/f");
    EXPECT_TRUE(is_error(take, Errc::denied));
    CO_TRY_OK(co_await drive.grant("/p/q", "user:li", "rw"));
    CO_TRY(auto const changed, co_await drive.put("li", "/p/q/r/f", "y"));
    EXPECT_EQ(changed.entry.owner, "admin") << "a new version does not change the owner";
    CO_TRY(auto const made, co_await drive.put("li", "/p/q/r/mine", "z"));
    EXPECT_EQ(made.entry.owner, "li");
    auto const shared = co_await drive.files().remove(li, "/p/q");
    EXPECT_TRUE(is_error(shared, Errc::denied)) << "what was shared stays where it is";

    CO_TRY_OK(co_await drive.files().revoke(drive.as("admin"), "/p/q", "user:li"));
    auto const lost = co_await drive.get("li", "/p/q/r/f");
    EXPECT_TRUE(is_error(lost, Errc::not_found));
    CO_TRY(auto const still, co_await drive.get("li", "/p/q/r/mine"));
    EXPECT_EQ(still, "z") << "the owner keeps what is its own";
    CO_TRY(auto const left, co_await drive.ls("li", "/p/q/r"));
    EXPECT_EQ(left, "mine");
    auto const twice = co_await drive.files().revoke(drive.as("admin"), "/p/q", "user:li");
    EXPECT_TRUE(is_error(twice, Errc::not_found));
    co_return Result<void>{};
}

Task<void> by_group(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY_OK(co_await drive.add_group("lab", "li"));
    CO_TRY_OK(co_await drive.put("admin", "/lab/f", "x"));
    CO_TRY_OK(co_await drive.grant("/lab", "group:lab", "rw"));
    CO_TRY_OK(co_await drive.put("li", "/lab/g", "y"));
    auto const other = co_await drive.get("wang", "/lab/f");
    EXPECT_TRUE(is_error(other, Errc::not_found));
    auto const all = TestDrive::cluster();
    CO_TRY_OK(co_await drive.people().set_member(all, "lab", "wang", true));
    CO_TRY_OK(co_await drive.get("wang", "/lab/f"));
    CO_TRY_OK(co_await drive.people().set_member(all, "lab", "li", false));
    auto const left = co_await drive.get("li", "/lab/f");
    EXPECT_TRUE(is_error(left, Errc::not_found)) << "who leaves the group loses its rights";
    co_return Result<void>{};
}

Task<void> moved_below_a_grant(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li"));
    CO_TRY_OK(co_await drive.put("admin", "/open/f", "x"));
    CO_TRY_OK(co_await drive.put("admin", "/closed/sub/g", "y"));
    CO_TRY_OK(co_await drive.grant("/open", "user:li", "r"));
    auto const before = co_await drive.get("li", "/closed/sub/g");
    EXPECT_TRUE(is_error(before, Errc::not_found));
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.files().move(admin, "/closed/sub", "/open/sub"));
    CO_TRY(auto const text, co_await drive.get("li", "/open/sub/g"));
    EXPECT_EQ(text, "y");
    CO_TRY_OK(co_await drive.files().move(admin, "/open/sub", "/closed/sub"));
    auto const after = co_await drive.files().find(drive.as("li"), "/closed/sub/g");
    EXPECT_TRUE(is_error(after, Errc::not_found));
    CO_TRY_OK(co_await drive.files().move(admin, "/open", "/closed/open"));
    CO_TRY(auto const closed, co_await drive.ls("li", "/closed"));
    EXPECT_EQ(closed, "open") << "the grant moves with its folder";
    co_return Result<void>{};
}

Task<void> who_may_share(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang zhou"));
    CO_TRY_OK(co_await drive.put("admin", "/s/f", "x"));
    CO_TRY_OK(co_await drive.grant("/s", "user:li", "rs"));
    CO_TRY_OK(co_await drive.grant("/s", "user:wang", "r"));
    auto& files = drive.files();
    auto const li = drive.as("li");
    auto const wang = drive.as("wang");
    Grant const read{"/s/f", "user:zhou", {.read = true}};
    auto const denied = co_await files.grant(wang, read);
    EXPECT_TRUE(is_error(denied, Errc::denied));
    Grant const write{"/s/f", "user:zhou", {.read = true, .write = true}};
    auto const more = co_await files.grant(li, write);
    EXPECT_TRUE(is_error(more, Errc::denied)) << "nobody gives more than it has";
    CO_TRY_OK(co_await files.grant(li, read));
    CO_TRY_OK(co_await drive.get("zhou", "/s/f"));

    CO_TRY(auto const own, co_await files.grants(wang, "/s"));
    EXPECT_EQ(own.size(), 1) << "who may not share sees only what is its own";
    EXPECT_EQ(own.front().principal, "user:wang");
    CO_TRY(auto const all, co_await files.grants(li, "/s"));
    EXPECT_EQ(all.size(), 2);
    auto const others = co_await files.revoke(wang, "/s", "user:li");
    EXPECT_TRUE(is_error(others, Errc::denied));
    CO_TRY_OK(co_await files.revoke(wang, "/s", "user:wang"));
    auto const lost = co_await drive.get("wang", "/s/f");
    EXPECT_TRUE(is_error(lost, Errc::not_found)) << "one may give up one's own";

    Grant const nobody{"/s", "user:nobody", {.read = true}};
    auto const unknown = co_await files.grant(li, nobody);
    EXPECT_TRUE(is_error(unknown, Errc::not_found));
    Grant const odd{"/s", "nobody", {.read = true}};
    auto const no_kind = co_await files.grant(li, odd);
    EXPECT_TRUE(is_error(no_kind, Errc::invalid));
    Grant const nothing{"/s", "user:zhou", {}};
    auto const empty = co_await files.grant(li, nothing);
    EXPECT_TRUE(is_error(empty, Errc::invalid));
    Grant const blind{"/s", "user:zhou", {.write = true}};
    auto const unread = co_await files.grant(li, blind);
    EXPECT_TRUE(is_error(unread, Errc::invalid));
    co_return Result<void>{};
}

Task<void> trash_rights(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY_OK(co_await drive.put("admin", "/w/f", "x"));
    CO_TRY_OK(co_await drive.grant("/w", "user:li", "rw"));
    CO_TRY_OK(co_await drive.grant("/w", "user:wang", "r"));
    auto& files = drive.files();
    CO_TRY(auto const id, co_await drive.id_of("/w/f"));
    CO_TRY_OK(co_await files.remove(drive.as("li"), "/w/f"));
    CO_TRY(auto const writer, co_await files.trash(drive.as("li")));
    EXPECT_EQ(writer.size(), 1) << "who may write there sees what was deleted there";
    CO_TRY(auto const reader, co_await files.trash(drive.as("wang")));
    EXPECT_TRUE(reader.empty());
    EXPECT_TRUE(files.rights().of(drive.user("wang"), id).read) << "as before the deletion";
    EXPECT_FALSE(files.rights().sees(drive.user("wang"), id));
    CO_TRY_OK(co_await files.revoke(drive.as("admin"), "/w", "user:li"));
    auto const lost = co_await files.restore(drive.as("li"), id);
    EXPECT_TRUE(is_error(lost, Errc::not_found));
    CO_TRY_OK(co_await files.restore(drive.as("admin"), id));
    CO_TRY_OK(co_await drive.get("wang", "/w/f"));
    co_return Result<void>{};
}

Task<void> disabled_user(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li"));
    CO_TRY_OK(co_await drive.put("li", "/home/li/f", "x"));
    UserChange change;
    change.is_disabled = true;
    auto const all = TestDrive::cluster();
    CO_TRY_OK(co_await drive.people().change_user(all, "li", change));
    auto const text = co_await drive.get("li", "/home/li/f");
    EXPECT_TRUE(is_error(text, Errc::not_found));
    auto const root = co_await drive.ls("li", "/");
    EXPECT_FALSE(root && !root->empty());
    co_return Result<void>{};
}

Task<void> home_stays(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li"));
    auto const li = drive.as("li");
    auto const removed = co_await drive.files().remove(li, "/home/li");
    EXPECT_TRUE(is_error(removed, Errc::denied));
    auto const moved = co_await drive.files().move(li, "/home/li", "/home/li2");
    EXPECT_TRUE(is_error(moved, Errc::denied));
    auto const homes = co_await drive.files().remove(drive.as("admin"), "/home");
    EXPECT_TRUE(is_error(homes, Errc::denied));
    auto const root = co_await drive.files().remove(drive.as("admin"), "/");
    EXPECT_TRUE(is_error(root, Errc::denied));
    co_return Result<void>{};
}

TEST(Rights, AUserHasItsHomeAndNothingElse) { on_drive(own_home); }
TEST(Rights, WhatAUserMayNotSeeDoesNotExist) { on_drive(unseen_is_not_found); }
TEST(Rights, AGrantHoldsForAllBelowUntilItIsRevoked) { on_drive(inherited_and_revoked); }
TEST(Rights, AGroupsGrantHoldsForItsMembers) { on_drive(by_group); }
TEST(Rights, WhatIsMovedGetsTheRightsOfItsNewPlace) { on_drive(moved_below_a_grant); }
TEST(Rights, NobodySharesMoreThanItHas) { on_drive(who_may_share); }
TEST(Rights, TheTrashShowsWhatOneCouldHaveDeleted) { on_drive(trash_rights); }
TEST(Rights, ADisabledUserSeesNothing) { on_drive(disabled_user); }
TEST(Rights, HomesAndTheTopStayWhereTheyAre) { on_drive(home_stays); }

}  // namespace
}  // namespace disgrafs::files
