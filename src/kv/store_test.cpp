/// The promises of kv/store.hpp, kept by every implementation.

#include "kv/store.hpp"

#include <map>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/random.hpp"
#include "kv/test_world.hpp"

namespace disgrafs::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto many = StoreWorld::many_events;

struct WorldKind {
    char const* name;
    std::unique_ptr<StoreWorld> (*make)();
};

class StoreContract : public ::testing::TestWithParam<WorldKind> {
 protected:
    void tell(StoreWorld::Story story) {
        auto const told = world_->run(std::move(story));
        if (!told) ADD_FAILURE() << told.error().message;
    }

 private:
    std::unique_ptr<StoreWorld> world_ = GetParam().make();
};

std::unique_ptr<StoreWorld> make_rocks() { return std::make_unique<RocksWorld>(); }
std::unique_ptr<StoreWorld> make_log() { return std::make_unique<LogWorld>(); }
/// Begins a new log after every few groups.
std::unique_ptr<StoreWorld> make_short_log() {
    return std::make_unique<LogWorld>(LogOptions{.log_bytes_max = 4096});
}

INSTANTIATE_TEST_SUITE_P(
    Every,
    StoreContract,
    ::testing::Values(
        WorldKind{"Rocks", make_rocks},
        WorldKind{"Log", make_log},
        WorldKind{"ShortLog", make_short_log}
    ),
    [](auto const& kind) { return kind.param.name; }
);

Task<Revision> put(Store& store, std::string key, std::string_view value) {
    Batch batch;
    batch.put(std::move(key), to_bytes(value));
    co_return co_await store.commit(std::move(batch));
}

/// The text of a key, or "-".
Task<std::string> text_of(Store& store, std::string key) {
    CO_TRY(auto const entry, co_await store.get(std::move(key)));
    co_return entry ? std::string(as_text(entry->value)) : "-";
}

std::vector<std::string> keys_of(Page const& page) {
    std::vector<std::string> keys;
    for (auto const& entry : page.entries) keys.push_back(entry.key);
    return keys;
}

template <typename T>
void expect_error(Result<T> const& result, Errc code) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
}

TEST_P(StoreContract, RevisionsCountFromOneWithoutGaps) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        EXPECT_EQ(store->revision(), 0U);
        for (Revision wanted = 1; wanted <= 5; ++wanted) {
            CO_TRY(auto const revision, co_await put(*store, "a", "x"));
            EXPECT_EQ(revision, wanted);
            EXPECT_EQ(store->revision(), wanted);
        }
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, GetReturnsTheLastValueAndTheRevisionThatWroteIt) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "old"));
        CO_TRY_OK(co_await put(*store, "a", "new"));
        CO_TRY_OK(co_await put(*store, "b", ""));
        CO_TRY(auto const a, co_await store->get("a"));
        CO_TRY(auto const b, co_await store->get("b"));
        CO_TRY(auto const c, co_await store->get("c"));
        EXPECT_TRUE(a && as_text(a->value) == "new" && a->revision == 2 && a->key == "a");
        EXPECT_TRUE(b && b->value.empty() && b->revision == 3);
        EXPECT_FALSE(c);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, RemovedKeyIsAbsentAndRemovingAnAbsentKeySucceeds) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "x"));
        Batch batch;
        batch.remove("a").remove("never");
        CO_TRY_OK(co_await store->commit(std::move(batch)));
        CO_TRY(auto const a, co_await text_of(*store, "a"));
        EXPECT_EQ(a, "-");
        CO_TRY(auto const page, co_await store->scan(Range::prefix(""), 10));
        EXPECT_TRUE(page.entries.empty());
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, ScanIsAscendingWithinItsRangeAndPaged) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        Batch batch;
        for (auto const* key : {"b1", "a", "b\xff", "b3", "c", "b2"}) batch.put(key, {});
        CO_TRY_OK(co_await store->commit(std::move(batch)));
        auto range = Range::prefix("b");
        CO_TRY(auto const first, co_await store->scan(range, 2));
        EXPECT_THAT(keys_of(first), ElementsAre("b1", "b2"));
        EXPECT_TRUE(first.more);
        range.first = first.entries.back().key + '\0';
        CO_TRY(auto const second, co_await store->scan(range, 2));
        EXPECT_THAT(keys_of(second), ElementsAre("b3", "b\xff"));
        EXPECT_FALSE(second.more);
        Range const rest{.first = "b3", .last = ""};
        CO_TRY(auto const third, co_await store->scan(rest, 10));
        EXPECT_THAT(keys_of(third), ElementsAre("b3", "b\xff", "c"));
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, ScanStopsAfterAboutFourMebibytes) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        std::string const large(900'000, 'x');
        for (int i = 0; i < 8; ++i) CO_TRY_OK(co_await put(*store, fmt::format("k{}", i), large));
        CO_TRY(auto const page, co_await store->scan(Range::prefix("k"), 10));
        EXPECT_EQ(page.entries.size(), 5U);
        EXPECT_TRUE(page.more);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, FailedPreconditionIsAConflictThatNamesTheKeyAndWritesNothing) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "x"));
        CO_TRY_OK(co_await put(*store, "a", "y"));
        Batch batch;
        batch.require("a", 1).put("a", to_bytes("z")).put("b", to_bytes("z"));
        auto const refused = co_await store->commit(std::move(batch));
        expect_error(refused, Errc::conflict);
        EXPECT_THAT(refused.error().message, HasSubstr(to_hex(as_bytes("a"))));
        CO_TRY(auto const a, co_await text_of(*store, "a"));
        CO_TRY(auto const b, co_await text_of(*store, "b"));
        EXPECT_EQ(a + b, "y-");
        EXPECT_EQ(store->revision(), 2U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, PreconditionZeroMeansAbsentAlsoAfterRemoval) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        Batch create;
        create.require("a", 0).put("a", {});
        auto again = create;
        auto anew = create;
        CO_TRY_OK(co_await store->commit(std::move(create)));
        expect_error(co_await store->commit(std::move(again)), Errc::conflict);
        Batch remove;
        remove.require("a", 1).remove("a");
        CO_TRY_OK(co_await store->commit(std::move(remove)));
        CO_TRY(auto const revision, co_await store->commit(std::move(anew)));
        EXPECT_EQ(revision, 3U);
        co_return co_await store->stop();
    });
}

