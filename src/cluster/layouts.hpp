#pragma once

/// \file cluster/layouts.hpp  Which layout a content gets: by its size, and by the storage nodes
/// that are up now (design §4, notes/storage.md §3).
///
///     size          nodes  1     2     3     4, 5   6 … 8   9, 10   11 … 13   14 …
///     ≤ 2 KiB              in the store itself
///     ≤ 64 KiB             1+0   1+1   1+2   1+2    1+2     1+2     1+2       1+2
///     ≤ 1 MiB              1+0   1+1   1+2   2+2    2+2     2+2     2+2       2+2
///     larger               1+0   1+1   1+2   2+2    4+2     6+3     8+3       10+4
///
/// 1+0 and 1+1 only in a cluster that has just so many storage nodes: nothing is ever written with
/// less parity than min(2, N−1) for N registered nodes; it is refused instead.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::cluster {

/// Files up to this size are kept as copies, and up to `small_bytes_max` as 2+2.
inline constexpr std::size_t copies_bytes_max = 64U << 10U;
inline constexpr std::size_t small_bytes_max = 1U << 20U;

enum class SizeClass : std::uint8_t { in_store, copies, small, large };
SizeClass size_class_of(std::uint64_t size_bytes);

struct NodeCount {
    int registered = 0;  ///< Storage nodes that belong to the cluster, whatever their state.
    int usable = 0;      ///< Those that take new shards now.
    int full = 0;        ///< Those that are up, but take no more: no space, or read-only.
};

/// The row of the table above; `nodes` ≥ 1, `size` not in_store.
erasure::Layout layout_for(SizeClass size, int nodes);

/// What a content should have once every node is there: `policy` (of large contents) where the
/// cluster is wide enough for it, else the table by registered nodes (≥ 1).
erasure::Layout wanted_layout(
    SizeClass size, NodeCount count, std::optional<erasure::Layout> policy
);

/// What a content gets now: the wanted layout when so many nodes are usable, else the table by
/// usable nodes. Errors: unavailable, saying how many nodes are needed and how many there are;
/// exhausted, when those that lack are up but full.
Result<erasure::Layout> layout_now(
    SizeClass size, NodeCount count, std::optional<erasure::Layout> policy
);

/// Errors: invalid (not a layout, or less parity than the rule above asks for).
Result<void> check_policy(erasure::Layout policy, int registered);

/// Receipts with which a put may answer when a node is late or down: max(k+1, k+m−1), all when
/// there are not so many. Below that one more loss could lose the stripe.
int receipts_needed(erasure::Layout layout);

}  // namespace disgrafs::cluster
