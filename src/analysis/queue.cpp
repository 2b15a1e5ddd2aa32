#include "analysis/queue.hpp"

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analysis/corpus.hpp"
#include "analysis/findings.hpp"
#include "analysis/rows.hpp"
#include "analysis/tagging.hpp"
#include "analysis/task_table.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs::analysis {

namespace {

constexpr std::uint32_t losses_max = 6;
constexpr std::size_t scan_page = 1000;

struct QueueMetrics {
    Counter& ok = ended("ok");            ///< Findings are in the graph.
    Counter& retried = ended("retried");  ///< Tried again after a pause.
    Counter& lost = ended("lost");        ///< The worker went away: back in the queue.
    Counter& failed = ended("failed");    ///< Given up.
    Gauge& waiting =
        gauge("disgrafs_tag_queue_length", "Files that wait for analysis.", {{"kind", "file"}});
    Gauge& leased = gauge("disgrafs_tag_leased_files", "Files that workers have now.");

 private:
    /// Workers count jobs; what became of each lease only the queue knows.
    static Counter& ended(char const* result) {
        return counter("disgrafs_tag_leases_total", "Leases ended.", {{"result", result}});
    }
};

NodeId node_of_key(std::string const& key) { return NodeId{KeyReader(key).u64()}; }

/// Every row of a key space, page by page.
Task<void> scan_rows(
    kv::Store& store, char space, std::function<Result<void>(kv::Entry const&)> take
) {
    auto range = kv::Range::prefix(std::string(1, space));
    while (true) {
        CO_TRY(auto const page, co_await store.scan(range, scan_page));
        for (auto const& entry : page.entries) CO_TRY_OK(take(entry));
        if (!page.more) co_return Result<void>{};
        range.first = page.entries.back().key + '\0';
    }
}

class StoreQueue : public Queue {
 public:
    StoreQueue(QueueParts parts, QueueOptions options)
        : parts_(parts), options_(options), changed_(parts.executor), tasks_(parts.executor) {}

    Task<void> load() {
        // Followed before the scan: what comes in between is applied twice, with the same outcome.
        following_ = parts_.graph->listen([this](graph::Graph::Change const& change) {
            follow(*change.event);
        });
        auto const take_task = [this](kv::Entry const& entry) -> Result<void> {
            TRY(auto row, decode_queue_row(entry.value));
            table_.put(node_of_key(entry.key), std::move(row));
            return {};
        };
        auto const take_vector = [this](kv::Entry const& entry) -> Result<void> {
            TRY(auto const portrait, decode_portrait(entry.value));
            corpus_.put(node_of_key(entry.key), portrait);
            return {};
        };
        auto& store = parts_.graph->store();
        CO_TRY_OK(co_await scan_rows(store, 'Q', take_task));
        CO_TRY_OK(co_await scan_rows(store, 'S', take_vector));
        count_failed();
        measure();
        co_return Result<void>{};
    }

    void add(graph::Transaction& transaction, NodeId file, std::uint64_t version) override {
        QueueRow row;
        row.version = version;
        row.since = parts_.clock->now();
        transaction.rows().put(queue_key(file), encode_queue_row(row));
    }

    Task<std::vector<wire::WorkTask>> lease(MemberId worker, std::size_t count, Duration wait)
        override {
        auto const deadline = parts_.clock->steady() + wait;
        auto const releases = releases_[worker];
        std::vector<wire::WorkTask> out;
        while (!is_stopping_ && releases_[worker] == releases) {
            while (out.size() < count) {
                auto const file = table_.next(parts_.clock->now());
                if (!file) break;
                if (auto const task = start(*file, worker); task) out.push_back(*task);
            }
            auto const left = deadline - parts_.clock->steady();
            if (!out.empty() || left <= Duration(0)) break;
            auto pause = left;
            if (auto const next = table_.next_time(); next) {
                auto const until = *next - parts_.clock->now();
                pause = std::clamp(until, Duration(std::chrono::milliseconds(1)), left);
            }
            auto const woken = co_await within(*parts_.clock, pause, changed_.wait());
            if (!woken && woken.error().code == Errc::cancelled) break;
        }
        if (!out.empty()) tell();
        co_return out;
    }

