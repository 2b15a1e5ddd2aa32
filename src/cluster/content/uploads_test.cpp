// Upload ids: durable before they are used, and each with exactly one fate.

#include "cluster/content/uploads.hpp"

#include <set>

#include <gtest/gtest.h>

#include "cluster/layouts.hpp"
#include "cluster/testing/memory_store.hpp"
#include "cluster/testing/test_world.hpp"

namespace disgrafs::cluster {
namespace {

using Kind = Fate::Kind;
constexpr Duration hour = std::chrono::hours(1);

struct OneLife {
    explicit OneLife(TestWorld& world, MemoryStore& store)
        : uploads(store, world.clock(), world.random(), world.executor()) {}
    Uploads uploads;
};

kv::Batch commit_of(Uploads const& uploads, UploadId id, UploadId physical) {
    ContentRow row;
    row.size_bytes = 1;
    row.upload = physical;
    row.wanted = layout_for(SizeClass::copies, 3);
    row.runs.push_back(
        {.layout = row.wanted, .stripe_bytes = 4U << 20U, .first_stripe = 0, .content_bytes = 1}
    );
    kv::Batch batch;
    batch.preconditions = uploads.to_commit(physical);
    batch.put(content_key(id), write_row(row));
    return batch;
}

TEST(Uploads, IdsAreNeverGivenTwiceNotEvenAfterACrash) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        std::set<UploadId> seen;
        for (int life = 0; life < 3; ++life) {
            OneLife run(world, store);
            CO_TRY_OK(co_await run.uploads.open());
            for (int count = 0; count < 70'000; ++count) {
                CO_TRY(auto const id, co_await run.uploads.begin());
                EXPECT_TRUE(seen.insert(id).second);
                run.uploads.committed(id);
            }
            CO_TRY_OK(co_await run.uploads.stop());
        }
        EXPECT_EQ(seen.size(), 210'000U);
        co_return Result<void>();
    };
    world.passes(scenario());
}

TEST(Uploads, ACommitAndAnAbortExcludeEachOther) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        OneLife run(world, store);
        auto& uploads = run.uploads;
        CO_TRY_OK(co_await uploads.open());
        CO_TRY(auto const a, co_await uploads.begin());
        CO_TRY(auto const b, co_await uploads.begin());
        auto late = commit_of(uploads, a, a);
        CO_TRY(auto const aborted, co_await uploads.abort(a));
        EXPECT_TRUE(aborted);
        EXPECT_EQ((co_await store.commit(std::move(late))).error().code, Errc::conflict);
        CO_TRY_OK(co_await store.commit(commit_of(uploads, b, b)));
        CO_TRY(auto const too_late, co_await uploads.abort(b));
        EXPECT_FALSE(too_late);
        CO_TRY(auto const fate_a, co_await uploads.fate_of(a));
        CO_TRY(auto const fate_b, co_await uploads.fate_of(b));
        EXPECT_EQ(fate_a.kind, Kind::garbage);
        EXPECT_EQ(fate_b.kind, Kind::content);
        co_return co_await uploads.stop();
    };
    world.passes(scenario());
}

// After a restart nobody can hold rows of an earlier run: its block is closed, a late commit fails.
TEST(Uploads, WhatWasNotCommittedBeforeARestartNeverWillBe) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        UploadId lost;
        UploadId kept;
        kv::Batch late;
        {
            OneLife run(world, store);
            CO_TRY_OK(co_await run.uploads.open());
            CO_TRY(lost, co_await run.uploads.begin());
            CO_TRY(kept, co_await run.uploads.begin());
            late = commit_of(run.uploads, lost, lost);
            CO_TRY_OK(co_await store.commit(commit_of(run.uploads, kept, kept)));
            CO_TRY(auto const fate, co_await run.uploads.fate_of(lost));
            EXPECT_EQ(fate.kind, Kind::open);
            CO_TRY_OK(co_await run.uploads.stop());
        }
        OneLife run(world, store);
        CO_TRY_OK(co_await run.uploads.open());
        EXPECT_EQ((co_await store.commit(std::move(late))).error().code, Errc::conflict);
        CO_TRY(auto const fate_lost, co_await run.uploads.fate_of(lost));
        CO_TRY(auto const fate_kept, co_await run.uploads.fate_of(kept));
        EXPECT_EQ(fate_lost.kind, Kind::garbage);
        EXPECT_EQ(fate_kept.kind, Kind::content);
        // A block of another time of this store: hands off.
        UploadId const stranger{.block = lost.block + (1ULL << 40U), .index = 1};
        CO_TRY(auto const fate_stranger, co_await run.uploads.fate_of(stranger));
        EXPECT_EQ(fate_stranger.kind, Kind::unknown);
        co_return co_await run.uploads.stop();
    };
    world.passes(scenario());
}

