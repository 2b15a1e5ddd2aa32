#pragma once

/// \file erasure/plain/reader.hpp  Shards as they are read back: proven block by block, or bare.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

/// The payload of one shard.
class PlainPayload {
 public:
    virtual ~PlainPayload() = default;
    [[nodiscard]] virtual int index() const = 0;
    /// Payload bytes from `offset`, a multiple of unit_bytes; `out` ends with a block. Errors:
    /// corrupt (a block's checksum is wrong; `out` is then of no use), io, cancelled.
    virtual Result<void> read(std::uint64_t offset, MutableShard out) = 0;
};

/// A shard file. Header, length, roots and block checksums are right; blocks are compared with
/// their checksums when they are read.
class PlainShard final : public PlainPayload {
 public:
    /// `file` outlives the shard. Reads all but the payload. Errors: invalid (no shard), corrupt
    /// (damaged), io, cancelled.
    static Result<PlainShard> open(PlainSource& file);

    [[nodiscard]] int index() const override { return header_.index; }
    Result<void> read(std::uint64_t offset, MutableShard out) override;

    [[nodiscard]] PlainShape const& shape() const { return header_.shape; }
    /// Of all k + m shards of the set.
    [[nodiscard]] std::span<std::uint32_t const> roots() const { return roots_; }
    [[nodiscard]] bool is_of_set_of(PlainShard const& other) const {
        return shape() == other.shape() && roots_ == other.roots_;
    }

 private:
    PlainShard(PlainSource& file, PlainHeader header) : file_(&file), header_(header) {}
    /// The checksums of blocks [first, first + count).
    Result<std::vector<std::uint32_t>> checksums(std::uint64_t first, std::uint64_t count);
    Result<void> check_root();

    PlainSource* file_;
    PlainHeader header_;
    std::vector<std::uint32_t> roots_;
};

/// A bare shard: its bytes are believed.
class BareShard final : public PlainPayload {
 public:
    /// Errors: invalid (another length than the shape's L, no such index).
    static Result<BareShard> open(PlainSource& file, PlainShape const& shape, int index);

    [[nodiscard]] int index() const override { return index_; }
    Result<void> read(std::uint64_t offset, MutableShard out) override {
        return file_->read(offset, out);
    }

 private:
    BareShard(PlainSource& file, int index) : file_(&file), index_(index) {}

    PlainSource* file_;
    int index_;
};

}  // namespace disgrafs::erasure
