#pragma once

/// \file kv/test_crash.hpp  What crash tests of every store do: write together, and check all.

#include <map>
#include <string>

#include "kv/test_world.hpp"

namespace disgrafs::kv {

/// What a writer was told, and what it had asked for.
struct Notes {
    std::map<Revision, std::string> answered;  ///< Revision → the key of that commit.
    std::size_t asked = 0;
    int next_writer = 0;
};

/// Commits keys of its own until the store refuses. Each commit writes two keys, so that half a
/// commit would show.
inline Task<void> write_until_refused(Store& store, int writer, Notes& notes) {
    for (int number = 0;; ++number) {
        auto const key = fmt::format("w{}-{:05}", writer, number);
        Batch batch;
        batch.put(key, Bytes(static_cast<std::size_t>(number % 7) * 700, std::byte{0x5a}));
        batch.put(key + "-twin", to_bytes(key));
        ++notes.asked;
        auto const done = co_await store.commit(std::move(batch));
        if (!done) co_return Result<void>{};
        notes.answered[*done] = key;
    }
}

inline Task<void> write_together(StoreWorld& world, Notes& notes) {
    auto opened = co_await world.open(StoreWorld::many_events);
    if (!opened) co_return std::unexpected(opened.error());
    TaskGroup group(world.executor());
    for (int i = 0; i < 8; ++i) {
        group.spawn("writer", write_until_refused(**opened, notes.next_writer++, notes));
    }
    CO_TRY_OK(co_await group.join());
    co_return co_await (*opened)->stop();
}

/// Everything that was answered is there; everything that is there is whole; events and values
/// agree.
inline Task<void> check_all(StoreWorld& world, Notes& notes) {
    CO_TRY(auto const store, co_await world.open(StoreWorld::many_events));
    auto const stream = store->events(0);
    std::map<Revision, std::string> found;
    for (Revision revision = 1; revision <= store->revision(); ++revision) {
        CO_TRY(auto const event, co_await stream->next());
        if (event->revision != revision || event->writes.size() != 2) {
            co_return fail(Errc::corrupt, "event {} is not whole", revision);
        }
        found[revision] = event->writes.front().key;
        for (auto const& write : event->writes) {
            CO_TRY(auto const entry, co_await store->get(write.key));
            if (!entry || entry->revision != revision || entry->value != *write.value) {
                co_return fail(Errc::corrupt, "{} of event {} is not there", write.key, revision);
            }
        }
    }
    for (auto const& [revision, key] : notes.answered) {
        if (found[revision] != key) {
            co_return fail(Errc::corrupt, "answered commit {} is lost", revision);
        }
    }
    notes.answered = found;  // what is there now must stay
    co_return co_await store->stop();
}

}  // namespace disgrafs::kv
