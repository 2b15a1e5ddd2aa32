#include "kv/rocks_store.hpp"

#include <utility>

#include "base/metrics.hpp"
#include "io/clock.hpp"
#include "io/pool.hpp"
#include "kv/committer.hpp"
#include "kv/event_hub.hpp"
#include "kv/rocks_db.hpp"

namespace disgrafs::kv {
namespace {

using ViewPtr = std::shared_ptr<RocksView const>;

Task<std::optional<Entry>> get_at(Pool& pool, ViewPtr view, std::string key) {
    auto const work = [&] { return view->get(key); };
    co_return co_await offload(pool, work);
}

Task<Page> scan_at(Pool& pool, ViewPtr view, Range range, std::size_t limit) {
    auto const work = [&] { return view->scan(range, limit); };
    co_return co_await offload(pool, work);
}

Task<std::vector<EventPtr>> load_events(Pool& pool, std::shared_ptr<RocksDb> db, Revision after) {
    auto const work = [&] { return db->events(after); };
    co_return co_await offload(pool, work);
}

class RocksSnapshot final : public Snapshot {
 public:
    RocksSnapshot(Pool& pool, ViewPtr view) : pool_(pool), view_(std::move(view)) {}

    [[nodiscard]] Revision revision() const override { return view_->revision(); }
    Task<std::optional<Entry>> get(std::string key) override {
        return get_at(pool_, view_, std::move(key));
    }
    Task<Page> scan(Range range, std::size_t limit) override {
        return scan_at(pool_, view_, std::move(range), limit);
    }

 private:
    Pool& pool_;
    ViewPtr view_;
};

struct Metrics {
    Histogram& commit_seconds = histogram(
        "disgrafs_index_commit_duration_seconds", "One group of commits, written and synced."
    );
    Gauge& wal_bytes =
        gauge("disgrafs_index_wal_bytes", "Log of the store that a restart would replay, bytes.");
};

/// Reads go to view_, the database right after the last finished group: what is seen is durable.
class RocksStore final : public Store {
 public:
    RocksStore(Pool& pool, boost::asio::any_io_executor executor, std::shared_ptr<RocksDb> db)
        : pool_(pool),
          db_(std::move(db)),
          view_(std::make_shared<RocksView>(db_, db_->last())),
          hub_(executor, db_->last(), loader()),
          committer_(executor, [this](Group& group) { return write(group); }) {}

    Task<Revision> commit(Batch batch) override { return committer_.commit(std::move(batch)); }
    Task<std::optional<Entry>> get(std::string key) override {
        return get_at(pool_, view_, std::move(key));
    }
    Task<Page> scan(Range range, std::size_t limit) override {
        return scan_at(pool_, view_, std::move(range), limit);
    }
    std::unique_ptr<Snapshot> snapshot() override {
        return std::make_unique<RocksSnapshot>(pool_, view_);
    }
    std::unique_ptr<EventStream> events(Revision after) override { return hub_.stream(after); }
    [[nodiscard]] Revision revision() const override { return view_->revision(); }
    Task<void> stop() override {
        CO_TRY_OK(co_await committer_.stop());
        hub_.close();
        co_return Result<void>{};
    }

 private:
    EventHub::Load loader() {
        return [&pool = pool_, db = db_](Revision after) { return load_events(pool, db, after); };
    }

    Task<void> write(Group& group) {
        std::vector<EventPtr> events;
        ViewPtr view;
        std::uint64_t replay_bytes = 0;
        auto const work = [&]() -> Result<void> {
            auto const started = clock_->steady();
            TRY(events, db_->write(group));
            view = std::make_shared<RocksView>(db_, db_->last());
            replay_bytes = db_->replay_bytes();
            std::chrono::duration<double> const took = clock_->steady() - started;
            metrics_.commit_seconds.Observe(took.count());
            return {};
        };
        CO_TRY_OK(co_await offload(pool_, work));
        metrics_.wal_bytes.Set(static_cast<double>(replay_bytes));
        view_ = std::move(view);
        for (auto& event : events) hub_.publish(std::move(event));
        co_return Result<void>{};
    }

    Pool& pool_;
    Metrics metrics_;
    std::unique_ptr<Clock> clock_ = make_real_clock();
    std::shared_ptr<RocksDb> db_;  ///< Shared with views and reads under way on the pool.
    ViewPtr view_;
    EventHub hub_;
    Committer committer_;
};

}  // namespace

Task<std::unique_ptr<Store>> open_rocks_store(
    Pool& pool, boost::asio::any_io_executor executor, std::string path, RocksOptions options
) {
    auto const work = [&] { return RocksDb::open(path, options); };
    CO_TRY(auto db, co_await offload(pool, work));
    co_return std::make_unique<RocksStore>(pool, std::move(executor), std::move(db));
}

}  // namespace disgrafs::kv