/// 200 writers create the same key at the same moment: they are decided in one or two groups.
TEST_P(StoreContract, OfManyCreatorsAtOnceExactlyOneWins) {
    struct Creator {
        static Task<void> run(Store& store, int& winners, int& conflicts) {
            Batch batch;
            batch.require("a", 0).put("a", {});
            auto const done = co_await store.commit(std::move(batch));
            if (done) ++winners;
            if (!done && done.error().code == Errc::conflict) ++conflicts;
            co_return Result<void>{};
        }
    };
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        int winners = 0;
        int conflicts = 0;
        TaskGroup group(world.executor());
        for (int i = 0; i < 200; ++i) {
            group.spawn("creator", Creator::run(*store, winners, conflicts));
        }
        CO_TRY_OK(co_await group.join());
        EXPECT_EQ(winners, 1);
        EXPECT_EQ(conflicts, 199);
        EXPECT_EQ(store->revision(), 1U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, BatchBeyondItsLimitsIsInvalid) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        Batch wide;
        for (std::size_t i = 0; i < batch_keys_max; ++i) wide.put(fmt::format("{}", i), {});
        auto wider = wide;
        wider.require("x", 0);
        CO_TRY_OK(co_await store->commit(std::move(wide)));
        expect_error(co_await store->commit(std::move(wider)), Errc::invalid);

        Batch large;
        large.put("k", Bytes(batch_bytes_max - 1));
        Batch larger;
        larger.put("k", Bytes(batch_bytes_max));
        CO_TRY_OK(co_await store->commit(std::move(large)));
        expect_error(co_await store->commit(std::move(larger)), Errc::invalid);

        Batch twice;
        twice.put("k", {}).remove("k");
        expect_error(co_await store->commit(std::move(twice)), Errc::invalid);
        Batch nameless;
        nameless.put("", {});
        expect_error(co_await store->commit(std::move(nameless)), Errc::invalid);
        EXPECT_EQ(store->revision(), 2U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, BatchWithoutWritesChecksAndIsNoCommit) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "x"));
        Batch holds;
        holds.require("a", 1);
        Batch fails;
        fails.require("a", 7);
        CO_TRY(auto const revision, co_await store->commit(std::move(holds)));
        EXPECT_EQ(revision, 1U);
        expect_error(co_await store->commit(std::move(fails)), Errc::conflict);
        EXPECT_EQ(store->revision(), 1U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, StreamHandsOutWhatWasCommittedInOrder) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "1"));
        auto const stream = store->events(0);
        Batch batch;
        batch.put("b", to_bytes("2")).remove("a");
        CO_TRY_OK(co_await store->commit(std::move(batch)));
        CO_TRY(auto const first, co_await stream->next());
        CO_TRY(auto const second, co_await stream->next());
        EXPECT_EQ(first->revision, 1U);
        EXPECT_EQ(second->revision, 2U);
        EXPECT_EQ(second->writes.size(), 2U);
        EXPECT_EQ(second->writes[0].key, "b");
        EXPECT_FALSE(second->writes[1].value);
        co_return co_await store->stop();
    });
}