TEST(Uploads, AbandonedOnesAreAbortedAtOnceFinishedOnesAfterAnHour) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        OneLife run(world, store);
        auto& uploads = run.uploads;
        CO_TRY_OK(co_await uploads.open());
        CO_TRY(auto const writing, co_await uploads.begin());
        CO_TRY(auto const finished, co_await uploads.begin());
        CO_TRY(auto const abandoned, co_await uploads.begin());
        uploads.finished(finished);
        uploads.abandoned(abandoned);
        CO_TRY(auto const first, co_await uploads.abort_ended(hour));
        EXPECT_EQ(first, (std::vector<UploadId>{abandoned}));
        CO_TRY_OK(co_await world.clock().sleep(hour));
        CO_TRY(auto const second, co_await uploads.abort_ended(hour));
        EXPECT_EQ(second, (std::vector<UploadId>{finished}));
        EXPECT_TRUE(uploads.is_open(writing));
        co_return co_await uploads.stop();
    };
    world.passes(scenario());
}

TEST(Uploads, AReencodeIsContentOnlyWhileTheContentNamesIt) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        OneLife run(world, store);
        auto& uploads = run.uploads;
        CO_TRY_OK(co_await uploads.open());
        CO_TRY(auto const id, co_await uploads.begin());
        CO_TRY_OK(co_await store.commit(commit_of(uploads, id, id)));
        uploads.committed(id);
        CO_TRY(auto const wide, co_await uploads.begin_reencode(id));
        CO_TRY(auto const given_up, co_await uploads.begin_reencode(id));
        CO_TRY(auto const before, co_await uploads.fate_of(wide));
        EXPECT_EQ(before.kind, Kind::open);
        auto swap = commit_of(uploads, id, wide);
        UploadRow const released{.state = UploadRow::State::released, .when = {1}, .content = id};
        swap.put(upload_key(id), write_row(released));
        CO_TRY_OK(co_await store.commit(std::move(swap)));
        uploads.committed(wide);
        uploads.abandoned(given_up);
        CO_TRY(auto const aborted, co_await uploads.abort_ended(hour));
        EXPECT_EQ(aborted, (std::vector<UploadId>{given_up}));
        CO_TRY(auto const is_garbage, co_await uploads.abort(wide));
        EXPECT_FALSE(is_garbage);
        CO_TRY(auto const fate_wide, co_await uploads.fate_of(wide));
        CO_TRY(auto const fate_old, co_await uploads.fate_of(id));
        CO_TRY(auto const fate_given_up, co_await uploads.fate_of(given_up));
        EXPECT_EQ(fate_wide.kind, Kind::content);
        EXPECT_EQ(fate_wide.content, id);
        EXPECT_EQ(fate_old.kind, Kind::garbage);
        EXPECT_EQ(fate_old.since, (Timestamp{1}));
        EXPECT_EQ(fate_given_up.kind, Kind::garbage);
        co_return co_await uploads.stop();
    };
    world.passes(scenario());
}

TEST(Uploads, WithoutAStoreThereAreNoIds) {
    TestWorld world;
    MemoryStore store(world.executor());
    auto const scenario = [&]() -> Task<void> {
        OneLife run(world, store);
        store.die_at(1, false);
        EXPECT_EQ((co_await run.uploads.open()).error().code, Errc::io);
        EXPECT_EQ((co_await run.uploads.begin()).error().code, Errc::io);
        co_return co_await run.uploads.stop();
    };
    world.passes(scenario());
}

}  // namespace
}  // namespace disgrafs::cluster
