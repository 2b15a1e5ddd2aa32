// Who is a member, and in which state: joins, proofs, silence, returns.

#include <algorithm>

#include <gtest/gtest.h>

#include "cluster/testing/fake_cluster.hpp"
#include "wire/member_proof.hpp"

namespace disgrafs::cluster {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Member member_of(FakeCluster const& cluster, MemberId id) {
    auto const members = cluster.status().members;
    return *std::ranges::find(members, id, &Member::id);
}

wire::JoinRequest request_of(FakeCluster& cluster, std::string disk, std::string address) {
    wire::JoinRequest request;
    request.token = cluster.index->join_token();
    request.disk_id = std::move(disk);
    request.address = std::move(address);
    return request;
}

wire::JoinRequest again_as(FakeNode const& node, std::string disk, std::string address) {
    wire::JoinRequest request;
    request.previous = node.id;
    request.proof = wire::rejoin_proof(node.key, disk, address);
    request.disk_id = std::move(disk);
    request.address = std::move(address);
    return request;
}

TEST(Members, NewOnesGetAnIdANameAndAKeyAndRaiseTheEpoch) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        auto request = request_of(cluster, "d1", "127.0.0.1:1");
        CO_TRY(auto const first, co_await cluster.index->join(request));
        request.disk_id = "d2";
        request.name = "节点三";
        CO_TRY(auto const second, co_await cluster.index->join(request));
        request.disk_id = "d3";  // The same name again: another is chosen.
        CO_TRY(auto const third, co_await cluster.index->join(request));
        EXPECT_EQ(first.name, "n1");
        EXPECT_EQ(second.name, "节点三");
        EXPECT_EQ(third.name, "n2");
        EXPECT_LT(first.id, second.id);
        EXPECT_NE(first.key, second.key);
        EXPECT_LT(first.epoch, second.epoch);
        EXPECT_LT(second.epoch, third.epoch);
        EXPECT_EQ(*cluster.index->key_of(second.id), second.key);
        EXPECT_EQ(cluster.index->key_of({99}).error().code, Errc::not_found);
        CO_TRY_OK(co_await cluster.restart_index());
        EXPECT_EQ(*cluster.index->key_of(second.id), second.key);
        EXPECT_EQ(cluster.status().epoch, third.epoch);
        EXPECT_EQ(cluster.status().members.size(), 3U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, AWrongTokenOrProofIsDenied) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(1));
        auto& index = *cluster.index;
        auto request = request_of(cluster, "d9", "127.0.0.9:1");
        request.token[0] = request.token[0] == '0' ? '1' : '0';
        EXPECT_EQ((co_await index.join(request)).error().code, Errc::denied);
        request.token = "";
        EXPECT_EQ((co_await index.join(request)).error().code, Errc::denied);
        auto again = again_as(cluster.at(0), "disk-1", "127.0.0.1:7000");
        again.proof[5] = again.proof[5] == 'a' ? 'b' : 'a';
        EXPECT_EQ((co_await index.join(again)).error().code, Errc::denied);
        EXPECT_EQ(cluster.status().members.size(), 1U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, RequestsWithoutDiskAddressOrWithBadNamesAreInvalid) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        auto& index = *cluster.index;
        for (auto const& [disk, address, name] : std::vector<std::array<std::string, 3>>{
                 {"", "127.0.0.1:1", "n"},
                 {"d", "", "n"},
                 {"d", "nowhere", "n"},
                 {"d", "127.0.0.1:1", "a b"},
                 {"d", "127.0.0.1:1", std::string(65, 'n')},
                 {"d", "127.0.0.1:1", "\xFF"},
                 {std::string(65, 'd'), "127.0.0.1:1", ""},
             }) {
            auto request = request_of(cluster, disk, address);
            request.name = name;
            EXPECT_EQ((co_await index.join(request)).error().code, Errc::invalid) << name;
        }
        auto request = request_of(cluster, "d", "127.0.0.1:1");
        request.role = wire::Role::index;
        EXPECT_EQ((co_await index.join(request)).error().code, Errc::invalid);
        EXPECT_TRUE(cluster.status().members.empty());
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, TheSameDiskIsTheSameMemberWhereverItServes) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        CO_TRY_OK(co_await cluster.kill(1));
        auto const epoch = cluster.status().epoch;
        auto const request = again_as(cluster.at(1), "disk-2", "127.0.0.77:7000");
        CO_TRY(auto const joined, co_await cluster.index->join(request));
        EXPECT_EQ(joined.id, cluster.at(1).id);
        EXPECT_EQ(joined.key, cluster.at(1).key);
        EXPECT_GT(joined.epoch, epoch);  // Its address changed: tickets of before are void.
        EXPECT_EQ(member_of(cluster, joined.id).address, "127.0.0.77:7000");
        CO_TRY(auto const once_more, co_await cluster.index->join(request));
        EXPECT_EQ(once_more.epoch, joined.epoch);  // Nothing changed.
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// It died between the answer to its join and the writing of its key.
TEST(Members, ADiskThatLostItsKeyGetsANewOneByTheToken) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        auto const request = request_of(cluster, "d1", "127.0.0.1:1");
        CO_TRY(auto const first, co_await cluster.index->join(request));
        CO_TRY(auto const second, co_await cluster.index->join(request));
        EXPECT_EQ(first.id, second.id);
        EXPECT_NE(first.key, second.key);
        EXPECT_EQ(*cluster.index->key_of(first.id), second.key);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, ACopyOfADiskInUseIsAConflictAndSoIsADiskOfAnotherCluster) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(2));
        auto& index = *cluster.index;
        auto const clone = again_as(cluster.at(0), "disk-1", "127.0.0.66:7000");
        auto const refused = co_await index.join(clone);
        EXPECT_EQ(refused.error().code, Errc::conflict);
        EXPECT_NE(refused.error().message.find("in use"), std::string::npos);
        auto const keyless = request_of(cluster, "disk-1", "127.0.0.66:7000");
        EXPECT_EQ((co_await index.join(keyless)).error().code, Errc::conflict);
        auto foreign = again_as(cluster.at(0), "disk-1", "127.0.0.1:7000");
        foreign.previous = {77};
        auto const stranger = co_await index.join(foreign);
        EXPECT_EQ(stranger.error().code, Errc::conflict);
        EXPECT_NE(stranger.error().message.find("another cluster"), std::string::npos);
        auto const other_disk = again_as(cluster.at(0), "disk-9", "127.0.0.1:7000");
        EXPECT_EQ((co_await index.join(other_disk)).error().code, Errc::conflict);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, AWorkerThatReturnsUnderItsNameTakesItsOldPlace) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        wire::JoinRequest request;
        request.token = cluster.index->join_token();
        request.role = wire::Role::worker;
        request.name = "w-a";
        CO_TRY(auto const first, co_await cluster.index->join(request));
        CO_TRY(auto const second, co_await cluster.index->join(request));
        EXPECT_EQ(first.id, second.id);
        request.name = "";
        CO_TRY(auto const other, co_await cluster.index->join(request));
        EXPECT_EQ(other.name, "w1");
        EXPECT_EQ(member_of(cluster, other.id).role, wire::Role::worker);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// up → (connection breaks) suspect at once → (lease runs out) down → heartbeat → up. Listeners hear
