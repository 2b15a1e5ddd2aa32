#include "cluster/healing/repair.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "cluster/metrics.hpp"
#include "io/deadline.hpp"

namespace disgrafs::cluster {
namespace {

constexpr int stripes_at_once = 4;
constexpr int contents_at_once = 1;
constexpr std::size_t rows_per_commit = 100;
constexpr Duration look_again_every = std::chrono::seconds(30);
constexpr Duration progress_every = std::chrono::milliseconds(250);
constexpr Duration wait_at_most = std::chrono::seconds(1);

Context own_context() {
    Context context;
    context.request_id = "repair";
    return context;
}

// What is shown changes with these.
bool is_news(RepairStatus const& a, RepairStatus const& b) {
    return a.queued_stripes != b.queued_stripes || a.queued_contents != b.queued_contents ||
           a.repaired_bytes != b.repaired_bytes || a.round_done != b.round_done ||
           a.waits_for != b.waits_for;
}

}  // namespace

Repair::Repair(RepairParts parts)
    : parts_(std::move(parts)),
      pace_(*parts_.clock, parts_.bytes_per_s),
      news_(parts_.executor),
      jobs_(parts_.executor) {}

// Every job that ends, every change of queue or members wakes; now and then all is tried again.
Task<void> Repair::run() {
    auto looked = parts_.clock->steady();
    for (;;) {
        if (reorder_wanted_ || parts_.clock->steady() - looked >= look_again_every) {
            reorder_wanted_ = false;
            looked = parts_.clock->steady();
            parts_.queue->reorder();
        }
        start_jobs();
        auto const waited = co_await within(*parts_.clock, wait_at_most, news_.wait());
        if (!waited && waited.error().code == Errc::cancelled) co_return waited;
    }
}

Task<void> Repair::run_progress() {
    RepairStatus told;
    for (;;) {
        CO_TRY_OK(co_await parts_.clock->sleep(progress_every));
        auto const now = status();
        if (!is_news(told, now)) continue;
        told = now;
        parts_.on_progress(now);
    }
}

Task<void> Repair::stop() { return jobs_.stop(); }

void Repair::wake() {
    if (parts_.queue->stripes() + parts_.queue->contents() > 0) news_.notify();
}

void Repair::members_changed() {
    reorder_wanted_ = true;
    news_.notify();
}

void Repair::give_up(MemberId node) {
    jobs_.spawn("queue stripes of a lost member", queue_all_of(node));
}

RepairStatus Repair::status() const {
    RepairStatus status;
    status.queued_stripes = parts_.queue->stripes();
    status.queued_by_margin = parts_.queue->by_margin();
    status.queued_contents = parts_.queue->contents();
    status.repaired_stripes = repaired_stripes_;
    status.repaired_bytes = repaired_bytes_;
    status.failures = failures_;
    auto const queued = status.queued_stripes + status.queued_contents;
    status.round_done = round_done_;
    status.round_total = round_done_ + queued;
    if (queued == 0) return status;
    if (parts_.queue->is_stuck()) {
        status.waits_for = parts_.queue->why_stuck();
    } else if (round_done_ > 0) {
        auto const took = parts_.clock->steady() - round_began_;
        auto const each =
            static_cast<double>(took.count()) * 1e-6 / static_cast<double>(round_done_);
        status.eta_seconds = each * static_cast<double>(queued);
    }
    return status;
}

void Repair::start_jobs() {
    auto const queued = parts_.queue->stripes() + parts_.queue->contents();
    if (queued > 0 && round_is_over_) {
        round_is_over_ = false;
        round_done_ = 0;
        round_began_ = parts_.clock->steady();
    }
    while (stripes_running_ < stripes_at_once) {
        auto const id = parts_.queue->take_stripe();
        if (!id) break;
        stripes_running_ += 1;
        jobs_.spawn("repair stripe", repair_one(*id));
    }
    // A content is re-encoded only when no stripe could be repaired instead.
    while (stripes_running_ == 0 && contents_running_ < contents_at_once) {
        auto const id = parts_.queue->take_content();
        if (!id) break;
        contents_running_ += 1;
        jobs_.spawn("re-encode content", reencode_one(*id));
    }
}

Task<void> Repair::repair_one(StripeId id) {
    Result<RepairOutcome> outcome = fail(Errc::io, "not begun");
    auto const cost = co_await parts_.stripes->cost(id);
    if (cost) {
        auto const units = std::min<std::size_t>(*cost, parts_.budget_bytes);
        auto const place = co_await parts_.budget->acquire(units);
        auto const paced = co_await pace_.take(*cost);
        if (place && paced) outcome = co_await parts_.stripes->repair(own_context(), id);
    }
    stripes_running_ -= 1;
    if (!outcome) {
        failures_ += 1;
        cluster_metrics().repairs_failed_otherwise.Increment();
        parts_.queue->set_aside(id, outcome.error().message);
        news_.notify();
        co_return std::unexpected(outcome.error());
    }
    using Kind = RepairOutcome::Kind;
    if (outcome->kind == Kind::done) parts_.queue->remove(id);
    if (outcome->kind == Kind::waits) parts_.queue->set_aside(id, outcome->why);
    if (outcome->kind == Kind::again) parts_.queue->put_back(id);
    if (outcome->written_bytes > 0) repaired_stripes_ += 1;
    ended(outcome->kind, outcome->written_bytes);
    co_return Result<void>();
}

Task<void> Repair::reencode_one(ContentId id) {
    auto const outcome = co_await parts_.contents->reencode(own_context(), id);
    contents_running_ -= 1;
    if (!outcome) {
        failures_ += 1;
        parts_.queue->set_aside(id, outcome.error().message);
        news_.notify();
        co_return std::unexpected(outcome.error());
    }
    using Kind = RepairOutcome::Kind;
    if (outcome->kind == Kind::done) parts_.queue->remove(id);
    if (outcome->kind == Kind::waits) parts_.queue->set_aside(id, outcome->why);
    if (outcome->kind == Kind::again) parts_.queue->put_back(id);
    auto const paced = co_await pace_.take(2 * outcome->written_bytes);
    ended(outcome->kind, outcome->written_bytes);
    co_return paced;
}

// Stripes that are queued already keep their row, and with it since when they wait.
Task<void> Repair::queue_all_of(MemberId node) {
    std::vector<StripeId> stripes;
    parts_.margins->each_on(node, [&](StripeId id) { stripes.push_back(id); });
    LOG_INFO(
        "a lost member's stripes are queued",
        kv("member", node.value),
        kv("stripes", stripes.size())
    );
    RepairRow const row{.reason = RepairRow::Reason::node_out, .since = parts_.clock->now()};
    std::size_t at = 0;
    while (at < stripes.size()) {
        kv::Batch batch;
        for (; at < stripes.size() && batch.writes.size() < rows_per_commit; ++at) {
            if (parts_.queue->is_waiting(stripes[at])) continue;
            batch.put(stripe_repair_key(stripes[at]), write_row(row));
        }
        if (batch.writes.empty()) break;
        auto const done = co_await parts_.store->commit(std::move(batch));
        if (!done) co_return std::unexpected(done.error());
    }
    co_return Result<void>();
}

void Repair::ended(RepairOutcome::Kind kind, std::uint64_t bytes) {
    repaired_bytes_ += bytes;
    if (kind == RepairOutcome::Kind::done) round_done_ += 1;
    auto const queued = parts_.queue->stripes() + parts_.queue->contents();
    if (queued == 0 && !round_is_over_) {
        round_is_over_ = true;
        LOG_INFO("repair has nothing left to do", kv("done", round_done_));
    }
    news_.notify();
}

}  // namespace disgrafs::cluster
