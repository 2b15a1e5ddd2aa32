#pragma once

/// \file erasure/plain/store.hpp  Where plain shards and whole files lie, as this module sees it:
/// the program's files, or the memory of a test.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {

class PlainSource {
 public:
    virtual ~PlainSource() = default;
    [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
    /// Fills `out` from `offset`; both within size_bytes(). Errors: io (also when the file has
    /// become shorter), cancelled.
    virtual Result<void> read(std::uint64_t offset, MutableShard out) = 0;
};

class PlainSink {
 public:
    virtual ~PlainSink() = default;
    /// Every byte of the file is written once, but not from front to back. Errors: io, exhausted,
    /// cancelled.
    virtual Result<void> write(std::uint64_t offset, ByteView bytes) = 0;
};

/// How much of each shard is worked on at once, a multiple of unit_bytes: 256 KiB, less when there
/// are many shards. So k + m buffers are 8 MiB at most, or one unit each: 256 MiB for 4,096 shards.
inline std::size_t plain_row_bytes(Layout layout) {
    return unit_bytes * static_cast<std::size_t>(std::clamp(128 / layout.total(), 1, 4));
}

}  // namespace disgrafs::erasure
