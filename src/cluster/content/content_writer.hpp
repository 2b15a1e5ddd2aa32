#pragma once

/// \file cluster/content/content_writer.hpp  One upload: pieces into buffers, buffers into stripes.
///
///     up to 1 MiB      gathered, then stored as one stripe (or in the row itself) by finish()
///     more             a buffer of one stripe fills while the one before it is coded, hashed, sent
///
/// So at most two buffers are held. Their memory comes from budgets (WriteBudgets); a writer that
/// waits for memory holds none that others of its tier wait for, except a stripe that is being
/// sent.

#include <cstdint>
#include <memory>

#include "cluster/content/sha256.hpp"
#include "cluster/content/striped_upload.hpp"
#include "cluster/content/uploads.hpp"
#include "cluster/contents.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs::cluster {

/// Memory of all uploads, by tier: small ones never queue behind large ones. A writer takes from
/// tiny, then small, then large, never back, so no two writers can wait for each other.
struct WriteBudgets {
    static constexpr std::size_t tiny_cost = 4 * copies_bytes_max;  ///< 64 KiB and three copies.
    static constexpr std::size_t small_cost = 3 * small_bytes_max;  ///< 1 MiB and 2+2 shards of it.

    WriteBudgets(boost::asio::any_io_executor executor, std::uint64_t bytes);

    std::size_t large_bytes;  ///< A stripe that needs more takes all of it.
    Semaphore tiny;
    Semaphore small;
    Semaphore large;
};

struct WriterParts {
    UploadParts upload;
    Uploads* uploads = nullptr;
    WriteBudgets* budgets = nullptr;
    TaskGroup* tasks = nullptr;  ///< Stripes under way; outlives every writer.
};

/// Errors: invalid (policy), unavailable and exhausted (too few nodes for the announced size).
Task<std::unique_ptr<ContentWriter>> make_content_writer(
    WriterParts parts, Context context, ContentOptions options
);

}  // namespace disgrafs::cluster
