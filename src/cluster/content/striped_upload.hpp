#pragma once

/// \file cluster/content/striped_upload.hpp  A content on its way to the nodes, stripe after
/// stripe.
///
/// Each buffer becomes one stripe. When too few nodes took it, because some went away meanwhile,
/// the same bytes are stored again under the next stripe number, with the layout for the nodes that
/// are there now: a new run begins, and the upload goes on. Shards of the failed attempt are
/// garbage.
///
/// Manifest rows are staged in the store a few at a time; nobody reads them before the content row
/// names them. A stripe that was answered short has its repair row in the same batch.

#include <memory>
#include <optional>
#include <vector>

#include "cluster/content/stripe_sender.hpp"
#include "cluster/layouts.hpp"
#include "cluster/rows.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

struct UploadParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    Pool* cpu = nullptr;
    Members* members = nullptr;
    StripeSender* sender = nullptr;
};

struct UploadPlan {
    UploadId upload;
    SizeClass size = SizeClass::large;
    std::optional<erasure::Layout> policy;
    /// Of a re-encode: exactly this layout with every shard, or failure.
    std::optional<erasure::Layout> exactly;
};

class StripedUpload {
 public:
    /// Chooses the layout. Errors: unavailable, exhausted (too few nodes), invalid (policy).
    static Result<std::unique_ptr<StripedUpload>> begin(
        UploadParts parts, Context context, UploadPlan plan
    );

    /// One buffer, at most stripe_bytes() at the time when it was begun; in order, one at a time.
    /// Durable when it completes. `memory` is kept until the last late put of it ended.
    Task<void> add(ByteView content, std::shared_ptr<void> memory);

    [[nodiscard]] std::uint32_t stripe_bytes() const;
    [[nodiscard]] erasure::Layout layout() const { return layout_; }
    [[nodiscard]] erasure::Layout wanted() const { return wanted_; }
    [[nodiscard]] std::vector<StripeRun> const& runs() const { return runs_; }
    /// Rows that were not staged yet, for the batch that makes the content exist.
    std::vector<kv::Write> take_rows() { return std::move(rows_); }

 private:
    StripedUpload(UploadParts parts, Context context, UploadPlan plan);

    Result<void> choose_layout();
    Task<void> store(ByteView content, std::shared_ptr<void> memory);
    Task<CodedStripe> code(ByteView content);
    void note(StripeRow const& row);
    Task<void> stage();

    UploadParts parts_;
    Context context_;
    UploadPlan plan_;
    erasure::Layout layout_;
    erasure::Layout wanted_;
    std::uint32_t next_stripe_ = 0;
    bool run_is_closed_ = true;  ///< The next stripe begins a new run.
    std::vector<StripeRun> runs_;
    std::vector<kv::Write> rows_;
    std::size_t stripes_in_rows_ = 0;
};

/// Memory of a stripe under way: its content and its shards.
std::size_t stripe_cost(erasure::Layout layout, std::uint64_t content_bytes);

}  // namespace disgrafs::cluster
