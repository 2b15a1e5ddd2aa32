#include "cluster/content/stripe_read.hpp"

#include <algorithm>
#include <utility>

#include "cluster/content/coder.hpp"
#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t offload_bytes = 256U << 10U;  ///< Less is computed at once, on the loop.

template <typename Work>
Task<void> compute_on(Pool& cpu, std::size_t bytes, Work& work) {
    if (bytes < offload_bytes) co_return work();
    co_return co_await offload(cpu, work);
}

}  // namespace

// Counts one fetch under way, to the end of its coroutine, whether it ever ran or not.
struct StripeRead::Fetching {
    Fetching(StripeRead* of, int shard) : read(of), index(shard) { read->asked(index).on_way += 1; }
    Fetching(Fetching&& other) noexcept
        : read(std::exchange(other.read, nullptr)), index(other.index) {}
    Fetching& operator=(Fetching&&) = delete;
    ~Fetching() {
        if (read == nullptr) return;
        read->asked(index).on_way -= 1;
        read->wake.notify();
    }

    StripeRead* read;
    int index;
};

StripeRead::StripeRead(StripeReadParts parts, Context context, StripeId id, Columns columns)
    : Late(parts.executor),
      parts_(std::move(parts)),
      context_(std::move(context)),
      id_(id),
      columns_(std::move(columns)),
      asked_(static_cast<std::size_t>(total())),
      fetches_(parts_.executor) {}

Task<void> StripeRead::run(std::vector<Want> wants) {
    for (auto const& want : wants) {
        if (columns_.has(want.index, want.rows)) continue;
        if (is_up(want.index)) {
            ask(want.index, want.rows);
        } else {
            is_degraded_ = true;
        }
    }
    while (!has_all(wants)) {
        if (whole_count() >= k()) co_return co_await compute(wants);
        if (is_late && !is_hedged_) {
            is_hedged_ = true;
            is_degraded_ = true;
            for (auto& one : asked_) one.is_slow = one.on_way > 0;
        }
        if (is_degraded_) ask_more();
        if (!is_waiting()) co_return std::unexpected(shortage());
        CO_TRY_OK(co_await wake.wait());
    }
    if (is_hedged_) cluster_metrics().hedges_won_by_first.Increment();
    co_return Result<void>();
}

void StripeRead::ask(int index, Rows rows) {
    asked(index).rows = rows;
    asked(index).all = rows == columns_.window();
    if (columns_.extent(index, rows).size_bytes == 0) return;
    fetches_.spawn("fetch shard", fetch(index, rows, Fetching(this, index)));
}

// What the first question left out lies before and behind it.
void StripeRead::ask_all(int index) {
    auto const window = columns_.window();
    auto const before = asked(index).rows;
    if (!before) return ask(index, window);
    asked(index).all = true;
    std::vector<Rows> rest;
    if (before->first > window.first) {
        rest.push_back({.first = window.first, .last = before->first - 1});
    }
    if (before->last < window.last) {
        rest.push_back({.first = before->last + 1, .last = window.last});
    }
    for (auto const& rows : rest) {
        if (columns_.extent(index, rows).size_bytes == 0) continue;
        fetches_.spawn("fetch shard", fetch(index, rows, Fetching(this, index)));
    }
}

// k columns must be whole or about to be, not counting slow ones. Those away are asked last.
void StripeRead::ask_more() {
    int promising = 0;
    for (int index = 0; index < total(); ++index) promising += is_promising(index) ? 1 : 0;
    for (bool const away : {false, true}) {
        for (int index = 0; index < total() && promising < k(); ++index) {
            auto const& one = asked(index);
            bool const may_be_asked = node(index).value != 0 && is_up(index) != away;
            if (!may_be_asked || one.all || one.has_failed || one.is_slow) continue;
            if (columns_.is_whole(index)) continue;
            ask_all(index);
            promising += 1;
        }
    }
}