// each change when it happens.
TEST(Members, StatesFollowWhatIsHeard) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        auto const id = cluster.at(2).id;
        std::vector<std::pair<MemberState, Duration>> heard;
        auto listening = cluster.index->listen([&](ClusterEvent const& event) {
            if (event.kind != ClusterEvent::Kind::member_changed || event.member.id != id) return;
            heard.emplace_back(event.member.state, world.clock().steady());
        });
        auto const cut = world.clock().steady();
        CO_TRY_OK(co_await cluster.kill(2));
        EXPECT_EQ(member_of(cluster, id).state, MemberState::suspect);
        auto const is_down = [&] { return member_of(cluster, id).state == MemberState::down; };
        CO_TRY_OK(co_await cluster.until(is_down));
        CO_TRY_OK(co_await cluster.revive(2));
        EXPECT_EQ(heard.size(), 3U);
        if (heard.size() == 3) {
            EXPECT_EQ(heard[0].first, MemberState::suspect);
            EXPECT_LT(heard[0].second - cut, milliseconds(100));
            EXPECT_EQ(heard[1].first, MemberState::down);
            EXPECT_LE(heard[1].second - cut, seconds(10) + milliseconds(200));
            EXPECT_EQ(heard[2].first, MemberState::up);
        }
        listening.reset();
        CO_TRY_OK(co_await cluster.kill(2));
        EXPECT_EQ(heard.size(), 3U);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

// A member that hangs, its connection standing, is suspect after two seconds and down after ten.
TEST(Members, SilenceIsNoticedWithoutABrokenConnection) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(3));
        auto const id = cluster.at(1).id;
        cluster.at(1).faults.is_hung = true;
        auto const begun = world.clock().steady();
        auto const is_suspect = [&] { return member_of(cluster, id).state != MemberState::up; };
        CO_TRY_OK(co_await cluster.until(is_suspect));
        EXPECT_LE(world.clock().steady() - begun, seconds(2) + milliseconds(200));
        CO_TRY_OK(co_await world.clock().sleep(seconds(10)));
        EXPECT_EQ(member_of(cluster, id).state, MemberState::down);
        cluster.at(1).faults.is_hung = false;
        auto const is_up = [&] { return member_of(cluster, id).state == MemberState::up; };
        CO_TRY_OK(co_await cluster.until(is_up));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Members, RegistryThatCannotCommitChangesNothing) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.start(1));
        auto const before = cluster.status();
        cluster.store.die_at(1, false);
        auto const request = request_of(cluster, "d5", "127.0.0.5:1");
        EXPECT_EQ((co_await cluster.index->join(request)).error().code, Errc::io);
        EXPECT_EQ(cluster.status().members.size(), before.members.size());
        EXPECT_EQ(cluster.status().epoch, before.epoch);
        CO_TRY_OK(co_await cluster.restart_index());
        CO_TRY(auto const joined, co_await cluster.index->join(request));
        EXPECT_EQ(joined.epoch, before.epoch + 1);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
