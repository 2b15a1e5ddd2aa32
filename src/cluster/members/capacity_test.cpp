#include "cluster/members/capacity.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cluster/cluster.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::uint64_t disk_bytes = 250;

Member node(std::string disk, std::uint64_t capacity_bytes = disk_bytes) {
    Member made;
    made.state = MemberState::up;
    made.heartbeat.capacity_bytes = capacity_bytes;
    made.heartbeat.used_bytes = 10;
    made.heartbeat.file_system = std::move(disk);
    made.heartbeat.disk_bytes = disk_bytes;
    return made;
}

TEST(Capacity, ADiskThatSeveralNodesShareCountsOnce) {
    std::vector<Member> const members{node("a"), node("a"), node("a"), node("b")};
    EXPECT_EQ(capacity_of(members), 500U);
    EXPECT_EQ(used_by(members), 40U) << "what they hold is each one's own";
}

TEST(Capacity, NodesOfOneDiskMayFillWhatTheyAreAllowedAndNoMoreThanItHas) {
    EXPECT_EQ(capacity_of({node("a", 50), node("a", 60)}), 110U);
    EXPECT_EQ(capacity_of({node("a", 50), node("a", 240)}), disk_bytes);
}

TEST(Capacity, WhoNamesNoDiskHasOneOfItsOwn) {
    EXPECT_EQ(capacity_of({node(""), node("")}), 500U);
    auto old = node("a");
    old.heartbeat.disk_bytes = 0;
    EXPECT_EQ(capacity_of({old, old}), 500U);
}

TEST(Capacity, OnlyStorageNodesThatAreNotGivenUpCount) {
    auto out = node("a");
    out.state = MemberState::out;
    auto worker = node("a");
    worker.role = wire::Role::worker;
    EXPECT_EQ(capacity_of({out, worker}), 0U);
    EXPECT_EQ(used_by({out, worker}), 0U);
    auto down = node("a");
    down.state = MemberState::down;
    EXPECT_EQ(capacity_of({down}), disk_bytes) << "it may come back";
}

TEST(Capacity, EachNodeKnowsHowManyShareItsDisk) {
    std::vector<Member> members{node("a"), node("a"), node("b"), node(""), node(""), node("a")};
    members.back().state = MemberState::out;
    mark_shared_disks(members);
    std::vector<int> counts;
    for (auto const& member : members) counts.push_back(member.disk_nodes);
    EXPECT_EQ(counts, (std::vector{2, 2, 1, 1, 1, 1}));
}

}  // namespace
}  // namespace disgrafs::cluster
