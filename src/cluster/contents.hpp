#pragma once

/// \file cluster/contents.hpp  Bytes in, bytes out: how a version's content lies on the storage
/// nodes.
///
/// Likeness: a left-luggage office. You hand over a suitcase in pieces and get a receipt; the
/// receipt is worth something only when the index has written it into its book (the commit of your
/// transaction); with it you get any part of the suitcase back, even if some shelves have burned.
///
/// Write: upload id from a durable intent block → stripes coded and sent with tickets → signed
/// receipts → manifest rows staged under the upload id → finish() returns the rows that, in the
/// caller's transaction, make the content exist. Nothing is visible before that, and an upload that
/// never commits is collected later on a positive answer (design §4). Read: any k shards, verified
/// per 64 KiB before use, hedged to parity when one is late.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/context.hpp"
#include "base/ids.hpp"
#include "erasure/layout.hpp"
#include "io/task.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

/// Names a content for ever; a re-encode changes where it lies, not its name. (The first upload's
/// id.)
using ContentId = UploadId;
using Sha256 = std::array<std::byte, 32>;

/// Files up to this size live in the store itself.
inline constexpr std::size_t inline_bytes_max = 2U << 10U;

struct ContentOptions {
    std::optional<std::uint64_t> size;  ///< Known length; chooses the layout at once.
    std::optional<erasure::Layout>
        policy;  ///< Wanted layout of large files; default by cluster size.
};

struct StoredContent {
    ContentId id;
    std::uint64_t size_bytes = 0;
    Sha256 sha256{};
    std::vector<kv::Write> rows;  ///< Put all of them into the batch that makes the content exist,
    /// and require all of these there: they fail (conflict) when the upload was aborted meanwhile,
    /// or when the same rows were committed before. Contents of one batch may name the same key.
    std::vector<kv::Precondition> preconditions;
};

/// One upload under way. Memory: at most two stripes. Destroying it without finish() aborts.
class ContentWriter {
 public:
    virtual ~ContentWriter() = default;
    /// Errors: unavailable (too few storage nodes are up: says how many are needed), exhausted
    /// (cluster full), io.
    virtual Task<void> write(Bytes piece) = 0;
    /// All stripes are durable when it completes, and rows are to be committed within an hour.
    virtual Task<StoredContent> finish() = 0;
};

/// Where one stripe lies, for people.
struct StripePlaces {
    erasure::Layout layout;
    std::uint32_t content_bytes = 0;
    struct Shard {
        MemberId node;  ///< 0: not there (waits for repair).
        std::string node_name;
        bool is_up = false;
        std::uint32_t size_bytes = 0;
    };
    std::vector<Shard> shards;  ///< k data, then m parity.
    int margin = 0;             ///< Readable shards beyond k; negative: not readable now.
};

struct ContentPlaces {
    std::uint64_t size_bytes = 0;
    bool is_inline = false;
    erasure::Layout layout;
    std::uint64_t stripe_count = 0;
    std::vector<StripePlaces> stripes;  ///< The first 64.
};

class Contents {
 public:
    virtual ~Contents() = default;

    virtual Task<std::unique_ptr<ContentWriter>> begin(Context context, ContentOptions options) = 0;

    /// Bytes [offset, offset + size), fewer at the end; at most 8 MiB per call. Errors: not_found
    /// (no such content), unavailable (fewer than k shards can be read now), corrupt.
    virtual Task<Bytes> read(
        Context context, ContentId id, std::uint64_t offset, std::size_t size
    ) = 0;

    /// Rows that, in the caller's transaction, end the content's existence; its shards are removed
    /// by garbage collection afterwards.
    virtual Task<std::vector<kv::Write>> release(ContentId id) = 0;

    virtual Task<ContentPlaces> places(ContentId id) = 0;
};

}  // namespace disgrafs::cluster
