/// \file files/files_test.cpp  The daily life of files and folders: put, get, list, versions.

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

Task<void> put_and_get(TestDrive& drive) {
    CO_TRY(auto const done, co_await drive.put("admin", "/a/b/你好 🦊.txt", "hello"));
    EXPECT_TRUE(done.is_new);
    EXPECT_EQ(done.entry.path, "/a/b/你好 🦊.txt");
    EXPECT_EQ(done.entry.name, "你好 🦊.txt");
    EXPECT_EQ(done.entry.size_bytes, 5);
    EXPECT_EQ(done.entry.media_type, "text/plain");
    EXPECT_EQ(done.entry.owner, "admin");
    EXPECT_EQ(done.entry.version, 1);
    EXPECT_EQ(done.entry.analysed, "queued");
    EXPECT_EQ(
        done.entry.sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    );
    EXPECT_EQ(drive.analysed.size(), 1);
    CO_TRY(auto const text, co_await drive.get("admin", "/a/b/你好 🦊.txt"));
    EXPECT_EQ(text, "hello");
    CO_TRY(auto const names, co_await drive.ls("admin", "/a"));
    EXPECT_EQ(names, "b");
    CO_TRY(auto const empty, co_await drive.put("admin", "/empty", ""));
    EXPECT_EQ(empty.entry.size_bytes, 0);
    CO_TRY(auto const nothing, co_await drive.get("admin", "/empty"));
    EXPECT_EQ(nothing, "");
    co_return Result<void>{};
}

Task<void> what_is_not_there(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.put("admin", "/a.txt", "x"));
    for (auto const* path : {"/nothing", "/a.txt/b", "/no/where"}) {
        auto const found = co_await drive.files().find(admin, path);
        EXPECT_TRUE(is_error(found, Errc::not_found)) << path;
    }
    auto const bad = co_await drive.files().find(admin, "/../etc");
    EXPECT_TRUE(is_error(bad, Errc::invalid));
    auto const below_file = co_await drive.put("admin", "/a.txt/b", "x");
    EXPECT_TRUE(is_error(below_file, Errc::conflict));
    auto const root = co_await drive.put("admin", "/", "x");
    EXPECT_TRUE(is_error(root, Errc::invalid));
    auto const on_folder = co_await drive.put("admin", "/home", "x");
    EXPECT_TRUE(is_error(on_folder, Errc::conflict));
    auto const file = co_await drive.ls("admin", "/a.txt");
    EXPECT_TRUE(is_error(file, Errc::invalid));
    NodeId const unknown{4'000'000};
    auto const no_id = co_await drive.files().entry(admin, unknown);
    EXPECT_TRUE(is_error(no_id, Errc::not_found));
    auto const user = co_await drive.files().entry(admin, drive.user("admin"));
    EXPECT_TRUE(is_error(user, Errc::not_found)) << "a user is no file";
    co_return Result<void>{};
}

Task<void> make_folders(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const made, co_await drive.files().make_folder(admin, "/x/y/z"));
    EXPECT_EQ(made.path, "/x/y/z");
    EXPECT_EQ(made.kind, Kind::folder);
    auto const again = co_await drive.files().make_folder(admin, "/x/y/z");
    EXPECT_TRUE(is_error(again, Errc::conflict));
    CO_TRY_OK(co_await drive.put("admin", "/x/f", "1"));
    auto const taken = co_await drive.files().make_folder(admin, "/x/f");
    EXPECT_TRUE(is_error(taken, Errc::conflict)) << "a file has the name";
    auto const below = co_await drive.files().make_folder(admin, "/x/f/g");
    EXPECT_TRUE(is_error(below, Errc::conflict));
    auto const root = co_await drive.files().make_folder(admin, "/");
    EXPECT_TRUE(is_error(root, Errc::conflict));
    CO_TRY(auto const x, co_await drive.files().find(admin, "/x"));
    EXPECT_EQ(x.children, 2);
    co_return Result<void>{};
}

/// 254 missing folders do not fit into one commit of the store.
Task<void> deepest_path(TestDrive& drive) {
    std::string path;
    for (int i = 0; i < 255; ++i) path += "/d";
    CO_TRY(auto const done, co_await drive.put("admin", path, "deep"));
    EXPECT_EQ(done.entry.path, path);
    CO_TRY(auto const text, co_await drive.get("admin", path));
    EXPECT_EQ(text, "deep");
    co_return Result<void>{};
}

