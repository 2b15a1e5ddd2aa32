#include "cluster/healing/reencode.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "cluster/content/sha256.hpp"
#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

using Kind = RepairOutcome::Kind;
using erasure::Layout;

constexpr std::size_t read_bytes = 8U << 20U;

RepairOutcome outcome(Kind kind, std::string why = {}) {
    return {.kind = kind, .written_bytes = 0, .why = std::move(why)};
}

// What was wanted when it was written, or, in a cluster that has shrunk for good, what fits it now.
Layout target_of(ContentRow const& row, NodeCount count) {
    if (row.wanted.total() <= count.registered) return row.wanted;
    return layout_for(size_class_of(row.size_bytes), std::max(count.registered, 1));
}

bool lies_as(ContentRow const& row, Layout layout) {
    return std::ranges::all_of(row.runs, [layout](StripeRun const& run) {
        return run.layout == layout;
    });
}

struct Buffer {
    Bytes bytes;
    Semaphore::Place place;
};

}  // namespace

// What the last commit of a re-encode changes.
struct Reencode::Swap {
    ContentId id;
    kv::Revision content_revision = 0;
    kv::Revision repair_revision = 0;
    ContentRow row;
    UploadId to;
    std::vector<kv::Write> rows;
};

Task<RepairOutcome> Reencode::reencode(Context context, ContentId id) {
    auto& store = *parts_.upload.store;
    CO_TRY(auto const queued, co_await store.get(content_repair_key(id)));
    if (!queued) co_return outcome(Kind::done);
    CO_TRY(auto const reason, parse_repair_row(queued->value));
    CO_TRY(auto const entry, co_await store.get(content_key(id)));
    if (!entry) co_return co_await drop(id, queued->revision);
    CO_TRY(auto row, parse_content_row(entry->value));
    if (row.is_inline) co_return co_await drop(id, queued->revision);
    auto const count = parts_.upload.members->count();
    auto const target = target_of(row, count);
    bool const is_narrow = reason.reason == RepairRow::Reason::narrow;
    if (is_narrow && lies_as(row, target)) co_return co_await drop(id, queued->revision);
    if (count.usable < target.total()) {
        auto why = fmt::format(
            "contents of {}+{} need {} storage nodes that are up and have space, and {} are there",
            target.k,
            target.m,
            target.total(),
            count.usable
        );
        co_return outcome(Kind::waits, std::move(why));
    }
    CO_TRY(auto const upload, co_await parts_.uploads->begin_reencode(id));
    UploadPlan const plan{
        .upload = upload,
        .size = size_class_of(row.size_bytes),
        .policy = std::nullopt,
        .exactly = target,
    };
    auto const to = StripedUpload::begin(parts_.upload, context, plan);
    auto copied = to ? Result<void>() : std::unexpected(to.error());
    if (to) copied = co_await copy(context, id, row, **to);
    if (!copied) {
        parts_.uploads->abandoned(upload);
        if (copied.error().code == Errc::cancelled) co_return std::unexpected(copied.error());
        co_return outcome(Kind::waits, copied.error().message);
    }
    row.wanted = target;
    row.runs = (*to)->runs();
    Swap change{
        .id = id,
        .content_revision = entry->revision,
        .repair_revision = queued->revision,
        .row = std::move(row),
        .to = upload,
        .rows = (*to)->take_rows(),
    };
    co_return co_await swap(std::move(change));
}

// Exactly one of this commit, a release of the content, and the abort of the upload succeeds.
Task<RepairOutcome> Reencode::swap(Swap change) {
    auto const size = change.row.size_bytes;
    auto const old = std::exchange(change.row.upload, change.to);
    UploadRow const released{
        .state = UploadRow::State::released,
        .when = parts_.upload.clock->now(),
        .content = change.id
    };
    kv::Batch batch;
    batch.writes = std::move(change.rows);
    batch.preconditions = parts_.uploads->to_commit(change.to);
    batch.require(content_key(change.id), change.content_revision);
    batch.put(content_key(change.id), write_row(change.row));
    batch.put(upload_key(old), write_row(released));
    batch.require(content_repair_key(change.id), change.repair_revision);
    batch.remove(content_repair_key(change.id));
    auto const done = co_await parts_.upload.store->commit(std::move(batch));
    if (!done) {
        parts_.uploads->abandoned(change.to);
        if (done.error().code == Errc::conflict) co_return outcome(Kind::again);
        co_return std::unexpected(done.error());
    }
    parts_.uploads->committed(change.to);
    cluster_metrics().reencoded_contents.Increment();
    auto result = outcome(Kind::done);
    result.written_bytes = size;
    co_return result;
}

Task<RepairOutcome> Reencode::drop(ContentId id, kv::Revision row) {
    kv::Batch batch;
    batch.require(content_repair_key(id), row).remove(content_repair_key(id));
    auto const done = co_await parts_.upload.store->commit(std::move(batch));
    if (!done && done.error().code == Errc::conflict) co_return outcome(Kind::again);
    if (!done) co_return std::unexpected(done.error());
    co_return outcome(Kind::done);
}

// Stripe by stripe; the hash of what was read must be that of what was once put.
Task<void> Reencode::copy(Context context, ContentId id, ContentRow const& row, StripedUpload& to) {
    Sha256Stream sha256;
    std::uint64_t done = 0;
    while (done < row.size_bytes) {
        auto const size = std::min<std::uint64_t>(to.stripe_bytes(), row.size_bytes - done);
        auto const cost = std::min(stripe_cost(to.layout(), size), parts_.budget_bytes);
        auto const buffer = std::make_shared<Buffer>();
        CO_TRY(buffer->place, co_await parts_.budget->acquire(cost));
        buffer->bytes.reserve(size);
        while (buffer->bytes.size() < size) {
            auto const from = done + buffer->bytes.size();
            auto const length = std::min<std::size_t>(read_bytes, size - buffer->bytes.size());
            CO_TRY(auto const part, co_await parts_.contents->read(context, id, from, length));
            if (part.empty()) co_return fail(Errc::corrupt, "the content ends at byte {}", from);
            buffer->bytes.insert(buffer->bytes.end(), part.begin(), part.end());
        }
        auto const work = [&] {
            sha256.add(buffer->bytes);
            return Result<void>();
        };
        CO_TRY_OK(co_await offload(*parts_.upload.cpu, work));
        CO_TRY_OK(co_await to.add(buffer->bytes, buffer));
        done += size;
    }
    if (sha256.finish() != row.sha256) {
        LOG_ERROR("a content is not what was put", kv("block", id.block), kv("index", id.index));
        co_return fail(Errc::corrupt, "the SHA-256 of a content is not that of what was put");
    }
    co_return Result<void>();
}

}  // namespace disgrafs::cluster
