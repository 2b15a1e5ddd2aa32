/// \file files/people/people_test.cpp  Users, groups, sessions, passwords.

#include "files/people.hpp"

#include <gtest/gtest.h>

#include "files/people/login_limits.hpp"
#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

constexpr auto here = "127.0.0.1";

Task<void> first_start(TestDrive& drive) {
    auto const password = drive.first_password;
    EXPECT_EQ(password.size(), 23);
    EXPECT_TRUE(drive.people().has_first_password());
    CO_TRY(auto const session, co_await drive.people().login("admin", password, here));
    EXPECT_EQ(session.token.size(), 64);
    CO_TRY(auto const user, co_await drive.people().authenticate(session.token));
    EXPECT_EQ(user.name, "admin");
    EXPECT_TRUE(user.is_admin);
    EXPECT_EQ(user.home, "/home/admin");
    CO_TRY_OK(co_await drive.reopen());
    EXPECT_EQ(drive.first_password, password) << "a second start makes no other";
    CO_TRY_OK(co_await drive.people().authenticate(session.token));
    CO_TRY_OK(co_await drive.people().logout(session.token));
    auto const ended = co_await drive.people().authenticate(session.token);
    EXPECT_TRUE(is_error(ended, Errc::denied));
    CO_TRY_OK(co_await drive.people().logout(session.token));
    co_return Result<void>{};
}