    void release(MemberId worker) override {
        ++releases_[worker];  // Whoever still waits for it asks for somebody who is gone.
        changed_.notify();
        for (auto const& lease : table_.leases_of(worker)) {
            tasks_.spawn("return a task", lose(lease, "the worker went away"));
        }
    }

    Result<wire::WorkTask> task(std::uint64_t lease) const override {
        auto const* found = table_.find(lease);
        if (found == nullptr) return fail(Errc::not_found, "lease {} has ended", lease);
        return describe(*found);
    }

    Task<void> finish(std::uint64_t id, Findings findings) override {
        auto const* found = table_.find(id);
        if (found == nullptr) co_return fail(Errc::not_found, "lease {} has ended", id);
        // What never reached an analyser's own answer may be luck: it is tried again.
        auto const has_answered = !findings.media_type.empty();
        if (findings.status != AnalyseStatus::ok && !has_answered) {
            co_return co_await fail_lease(*found, findings.reason);
        }
        auto const lease = *found;
        corpus_.put(lease.file, portrait_of(findings));
        TaggingOptions const options{
            .tags_max = options_.tags_max,
            .similar_max = options_.similar_max,
            .similar_least = options_.similar_least,
            .now = parts_.clock->now()
        };
        auto const done =
            co_await apply_findings(*parts_.graph, corpus_, version_of(lease), findings, options);
        table_.end_lease(id);
        if (!done) co_return std::unexpected(done.error());
        metrics_.ok.Increment();
        tell();
        co_return Result<void>{};
    }

    Task<void> report_failure(std::uint64_t id, std::string reason) override {
        auto const* found = table_.find(id);
        if (found == nullptr) co_return fail(Errc::not_found, "lease {} has ended", id);
        co_return co_await fail_lease(*found, std::move(reason));
    }

    QueueStatus status() const override {
        return {.queued = table_.waiting(), .running = table_.running(), .failed = failed_};
    }

    std::shared_ptr<void> listen(std::function<void()> listener) override {
        auto const place = listeners_.insert(listeners_.end(), std::move(listener));
        return {nullptr, [this, place](void*) { listeners_.erase(place); }};
    }

    /// Leases whose time is over go back.
    Task<void> run() override {
        while (!is_stopping_) {
            CO_TRY_OK(co_await parts_.clock->sleep(std::chrono::seconds(1)));
            for (auto const& lease : table_.leases_expired(parts_.clock->steady())) {
                tasks_.spawn("return a task", lose(lease, "no answer in time"));
            }
        }
        co_return Result<void>{};
    }

    Task<void> stop() override {
        is_stopping_ = true;
        changed_.notify();
        following_.reset();
        co_return co_await tasks_.stop();
    }

 private:
    void follow(kv::Event const& event) {
        auto is_touched = false;
        for (auto const& write : event.writes) {
            if (write.key.empty()) continue;
            if (write.key[0] == 'N' && !write.value) {
                corpus_.remove(node_of_key(write.key));
            }
            if (write.key[0] != 'Q') continue;
            is_touched = true;
            auto const file = node_of_key(write.key);
            if (!write.value) {
                table_.remove(file);
            } else if (auto row = decode_queue_row(*write.value); row) {
                table_.put(file, *std::move(row));
            } else {
                LOG_ERROR("unreadable queue row", kv("file", file.value), kv("error", row.error()));
            }
        }
        if (!is_touched) return;
        changed_.notify();
        tell();
    }

    std::optional<wire::WorkTask> start(NodeId file, MemberId worker) {
        auto const until = parts_.clock->steady() + options_.lease_time;
        auto const& lease = table_.lease(file, worker, until);
        auto out = describe(lease);
        if (out) return *out;
        // The file is gone: its row goes, too.
        auto const gone = version_of(lease);
        tasks_.spawn("drop a task", apply_failure(*parts_.graph, gone, "the file is gone"));
        return std::nullopt;
    }

