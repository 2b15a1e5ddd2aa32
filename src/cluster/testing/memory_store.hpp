#pragma once

/// \file cluster/testing/memory_store.hpp  A kv::Store in memory that can die at any commit.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

class MemoryStore final : public kv::Store {
 public:
    explicit MemoryStore(boost::asio::any_io_executor executor)
        : executor_(executor), arrived_(std::make_shared<Wake>(executor)) {}

    Task<kv::Revision> commit(kv::Batch batch) override {
        if (is_stopped_) co_return fail(Errc::cancelled, "the store was stopped");
        auto const meanwhile = std::exchange(meanwhile_, nullptr);
        if (meanwhile) CO_TRY_OK(co_await meanwhile());
        if (!batch.fits()) co_return fail(Errc::invalid, "the batch is too large");
        for (auto const& one : batch.preconditions) {
            auto const found = rows_->find(one.key);
            auto const revision = found == rows_->end() ? 0 : found->second.revision;
            if (revision != one.revision) co_return fail(Errc::conflict, "{} changed", one.key);
        }
        commits_ += 1;
        bool const dies = dies_at_ != 0 && commits_ >= dies_at_;
        if (dies && !applies_last_) co_return die();
        auto changed = std::make_shared<Rows>(*rows_);
        auto const revision = ++revision_;
        for (auto const& write : batch.writes) {
            if (write.value) {
                (*changed)[write.key] = {.value = *write.value, .revision = revision};
            } else {
                changed->erase(write.key);
            }
        }
        rows_ = changed;
        auto event = std::make_shared<kv::Event>();
        event->revision = revision;
        event->writes = std::move(batch.writes);
        events_.push_back(std::move(event));
        arrived_->notify();
        if (dies) {
            applies_last_ = false;
            co_return die();
        }
        co_return revision;
    }

    Task<std::optional<kv::Entry>> get(std::string key) override { co_return find(*rows_, key); }
    Task<kv::Page> scan(kv::Range range, std::size_t limit) override {
        co_return page(*rows_, range, limit);
    }
    std::unique_ptr<kv::Snapshot> snapshot() override {
        return std::make_unique<Frozen>(rows_, revision_);
    }
    std::unique_ptr<kv::EventStream> events(kv::Revision after) override {
        return std::make_unique<Stream>(*this, after);
    }
    [[nodiscard]] kv::Revision revision() const override { return revision_; }
    Task<void> stop() override {
        is_stopped_ = true;
        arrived_->notify();
        co_return Result<void>();
    }

    /// The `count`-th commit from now fails as if the process had died: its writes are durable only
    /// when `applied`, and nothing after it succeeds until revive().
    void die_at(std::uint64_t count, bool applied) {
        dies_at_ = commits_ + count;
        applies_last_ = applied;
    }
    /// The next commit finds that `what` was done while it was on its way.
    void meanwhile(std::function<Task<void>()> what) { meanwhile_ = std::move(what); }
    void revive() {
        dies_at_ = 0;
        is_stopped_ = false;
    }
    [[nodiscard]] bool has_died() const { return dies_at_ != 0 && commits_ >= dies_at_; }
    [[nodiscard]] std::uint64_t commits() const { return commits_; }
    [[nodiscard]] std::size_t count(std::string const& prefix) const {
        auto const range = kv::Range::prefix(prefix);
        return page(*rows_, range, rows_->size() + 1).entries.size();
    }

 private:
    struct Row {
        Bytes value;
        kv::Revision revision = 0;
    };
    using Rows = std::map<std::string, Row>;

    static std::unexpected<Error> die() { return fail(Errc::io, "the process died"); }
    static std::optional<kv::Entry> find(Rows const& rows, std::string const& key) {
        auto const found = rows.find(key);
        if (found == rows.end()) return std::nullopt;
        return kv::Entry{
            .key = key, .value = found->second.value, .revision = found->second.revision
        };
    }
    static kv::Page page(Rows const& rows, kv::Range const& range, std::size_t limit) {
        kv::Page page;
        for (auto at = rows.lower_bound(range.first); at != rows.end(); ++at) {
            if (!range.last.empty() && at->first >= range.last) break;
            if (page.entries.size() == limit) {
                page.more = true;
                break;
            }
            page.entries.push_back(
                {.key = at->first, .value = at->second.value, .revision = at->second.revision}
            );
        }
        return page;
    }

    class Frozen final : public kv::Snapshot {
     public:
        Frozen(std::shared_ptr<Rows const> rows, kv::Revision revision)
            : rows_(std::move(rows)), revision_(revision) {}
        [[nodiscard]] kv::Revision revision() const override { return revision_; }
        Task<std::optional<kv::Entry>> get(std::string key) override {
            co_return find(*rows_, key);
        }
        Task<kv::Page> scan(kv::Range range, std::size_t limit) override {
            co_return page(*rows_, range, limit);
        }

     private:
        std::shared_ptr<Rows const> rows_;
        kv::Revision revision_;
    };

    class Stream final : public kv::EventStream {
     public:
        Stream(MemoryStore& store, kv::Revision after) : store_(store), next_(after) {}
        Task<std::shared_ptr<kv::Event const>> next() override {
            auto const arrived = store_.arrived_;
            while (next_ >= store_.events_.size()) {
                if (store_.is_stopped_) co_return fail(Errc::cancelled, "the store was stopped");
                CO_TRY_OK(co_await arrived->wait());
            }
            co_return store_.events_[next_++];
        }

     private:
        MemoryStore& store_;
        kv::Revision next_;
    };

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Wake> arrived_;
    std::shared_ptr<Rows const> rows_ = std::make_shared<Rows>();
    std::deque<std::shared_ptr<kv::Event const>> events_;
    kv::Revision revision_ = 0;
    std::uint64_t commits_ = 0;
    std::uint64_t dies_at_ = 0;
    bool applies_last_ = false;
    std::function<Task<void>()> meanwhile_;
    bool is_stopped_ = false;
};

}  // namespace disgrafs::cluster
