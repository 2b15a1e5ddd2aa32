/// \file files/quota_test.cpp  How much a user may keep.

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

Task<void> exact(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li", 100));
    auto const li = drive.as("li");
    CO_TRY_OK(co_await drive.put("li", "/home/li/a", std::string(60, 'a')));
    auto const over = co_await drive.put("li", "/home/li/b", std::string(41, 'b'));
    EXPECT_TRUE(is_error(over, Errc::exhausted));
    CO_TRY_OK(co_await drive.put("li", "/home/li/b", std::string(40, 'b')));
    EXPECT_EQ(drive.files().used_bytes(li.user), 100);
    auto const one = co_await drive.put("li", "/home/li/c", "c");
    EXPECT_TRUE(is_error(one, Errc::exhausted));
    CO_TRY_OK(co_await drive.put("li", "/home/li/empty", ""));
    auto const version = co_await drive.put("li", "/home/li/a", "a");
    EXPECT_TRUE(is_error(version, Errc::exhausted)) << "old versions are kept, and count";

    CO_TRY(auto const b, co_await drive.id_of("/home/li/b"));
    CO_TRY_OK(co_await drive.files().remove(li, "/home/li/b"));
    auto const trashed = co_await drive.put("li", "/home/li/c", "c");
    EXPECT_TRUE(is_error(trashed, Errc::exhausted)) << "the trash counts";
    CO_TRY_OK(co_await drive.files().purge(li, b));
    EXPECT_EQ(drive.files().used_bytes(li.user), 60);
    CO_TRY_OK(co_await drive.put("li", "/home/li/c", std::string(40, 'c')));
    co_return Result<void>{};
}

Task<void> early(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li", 100));
    auto const li = drive.as("li");
    PutOptions large;
    large.size = 101;
    auto const begun = co_await drive.files().begin_put(li, "/home/li/a", large);
    EXPECT_TRUE(is_error(begun, Errc::exhausted)) << "an announced size is refused at once";
    EXPECT_EQ(drive.contents().begun, 0);
    PutOptions const unknown;
    CO_TRY(auto const upload, co_await drive.files().begin_put(li, "/home/li/a", unknown));
    auto const most = Bytes(100);
    CO_TRY_OK(co_await upload->write(most));
    auto const more = Bytes(1);
    auto const over = co_await upload->write(more);
    EXPECT_TRUE(is_error(over, Errc::exhausted)) << "an unknown one as soon as it is too much";
    co_return Result<void>{};
}

Task<void> put_ten(TestDrive& drive, int number, int& stored, int& refused) {
    auto const path = fmt::format("/home/li/{}", number);
    auto const done = co_await drive.put("li", path, std::string(10, 'x'));
    if (done) ++stored;
    if (is_error(done, Errc::exhausted)) ++refused;
    co_return Result<void>{};
}

/// Each of thirty uploads alone fits; together only ten do.
Task<void> race(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li", 105));
    int stored = 0;
    int refused = 0;
    TaskGroup group(drive.executor());
    for (int i = 0; i < 30; ++i) group.spawn("put", put_ten(drive, i, stored, refused));
    CO_TRY_OK(co_await group.join());
    EXPECT_EQ(stored, 10);
    EXPECT_EQ(refused, 20);
    EXPECT_EQ(drive.files().used_bytes(drive.user("li")), 100);
    co_return Result<void>{};
}

/// A version counts for the owner of the file, whoever writes it.
Task<void> of_the_owner(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li", 10));
    CO_TRY_OK(co_await drive.put("li", "/home/li/a", "12345"));
    auto const big = co_await drive.put("admin", "/home/li/a", "123456");
    EXPECT_TRUE(is_error(big, Errc::exhausted));
    CO_TRY_OK(co_await drive.put("admin", "/home/li/a", "54321"));
    EXPECT_EQ(drive.files().used_bytes(drive.user("li")), 10);
    EXPECT_EQ(drive.files().used_bytes(drive.user("admin")), 0);
    CO_TRY_OK(co_await drive.put("admin", "/home/li/mine", "admin's own"));
    EXPECT_EQ(drive.files().used_bytes(drive.user("li")), 10);
    UserChange change;
    change.quota_bytes = 0;
    auto const all = TestDrive::cluster();
    CO_TRY(auto const user, co_await drive.people().change_user(all, "li", change));
    EXPECT_EQ(user.used_bytes, 10);
    CO_TRY_OK(co_await drive.put("li", "/home/li/b", std::string(1000, 'x')));
    co_return Result<void>{};
}

TEST(Quota, IsExactToTheByte) { on_drive(exact); }
TEST(Quota, StopsAnUploadAsSoonAsItIsKnown) { on_drive(early); }
TEST(Quota, HoldsWhenUploadsRace) { on_drive(race); }
TEST(Quota, IsTheOwners) { on_drive(of_the_owner); }

}  // namespace
}  // namespace disgrafs::files