/// 6,000 events are more than the hub keeps in RAM, so the first come from the store.
TEST_P(StoreContract, SlowReaderMissesNothingAndAnotherResumesInTheMiddle) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        auto const slow = store->events(0);
        CO_TRY_OK(co_await put_many(*store, world.executor(), 0, 6000));
        for (Revision wanted = 1; wanted <= 6000; ++wanted) {
            CO_TRY(auto const event, co_await slow->next());
            if (event->revision != wanted || event->writes.size() != 1) {
                co_return fail(Errc::corrupt, "event {} came for {}", event->revision, wanted);
            }
        }
        auto const resumed = store->events(3000);
        CO_TRY(auto const event, co_await resumed->next());
        EXPECT_EQ(event->revision, 3001U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, WaitingReaderGetsTheEventWhenItComes) {
    struct Reader {
        static Task<void> run(std::unique_ptr<EventStream> stream, Revision& seen) {
            CO_TRY(auto const event, co_await stream->next());
            seen = event->revision;
            co_return Result<void>{};
        }
    };
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        Revision seen = 0;
        TaskGroup group(world.executor());
        group.spawn("reader", Reader::run(store->events(0), seen));
        CO_TRY_OK(co_await put(*store, "a", "1"));
        CO_TRY_OK(co_await group.join());
        EXPECT_EQ(seen, 1U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, TrimmedEventsAreNotFoundAndTheKeptOnesAreThere) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto store, co_await world.open(100));
        CO_TRY_OK(co_await put_many(*store, world.executor(), 0, 6000));
        CO_TRY_OK(co_await put_many(*store, world.executor(), 0, 1));
        expect_error(co_await store->events(0)->next(), Errc::not_found);
        CO_TRY_OK(co_await store->stop());
        store.reset();
        CO_TRY(auto const reopened, co_await world.open(100));
        expect_error(co_await reopened->events(0)->next(), Errc::not_found);
        auto const kept = reopened->events(6001 - 100);
        for (Revision wanted = 5902; wanted <= 6001; ++wanted) {
            CO_TRY(auto const event, co_await kept->next());
            EXPECT_EQ(event->revision, wanted);
        }
        co_return co_await reopened->stop();
    });
}

TEST_P(StoreContract, StreamBeyondTheLastRevisionIsOfAnotherStore) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "1"));
        expect_error(co_await store->events(2)->next(), Errc::not_found);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, SnapshotStaysAsItWas) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "old"));
        CO_TRY_OK(co_await put(*store, "b", "old"));
        auto const snapshot = store->snapshot();
        auto const twin = store->snapshot();
        Batch batch;
        batch.put("a", to_bytes("new")).remove("b").put("c", to_bytes("new"));
        CO_TRY_OK(co_await store->commit(std::move(batch)));
        CO_TRY(auto const a, co_await snapshot->get("a"));
        CO_TRY(auto const page, co_await snapshot->scan(Range::prefix(""), 10));
        EXPECT_EQ(snapshot->revision(), 2U);
        EXPECT_TRUE(a && as_text(a->value) == "old" && a->revision == 1);
        EXPECT_THAT(keys_of(page), ElementsAre("a", "b"));
        CO_TRY(auto const now, co_await store->scan(Range::prefix(""), 10));
        EXPECT_THAT(keys_of(now), ElementsAre("a", "c"));
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, ReopenedStoreHasValuesRevisionsAndEvents) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        CO_TRY_OK(co_await put(*store, "a", "1"));
        CO_TRY_OK(co_await put_many(*store, world.executor(), 0, 500));
        CO_TRY_OK(co_await store->stop());
        co_return Result<void>{};
    });
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        EXPECT_EQ(store->revision(), 501U);
        CO_TRY(auto const a, co_await store->get("a"));
        EXPECT_TRUE(a && a->revision == 1);
        auto const stream = store->events(0);
        for (Revision wanted = 1; wanted <= 501; ++wanted) {
            CO_TRY(auto const event, co_await stream->next());
            EXPECT_EQ(event->revision, wanted);
        }
        CO_TRY(auto const revision, co_await put(*store, "b", "2"));
        EXPECT_EQ(revision, 502U);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, SecondOpenerIsRefused) {
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto const store, co_await world.open(many));
        expect_error(co_await world.open(many), Errc::conflict);
        co_return co_await store->stop();
    });
}