Task<void> StripeRead::fetch(int index, Rows rows, Fetching fetching) {
    auto payload = co_await get_checked(index, rows);
    if (!payload && payload.error().code == Errc::denied) {
        payload = co_await get_checked(index, rows);  // The map changed: a new ticket.
    }
    if (payload) {
        columns_.fill(index, rows, *std::move(payload));
    } else if (payload.error().code != Errc::cancelled) {
        note_failure(index, payload.error());
    }
    co_return Result<void>();
}

Task<Bytes> StripeRead::get_checked(int index, Rows rows) {
    auto const part = columns_.extent(index, rows);
    ShardId const shard{
        .upload = id_.upload, .stripe = id_.stripe, .index = static_cast<std::uint8_t>(index)
    };
    auto& calls = *parts_.calls;
    auto const to = node(index);
    CO_TRY(auto payload, co_await calls.get(context_, to, shard, part.offset, part.size_bytes));
    auto const work = [&] { return check_blocks(columns_.stripe(), index, rows.first, payload); };
    CO_TRY_OK(co_await compute_on(*parts_.cpu, payload.size(), work));
    co_return payload;
}

void StripeRead::note_failure(int index, Error const& error) {
    asked(index).has_failed = true;
    is_degraded_ = true;
    last_error_ = error.message;
    bool const is_bad = error.code == Errc::corrupt || error.code == Errc::not_found;
    (is_bad ? saw_corrupt_ : saw_silence_) = true;
    if (!is_bad || !parts_.on_bad) return;
    using Reason = RepairRow::Reason;
    parts_.on_bad(
        {.stripe = id_,
         .index = index,
         .node = node(index),
         .reason = error.code == Errc::corrupt ? Reason::corrupt : Reason::missing}
    );
}

Task<void> StripeRead::compute(std::vector<Want> const& wants) {
    std::vector<int> missing;
    std::size_t bytes = 0;
    for (auto const& want : wants) {
        if (columns_.has(want.index, want.rows)) continue;
        missing.push_back(want.index);
        bytes += columns_.extent(want.index, columns_.window()).size_bytes;
    }
    // Nothing may fill a column while it is computed.
    CO_TRY_OK(co_await fetches_.stop());
    auto const work = [&] { return columns_.compute(missing); };
    CO_TRY_OK(co_await compute_on(*parts_.cpu, bytes, work));
    if (is_hedged_) cluster_metrics().hedges_won_by_second.Increment();
    decoded_bytes_ += bytes;
    co_return Result<void>();
}

Error StripeRead::shortage() const {
    auto const code = saw_corrupt_ && !saw_silence_ ? Errc::corrupt : Errc::unavailable;
    auto error = fail(
        code,
        "{} shards of {} can be read and {} are needed{}{}",
        whole_count(),
        total(),
        k(),
        last_error_.empty() ? "" : ": ",
        last_error_
    );
    return std::move(error).error();
}

MemberId StripeRead::node(int index) const {
    return columns_.stripe().nodes[static_cast<std::size_t>(index)];
}

bool StripeRead::is_up(int index) const {
    return node(index).value != 0 && parts_.calls->members().is_up(node(index));
}

bool StripeRead::is_promising(int index) {
    if (columns_.is_whole(index)) return true;
    auto const& one = asked(index);
    return one.all && !one.has_failed && !one.is_slow;
}

bool StripeRead::has_all(std::vector<Want> const& wants) const {
    return std::ranges::all_of(wants, [this](Want const& want) {
        return columns_.has(want.index, want.rows);
    });
}

int StripeRead::whole_count() const {
    int count = 0;
    for (int index = 0; index < total(); ++index) count += columns_.is_whole(index) ? 1 : 0;
    return count;
}

bool StripeRead::is_waiting() const {
    return std::ranges::any_of(asked_, [](Asked const& one) { return one.on_way > 0; });
}

}  // namespace disgrafs::cluster
