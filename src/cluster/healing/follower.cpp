#include "cluster/healing/follower.hpp"

#include <utility>

#include "base/log.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t page_size = 2000;
constexpr Duration pause_after_error = std::chrono::seconds(1);

// Every entry of a range, page by page.
template <typename Visit>
Task<void> each(kv::Snapshot& snapshot, kv::Range range, Visit visit) {
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await snapshot.scan(range, page_size));
        for (auto const& entry : page.entries) CO_TRY_OK(visit(entry));
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    co_return Result<void>();
}

}  // namespace

Task<void> Follower::run() {
    for (;;) {
        auto done = co_await load();
        if (done) {
            auto const events = parts_.store->events(revision_);
            done = co_await follow(*events);
        }
        if (done.error().code == Errc::cancelled) co_return done;
        LOG_WARN("the state of all stripes is read again", kv("error", done.error()));
        CO_TRY_OK(co_await parts_.clock->sleep(pause_after_error));
    }
}

Task<void> Follower::load() {
    auto const snapshot = parts_.store->snapshot();
    parts_.margins->clear();
    parts_.queue->clear();
    CO_TRY_OK(co_await load_contents(*snapshot));
    CO_TRY_OK(co_await load_stripes(*snapshot));
    CO_TRY_OK(co_await load_repairs(*snapshot));
    revision_ = snapshot->revision();
    is_loaded_ = true;
    parts_.on_loaded();
    co_return Result<void>();
}

Task<void> Follower::load_contents(kv::Snapshot& snapshot) {
    auto const visit = [this](kv::Entry const& entry) -> Result<void> {
        TRY(auto const row, parse_content_row(entry.value));
        if (!row.is_inline) parts_.margins->adopt(row.upload);
        return {};
    };
    return each(snapshot, kv::Range::prefix(content_prefix()), visit);
}

Task<void> Follower::load_stripes(kv::Snapshot& snapshot) {
    auto const visit = [this](kv::Entry const& entry) -> Result<void> {
        TRY(auto const id, parse_stripe_key(entry.key));
        if (!parts_.margins->knows(id.upload)) return {};
        TRY(auto const row, parse_stripe_row(entry.value));
        parts_.margins->set(id, row);
        return {};
    };
    return each(snapshot, kv::Range::prefix(stripe_prefix()), visit);
}

Task<void> Follower::load_repairs(kv::Snapshot& snapshot) {
    auto const visit = [this](kv::Entry const& entry) {
        return apply_repair({.key = entry.key, .value = entry.value});
    };
    CO_TRY_OK(co_await each(snapshot, kv::Range::prefix(stripe_repair_prefix()), visit));
    co_return co_await each(snapshot, kv::Range::prefix(content_repair_prefix()), visit);
}

Task<void> Follower::follow(kv::EventStream& events) {
    for (;;) {
        CO_TRY(auto const event, co_await events.next());
        CO_TRY_OK(co_await apply(*event));
        revision_ = event->revision;
    }
}

// Contents first: the stripes and repairs of the same batch belong to them.
Task<void> Follower::apply(kv::Event const& event) {
    bool is_ours = false;
    for (auto const& write : event.writes) {
        if (!write.key.starts_with(content_prefix())) continue;
        is_ours = true;
        CO_TRY_OK(co_await apply_content(write));
    }
    for (auto const& write : event.writes) {
        if (write.key.starts_with(stripe_prefix())) {
            is_ours = true;
            CO_TRY_OK(apply_stripe(write));
        } else if (write.key.starts_with(upload_prefix())) {
            is_ours = true;
            CO_TRY_OK(apply_upload(write));
        } else if (write.key.starts_with(stripe_repair_prefix()) ||
                   write.key.starts_with(content_repair_prefix())) {
            is_ours = true;
            CO_TRY_OK(apply_repair(write));
        }
    }
    if (is_ours) parts_.on_change();
    co_return Result<void>();
}

// What became of the upload of a removed content, its own row says (released).
Task<void> Follower::apply_content(kv::Write const& write) {
    CO_TRY(auto const id, parse_upload_key(write.key));
    parts_.manifests->forget(id);
    if (!write.value) co_return Result<void>();
    CO_TRY(auto const row, parse_content_row(*write.value));
    if (row.is_inline) {
        parts_.uploads->committed(id);
        co_return Result<void>();
    }
    parts_.uploads->committed(row.upload);
    if (parts_.margins->knows(row.upload)) co_return Result<void>();
    co_return co_await adopt(row.upload);
}

// Its stripes were staged, some perhaps with the same commit: the store has all of them by now.
Task<void> Follower::adopt(UploadId upload) {
    parts_.margins->adopt(upload);
    auto const snapshot = parts_.store->snapshot();
    auto const visit = [this](kv::Entry const& entry) -> Result<void> {
        TRY(auto const id, parse_stripe_key(entry.key));
        TRY(auto const row, parse_stripe_row(entry.value));
        parts_.margins->set(id, row);
        return {};
    };
    auto range = kv::Range::prefix(stripe_prefix(upload));
    co_return co_await each(*snapshot, std::move(range), visit);
}

Result<void> Follower::apply_stripe(kv::Write const& write) {
    TRY(auto const id, parse_stripe_key(write.key));
    parts_.manifests->forget(id);
    if (!write.value || !parts_.margins->knows(id.upload)) return {};
    TRY(auto const row, parse_stripe_row(*write.value));
    parts_.margins->set(id, row);
    parts_.queue->refresh(id);
    return {};
}

Result<void> Follower::apply_upload(kv::Write const& write) {
    TRY(auto const id, parse_upload_key(write.key));
    if (!write.value) return {};
    TRY(auto const row, parse_upload_row(*write.value));
    if (row.state == UploadRow::State::released) parts_.margins->forget(id);
    return {};
}

Result<void> Follower::apply_repair(kv::Write const& write) {
    bool const is_stripe = write.key.starts_with(stripe_repair_prefix());
    std::optional<RepairRow> row;
    if (write.value) {
        TRY(row, parse_repair_row(*write.value));
    }
    if (is_stripe) {
        TRY(auto const id, parse_stripe_key(write.key));
        if (row) parts_.queue->add(id, *row);
        if (!row) parts_.queue->remove(id);
    } else {
        TRY(auto const id, parse_upload_key(write.key));
        if (row) parts_.queue->add(id, *row);
        if (!row) parts_.queue->remove(id);
    }
    return {};
}

}  // namespace disgrafs::cluster
