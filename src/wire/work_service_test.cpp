#include "wire/work_service.hpp"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace disgrafs::wire {
namespace {

using testing::HasSubstr;

TEST(WorkTasks, ReadWhatWasWritten) {
    WorkTask task;
    task.lease = 1;
    task.file = NodeId{2};
    task.version = 3;
    task.name = "论文 \"终\".pdf";
    task.media_type = "application/pdf";
    task.size_bytes = 4;
    task.attempt = 5;
    task.lease_time = std::chrono::seconds(60);
    auto const read = parse_work_tasks(to_json({task, WorkTask{}}));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->size(), 2U);
    auto const& first = read->front();
    EXPECT_EQ(first.lease, task.lease);
    EXPECT_EQ(first.file, task.file);
    EXPECT_EQ(first.version, task.version);
    EXPECT_EQ(first.name, task.name);
    EXPECT_EQ(first.media_type, task.media_type);
    EXPECT_EQ(first.size_bytes, task.size_bytes);
    EXPECT_EQ(first.attempt, task.attempt);
    EXPECT_EQ(first.lease_time, task.lease_time);
}

TEST(WorkTasks, NoTasksIsAnEmptyList) {
    auto const read = parse_work_tasks(to_json({}));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->empty());
}

TEST(WorkTasks, ErrorNamesTheTaskAndTheField) {
    auto const read = parse_work_tasks(R"({"tasks": [{"lease": 1}]})");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("task 0: \"file\" is missing"));
    EXPECT_FALSE(parse_work_tasks(R"({"tasks": [7]})"));
    EXPECT_FALSE(parse_work_tasks(R"([])"));
}

}  // namespace
}  // namespace disgrafs::wire
