#include "kv/log_store.hpp"

#include <algorithm>
#include <utility>

#include "io/disk.hpp"
#include "kv/committer.hpp"
#include "kv/decide.hpp"
#include "kv/event_hub.hpp"
#include "kv/log_files.hpp"
#include "kv/log_table.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::size_t load_events_max = 256;

/// Shared with snapshots and streams, which may outlive the store.
struct LogState {
    LogTable table;
    std::deque<EventPtr> events;  ///< Consecutive, up to `last`.
    Revision last = 0;
};

class LogSnapshotView final : public Snapshot {
 public:
    explicit LogSnapshotView(std::shared_ptr<LogState> state)
        : state_(std::move(state)), at_(state_->last) {
        state_->table.pin(at_);
    }
    ~LogSnapshotView() override { state_->table.unpin(at_); }
    LogSnapshotView(LogSnapshotView const&) = delete;
    LogSnapshotView& operator=(LogSnapshotView const&) = delete;

    [[nodiscard]] Revision revision() const override { return at_; }
    Task<std::optional<Entry>> get(std::string key) override {
        co_return state_->table.get(key, at_);
    }
    Task<Page> scan(Range range, std::size_t limit) override {
        co_return state_->table.scan(range, limit, at_);
    }

 private:
    std::shared_ptr<LogState> state_;
    Revision at_;
};

Task<std::vector<EventPtr>> load_events(std::shared_ptr<LogState> state, Revision after) {
    auto const& events = state->events;
    if (events.empty() || events.front()->revision > after + 1) {
        co_return fail(Errc::not_found, "event {} was trimmed", after + 1);
    }
    auto const first = static_cast<std::ptrdiff_t>(after + 1 - events.front()->revision);
    auto const from = events.begin() + first;
    auto const count = std::min<std::ptrdiff_t>(load_events_max, events.end() - from);
    co_return std::vector<EventPtr>(from, from + count);
}

class LogStore final : public Store {
 public:
    LogStore(
        boost::asio::any_io_executor executor,
        LogFiles files,
        LogOptions const& options,
        std::shared_ptr<void> lock,
        std::shared_ptr<LogState> state
    )
        : lock_(std::move(lock)),
          files_(std::move(files)),
          options_(options),
          state_(std::move(state)),
          hub_(executor, state_->last, loader()),
          committer_(executor, [this](Group& group) { return write(group); }) {}

    Task<Revision> commit(Batch batch) override { return committer_.commit(std::move(batch)); }
    Task<std::optional<Entry>> get(std::string key) override {
        co_return state_->table.get(key, state_->last);
    }
    Task<Page> scan(Range range, std::size_t limit) override {
        co_return state_->table.scan(range, limit, state_->last);
    }
    std::unique_ptr<Snapshot> snapshot() override {
        return std::make_unique<LogSnapshotView>(state_);
    }
    std::unique_ptr<EventStream> events(Revision after) override { return hub_.stream(after); }
    [[nodiscard]] Revision revision() const override { return state_->last; }
    Task<void> stop() override {
        CO_TRY_OK(co_await committer_.stop());
        hub_.close();
        co_return Result<void>{};
    }

 private:
    EventHub::Load loader() {
        return [state = state_](Revision after) { return load_events(state, after); };
    }

    Task<void> write(Group& group) {
        if (!failure_.empty()) {
            co_return fail(Errc::io, "the store is read-only since: {}", failure_);
        }
        auto const look = [this](std::string const& key) -> Result<Revision> {
            return state_->table.revision_of(key);
        };
        auto const events = decide(group, state_->last, look);
        if (events.empty()) co_return Result<void>{};
        auto const written = co_await files_.append(events);
        if (!written) co_return failed(written.error());
        for (auto const& event : events) show(event);
        if (files_.is_long()) co_await tidy();
        co_return Result<void>{};
    }

    Result<void> failed(Error const& error) {
        if (error.code == Errc::exhausted) return std::unexpected(error);
        failure_ = error.message;
        return fail(Errc::io, "commit: {}", failure_);
    }

    void show(EventPtr const& event) {
        for (auto const& write : event->writes) state_->table.write(write, event->revision);
        state_->last = event->revision;
        state_->events.push_back(event);
        while (state_->events.size() > options_.events_kept) state_->events.pop_front();
        hub_.publish(event);
    }

    /// What was just committed is durable already; a failure here stops later commits only.
    Task<void> tidy() {
        LogSnapshot snapshot;
        snapshot.revision = state_->last;
        snapshot.entries = state_->table.entries();
        auto const first_kept = state_->events.front()->revision;
        auto const begun = co_await files_.begin_anew(std::move(snapshot), first_kept);
        if (!begun && begun.error().code != Errc::exhausted) failure_ = begun.error().message;
        co_return Result<void>{};
    }

    std::shared_ptr<void> lock_;
    LogFiles files_;
    LogOptions options_;
    std::shared_ptr<LogState> state_;
    std::string failure_;  ///< Not empty: a write failed, the store is read-only.
    EventHub hub_;
    Committer committer_;
};

}  // namespace

Task<std::unique_ptr<Store>> open_log_store(
    Disk& disk, boost::asio::any_io_executor executor, std::string folder, LogOptions options
) {
    CO_TRY_OK(co_await disk.make_folder(folder));
    CO_TRY(auto lock, disk.lock(folder + "/LOCK"));
    LogFiles files(disk, folder, options);
    CO_TRY(auto recovered, co_await files.recover());
    auto state = std::make_shared<LogState>();
    for (auto& entry : recovered.snapshot.entries) {
        Write const write{.key = std::move(entry.key), .value = std::move(entry.value)};
        state->table.write(write, entry.revision);
    }
    state->last = recovered.snapshot.revision;
    for (auto const& event : recovered.events) {
        if (event->revision <= recovered.snapshot.revision) continue;
        for (auto const& write : event->writes) state->table.write(write, event->revision);
        state->last = event->revision;
    }
    state->events = std::move(recovered.events);
    while (state->events.size() > options.events_kept) state->events.pop_front();
    co_return std::make_unique<LogStore>(
        std::move(executor), std::move(files), options, std::move(lock), std::move(state)
    );
}

}  // namespace disgrafs::kv
