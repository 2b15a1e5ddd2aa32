#include "cluster/gauges.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/metrics.hpp"
#include "base/time.hpp"
#include "cluster/cluster.hpp"

namespace disgrafs::cluster {
namespace {

using testing::HasSubstr;
using testing::Not;

Member member(std::string name, MemberState state) {
    Member made;
    made.name = std::move(name);
    made.state = state;
    made.last_heartbeat = Timestamp{1'000'000};
    return made;
}

TEST(MemberGauges, ExactlyOneStateIsOne) {
    MemberGauges gauges;
    gauges.set({member("one", MemberState::suspect)});
    auto const text = write_metrics();
    EXPECT_THAT(text, HasSubstr(R"(disgrafs_member_state{node="one",state="suspect"} 1)"));
    EXPECT_THAT(text, HasSubstr(R"(disgrafs_member_state{node="one",state="up"} 0)"));
    EXPECT_THAT(text, HasSubstr(R"(disgrafs_member_up{node="one",role="storage"} 0)"));
    EXPECT_THAT(text, HasSubstr(R"(disgrafs_member_expected{node="one",role="storage"} 1)"));
    gauges.set({});
}

TEST(MemberGauges, WhatWasSaidOfAMemberThatIsGoneIsGoneWithIt) {
    MemberGauges gauges;
    gauges.set({member("stays", MemberState::up), member("goes", MemberState::up)});
    EXPECT_THAT(write_metrics(), HasSubstr("node=\"goes\""));
    gauges.set({member("stays", MemberState::up)});
    auto const text = write_metrics();
    EXPECT_THAT(text, Not(HasSubstr("node=\"goes\"")));
    EXPECT_THAT(text, HasSubstr(R"(disgrafs_member_heartbeat_timestamp_seconds{node="stays"} 1)"));
    gauges.set({member("goes", MemberState::down)});  // Came back; the other one went.
    EXPECT_THAT(write_metrics(), HasSubstr(R"(disgrafs_member_up{node="goes",role="storage"} 0)"));
    EXPECT_THAT(write_metrics(), Not(HasSubstr("node=\"stays\"")));
    gauges.set({});
}

}  // namespace
}  // namespace disgrafs::cluster
