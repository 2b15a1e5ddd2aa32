#pragma once

/// \file storage/testing/store_model.hpp  What a store was told and what it answered, for tests
/// that crash it.
///
/// The one promise: what was answered as stored reads back identical, what was answered as removed
/// stays removed. What got no answer may have happened or not.

#include <cstdint>
#include <map>

#include <gtest/gtest.h>

#include "storage/testing/store_world.hpp"

namespace disgrafs::storage {

class StoreModel {
 public:
    explicit StoreModel(StoreWorld& on) : on_(on) {}

    Task<void> put(std::uint64_t upload, std::uint32_t size) {
        auto const shard = size == 0 ? make_empty_shard(upload) : make_shard(upload, size);
        shards_[upload].shard = shard;
        auto const stored = co_await on_.store->put(shard.place, shard.blocks, shard.payload);
        shards_[upload].is_stored = stored.has_value();
        co_return Result<void>();
    }
    Task<void> remove(std::uint64_t upload) {
        auto const id = shards_[upload].shard.id();
        shards_[upload].is_remove_asked = true;
        auto const removed = co_await on_.store->remove(id);
        if (removed) shards_[upload].is_removed = true;
        co_return Result<void>();
    }
    [[nodiscard]] std::size_t stored_count() const {
        std::size_t count = 0;
        for (auto const& [upload, one] : shards_) count += one.is_stored && !one.is_remove_asked;
        return count;
    }
    [[nodiscard]] bool is_stored(std::uint64_t upload) const {
        return shards_.at(upload).is_stored;
    }

    /// Against an open store, right after a crash or at any other time when nothing is under way.
    void check() {
        std::map<ShardId, bool> listed;  // id → is it corrupt?
        ShardId after;
        for (auto more = true; more;) {
            auto const page = on_.store->list(after, 50);
            more = page.more;
            for (auto const& entry : page.entries) listed[entry.place.id] = entry.is_corrupt;
            if (!page.entries.empty()) after = page.entries.back().place.id;
        }
        for (auto const& [upload, one] : shards_) {
            SCOPED_TRACE(testing::Message() << "upload " << upload);
            check_one(one, listed);
        }
        EXPECT_EQ(listed.size(), on_.store->counts().shards);
    }

    /// Repeat every put that got no answer: it must succeed, whatever the crash left of it.
    void retry() {
        for (auto& [upload, one] : shards_) {
            if (one.is_stored || one.is_remove_asked) continue;
            auto const stored = on_.put(one.shard);
            EXPECT_TRUE(stored) << "upload " << upload << ": " << stored.error().message;
            one.is_stored = stored.has_value();
        }
    }

 private:
    struct One {
        TestShard shard;
        bool is_stored = false;
        bool is_remove_asked = false;
        bool is_removed = false;
    };

    void check_one(One const& one, std::map<ShardId, bool> const& listed) {
        auto const code = on_.code_of_get(one.shard);
        auto const found = listed.find(one.shard.id());
        bool const is_listed = found != listed.end();
        if (one.is_removed) {
            EXPECT_EQ(code, Errc::not_found) << "a removed shard came back";
            EXPECT_FALSE(is_listed);
            EXPECT_EQ(code_of(on_.put(one.shard)), Errc::conflict)
                << "a removed shard was taken in";
        } else if (one.is_stored && !one.is_remove_asked) {
            EXPECT_EQ(code, StoreWorld::no_error) << "an answered shard is lost";
            EXPECT_TRUE(is_listed && !found->second);
        } else if (one.is_stored) {
            EXPECT_TRUE(code == StoreWorld::no_error || code == Errc::not_found);
            EXPECT_EQ(is_listed, code == StoreWorld::no_error);
        } else {
            bool const may_be =
                code == StoreWorld::no_error || code == Errc::not_found || code == Errc::corrupt;
            EXPECT_TRUE(may_be) << static_cast<int>(code);
            EXPECT_EQ(is_listed, code != Errc::not_found);
        }
    }

    StoreWorld& on_;
    std::map<std::uint64_t, One> shards_;
};

}  // namespace disgrafs::storage
