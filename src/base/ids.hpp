#pragma once

/// \file base/ids.hpp  Numbers that name things, one type each, so that they cannot be swapped.

#include <compare>
#include <cstdint>
#include <functional>

namespace disgrafs {

/// A number that names one `Thing`; ordered by value, never reused. 0 names nothing.
template <typename Thing>
struct Id {
    std::uint64_t value = 0;

    friend auto operator<=>(Id const&, Id const&) = default;
};

using NodeId = Id<struct NodeThing>;      ///< A node of the graph: file, folder, tag, user.
using EdgeId = Id<struct EdgeThing>;      ///< An edge of the graph.
using MemberId = Id<struct MemberThing>;  ///< One process of the cluster.
using EventId = Id<struct EventThing>;    ///< The number of a commit, counted without gaps.

/// One attempt to store one version's content: 128 bits, never reused. The high half is the intent
/// block that was durably reserved before any ticket was given, the low half counts within it.
struct UploadId {
    std::uint64_t block = 0;
    std::uint64_t index = 0;

    friend auto operator<=>(UploadId const&, UploadId const&) = default;
};

/// One shard: shard `index` (0 … k+m−1; data first) of stripe `stripe` of an upload.
struct ShardId {
    UploadId upload;
    std::uint32_t stripe = 0;
    std::uint8_t index = 0;

    friend auto operator<=>(ShardId const&, ShardId const&) = default;
};

}  // namespace disgrafs

template <typename Thing>
struct std::hash<disgrafs::Id<Thing>> {
    std::size_t operator()(disgrafs::Id<Thing> id) const noexcept {
        return static_cast<std::size_t>((id.value + 1) * 0x9E3779B97F4A7C15ULL);
    }
};
template <>
struct std::hash<disgrafs::UploadId> {
    std::size_t operator()(disgrafs::UploadId const& id) const noexcept {
        return static_cast<std::size_t>(
            (id.block * 0x9E3779B97F4A7C15ULL) ^ ((id.index + 1) * 0xC2B2AE3D27D4EB4FULL)
        );
    }
};
template <>
struct std::hash<disgrafs::ShardId> {
    std::size_t operator()(disgrafs::ShardId const& id) const noexcept {
        return std::hash<disgrafs::UploadId>{}(id.upload) ^
               (((static_cast<std::size_t>(id.stripe) << 8U) | id.index) * 0x165667B19E3779F9ULL);
    }
};
