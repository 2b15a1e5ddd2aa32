#include "cluster/content/striped_upload.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "cluster/metrics.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t offload_bytes = 64U << 10U;  ///< Less is coded at once, on the loop.
constexpr std::size_t stripes_staged = 8;          ///< Manifest rows of one staging commit.
constexpr int attempts_max = 4;                    ///< Of one buffer, each for the nodes then up.

}  // namespace

Result<std::unique_ptr<StripedUpload>> StripedUpload::begin(
    UploadParts parts, Context context, UploadPlan plan
) {
    std::unique_ptr<StripedUpload> upload(
        new StripedUpload(parts, std::move(context), std::move(plan))
    );
    TRY_OK(upload->choose_layout());
    return upload;
}

StripedUpload::StripedUpload(UploadParts parts, Context context, UploadPlan plan)
    : parts_(parts), context_(std::move(context)), plan_(plan) {}

Task<void> StripedUpload::add(ByteView content, std::shared_ptr<void> memory) {
    int failures = 0;
    while (!content.empty()) {
        auto const size = std::min<std::size_t>(content.size(), stripe_bytes());
        auto const piece = content.first(size);
        auto const stored = co_await store(piece, memory);
        if (stored) {
            content = content.subspan(size);
            continue;
        }
        failures += 1;
        bool const may_go_on = stored.error().code == Errc::unavailable && !plan_.exactly &&
                               failures < attempts_max && runs_.size() < runs_max;
        if (!may_go_on) co_return std::unexpected(stored.error());
        cluster_metrics().relayouts.Increment();
        LOG_WARN(
            "a stripe is stored again for the nodes that are left", kv("error", stored.error())
        );
        run_is_closed_ = true;
        CO_TRY_OK(choose_layout());
    }
    co_return Result<void>();
}

std::uint32_t StripedUpload::stripe_bytes() const {
    return static_cast<std::uint32_t>(layout_.stripe_bytes());
}

Result<void> StripedUpload::choose_layout() {
    if (plan_.exactly) {
        layout_ = *plan_.exactly;
        wanted_ = *plan_.exactly;
        return {};
    }
    auto const count = parts_.members->count();
    if (plan_.policy) TRY_OK(check_policy(*plan_.policy, count.registered));
    TRY(layout_, layout_now(plan_.size, count, plan_.policy));
    wanted_ = wanted_layout(plan_.size, count, plan_.policy);
    return {};
}

// The number of a failed attempt is never used again: other bytes lie under it.
Task<void> StripedUpload::store(ByteView content, std::shared_ptr<void> memory) {
    auto const layout = layout_;
    CO_TRY(auto coded, co_await code(content));
    StripeToSend stripe{
        .id = {.upload = plan_.upload, .stripe = next_stripe_++},
        .coded = std::move(coded),
        .content = content,
        .memory = std::move(memory),
        .must_be_whole = plan_.exactly.has_value(),
    };
    auto const number = stripe.id.stripe;
    CO_TRY(auto const row, co_await parts_.sender->send(context_, std::move(stripe)));
    if (run_is_closed_) {
        runs_.push_back(
            {.layout = layout,
             .stripe_bytes = static_cast<std::uint32_t>(layout.stripe_bytes()),
             .first_stripe = number,
             .content_bytes = 0}
        );
    }
    runs_.back().content_bytes += content.size();
    // Only the last stripe of a run may be short.
    run_is_closed_ = content.size() < runs_.back().stripe_bytes;
    note(row);
    if (stripes_in_rows_ >= stripes_staged) CO_TRY_OK(co_await stage());
    co_return Result<void>();
}

Task<CodedStripe> StripedUpload::code(ByteView content) {
    auto const begun = parts_.clock->steady();
    auto const work = [&] { return Result<CodedStripe>(code_stripe(layout_, content)); };
    Result<CodedStripe> coded;
    if (content.size() < offload_bytes) {
        coded = work();
    } else {
        coded = co_await offload(*parts_.cpu, work);
    }
    auto const took = parts_.clock->steady() - begun;
    cluster_metrics().encoded_bytes.Increment(static_cast<double>(content.size()));
    cluster_metrics().encode_seconds.Increment(static_cast<double>(took.count()) * 1e-6);
    co_return coded;
}

void StripedUpload::note(StripeRow const& row) {
    StripeId const id{.upload = plan_.upload, .stripe = next_stripe_ - 1};
    rows_.push_back({.key = stripe_key(id), .value = write_row(row)});
    stripes_in_rows_ += 1;
    if (std::ranges::find(row.nodes, MemberId()) == row.nodes.end()) return;
    cluster_metrics().short_writes.Increment();
    RepairRow const repair{.reason = RepairRow::Reason::short_write, .since = parts_.clock->now()};
    rows_.push_back({.key = stripe_repair_key(id), .value = write_row(repair)});
}

Task<void> StripedUpload::stage() {
    kv::Batch batch;
    batch.writes = std::move(rows_);
    rows_.clear();
    stripes_in_rows_ = 0;
    DISGRAFS_ASSERT(batch.fits(), "{} rows are too many for a batch", batch.writes.size());
    CO_TRY_OK(co_await parts_.store->commit(std::move(batch)));
    co_return Result<void>();
}

std::size_t stripe_cost(erasure::Layout layout, std::uint64_t content_bytes) {
    auto const shard = erasure::shard_bytes(layout, content_bytes, 0);
    return content_bytes + static_cast<std::size_t>(layout.total()) * shard;
}

}  // namespace disgrafs::cluster
