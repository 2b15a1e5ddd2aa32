/// \file files/big_folder_test.cpp  A folder of 100,000 names is as quick to list as a small one.

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

constexpr int big = 100'000;
constexpr int per_commit = 25;

/// Files as put() leaves them, but for their content: so many per commit.
Task<void> fill(TestDrive& drive, NodeId folder, int count) {
    for (int begin = 0; begin < count; begin += per_commit) {
        auto const change = drive.graph().begin();
        for (int i = begin; i < std::min(begin + per_commit, count); ++i) {
            auto name = fmt::format("名字 {:06}.txt", i);
            graph::Properties properties{
                {"name", name}, {"owner", "admin"}, {"size", 10}, {"stored", 10}, {"version", 1}
            };
            auto const file = change->create_node({"File"}, std::move(properties));
            change->add_child(folder, std::move(name), file);
        }
        CO_TRY_OK(co_await change->commit());
    }
    co_return Result<void>{};
}

using Microseconds = std::chrono::microseconds;

/// The quickest of some lists of 200 names from the middle.
Task<Microseconds> time_list(TestDrive& drive, std::string user, std::string path, int count) {
    auto const context = drive.as(user);
    ListOptions const options{.after = fmt::format("名字 {:06}", count / 2), .limit = 200};
    auto best = Microseconds::max();
    for (int round = 0; round < 30; ++round) {
        auto const begin = std::chrono::steady_clock::now();
        CO_TRY(auto const listing, co_await drive.files().list(context, path, options));
        auto const took = std::chrono::steady_clock::now() - begin;
        best = std::min(best, std::chrono::duration_cast<Microseconds>(took));
        EXPECT_EQ(listing.entries.size(), 200);
        EXPECT_EQ(listing.total, count);
    }
    co_return best;
}

Task<void> story(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY_OK(co_await drive.add_user("li"));
    CO_TRY(auto const small, co_await drive.files().make_folder(admin, "/small"));
    CO_TRY(auto const large, co_await drive.files().make_folder(admin, "/large"));
    CO_TRY_OK(co_await drive.grant("/large", "user:li", "rw"));
    CO_TRY_OK(co_await fill(drive, small.id, 1000));
    CO_TRY_OK(co_await fill(drive, large.id, big));
    EXPECT_EQ(drive.files().logical_bytes(), 10 * (big + 1000));

    CO_TRY(auto const of_small, co_await time_list(drive, "admin", "/small", 1000));
    CO_TRY(auto const of_large, co_await time_list(drive, "admin", "/large", big));
    CO_TRY(auto const of_li, co_await time_list(drive, "li", "/large", big));
    testing::Test::RecordProperty("small_us", static_cast<int>(of_small.count()));
    testing::Test::RecordProperty("large_us", static_cast<int>(of_large.count()));
    testing::Test::RecordProperty("granted_us", static_cast<int>(of_li.count()));
    EXPECT_LT(of_large, 5 * of_small);
    EXPECT_LT(of_li, 5 * of_small);

    CO_TRY(auto const entry, co_await drive.files().find(admin, "/large"));
    EXPECT_EQ(entry.children, 1000) << "counted up to a thousand";
    CO_TRY_OK(co_await drive.put("li", "/large/new", "x"));
    auto const before = drive.graph().store().revision();
    CO_TRY_OK(co_await drive.files().remove(admin, "/large"));
    EXPECT_EQ(drive.graph().store().revision(), before + 1) << "one commit, whatever its size";
    EXPECT_EQ(drive.files().logical_bytes(), 10 * 1000);
    CO_TRY_OK(co_await drive.files().restore(admin, large.id));
    EXPECT_EQ(drive.graph().store().revision(), before + 2);
    EXPECT_EQ(drive.files().logical_bytes(), 10 * (big + 1000) + 1);
    CO_TRY_OK(co_await drive.files().move(admin, "/large", "/a longer name"));
    co_return Result<void>{};
}

TEST(BigFolder, Of100000NamesIsListedMovedAndDeletedAsQuicklyAsASmallOne) { on_drive(story); }

}  // namespace
}  // namespace disgrafs::files