Task<void> versions_kept(TestDrive& drive) {
    auto const admin = drive.as("admin");
    for (int number = 1; number <= 25; ++number) {
        drive.clock().pass(std::chrono::seconds(1));
        CO_TRY(auto const done, co_await drive.put("admin", "/v", std::to_string(number)));
        EXPECT_EQ(done.entry.version, number);
        EXPECT_EQ(done.is_new, number == 1);
    }
    CO_TRY(auto const entry, co_await drive.files().find(admin, "/v"));
    CO_TRY(auto const versions, co_await drive.files().versions(admin, entry.id));
    EXPECT_EQ(versions.size(), 20);
    EXPECT_EQ(versions.front().version, 25);
    EXPECT_TRUE(versions.front().is_current);
    EXPECT_FALSE(versions.back().is_current);
    EXPECT_EQ(versions.back().version, 6);
    EXPECT_EQ(versions.back().by, "admin");
    CO_TRY(auto const now, co_await drive.get("admin", "/v"));
    EXPECT_EQ(now, "25");
    CO_TRY(auto const old, co_await drive.get("admin", "/v", 6));
    EXPECT_EQ(old, "6");
    auto const gone = co_await drive.files().version(admin, entry.id, 5);
    EXPECT_TRUE(is_error(gone, Errc::not_found));
    auto const never = co_await drive.files().version(admin, entry.id, 26);
    EXPECT_TRUE(is_error(never, Errc::not_found));
    CO_TRY(auto const contents, co_await drive.contents().count());
    EXPECT_EQ(contents, 20) << "what fell out of the versions is released";
    EXPECT_EQ(drive.files().used_bytes(drive.user("admin")), 4 * 1 + 16 * 2);
    EXPECT_EQ(drive.files().logical_bytes(), 2);
    co_return Result<void>{};
}

Task<void> conditions(TestDrive& drive) {
    PutOptions fresh;
    fresh.must_be_new = true;
    CO_TRY(auto const first, co_await drive.put("admin", "/c", "1", fresh));
    auto const second = co_await drive.put("admin", "/c", "2", fresh);
    EXPECT_TRUE(is_error(second, Errc::conflict));
    PutOptions match;
    match.must_match = first.entry.sha256;
    CO_TRY_OK(co_await drive.put("admin", "/c", "3", match));
    auto const late = co_await drive.put("admin", "/c", "4", match);
    EXPECT_TRUE(is_error(late, Errc::conflict));
    auto const none = co_await drive.put("admin", "/other", "4", match);
    EXPECT_TRUE(is_error(none, Errc::conflict)) << "there is nothing to match";
    CO_TRY(auto const text, co_await drive.get("admin", "/c"));
    EXPECT_EQ(text, "3");
    co_return Result<void>{};
}

/// The condition held at the beginning, but not when the bytes were there.
Task<void> condition_lost_meanwhile(TestDrive& drive) {
    auto const admin = drive.as("admin");
    PutOptions fresh;
    fresh.must_be_new = true;
    CO_TRY(auto const slow, co_await drive.files().begin_put(admin, "/new", fresh));
    CO_TRY_OK(co_await slow->write(to_bytes("slow")));
    CO_TRY_OK(co_await drive.put("admin", "/new", "fast"));
    auto const done = co_await slow->finish();
    EXPECT_TRUE(is_error(done, Errc::conflict));
    CO_TRY(auto const text, co_await drive.get("admin", "/new"));
    EXPECT_EQ(text, "fast");
    co_return Result<void>{};
}

Task<void> announced_size(TestDrive& drive) {
    PutOptions four;
    four.size = 4;
    CO_TRY_OK(co_await drive.put("admin", "/s", "1234", four));
    auto const short_one = co_await drive.put("admin", "/t", "123", four);
    EXPECT_TRUE(is_error(short_one, Errc::invalid)) << "a truncated body is no file";
    auto const long_one = co_await drive.put("admin", "/t", "12345", four);
    EXPECT_TRUE(is_error(long_one, Errc::invalid));
    CO_TRY(auto const names, co_await drive.ls("admin", "/"));
    EXPECT_EQ(names, "home s");
    co_return Result<void>{};
}

Task<void> broken_off(TestDrive& drive) {
    auto const admin = drive.as("admin");
    {
        PutOptions const options;
        CO_TRY(auto const upload, co_await drive.files().begin_put(admin, "/p/q", options));
        CO_TRY_OK(co_await upload->write(to_bytes("half")));
    }
    CO_TRY(auto const names, co_await drive.ls("admin", "/"));
    EXPECT_EQ(names, "home") << "not even the folder on the way";
    co_return Result<void>{};
}

