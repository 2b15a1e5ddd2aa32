#include "cluster/layouts.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "cluster/contents.hpp"

namespace disgrafs::cluster {
namespace {

using erasure::Layout;
using erasure::Matrix;

struct Row {
    int nodes_min;
    std::uint8_t k;
    std::uint8_t m;
};

// Widest first: the first row that the nodes suffice for is taken.
constexpr std::array large_rows{
    Row{14, 10, 4},
    Row{11, 8, 3},
    Row{9, 6, 3},
    Row{6, 4, 2},
    Row{4, 2, 2},
    Row{3, 1, 2},
    Row{2, 1, 1},
    Row{1, 1, 0}
};
static_assert(std::ranges::all_of(large_rows, [](Row row) {
    return row.k + row.m <= row.nodes_min;
}));

constexpr int parity_floor = 2;

Layout make_layout(std::uint8_t k, std::uint8_t m) {
    return Layout{.k = k, .m = m, .w = 8, .matrix = k == 1 ? Matrix::replica : Matrix::cauchy};
}

int parity_needed(int registered) { return std::min(parity_floor, registered - 1); }

}  // namespace

SizeClass size_class_of(std::uint64_t size_bytes) {
    if (size_bytes <= inline_bytes_max) return SizeClass::in_store;
    if (size_bytes <= copies_bytes_max) return SizeClass::copies;
    if (size_bytes <= small_bytes_max) return SizeClass::small;
    return SizeClass::large;
}

Layout layout_for(SizeClass size, int nodes) {
    DISGRAFS_ASSERT(size != SizeClass::in_store, "what lies in the store has no layout");
    DISGRAFS_ASSERT(nodes >= 1, "a layout for {} nodes", nodes);
    constexpr int copies_nodes = 3;
    constexpr int small_nodes = 4;
    if (size == SizeClass::copies) nodes = std::min(nodes, copies_nodes);
    if (size == SizeClass::small) nodes = std::min(nodes, small_nodes);
    auto const* const row =
        std::ranges::find_if(large_rows, [nodes](Row r) { return nodes >= r.nodes_min; });
    return make_layout(row->k, row->m);
}

Layout wanted_layout(SizeClass size, NodeCount count, std::optional<Layout> policy) {
    DISGRAFS_ASSERT(count.registered >= 1, "no storage node is registered");
    bool const has_policy = size == SizeClass::large && policy.has_value();
    if (has_policy && policy->total() <= count.registered) return *policy;
    return layout_for(size, count.registered);
}

Result<Layout> layout_now(SizeClass size, NodeCount count, std::optional<Layout> policy) {
    if (count.registered == 0) {
        return fail(Errc::unavailable, "no storage node has joined the cluster yet; 1 is needed");
    }
    int const parity = parity_needed(count.registered);
    int const needed = parity + 1;
    if (count.usable < needed && count.usable + count.full >= needed) {
        return fail(
            Errc::exhausted,
            "the cluster is full: {} of {} storage nodes that are up have space, {} are needed",
            count.usable,
            count.usable + count.full,
            needed
        );
    }
    if (count.usable < needed) {
        return fail(
            Errc::unavailable,
            "writing needs {} storage nodes that are up, and {} of {} are",
            needed,
            count.usable + count.full,
            count.registered
        );
    }
    auto const wanted = wanted_layout(size, count, policy);
    if (wanted.total() <= count.usable) return wanted;
    auto const layout = layout_for(size, count.usable);
    DISGRAFS_ASSERT(
        layout.m >= parity, "{}+{} has less parity than {}", layout.k, layout.m, parity
    );
    return layout;
}

Result<void> check_policy(Layout policy, int registered) {
    TRY_OK(erasure::check_stored(policy));
    int const parity = parity_needed(std::max(registered, 1));
    if (policy.m < parity) {
        return fail(
            Errc::invalid,
            "policy {}+{} survives the loss of {} nodes; at least {} is required",
            policy.k,
            policy.m,
            policy.m,
            parity
        );
    }
    return {};
}

int receipts_needed(Layout layout) {
    int const least = std::max(layout.k + 1, layout.total() - 1);
    return std::min(least, layout.total());
}

}  // namespace disgrafs::cluster
