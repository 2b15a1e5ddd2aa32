#pragma once

/// \file storage/index/catalog.hpp  What the log says: the index and the segments, kept in step.
///
/// One rule, apply(), takes a record into account, whether it was just synced or is read again at
/// start: **of two data records of one shard the later in the log wins; a tombstone wins over
/// all.** Applying a record twice changes nothing, so a start may replay more than it needs.
///
/// Pure: no clock, no disk.

#include <cstdint>
#include <map>

#include "storage/index/shard_index.hpp"
#include "storage/log/record.hpp"
#include "storage/log/segment.hpp"

namespace disgrafs::storage {

class Catalog {
 public:
    /// Asserts that segment is known.
    void apply(RecordHeader const& header, std::uint32_t segment);
    /// Put an entry of a checkpoint back. Asserts that the shard is not there yet.
    void restore(IndexEntry const& entry) { index_.insert(entry); }
    /// Count live bytes and shards anew, after restore() and the applying of records that follow.
    /// Shards of segments that are not there become corrupt; answers how many.
    std::uint64_t recount();

    /// Set the state of the shard whose record lies there, unless it moved or was removed
    /// meanwhile.
    void mark(IndexEntry const& seen, ShardState state);

    [[nodiscard]] ShardIndex const& index() const { return index_; }
    [[nodiscard]] std::map<std::uint32_t, Segment>& segments() { return segments_; }
    [[nodiscard]] std::map<std::uint32_t, Segment> const& segments() const { return segments_; }
    /// Asserts that it is known.
    [[nodiscard]] Segment& segment(std::uint32_t id);

    [[nodiscard]] std::uint64_t shards() const { return shards_; }
    [[nodiscard]] std::uint64_t corrupt_shards() const { return corrupt_shards_; }
    /// How often mark() made a live shard corrupt; healing takes nothing off.
    [[nodiscard]] std::uint64_t damage_found() const { return damage_found_; }
    [[nodiscard]] std::uint64_t live_payload_bytes() const { return payload_bytes_; }

 private:
    void count(IndexEntry const& entry, int sign);

    ShardIndex index_;
    std::map<std::uint32_t, Segment> segments_;
    std::uint64_t shards_ = 0;  ///< Corrupt ones count.
    std::uint64_t corrupt_shards_ = 0;
    std::uint64_t damage_found_ = 0;
    std::uint64_t payload_bytes_ = 0;
};

/// Order of the log.
inline bool is_later(IndexEntry const& a, IndexEntry const& b) {
    return a.segment != b.segment ? a.segment > b.segment : a.offset > b.offset;
}

}  // namespace disgrafs::storage
