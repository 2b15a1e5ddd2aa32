#include "analysis/task_table.hpp"

#include <gtest/gtest.h>

namespace disgrafs::analysis {
namespace {

QueueRow row(std::uint64_t version, std::int64_t not_before_us = 0) {
    QueueRow out;
    out.version = version;
    out.not_before = Timestamp{not_before_us};
    return out;
}

TEST(TaskTable, TasksRunInTheOrderInWhichTheyCame) {
    TaskTable table;
    table.put(NodeId{7}, row(1));
    table.put(NodeId{3}, row(1));
    EXPECT_EQ(table.next(Timestamp{1}), NodeId{7});
    table.lease(NodeId{7}, MemberId{1}, Duration(100));
    EXPECT_EQ(table.next(Timestamp{1}), NodeId{3});
    EXPECT_EQ(table.running(), 1U);
    EXPECT_EQ(table.waiting(), 1U);
}

TEST(TaskTable, ATaskWaitsForItsTime) {
    TaskTable table;
    table.put(NodeId{7}, row(1, 500));
    EXPECT_EQ(table.next(Timestamp{499}), std::nullopt);
    EXPECT_EQ(table.next_time(), Timestamp{500});
    EXPECT_EQ(table.next(Timestamp{500}), NodeId{7});
}

TEST(TaskTable, TheOldestIsTheOneThatWaitsLongestHoweverOftenItWasTried) {
    TaskTable table;
    EXPECT_EQ(table.oldest(), std::nullopt);
    table.put(NodeId{5}, row(1));  // From a row of format 1: nobody knows since when.
    EXPECT_EQ(table.oldest(), std::nullopt);
    auto young = row(1);
    young.since = Timestamp{300};
    auto old = row(1, 900);
    old.since = Timestamp{100};
    table.put(NodeId{7}, young);
    table.put(NodeId{3}, old);
    EXPECT_EQ(table.oldest(), Timestamp{100});
    auto const lease = table.lease(NodeId{3}, MemberId{1}, Duration(100)).id;
    EXPECT_EQ(table.oldest(), Timestamp{300}) << "what is under way waits no more";
    table.end_lease(lease);
    EXPECT_EQ(table.oldest(), Timestamp{100});
    table.remove(NodeId{3});
    table.remove(NodeId{7});
    EXPECT_EQ(table.oldest(), std::nullopt);
}

TEST(TaskTable, ANewerVersionTakesTheLeaseAway) {
    TaskTable table;
    table.put(NodeId{7}, row(1));
    auto const lease = table.lease(NodeId{7}, MemberId{1}, Duration(100)).id;
    table.put(NodeId{7}, row(2));
    EXPECT_EQ(table.find(lease), nullptr);
    EXPECT_EQ(table.next(Timestamp{1}), NodeId{7});
    EXPECT_EQ(table.row(NodeId{7})->version, 2U);
    table.end_lease(lease);  // The late answer changes nothing.
    EXPECT_EQ(table.waiting(), 1U);
}

TEST(TaskTable, ExpiredAndOrphanedLeasesAreFound) {
    TaskTable table;
    table.put(NodeId{7}, row(1));
    table.put(NodeId{8}, row(1));
    table.lease(NodeId{7}, MemberId{1}, Duration(100));
    table.lease(NodeId{8}, MemberId{2}, Duration(200));
    ASSERT_EQ(table.leases_expired(Duration(150)).size(), 1U);
    EXPECT_EQ(table.leases_expired(Duration(150))[0].file, NodeId{7});
    ASSERT_EQ(table.leases_of(MemberId{2}).size(), 1U);
    EXPECT_EQ(table.leases_of(MemberId{2})[0].file, NodeId{8});
    table.remove(NodeId{7});
    EXPECT_EQ(table.running(), 1U);
}

TEST(QueueRow, RowGivesItselfBackAndDamageIsCorrupt) {
    auto wanted = row(3, 99);
    wanted.attempts = 2;
    wanted.losses = 1;
    wanted.since = Timestamp{77};
    wanted.reason = "超时";
    auto const bytes = encode_queue_row(wanted);
    auto const back = decode_queue_row(bytes);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, 3U);
    EXPECT_EQ(back->attempts, 2U);
    EXPECT_EQ(back->losses, 1U);
    EXPECT_EQ(back->not_before, Timestamp{99});
    EXPECT_EQ(back->since, Timestamp{77});
    EXPECT_EQ(back->reason, "超时");
    EXPECT_FALSE(decode_queue_row(ByteView(bytes).first(bytes.size() - 1)));
}

TEST(QueueRow, ARowOfFormat1IsStillRead) {
    ByteWriter old;
    old.varint(1).varint(3).varint(2).varint(1).u64(99).text("why");
    auto const back = decode_queue_row(old.take());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->version, 3U);
    EXPECT_EQ(back->not_before, Timestamp{99});
    EXPECT_EQ(back->since, Timestamp());
    EXPECT_EQ(back->reason, "why");
    ByteWriter newer;
    newer.varint(3).varint(3).varint(2).varint(1).u64(99).u64(77).text("why");
    EXPECT_FALSE(decode_queue_row(newer.take()));
}

}  // namespace
}  // namespace disgrafs::analysis