Task<void> put_one(TestDrive& drive, std::string path, std::string text, std::size_t& news) {
    CO_TRY(auto const done, co_await drive.put("admin", path, text));
    if (done.is_new) ++news;
    co_return Result<void>{};
}

/// Forty at once into one new folder, and ten at once under one name.
Task<void> at_once(TestDrive& drive) {
    std::size_t news = 0;
    TaskGroup group(drive.executor());
    for (int i = 0; i < 40; ++i) {
        auto path = fmt::format("/new/folder/{:02}", i);
        group.spawn("put", put_one(drive, std::move(path), "x", news));
    }
    for (int i = 0; i < 10; ++i) group.spawn("put", put_one(drive, "/same", "y", news));
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(news, 41);
    auto const admin = drive.as("admin");
    CO_TRY(auto const folder, co_await drive.files().find(admin, "/new/folder"));
    EXPECT_EQ(folder.children, 40);
    CO_TRY(auto const same, co_await drive.files().find(admin, "/same"));
    EXPECT_EQ(same.version, 10) << "the same name at once: versions, none lost";
    co_return Result<void>{};
}

Task<void> paging(TestDrive& drive) {
    auto const admin = drive.as("admin");
    for (auto const* name : {"b", "a", "é", "B", "你", "a.txt"}) {
        CO_TRY_OK(co_await drive.put("admin", "/p/" + std::string(name), "x"));
    }
    ListOptions options{.after = "", .limit = 2};
    std::string names;
    int pages = 0;
    for (;;) {
        CO_TRY(auto const listing, co_await drive.files().list(admin, "/p", options));
        EXPECT_EQ(listing.total, 6);
        EXPECT_EQ(listing.folder.path, "/p");
        for (auto const& entry : listing.entries) names += entry.name + " ";
        ++pages;
        if (!listing.next) break;
        options.after = *listing.next;
    }
    EXPECT_EQ(names, "B a a.txt b é 你 ") << "byte order";
    EXPECT_EQ(pages, 3);
    ListOptions const none{.after = "", .limit = 0};
    auto const zero = co_await drive.files().list(admin, "/p", none);
    EXPECT_TRUE(is_error(zero, Errc::invalid));
    ListOptions const many{.after = "", .limit = 1001};
    auto const most = co_await drive.files().list(admin, "/p", many);
    EXPECT_TRUE(is_error(most, Errc::invalid));
    co_return Result<void>{};
}

Task<void> restart(TestDrive& drive) {
    CO_TRY_OK(co_await drive.put("admin", "/keep/a", "1"));
    CO_TRY_OK(co_await drive.put("admin", "/keep/a", "22"));
    CO_TRY_OK(co_await drive.put("admin", "/keep/b", "333"));
    CO_TRY_OK(co_await drive.reopen());
    CO_TRY(auto const text, co_await drive.get("admin", "/keep/a"));
    EXPECT_EQ(text, "22");
    CO_TRY(auto const old, co_await drive.get("admin", "/keep/a", 1));
    EXPECT_EQ(old, "1");
    EXPECT_EQ(drive.files().used_bytes(drive.user("admin")), 6);
    EXPECT_EQ(drive.files().logical_bytes(), 5);
    CO_TRY(auto const third, co_await drive.put("admin", "/keep/a", "4444"));
    EXPECT_EQ(third.entry.version, 3);
    co_return Result<void>{};
}

TEST(Files, PutMakesMissingFoldersAndGetGivesTheBytesBack) { on_drive(put_and_get); }
TEST(Files, WhatIsNotThereIsNotFoundAndWhatIsInTheWayAConflict) { on_drive(what_is_not_there); }
TEST(Files, MakeFolderMakesMissingParentsAndRefusesATakenName) { on_drive(make_folders); }
TEST(Files, APathOf255NamesIsMadeInOnePut) { on_drive(deepest_path); }
TEST(Files, TheLastTwentyVersionsAreKept) { on_drive(versions_kept); }
TEST(Files, AConditionalPutIsAConflictWhenTheConditionDoesNotHold) { on_drive(conditions); }
TEST(Files, AConditionIsDecidedWhenTheUploadEnds) { on_drive(condition_lost_meanwhile); }
TEST(Files, ABodyOfAnotherLengthThanAnnouncedIsNoFile) { on_drive(announced_size); }
TEST(Files, AnUploadThatBreaksOffLeavesNothing) { on_drive(broken_off); }
TEST(Files, ManyPutsAtOnceAllSucceed) { on_drive(at_once); }
TEST(Files, AFolderIsListedInPages) { on_drive(paging); }
TEST(Files, ARestartForgetsNothing) { on_drive(restart); }

}  // namespace
}  // namespace disgrafs::files
