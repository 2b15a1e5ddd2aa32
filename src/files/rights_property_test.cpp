/// \file files/rights_property_test.cpp  Random trees, grants and moves: what a user gets is what
/// an administrator gets on the tree without the nodes that the user may not see.
///
/// The model below computes rights from nothing but the edges of the image, without remembering. It
/// is compared after every change, so that a view that was not forgotten is found.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "files/test_drive.hpp"

namespace disgrafs::files {
namespace {

using graph::Direction;

class Model {
 public:
    Model(graph::Image const& image, NodeId user) : image_(image), user_(user) {
        name_ = (*image.node(user))["name"].text();
        principals_.insert(user);
        for (auto const& edge : image.edges(user, Direction::out, graph::edge::member)) {
            principals_.insert(edge.to);
        }
    }
    May may(NodeId node) const {
        May may;
        for (auto at = node;;) {
            auto const own = (*image_.node(at))["owner"].text() == name_;
            may.read = may.read || own;
            may.write = may.write || own;
            may.share = may.share || own;
            for (auto const& edge : image_.edges(at, Direction::in, graph::edge::may)) {
                if (!principals_.contains(edge.from)) continue;
                may.read = may.read || edge["read"].boolean();
                may.write = may.write || edge["write"].boolean();
                may.share = may.share || edge["share"].boolean();
            }
            auto const place = image_.place(at);
            if (!place) return may;
            at = place->folder;
        }
    }
    bool sees(NodeId node) const {
        if (may(node).read) return true;
        for (auto const& child : image_.children(node, "", 1000)) {
            if (sees(child.node)) return true;
        }
        return false;
    }

 private:
    graph::Image const& image_;
    NodeId user_;
    std::string name_;
    std::set<NodeId> principals_;
};

/// All nodes below the root, by path.
void collect(graph::Image const& image, NodeId at, std::string const& path, auto& nodes) {
    for (auto const& child : image.children(at, "", 1000)) {
        auto const below = path + "/" + std::string(child.name);
        nodes[below] = child.node;
        collect(image, child.node, below, nodes);
    }
}

std::map<std::string, NodeId> tree(graph::Image const& image) {
    std::map<std::string, NodeId> nodes;
    collect(image, *root_of(image), "", nodes);
    return nodes;
}

Task<void> compare_listing(
    TestDrive& drive, Model const& model, std::string user, std::string path, NodeId folder
) {
    std::string expected;
    for (auto const& child : drive.image().children(folder, "", 1000)) {
        if (!model.sees(child.node)) continue;
        if (!expected.empty()) expected += ' ';
        expected += child.name;
    }
    CO_TRY(auto const names, co_await drive.ls(user, path));
    EXPECT_EQ(names, expected) << user << " in " << path;
    auto const context = drive.as(user);
    CO_TRY(auto const entry, co_await drive.files().find(context, path));
    EXPECT_EQ(entry.children, std::ranges::count(expected, ' ') + (expected.empty() ? 0 : 1));
    co_return Result<void>{};
}

Task<void> compare(TestDrive& drive, std::string user) {
    Model const model(drive.image(), drive.user(user));
    auto const& rights = drive.files().rights();
    auto const context = drive.as(user);
    for (auto const& [path, node] : tree(drive.image())) {
        auto const expected = model.may(node);
        auto const may = rights.of(context.user, node);
        EXPECT_EQ(may.read, expected.read) << user << " " << path;
        EXPECT_EQ(may.write, expected.write) << user << " " << path;
        EXPECT_EQ(may.share, expected.share) << user << " " << path;
        auto const is_seen = model.sees(node);
        EXPECT_EQ(rights.sees(context.user, node), is_seen) << user << " " << path;
        auto const found = co_await drive.files().find(context, path);
        EXPECT_EQ(found.has_value(), is_seen) << user << " " << path;
        if (is_seen && drive.image().node(node)->has_label("Folder")) {
            CO_TRY_OK(co_await compare_listing(drive, model, user, path, node));
        }
    }
    EXPECT_EQ(rights.path(*root_of(drive.image())), "/");
    co_return Result<void>{};
}

class Story {
 public:
    Story(TestDrive& drive, std::uint64_t seed)
        : drive_(drive), random_(make_seeded_random(seed)) {}

    Task<void> step() {
        auto const all = drive_.cluster();
        auto const path = any_path();
        switch (random_->below(10)) {
            case 0:
            case 1:
            case 2:
                (void)co_await drive_.put(any_user(), below(path), "x");
                break;
            case 3:
                (void)co_await drive_.files().make_folder(drive_.as(any_user()), below(path));
                break;
            case 4:
                (void)co_await drive_.grant(path, any_principal(), any_letters());
                break;
            case 5:
                (void)co_await drive_.files().revoke(all, path, any_principal());
                break;
            case 6:
                (void)co_await drive_.files().move(all, path, below(any_path()));
                break;
            case 7:
                (void)co_await drive_.files().remove(all, path);
                break;
            case 8:
                co_return co_await restore_any();
            default: {
                auto const is_member = random_->below(2) == 0;
                co_return co_await drive_.people().set_member(all, "lab", any_user(), is_member);
            }
        }
        co_return Result<void>{};
    }

 private:
    Task<void> restore_any() {
        auto const all = drive_.cluster();
        CO_TRY(auto const trash, co_await drive_.files().trash(all));
        if (trash.empty()) co_return Result<void>{};
        auto const& row = trash[random_->below(trash.size())];
        if (random_->below(3) == 0) co_return co_await drive_.files().purge(all, row.entry.id);
        (void)co_await drive_.files().restore(all, row.entry.id);
        co_return Result<void>{};
    }
    std::string any_user() {
        static std::vector<std::string> const users = {"li", "wang", "zhou", "admin"};
        return users[random_->below(users.size())];
    }
    std::string any_principal() {
        return random_->below(3) == 0 ? std::string("group:lab") : "user:" + any_user();
    }
    std::string_view any_letters() {
        static std::vector<std::string_view> const letters = {"r", "rw", "rs", "rws"};
        return letters[random_->below(letters.size())];
    }
    std::string any_path() {
        auto const nodes = tree(drive_.image());
        auto at = nodes.begin();
        std::advance(at, static_cast<long>(random_->below(nodes.size())));
        return at->first;
    }
    std::string below(std::string const& path) {
        return fmt::format("{}/{}", random_->below(4) == 0 ? "" : path, random_->below(12));
    }

    TestDrive& drive_;
    std::unique_ptr<Random> random_;
};

Task<void> random_life(TestDrive& drive, std::uint64_t seed, int steps) {
    CO_TRY_OK(co_await drive.add_users("li wang zhou"));
    CO_TRY_OK(co_await drive.add_group("lab", "li wang"));
    Story story(drive, seed);
    for (int step = 0; step < steps; ++step) {
        CO_TRY_OK(co_await story.step());
        for (auto const* user : {"li", "wang", "zhou"}) CO_TRY_OK(co_await compare(drive, user));
        if (testing::Test::HasFailure()) co_return fail(Errc::io, "seed {} step {}", seed, step);
        if (step == steps / 2) CO_TRY_OK(co_await drive.reopen());
    }
    EXPECT_GT(tree(drive.image()).size(), 10) << "the story was about something";
    co_return Result<void>{};
}

TEST(Rights, AreAsIfTheInvisibleDidNotExist) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        on_drive([seed](TestDrive& drive) { return random_life(drive, seed, 120); });
        if (HasFailure()) break;
    }
}

}  // namespace
}  // namespace disgrafs::files
