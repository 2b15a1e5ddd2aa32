/// \file files/tags_test.cpp  What people say about files.

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

std::optional<graph::EdgeRecord> tag_on(TestDrive& drive, NodeId file, std::string_view name) {
    auto const tag = drive.image().named("Tag", name);
    for (auto const& edge : drive.image().edges(file, graph::Direction::out, "TAGGED")) {
        if (tag && edge.to == *tag) return edge;
    }
    return std::nullopt;
}

/// As analysis proposes one.
Task<void> propose(TestDrive& drive, NodeId file, std::string name, double score) {
    auto const change = drive.graph().begin();
    auto tag = drive.image().named("Tag", name);
    if (!tag) tag = change->create_named({"Tag"}, name, {{"kind", "keyphrase"}});
    graph::Properties properties{{"score", score}, {"by", "text/1"}, {"state", "proposed"}};
    change->create_edge(file, "TAGGED", *tag, std::move(properties));
    CO_TRY_OK(co_await change->commit());
    co_return Result<void>{};
}

Task<void> by_people(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const put, co_await drive.put("admin", "/f", "x"));
    auto const file = put.entry.id;
    CO_TRY_OK(co_await drive.files().add_tag(admin, file, "  狐狸 fox "));
    auto const edge = tag_on(drive, file, "狐狸 fox");
    EXPECT_TRUE(edge);
    EXPECT_EQ((*edge)["state"].text(), "accepted");
    EXPECT_EQ((*edge)["by"].text(), "user:admin");
    CO_TRY_OK(co_await drive.files().add_tag(admin, file, "狐狸 fox"));
    EXPECT_EQ(drive.image().degree(file, graph::Direction::out, "TAGGED"), 1) << "once is enough";
    CO_TRY(auto const second, co_await drive.put("admin", "/g", "x"));
    CO_TRY_OK(co_await drive.files().add_tag(admin, second.entry.id, "狐狸 fox"));
    EXPECT_EQ(drive.image().count_label("Tag"), 1) << "one tag for both files";
    CO_TRY_OK(co_await drive.files().remove_tag(admin, file, "狐狸 fox"));
    EXPECT_FALSE(tag_on(drive, file, "狐狸 fox"));
    auto const again = co_await drive.files().remove_tag(admin, file, "狐狸 fox");
    EXPECT_TRUE(is_error(again, Errc::not_found));
    co_return Result<void>{};
}

Task<void> over_models(TestDrive& drive) {
    auto const admin = drive.as("admin");
    CO_TRY(auto const put, co_await drive.put("admin", "/f", "x"));
    auto const file = put.entry.id;
    for (auto const* name : {"a", "b", "c", "d", "e", "f", "g"}) {
        CO_TRY_OK(co_await propose(drive, file, name, 0.1 * (name[0] - 'a' + 1)));
    }
    CO_TRY(auto const before, co_await drive.files().entry(admin, file));
    EXPECT_EQ(before.tags, (std::vector<std::string>{"g", "f", "e", "d", "c"}));
    CO_TRY_OK(co_await drive.files().judge_tag(admin, file, "g", "rejected"));
    CO_TRY_OK(co_await drive.files().judge_tag(admin, file, "e", "accepted"));
    CO_TRY_OK(co_await drive.files().remove_tag(admin, file, "f"));
    EXPECT_EQ((*tag_on(drive, file, "f"))["state"].text(), "rejected")
        << "a model's stays, rejected";
    EXPECT_EQ((*tag_on(drive, file, "e"))["by"].text(), "text/1") << "it was the model's idea";
    CO_TRY(auto const after, co_await drive.files().entry(admin, file));
    EXPECT_EQ(after.tags, (std::vector<std::string>{"e", "d", "c", "b", "a"}));
    auto const odd = co_await drive.files().judge_tag(admin, file, "e", "perhaps");
    EXPECT_TRUE(is_error(odd, Errc::invalid));
    auto const none = co_await drive.files().judge_tag(admin, file, "zz", "accepted");
    EXPECT_TRUE(is_error(none, Errc::not_found));
    co_return Result<void>{};
}

Task<void> refused(TestDrive& drive) {
    CO_TRY_OK(co_await drive.add_user("li"));
    CO_TRY(auto const put, co_await drive.put("admin", "/d/f", "x"));
    auto const file = put.entry.id;
    CO_TRY(auto const folder, co_await drive.id_of("/d"));
    CO_TRY_OK(co_await drive.grant("/d", "user:li", "r"));
    auto const admin = drive.as("admin");
    auto const reader = co_await drive.files().add_tag(drive.as("li"), file, "x");
    EXPECT_TRUE(is_error(reader, Errc::denied));
    auto const on_folder = co_await drive.files().add_tag(admin, folder, "x");
    EXPECT_TRUE(is_error(on_folder, Errc::invalid));
    for (auto const& bad :
         {std::string(" "), std::string(101, 'x'), std::string("\xff"), std::string("a\nb")}) {
        auto const done = co_await drive.files().add_tag(admin, file, bad);
        EXPECT_TRUE(is_error(done, Errc::invalid)) << bad;
    }
    co_return Result<void>{};
}

TEST(Tags, OfPeopleAreAcceptedAndSharedByFiles) { on_drive(by_people); }
TEST(Tags, OfModelsAreJudgedByPeople) { on_drive(over_models); }
TEST(Tags, NeedTheRightToWriteAndAFitName) { on_drive(refused); }

}  // namespace
}  // namespace disgrafs::files
