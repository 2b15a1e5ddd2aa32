#pragma once

/// \file erasure/plain/memory.hpp  Files in memory, for tests and fuzzing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"
#include "erasure/plain/writer.hpp"

namespace disgrafs::erasure {

class MemorySource final : public PlainSource {
 public:
    explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}

    [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size(); }
    Result<void> read(std::uint64_t offset, MutableShard out) override {
        if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
            return fail(Errc::io, "read beyond the end");
        }
        if (fails_with) {
            return fail(*fails_with, "as the test wants it");
        }
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
        return {};
    }

    std::optional<Errc> fails_with;

 private:
    Bytes bytes_;
};

class MemorySink final : public PlainSink {
 public:
    Result<void> write(std::uint64_t offset, ByteView piece) override {
        if (offset + piece.size() > capacity_bytes) {
            return fail(Errc::exhausted, "full");
        }
        bytes.resize(std::max<std::size_t>(bytes.size(), offset + piece.size()));
        std::ranges::copy(piece, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        written_bytes += piece.size();
        return {};
    }

    Bytes bytes;
    std::uint64_t written_bytes = 0;  ///< As many as there are, if nothing was written twice.
    std::uint64_t capacity_bytes = UINT64_MAX;
};

/// All k + m shard files, or bare shards, of `content`.
inline Result<std::vector<Bytes>> plain_shards_of(
    Bytes content, Layout layout, bool is_bare = false
) {
    MemorySource file(std::move(content));
    std::vector<MemorySink> sinks(static_cast<std::size_t>(layout.total()));
    std::vector<PlainSink*> pointers;
    pointers.reserve(sinks.size());
    for (auto& sink : sinks) {
        pointers.push_back(&sink);
    }
    if (is_bare) {
        TRY_OK(write_bare_shards(file, layout, pointers));
    } else {
        TRY_OK(write_plain_shards(file, layout, pointers));
    }
    std::vector<Bytes> files;
    files.reserve(sinks.size());
    for (auto& sink : sinks) {
        files.push_back(std::move(sink.bytes));
    }
    return files;
}

}  // namespace disgrafs::erasure
