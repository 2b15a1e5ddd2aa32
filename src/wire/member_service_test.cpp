#include "wire/member_service.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

TEST(Role, NamesGoBothWays) {
    for (auto const role : {Role::index, Role::storage, Role::worker}) {
        EXPECT_EQ(parse_role(name_of(role)), role);
    }
    EXPECT_FALSE(parse_role("king"));
}

TEST(JoinRequest, ReadsWhatWasWritten) {
    JoinRequest request;
    request.token = "t0k\"en";
    request.role = Role::worker;
    request.address = "127.0.0.12:4711";
    request.disk_id = "d-1";
    request.previous = MemberId{~0ULL};
    request.proof = "ab12";
    request.capacity_bytes = 1ULL << 60U;
    request.name = "节点三";
    auto const read = parse_join_request(to_json(request));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->token, request.token);
    EXPECT_EQ(read->role, request.role);
    EXPECT_EQ(read->address, request.address);
    EXPECT_EQ(read->disk_id, request.disk_id);
    EXPECT_EQ(read->previous, request.previous);
    EXPECT_EQ(read->proof, request.proof);
    EXPECT_EQ(read->capacity_bytes, request.capacity_bytes);
    EXPECT_EQ(read->name, request.name);
}

TEST(JoinRequest, OnlyTheRoleIsNeeded) {
    EXPECT_TRUE(parse_join_request(R"({"role": "worker"})"));
    EXPECT_FALSE(parse_join_request("{}"));
    auto const read = parse_join_request(R"({"role": "boss"})");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("boss"));
}

TEST(JoinAnswer, ReadsWhatWasWritten) {
    JoinAnswer answer;
    answer.id = MemberId{3};
    answer.name = "n3";
    answer.cluster_id = "c";
    answer.key.fill(std::byte{0x5A});
    answer.epoch = 8;
    auto const read = parse_join_answer(to_json(answer));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->id, answer.id);
    EXPECT_EQ(read->name, answer.name);
    EXPECT_EQ(read->cluster_id, answer.cluster_id);
    EXPECT_EQ(read->key, answer.key);
    EXPECT_EQ(read->epoch, answer.epoch);
}

TEST(JoinAnswer, KeyMustBeWholeAndIdNotZero) {
    auto const with = [](std::string const& id, std::string const& key) {
        return parse_join_answer(
            R"({"id":)" + id + R"(,"name":"n","cluster_id":"c","epoch":1,"key":")" + key + "\"}"
        );
    };
    EXPECT_TRUE(with("1", std::string(64, 'a')));
    EXPECT_FALSE(with("1", std::string(62, 'a')));
    EXPECT_FALSE(with("1", std::string(63, 'a') + "g"));
    EXPECT_FALSE(with("0", std::string(64, 'a')));
}

TEST(Heartbeat, ReadsWhatWasWritten) {
    Heartbeat heartbeat;
    heartbeat.capacity_bytes = 1;
    heartbeat.free_bytes = 2;
    heartbeat.used_bytes = 3;
    heartbeat.file_system = "c0ffee:fe01";
    heartbeat.disk_bytes = 8;
    heartbeat.shards = 4;
    heartbeat.sequence = 5;
    heartbeat.corrupt_shards = 6;
    heartbeat.damage_found = 8;
    heartbeat.read_only = true;
    heartbeat.busy = 7;
    auto const read = parse_heartbeat(to_json(heartbeat));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), to_json(heartbeat));
    EXPECT_EQ(read->busy, 7U);
    EXPECT_TRUE(read->read_only);
    EXPECT_EQ(read->sequence, 5U);
    EXPECT_EQ(read->damage_found, 8U);
    EXPECT_EQ(read->file_system, "c0ffee:fe01");
    EXPECT_EQ(read->disk_bytes, 8U);
}

TEST(Heartbeat, OfAMemberThatNamesNoFileSystemIsRead) {
    auto const read = parse_heartbeat(
        R"({"capacity_bytes":1,"free_bytes":1,"used_bytes":1,"shards":1,"sequence":1,)"
        R"("corrupt_shards":0,"read_only":false,"busy":0})"
    );
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->file_system, "");
    EXPECT_EQ(read->disk_bytes, 0U);
}

TEST(Heartbeat, OfAnOlderMemberTellsDamageByWhatIsCorrupt) {
    auto const read = parse_heartbeat(
        R"({"capacity_bytes":1,"free_bytes":1,"used_bytes":0,"shards":9,"sequence":9,)"
        R"("corrupt_shards":3,"read_only":false,"busy":0})"
    );
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->damage_found, 3U);
}

TEST(Lease, ReadsWhatWasWrittenAndIsAtMostADay) {
    Lease lease;
    lease.epoch = 9;
    lease.lease = std::chrono::seconds(10);
    auto const read = parse_lease(to_json(lease));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->epoch, 9U);
    EXPECT_EQ(read->lease, lease.lease);
    EXPECT_FALSE(parse_lease(R"({"epoch": 1, "lease_us": 86400000001})"));
    EXPECT_FALSE(parse_lease(R"({"epoch": 1})"));
}

}  // namespace
}  // namespace disgrafs::wire
