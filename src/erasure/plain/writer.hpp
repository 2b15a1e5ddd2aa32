#pragma once

/// \file erasure/plain/writer.hpp  A file into its k + m plain shards, in one pass.
///
/// Memory: k + m rows (plain_row_bytes), whatever the size of the file.

#include <cstdint>
#include <span>

#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

/// Write the shard files of `file`, shards[i] gets shard i of k + m. Returns the name of the set.
/// Errors: invalid (layout, size), and those of source and sinks.
Result<std::uint32_t> write_plain_shards(
    PlainSource& file, Layout layout, std::span<PlainSink* const> shards
);

/// The same without headers and checksums: exactly L bytes each. Errors: as above.
Result<void> write_bare_shards(
    PlainSource& file, Layout layout, std::span<PlainSink* const> shards
);

}  // namespace disgrafs::erasure