TEST_P(StoreContract, StopFinishesWhatWaitsRefusesTheRestAndEndsStreams) {
    struct Child {
        static Task<void> commit(Store& store, bool& is_done) {
            auto const done = co_await put(store, "a", "1");
            is_done = done.has_value();
            co_return Result<void>{};
        }
        static Task<void> read(EventStream& stream, std::optional<Errc>& end) {
            for (;;) {
                auto const event = co_await stream.next();
                if (event) continue;
                end = event.error().code;
                co_return Result<void>{};
            }
        }
    };
    tell([](StoreWorld& world) -> Task<void> {
        CO_TRY(auto store, co_await world.open(many));
        auto const stream = store->events(0);
        bool is_done = false;
        std::optional<Errc> end;
        TaskGroup group(world.executor());
        group.spawn("reader", Child::read(*stream, end));
        group.spawn("commit", Child::commit(*store, is_done));
        CO_TRY_OK(co_await put(*store, "b", "1"));
        CO_TRY_OK(co_await store->stop());
        CO_TRY_OK(co_await group.join());
        EXPECT_TRUE(is_done);
        EXPECT_EQ(end, Errc::cancelled);
        expect_error(co_await put(*store, "c", "1"), Errc::cancelled);
        store.reset();
        expect_error(co_await stream->next(), Errc::cancelled);
        co_return Result<void>{};
    });
}

/// Random batches against a std::map, with snapshots and reopenings in between.
TEST_P(StoreContract, BehavesAsAMapUnderRandomBatches) {
    struct Model {
        struct Held {
            std::string value;
            Revision revision;
        };
        std::map<std::string, Held> keys;
        Revision last = 0;

        bool holds(Batch const& batch) const {
            for (auto const& wanted : batch.preconditions) {
                auto const found = keys.find(wanted.key);
                auto const revision = found == keys.end() ? 0 : found->second.revision;
                if (revision != wanted.revision) return false;
            }
            return true;
        }
        void apply(Batch const& batch) {
            ++last;
            for (auto const& write : batch.writes) {
                keys.erase(write.key);
                if (!write.value) continue;
                keys[write.key] = {std::string(as_text(*write.value)), last};
            }
        }
        static std::string show(std::map<std::string, Held> const& keys) {
            std::string text;
            for (auto const& [key, held] : keys) {
                text += fmt::format("{}={}@{} ", key, held.value, held.revision);
            }
            return text;
        }
        static std::string show(Page const& page) {
            std::string text;
            for (auto const& each : page.entries) {
                text += fmt::format("{}={}@{} ", each.key, as_text(each.value), each.revision);
            }
            return text;
        }
    };
    tell([](StoreWorld& world) -> Task<void> {
        auto const random = make_seeded_random(7);
        auto const below = [&random](std::uint64_t limit) { return random->below(limit); };
        Model model;
        CO_TRY(auto store, co_await world.open(many));
        std::unique_ptr<Snapshot> snapshot;
        std::string seen_then;
        for (int step = 0; step < 300; ++step) {
            Batch batch;
            for (auto count = below(3); count > 0; --count) {
                auto const key = fmt::format("k{}", below(20));
                auto const found = model.keys.find(key);
                auto const known = found == model.keys.end() ? 0 : found->second.revision;
                batch.require(key, below(4) == 0 ? known + 1 : known);
            }
            for (auto count = below(4) + 1; count > 0; --count) {
                auto const key = fmt::format("k{}", below(20) * 5 + count);
                if (below(3) == 0)
                    batch.remove(key);
                else
                    batch.put(key, to_bytes(std::to_string(step)));
            }
            auto const wanted = model.holds(batch);
            if (wanted) model.apply(batch);
            auto const done = co_await store->commit(std::move(batch));
            EXPECT_EQ(done.has_value(), wanted) << step;
            if (step % 50 == 17) {
                snapshot = store->snapshot();
                seen_then = Model::show(model.keys);
            }
            if (step % 10 == 0) {
                CO_TRY(auto const page, co_await store->scan(Range::prefix(""), 1000));
                EXPECT_EQ(Model::show(page), Model::show(model.keys)) << step;
            }
            if (step % 50 == 40) {
                CO_TRY(auto const page, co_await snapshot->scan(Range::prefix(""), 1000));
                EXPECT_EQ(Model::show(page), seen_then) << step;
                snapshot.reset();
                CO_TRY_OK(co_await store->stop());
                store.reset();
                CO_TRY(store, co_await world.open(many));
                EXPECT_EQ(store->revision(), model.last);
            }
        }
        co_return co_await store->stop();
    });
}

}  // namespace
}  // namespace disgrafs::kv
