#include "kv/committer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kv/test_world.hpp"

namespace disgrafs::kv {
namespace {

using ::testing::ElementsAre;

/// A writer of groups that the test holds up and lets go.
class Gate {
 public:
    explicit Gate(boost::asio::any_io_executor executor) : opened_(std::move(executor)) {}

    Task<void> write(Group& group) {
        sizes.push_back(group.commits.size());
        while (!is_open_) CO_TRY_OK(co_await opened_.wait());
        if (fails) co_return fail(Errc::io, "the disk is gone");
        for (auto& pending : group.commits) pending.answer = ++revision_;
        co_return Result<void>{};
    }
    void open() {
        is_open_ = true;
        opened_.notify();
    }

    std::vector<std::size_t> sizes;
    bool fails = false;

 private:
    Wake opened_;
    bool is_open_ = false;
    Revision revision_ = 0;
};

struct Answers {
    int done = 0;
    int io = 0;
    int cancelled = 0;
};

Task<void> commit_one(Committer& committer, std::size_t bytes, Answers& answers) {
    Batch batch;
    batch.put("k", Bytes(bytes));
    auto const done = co_await committer.commit(std::move(batch));
    if (done) ++answers.done;
    if (!done && done.error().code == Errc::io) ++answers.io;
    if (!done && done.error().code == Errc::cancelled) ++answers.cancelled;
    co_return Result<void>{};
}

/// The first commit is under way while `count` others arrive; then the gate opens.
Task<void> arrive(
    boost::asio::any_io_executor executor,
    Gate& gate,
    int count,
    std::size_t bytes,
    Answers& answers
) {
    Committer committer(executor, [&gate](Group& group) { return gate.write(group); });
    TaskGroup group(executor);
    group.spawn("first", commit_one(committer, bytes, answers));
    auto const clock = make_real_clock();
    while (gate.sizes.empty()) CO_TRY_OK(co_await clock->sleep(Duration(0)));
    for (int i = 0; i < count; ++i) group.spawn("other", commit_one(committer, bytes, answers));
    for (int turn = 0; turn < 10; ++turn) CO_TRY_OK(co_await clock->sleep(Duration(0)));
    gate.open();
    CO_TRY_OK(co_await group.join());
    CO_TRY_OK(co_await committer.stop());
    co_return co_await commit_one(committer, bytes, answers);
}

TEST(Committer, WhatArrivesDuringAWriteSharesTheNext) {
    std::vector<std::size_t> sizes;
    Answers answers;
    passes([&](auto executor) {
        return [](auto on, auto& seen, auto& told) -> Task<void> {
            Gate gate(on);
            CO_TRY_OK(co_await arrive(on, gate, 63, 10, told));
            seen = gate.sizes;
            co_return Result<void>{};
        }(executor, sizes, answers);
    });
    EXPECT_THAT(sizes, ElementsAre(1, 63));
    EXPECT_EQ(answers.done, 64);
    EXPECT_EQ(answers.cancelled, 1) << "a commit after stop()";
}

TEST(Committer, GroupHasAtMostItsCommitsAndBytesAndTheRestWaits) {
    std::vector<std::size_t> by_count;
    std::vector<std::size_t> by_bytes;
    Answers answers;
    passes([&](auto executor) {
        return [](auto on, auto& many, auto& large, auto& told) -> Task<void> {
            Gate gate(on);
            CO_TRY_OK(co_await arrive(on, gate, 1500, 10, told));
            many = gate.sizes;
            Gate other(on);
            CO_TRY_OK(co_await arrive(on, other, 7, batch_bytes_max - 1, told));
            large = other.sizes;
            co_return Result<void>{};
        }(executor, by_count, by_bytes, answers);
    });
    EXPECT_THAT(by_count, ElementsAre(1, group_commits_max, 1500 - group_commits_max));
    EXPECT_THAT(by_bytes, ElementsAre(1, 4, 3));
    EXPECT_EQ(answers.done, 1501 + 8);
}

TEST(Committer, FailedWriteIsTheAnswerToAllOfTheGroup) {
    Answers answers;
    passes([&](auto executor) {
        return [](auto on, auto& told) -> Task<void> {
            Gate gate(on);
            gate.fails = true;
            co_return co_await arrive(on, gate, 5, 10, told);
        }(executor, answers);
    });
    EXPECT_EQ(answers.io, 6);
    EXPECT_EQ(answers.done, 0);
}

}  // namespace
}  // namespace disgrafs::kv