    Result<wire::WorkTask> describe(Lease const& lease) const {
        auto const* node = parts_.graph->image().node(lease.file);
        if (node == nullptr) return fail(Errc::not_found, "the file is gone");
        auto const* row = table_.row(lease.file);
        auto const attempts = row == nullptr ? 0 : row->attempts;
        return wire::WorkTask{
            .lease = lease.id,
            .file = lease.file,
            .version = lease.version,
            .name = std::string((*node)["name"].text()),
            .media_type = std::string((*node)["media_type"].text()),
            .size_bytes = static_cast<std::uint64_t>((*node)["size"].integer()),
            .attempt = attempts + 1,
            .lease_time = options_.lease_time
        };
    }

    TaggedVersion version_of(Lease const& lease) const {
        auto const* row = table_.row(lease.file);
        return {lease.file, lease.version, (row == nullptr ? 0 : row->attempts) + 1};
    }

    /// One more failure in the row, to be tried after a growing pause; or the end.
    Task<void> fail_lease(Lease lease, std::string reason) {
        auto const* standing = table_.row(lease.file);
        if (standing == nullptr) co_return Result<void>{};
        auto row = *standing;
        ++row.attempts;
        row.reason = reason;
        if (row.attempts >= options_.attempts_max) {
            LOG_WARN("analysis gave up", kv("file", lease.file.value), kv("reason", reason));
            co_return co_await give_up(lease, std::move(reason));
        }
        metrics_.retried.Increment();
        co_return co_await put_back(
            lease, std::move(row), std::chrono::seconds(1U << row.attempts)
        );
    }

    Task<void> lose(Lease lease, std::string reason) {
        if (table_.find(lease.id) == nullptr) co_return Result<void>{};
        auto row = *table_.row(lease.file);
        ++row.losses;
        row.reason = reason;
        if (row.losses >= losses_max) co_return co_await give_up(lease, std::move(reason));
        metrics_.lost.Increment();
        co_return co_await put_back(lease, std::move(row), Duration(0));
    }

    Task<void> give_up(Lease lease, std::string reason) {
        metrics_.failed.Increment();
        auto const done =
            co_await apply_failure(*parts_.graph, version_of(lease), std::move(reason));
        table_.end_lease(lease.id);
        if (done) ++failed_;
        tell();
        co_return done;
    }

    /// The commit's event puts the task back into the table.
    Task<void> put_back(Lease lease, QueueRow row, Duration pause) {
        row.not_before = parts_.clock->now() + pause;
        kv::Batch batch;
        batch.put(queue_key(lease.file), encode_queue_row(row));
        auto const done = co_await parts_.graph->store().commit(std::move(batch));
        if (done) co_return Result<void>{};
        table_.end_lease(lease.id);
        co_return std::unexpected(done.error());
    }

    void count_failed() {
        failed_ = 0;
        auto const& image = parts_.graph->image();
        for (auto const file : image.with_label(graph::label::file)) {
            if ((*image.node(file))["analysed"].text() == "failed") ++failed_;
        }
    }

    void measure() {
        metrics_.waiting.Set(static_cast<double>(table_.waiting()));
        metrics_.leased.Set(static_cast<double>(table_.running()));
        auto const* const since = "disgrafs_tag_queue_oldest_timestamp_seconds";
        if (auto const oldest = table_.oldest()) {
            gauge(since, "When the file that waits longest came in.").Set(oldest->seconds());
        } else {
            forget_gauge(since);
        }
    }

    void tell() {
        measure();
        for (auto const& listener : listeners_) listener();
    }

    QueueParts parts_;
    QueueOptions options_;
    QueueMetrics metrics_;
    TaskTable table_;
    Corpus corpus_;
    std::map<MemberId, std::uint64_t> releases_;  ///< How often a worker was gone.
    std::uint64_t failed_ = 0;
    bool is_stopping_ = false;
    std::list<std::function<void()>> listeners_;
    Wake changed_;
    std::shared_ptr<void> following_;
    TaskGroup tasks_;
};

}  // namespace

Task<std::unique_ptr<Queue>> open_queue(QueueParts parts, QueueOptions options) {
    auto queue = std::make_unique<StoreQueue>(parts, options);
    CO_TRY_OK(co_await queue->load());
    co_return queue;
}

}  // namespace disgrafs::analysis