Task<void> nothing_secret_is_stored(TestDrive& drive) {
    auto const password = drive.first_password;
    CO_TRY(auto const session, co_await drive.people().login("admin", password, here));
    kv::Range const all{.first = "", .last = ""};
    CO_TRY(auto const page, co_await drive.graph().store().scan(all, 10'000));
    CO_TRY(auto const raw_token, from_hex(session.token));
    for (auto const& row : page.entries) {
        auto const text = row.key + std::string(as_text(row.value));
        EXPECT_FALSE(text.contains(password));
        EXPECT_FALSE(text.contains(session.token));
        EXPECT_FALSE(text.contains(as_text(raw_token)));
    }
    co_return Result<void>{};
}

Task<void> wrong_logins(TestDrive& drive) {
    auto const all = TestDrive::cluster();
    CO_TRY_OK(co_await drive.people().add_user(all, "li", "password of li", false, 0));
    auto const wrong = co_await drive.people().login("li", "password of wang", here);
    EXPECT_TRUE(is_error(wrong, Errc::denied));
    auto const nobody = co_await drive.people().login("nobody", "password of li", here);
    EXPECT_TRUE(is_error(nobody, Errc::denied));
    EXPECT_EQ(wrong.error().message, nobody.error().message);
    auto const empty = co_await drive.people().login("", "", here);
    EXPECT_TRUE(is_error(empty, Errc::denied));
    auto const huge = co_await drive.people().login("li", std::string(100'000, 'x'), here);
    EXPECT_TRUE(is_error(huge, Errc::denied));
    for (auto const* token : {"", "x", "0000000000000000000000000000000000000000"}) {
        auto const forged = co_await drive.people().authenticate(token);
        EXPECT_TRUE(is_error(forged, Errc::denied));
    }
    UserChange disable;
    disable.is_disabled = true;
    CO_TRY(auto const session, co_await drive.people().login("li", "password of li", here));
    CO_TRY_OK(co_await drive.people().change_user(all, "li", disable));
    auto const disabled = co_await drive.people().login("li", "password of li", here);
    EXPECT_TRUE(is_error(disabled, Errc::denied));
    auto const ended = co_await drive.people().authenticate(session.token);
    EXPECT_TRUE(is_error(ended, Errc::denied));
    co_return Result<void>{};
}

Task<void> sessions_end(TestDrive& drive) {
    auto const password = drive.first_password;
    CO_TRY(auto const session, co_await drive.people().login("admin", password, here));
    drive.clock().pass(std::chrono::hours(24 * 29));
    CO_TRY_OK(co_await drive.people().authenticate(session.token));
    drive.clock().pass(std::chrono::hours(24 * 29));
    CO_TRY_OK(co_await drive.people().authenticate(session.token));
    drive.clock().pass(std::chrono::hours(24 * 30));
    auto const old = co_await drive.people().authenticate(session.token);
    EXPECT_TRUE(is_error(old, Errc::denied)) << "not used for 30 days";
    auto const before = drive.graph().store().revision();
    CO_TRY(auto const next, co_await drive.people().login("admin", password, here));
    EXPECT_EQ(drive.graph().store().revision(), before + 1);
    for (int i = 0; i < 3; ++i) CO_TRY_OK(co_await drive.people().authenticate(next.token));
    EXPECT_EQ(drive.graph().store().revision(), before + 1) << "no commit for each request";
    auto range = kv::Range::prefix("Ls");
    CO_TRY(auto const rows, co_await drive.graph().store().scan(std::move(range), 10));
    EXPECT_EQ(rows.entries.size(), 1) << "the dead session was swept";
    co_return Result<void>{};
}

Task<void> new_password(TestDrive& drive) {
    auto const password = drive.first_password;
    auto& people = drive.people();
    auto const admin = drive.as("admin");
    CO_TRY(auto const here_session, co_await people.login("admin", password, here));
    CO_TRY(auto const other_session, co_await people.login("admin", password, here));
    auto const wrong = co_await people.change_password(admin, "wrong one", "a new one", "");
    EXPECT_TRUE(is_error(wrong, Errc::denied));
    auto const small = co_await people.change_password(admin, password, "short", "");
    EXPECT_TRUE(is_error(small, Errc::invalid));
    EXPECT_TRUE(people.has_first_password());
    CO_TRY_OK(co_await people.change_password(admin, password, "一个新密码", here_session.token));
    EXPECT_FALSE(people.has_first_password());
    EXPECT_EQ(drive.first_password_changes, 1);
    CO_TRY_OK(co_await people.authenticate(here_session.token));
    auto const other = co_await people.authenticate(other_session.token);
    EXPECT_TRUE(is_error(other, Errc::denied)) << "other sessions end";
    auto const old = co_await people.login("admin", password, here);
    EXPECT_TRUE(is_error(old, Errc::denied));
    CO_TRY_OK(co_await people.login("admin", "一个新密码", here));
    CO_TRY_OK(co_await drive.reopen());
    EXPECT_FALSE(drive.people().has_first_password());
    CO_TRY_OK(co_await drive.people().authenticate(here_session.token));
    auto const still = co_await drive.people().authenticate(other_session.token);
    EXPECT_TRUE(is_error(still, Errc::denied));
    co_return Result<void>{};
}

Task<void> accounts(TestDrive& drive) {
    auto& people = drive.people();
    auto const admin = drive.as("admin");
    CO_TRY(auto const made, co_await people.add_user(admin, "李雷", "password", false, 500));
    EXPECT_EQ(made.home, "/home/李雷");
    EXPECT_EQ(made.quota_bytes, 500);
    auto const again = co_await people.add_user(admin, "李雷", "password", false, 0);
    EXPECT_TRUE(is_error(again, Errc::conflict));
    for (auto const* bad : {"", ".", "..", "a/b", "a:b", " a", "a ", "a\nb", "\xff"}) {
        auto const done = co_await people.add_user(admin, bad, "password", false, 0);
        EXPECT_TRUE(is_error(done, Errc::invalid)) << bad;
    }
    auto const weak = co_await people.add_user(admin, "wang", "1234567", false, 0);
    EXPECT_TRUE(is_error(weak, Errc::invalid));
    CO_TRY_OK(co_await drive.files().make_folder(admin, "/home/wang"));
    auto const taken = co_await people.add_user(admin, "wang", "password", false, 0);
    EXPECT_TRUE(is_error(taken, Errc::conflict)) << "the place of the home is taken";

    auto const li = drive.as("李雷");
    auto const by_li = co_await people.add_user(li, "zhou", "password", true, 0);
    EXPECT_TRUE(is_error(by_li, Errc::denied));
    UserChange promote;
    promote.is_admin = true;
    auto const self = co_await people.change_user(li, "李雷", promote);
    EXPECT_TRUE(is_error(self, Errc::denied));
    CO_TRY(auto const own, co_await people.users(li));
    EXPECT_EQ(own.size(), 1);
    CO_TRY(auto const all, co_await people.users(admin));
    EXPECT_EQ(all.size(), 2);

    UserChange demote;
    demote.is_admin = false;
    auto const last = co_await people.change_user(admin, "admin", demote);
    EXPECT_TRUE(is_error(last, Errc::conflict)) << "the last administrator stays one";
    CO_TRY_OK(co_await people.change_user(admin, "李雷", promote));
    CO_TRY_OK(co_await people.change_user(li, "admin", demote));
    auto const lost = co_await people.change_user(admin, "李雷", demote);
    EXPECT_TRUE(is_error(lost, Errc::denied));
    UserChange none;
    auto const unknown = co_await people.change_user(li, "nobody", none);
    EXPECT_TRUE(is_error(unknown, Errc::not_found));
    co_return Result<void>{};
}

Task<void> groups(TestDrive& drive) {
    auto& people = drive.people();
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.add_users("li wang"));
    CO_TRY_OK(co_await drive.add_group("lab", "li"));
    CO_TRY_OK(co_await drive.add_group("other", "wang"));
    auto const again = co_await people.add_group(admin, "lab");
    EXPECT_TRUE(is_error(again, Errc::conflict));
    auto const by_li = co_await people.add_group(drive.as("li"), "mine");
    EXPECT_TRUE(is_error(by_li, Errc::denied));
    auto const join = co_await people.set_member(drive.as("li"), "other", "li", true);
    EXPECT_TRUE(is_error(join, Errc::denied));
    auto const nobody = co_await people.set_member(admin, "lab", "nobody", true);
    EXPECT_TRUE(is_error(nobody, Errc::not_found));
    auto const nothing = co_await people.set_member(admin, "nothing", "li", true);
    EXPECT_TRUE(is_error(nothing, Errc::not_found));
    CO_TRY_OK(co_await people.set_member(admin, "lab", "li", true));
    CO_TRY(auto const all, co_await people.groups(admin));
    EXPECT_EQ(all.size(), 2);
    EXPECT_EQ(all.front().members, std::vector<std::string>{"li"});
    CO_TRY(auto const own, co_await people.groups(drive.as("li")));
    EXPECT_EQ(own.size(), 1);
    EXPECT_EQ(own.front().name, "lab");
    CO_TRY(auto const users, co_await people.users(drive.as("li")));
    EXPECT_EQ(users.front().groups, std::vector<std::string>{"lab"});
    CO_TRY_OK(co_await people.set_member(admin, "lab", "li", false));
    CO_TRY(auto const left, co_await people.groups(drive.as("li")));
    EXPECT_TRUE(left.empty());
    co_return Result<void>{};
}

Task<void> guessing(TestDrive& drive) {
    auto& people = drive.people();
    int refused = 0;
    for (int i = 0; i < 12; ++i) {
        auto const done = co_await people.login("admin", "wrong password", here);
        if (is_error(done, Errc::exhausted)) ++refused;
    }
    EXPECT_EQ(refused, 2) << "ten attempts, then one waits";
    auto const right = co_await people.login("admin", drive.first_password, "10.0.0.1");
    EXPECT_TRUE(is_error(right, Errc::exhausted)) << "from anywhere";
    drive.clock().pass(std::chrono::seconds(7));
    CO_TRY_OK(co_await people.login("admin", drive.first_password, "10.0.0.1"));
    co_return Result<void>{};
}

/// A hundred sessions, made without the cost of a hundred hashes.
Task<void> many_sessions(TestDrive& drive) {
    auto const admin = drive.user("admin");
    auto const now = drive.clock().now();
    for (int batch = 0; batch < 2; ++batch) {
        auto const change = drive.graph().begin();
        for (int i = 0; i < 50; ++i) {
            auto const number = batch * 50 + i;
            SessionRow const row{
                .user = admin,
                .epoch = 1,
                .created = now + Duration(number),
                .expires = now + std::chrono::hours(24)
            };
            change->rows().put(session_key(hash_of(std::to_string(number))), encode(row));
        }
        CO_TRY_OK(co_await change->commit());
    }
    CO_TRY_OK(co_await drive.people().authenticate("0"));
    drive.clock().pass(std::chrono::seconds(1));
    CO_TRY_OK(co_await drive.people().login("admin", drive.first_password, here));
    auto const oldest = co_await drive.people().authenticate("0");
    EXPECT_TRUE(is_error(oldest, Errc::denied));
    CO_TRY_OK(co_await drive.people().authenticate("1"));
    co_return Result<void>{};
}

TEST(People, FirstStartMakesTheAdministratorOnce) { on_drive(first_start); }
TEST(People, TheStoreHoldsNeitherPasswordNorToken) { on_drive(nothing_secret_is_stored); }
TEST(People, WrongNameAndWrongPasswordAreToldAlike) { on_drive(wrong_logins); }
TEST(People, ASessionInUseLivesOnAndAnOldOneEnds) { on_drive(sessions_end); }
TEST(People, ANewPasswordEndsAllOtherSessions) { on_drive(new_password); }
TEST(People, AUserHasAtMostAHundredSessions) { on_drive(many_sessions); }
TEST(People, OnlyAdministratorsKeepAccounts) { on_drive(accounts); }
TEST(People, OnlyAdministratorsKeepGroups) { on_drive(groups); }
TEST(People, GuessingPasswordsIsSlow) { on_drive(guessing); }

/// An attempt that fails, when it is let in at all.
bool try_once(LoginLimits& limits, std::string const& name, char const* address, Duration now) {
    if (!limits.check(name, address, now)) return false;
    limits.note_failure(name, address, now);
    return true;
}

TEST(LoginLimits, AddressesAreLimitedAcrossNames) {
    LoginLimits limits;
    int let_in = 0;
    for (int i = 0; i < 40; ++i) {
        if (try_once(limits, std::to_string(i), "1.2.3.4", Duration(0))) ++let_in;
    }
    EXPECT_EQ(let_in, 30);
    EXPECT_TRUE(try_once(limits, "x", "1.2.3.5", Duration(0)));
    EXPECT_FALSE(try_once(limits, "x", "1.2.3.4", std::chrono::seconds(1)));
    EXPECT_TRUE(try_once(limits, "x", "1.2.3.4", std::chrono::seconds(3)));
}

TEST(LoginLimits, WhatFailsBeyondTheBurstIsPaidForLater) {
    LoginLimits limits;
    for (int i = 0; i < 60; ++i) limits.note_failure("li", "1.2.3.4", Duration(0));
    EXPECT_FALSE(limits.check("li", "5.6.7.8", std::chrono::seconds(300)));
    EXPECT_TRUE(limits.check("li", "5.6.7.8", std::chrono::seconds(307)));
    limits.note_failure("li", "5.6.7.8", std::chrono::seconds(307));
    limits.note_failure("li", "5.6.7.8", std::chrono::seconds(307));
    EXPECT_FALSE(limits.check("li", "5.6.7.8", std::chrono::seconds(307)));
    limits.note_success("li");
    EXPECT_TRUE(limits.check("li", "5.6.7.8", std::chrono::seconds(307)));
}

TEST(LoginLimits, TheTablesAreBounded) {
    LoginLimits limits;
    for (std::size_t i = 0; i < LoginLimits::table_max + 200; ++i) {
        auto const name = std::to_string(i);
        limits.note_failure(name, name, Duration(0));
    }
    EXPECT_LE(limits.size(), 2 * LoginLimits::table_max);
}

}  // namespace
}  // namespace disgrafs::files
