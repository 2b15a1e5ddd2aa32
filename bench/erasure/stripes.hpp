#pragma once

/// \file stripes.hpp  Memory in which stripes lie as in a gateway: all data in one run, all parity
/// in another.

#include <cstddef>
#include <vector>

#include "contest.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure::bench {

/// Pages of 2 MiB where the system has them, filled with bytes that look random.
class Memory {
 public:
    explicit Memory(std::size_t size_bytes);
    ~Memory();
    Memory(Memory const&) = delete;
    Memory& operator=(Memory const&) = delete;

    [[nodiscard]] std::byte* at(std::size_t offset) const { return bytes_ + offset; }

 private:
    std::byte* bytes_;
    std::size_t size_bytes_;
};

/// What one work reads and writes, in the forms that codecs ask for.
struct Streams {
    std::vector<ConstShard> sources = {};
    std::vector<MutableShard> outs = {};
    std::vector<unsigned char*> source_bytes = {};
    std::vector<unsigned char*> out_bytes = {};
    std::size_t size_bytes = 0;  ///< Of each.

    void add_source(std::byte* shard);
    void add_out(std::byte* shard);
};

class Stripes {
 public:
    Stripes(Layout layout, std::size_t shard_bytes, std::size_t count);

    /// Of each stripe: all data shards → all parities.
    [[nodiscard]] std::vector<Streams> encoding() const;
    /// Of each stripe: data shards lost … k − 1, parities 0 … lost − 1 → data shards 0 … lost − 1,
    /// written to other memory.
    [[nodiscard]] std::vector<Streams> rebuilding(std::size_t lost) const;

    [[nodiscard]] std::byte* data(std::size_t stripe, std::size_t index) const;
    [[nodiscard]] std::byte* parity(std::size_t stripe, std::size_t index) const;

 private:
    std::size_t k_;
    std::size_t m_;
    std::size_t shard_bytes_;
    std::size_t count_;
    Memory data_;
    Memory parity_;
    Memory rebuilt_;
};

/// Of a request: k, m, w, matrix.
Layout layout_of(Request const& request);

/// What ours is told: one stripe stays in the caches, the outs of many do not.
Outs where_outs_lie(std::size_t stripes);

/// Lets each contestant do turn 0 and stops the program when one leaves other bytes in `outs` than
/// the first did.
void expect_same_bytes(Contest const& contest, Streams const& streams);

}  // namespace disgrafs::erasure::bench
