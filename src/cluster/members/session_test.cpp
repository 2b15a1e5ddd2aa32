// The WebSocket of a member, message by message.

#include "cluster/members/session.hpp"

#include <gtest/gtest.h>

#include "cluster/testing/fake_cluster.hpp"
#include "wire/member_proof.hpp"

namespace disgrafs::cluster {
namespace {

using std::chrono::seconds;

// A member that says by hand what it wants.
struct ByHand {
    ByHand(FakeCluster& of, wire::JoinAnswer as)
        : cluster(of), me(std::move(as)), tasks(of.world.executor()) {
        std::tie(here, there) = FakeSocket::pair(cluster.world.executor());
        tasks.spawn("serve", serve());
    }

    Task<void> serve() {
        served = co_await cluster.index->serve_member(*there, me.id);
        co_return Result<void>();
    }
    Task<void> prove() {
        CO_TRY(auto const first, co_await here->receive());
        CO_TRY(auto const nonce, wire::parse_challenge(as_text(first.data)));
        EXPECT_EQ(nonce.size(), 64U);
        auto const proof = wire::session_proof(me.key, nonce);
        co_return co_await here->send_text(wire::proof_json(proof));
    }
    Task<wire::Lease> beat() {
        wire::Heartbeat heartbeat;
        heartbeat.capacity_bytes = 1000;
        heartbeat.free_bytes = 900;
        CO_TRY_OK(co_await here->send_text(wire::to_json(heartbeat)));
        CO_TRY(auto const message, co_await here->receive());
        co_return wire::parse_lease(as_text(message.data));
    }

    FakeCluster& cluster;
    wire::JoinAnswer me;
    std::unique_ptr<FakeSocket> here;
    std::unique_ptr<FakeSocket> there;
    std::optional<Result<void>> served;
    TaskGroup tasks;
};

Task<wire::JoinAnswer> join(FakeCluster& cluster) {
    wire::JoinRequest request;
    request.token = cluster.index->join_token();
    request.disk_id = "by hand";
    request.address = "127.0.0.1:1";
    co_return co_await cluster.index->join(request);
}

TEST(Session, AnswersEachHeartbeatWithALease) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto const me, co_await join(cluster));
        ByHand member(cluster, me);
        CO_TRY_OK(co_await member.prove());
        for (int count = 0; count < 3; ++count) {
            CO_TRY(auto const lease, co_await member.beat());
            EXPECT_EQ(lease.epoch, cluster.status().epoch);
            EXPECT_EQ(lease.lease, seconds(10));
        }
        EXPECT_EQ(cluster.status().members.at(0).state, MemberState::up);
        EXPECT_EQ(cluster.status().capacity_bytes, 1000U);
        EXPECT_TRUE(cluster.index->order(me.id, R"({"order":"wake"})"));
        CO_TRY(auto const order, co_await member.here->receive());
        EXPECT_EQ(as_text(order.data), R"({"order":"wake"})");
        member.here->cut();
        CO_TRY_OK(co_await member.tasks.join());
        EXPECT_FALSE(cluster.index->order(me.id, "{}"));
        EXPECT_EQ(cluster.status().members.at(0).state, MemberState::suspect);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Session, AWrongProofIsClosedAndCountsForNothing) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto me, co_await join(cluster));
        me.key[0] ^= std::byte{1};
        ByHand member(cluster, me);
        CO_TRY_OK(co_await member.prove());
        CO_TRY_OK(co_await member.tasks.join());
        EXPECT_EQ(member.served->error().code, Errc::denied);
        EXPECT_EQ(member.there->close_code, 1008);
        EXPECT_EQ(cluster.status().members.at(0).state, MemberState::down);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Session, StrangersAndMembersThatSaySomethingElseAreRefused) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto const me, co_await join(cluster));
        wire::JoinAnswer stranger = me;
        stranger.id = {99};
        ByHand unknown(cluster, stranger);
        CO_TRY_OK(co_await unknown.tasks.join());
        EXPECT_EQ(unknown.served->error().code, Errc::not_found);
        ByHand babbler(cluster, me);
        CO_TRY_OK(co_await babbler.here->send_text("hello"));
        CO_TRY_OK(co_await babbler.tasks.join());
        EXPECT_EQ(babbler.served->error().code, Errc::denied);
        ByHand later(cluster, me);
        CO_TRY_OK(co_await later.prove());
        CO_TRY(auto const lease, co_await later.beat());
        CO_TRY_OK(co_await later.here->send_text("{\"capacity_bytes\":-1}"));
        CO_TRY_OK(co_await later.tasks.join());
        EXPECT_EQ(later.served->error().code, Errc::invalid);
        EXPECT_EQ(later.there->close_code, 1008);
        EXPECT_EQ(lease.epoch, cluster.status().epoch);
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Session, OneThatNeverProvesIsGivenUpAfterTenSeconds) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto const me, co_await join(cluster));
        ByHand silent(cluster, me);
        auto const begun = world.clock().steady();
        CO_TRY_OK(co_await silent.tasks.join());
        EXPECT_EQ(silent.served->error().code, Errc::unavailable);
        EXPECT_EQ(world.clock().steady() - begun, seconds(10));
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Session, ASecondConnectionEndsTheFirst) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto const me, co_await join(cluster));
        ByHand first(cluster, me);
        CO_TRY_OK(co_await first.prove());
        CO_TRY(auto const lease, co_await first.beat());
        ByHand second(cluster, me);
        CO_TRY_OK(co_await second.prove());
        CO_TRY_OK(co_await first.tasks.join());
        CO_TRY(auto const other, co_await second.beat());
        EXPECT_EQ(other.epoch, lease.epoch);
        EXPECT_EQ(cluster.status().members.at(0).state, MemberState::up);
        EXPECT_FALSE(second.served);
        second.here->cut();
        CO_TRY_OK(co_await second.tasks.join());
        co_return co_await cluster.stop();
    };
    world.passes(scenario());
}

TEST(Session, StoppingEndsEverySession) {
    TestWorld world;
    FakeCluster cluster(world);
    auto const scenario = [&]() -> Task<void> {
        CO_TRY_OK(co_await cluster.open_index());
        CO_TRY(auto const me, co_await join(cluster));
        ByHand member(cluster, me);
        CO_TRY_OK(co_await member.prove());
        CO_TRY(auto const lease, co_await member.beat());
        EXPECT_GT(lease.epoch, 0U);
        CO_TRY_OK(co_await cluster.stop());
        CO_TRY_OK(co_await member.tasks.join());
        EXPECT_EQ(member.there->close_code, 1001);
        co_return Result<void>();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
