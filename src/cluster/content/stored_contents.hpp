#pragma once

/// \file cluster/content/stored_contents.hpp  Contents on storage nodes: puts the parts together.

#include <functional>
#include <memory>

#include "cluster/content/alarm.hpp"
#include "cluster/content/content_writer.hpp"
#include "cluster/content/manifests.hpp"
#include "cluster/content/node_calls.hpp"
#include "cluster/content/stripe_reader.hpp"
#include "cluster/content/stripe_sender.hpp"
#include "cluster/content/uploads.hpp"
#include "cluster/contents.hpp"

namespace disgrafs::cluster {

struct ContentsParts {
    kv::Store* store = nullptr;
    Clock* clock = nullptr;
    Pool* cpu = nullptr;
    boost::asio::any_io_executor executor;
    Members* members = nullptr;
    NodeCalls* calls = nullptr;
    Uploads* uploads = nullptr;
    StripeReadParts read;  ///< With what is done about bad shards.
};

class StoredContents final : public Contents {
 public:
    StoredContents(ContentsParts parts, ClusterOptions const& options);

    Task<std::unique_ptr<ContentWriter>> begin(Context context, ContentOptions options) override;
    Task<Bytes> read(Context context, ContentId id, std::uint64_t offset, std::size_t size)
        override;
    Task<std::vector<kv::Write>> release(ContentId id) override;
    Task<ContentPlaces> places(ContentId id) override;

    /// Rings for late shards, until cancelled.
    Task<void> run_late_writes() { return late_.run(); }
    Task<void> run_late_reads() { return hedge_.run(); }
    /// Cancels stripes under way.
    Task<void> stop();

    Manifests& manifests() { return manifests_; }
    StripeReader& reader() { return reader_; }
    [[nodiscard]] UploadParts upload_parts();

 private:
    Task<Bytes> read_once(Context context, ContentId id, std::uint64_t offset, std::size_t size);
    Task<Bytes> read_stripes(
        Context context, ContentRow const& row, std::uint64_t offset, std::size_t size
    );
    Task<void> forget(ContentId id, std::uint64_t offset, std::size_t size);
    Task<StripePlaces> places_of(StripeId id);

    ContentsParts parts_;
    Alarm late_;
    Alarm hedge_;
    StripeSender sender_;
    StripeReader reader_;
    Manifests manifests_;
    WriteBudgets write_budgets_;
    std::size_t read_bytes_;
    Semaphore reads_;
    TaskGroup stripes_;
};

}  // namespace disgrafs::cluster
