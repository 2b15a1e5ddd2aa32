#pragma once

/// \file kv/rocks_db.hpp  The blocking half of the RocksDB store: called on pool threads.
///
/// Concurrency: get, scan and events from any thread; write from one at a time.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/db.h>

#include "kv/committer.hpp"
#include "kv/event_hub.hpp"
#include "kv/rocks_store.hpp"

namespace disgrafs::kv {

class RocksDb;

/// The database as of one revision; releases its RocksDB snapshot when it dies.
class RocksView {
 public:
    RocksView(std::shared_ptr<RocksDb> db, Revision revision);
    ~RocksView();
    RocksView(RocksView const&) = delete;
    RocksView& operator=(RocksView const&) = delete;

    [[nodiscard]] Result<std::optional<Entry>> get(std::string const& key) const;
    [[nodiscard]] Result<Page> scan(Range const& range, std::size_t limit) const;
    [[nodiscard]] Revision revision() const { return revision_; }

 private:
    std::shared_ptr<RocksDb> db_;
    rocksdb::Snapshot const* snapshot_;
    Revision revision_;
};

class RocksDb {
 public:
    /// Errors: conflict (in use), corrupt, io.
    static Result<std::shared_ptr<RocksDb>> open(
        std::string const& path, RocksOptions const& options
    );
    ~RocksDb();
    RocksDb(RocksDb const&) = delete;
    RocksDb& operator=(RocksDb const&) = delete;

    /// Decides the commits of `group` in order, writes what is accepted in one synced write, and
    /// returns the new events. After an error of the write all later writes fail with io.
    Result<std::vector<EventPtr>> write(Group& group);

    /// Events after `after`: at least one, at most 256 and about 1 MiB. Errors: not_found.
    Result<std::vector<EventPtr>> events(Revision after);

    [[nodiscard]] Revision last() const { return last_; }  ///< Of the last commit.
    /// Bytes that a restart would have to replay.
    [[nodiscard]] std::uint64_t replay_bytes() const;

 private:
    friend class RocksView;

    RocksDb(std::string path, RocksOptions const& options);
    Result<void> open_files();
    Result<void> check_format();
    Result<void> find_events();
    Result<void> check_space() const;
    Result<Revision> revision_of(std::string const& key) const;
    Revision trim_to(Revision last) const;
    void drop_files_before(Revision first);

    std::string path_;
    RocksOptions options_;
    std::unique_ptr<rocksdb::DB> db_;
    rocksdb::ColumnFamilyHandle* data_ = nullptr;
    rocksdb::ColumnFamilyHandle* log_ = nullptr;
    Revision first_ = 1;  ///< The oldest event that is kept (last_ + 1: none).
    Revision last_ = 0;
    std::string failure_;  ///< Not empty: a write failed, the store is read-only.
};

}  // namespace disgrafs::kv
