#include "erasure/layout.hpp"

#include <cstdint>

#include "base/assert.hpp"
#include "base/result.hpp"

namespace disgrafs::erasure {

Result<void> check(Layout layout) {
    if (layout.k < 1) {
        return fail(Errc::invalid, "layout {}+{}: k must be at least 1", layout.k, layout.m);
    }
    if (layout.total() > 255) {
        return fail(Errc::invalid, "layout {}+{}: k + m must be ≤ 255", layout.k, layout.m);
    }
    if (layout.w != 8) {
        return fail(Errc::invalid, "layout w = {}: only 8 is known", layout.w);
    }
    if (layout.matrix != Matrix::replica && layout.matrix != Matrix::cauchy) {
        return fail(Errc::invalid, "matrix id {} is unknown", static_cast<int>(layout.matrix));
    }
    if ((layout.matrix == Matrix::replica) != (layout.k == 1)) {
        return fail(Errc::invalid, "layout {}+{}: replica exactly when k = 1", layout.k, layout.m);
    }
    return {};
}

std::uint32_t shard_bytes(Layout layout, std::uint64_t content_bytes, int index) {
    DISGRAFS_ASSERT(
        content_bytes >= 1 && content_bytes <= layout.stripe_bytes(),
        "stripe of {} bytes, k = {}",
        content_bytes,
        layout.k
    );
    DISGRAFS_ASSERT(index >= 0 && index < layout.total(), "shard {} of {}", index, layout.total());
    std::uint64_t const column = index < layout.k ? static_cast<std::uint64_t>(index) : 0;
    std::uint64_t const row_bytes = std::uint64_t{layout.k} * unit_bytes;
    std::uint64_t const whole = content_bytes / row_bytes * unit_bytes;
    std::uint64_t const last_row = content_bytes % row_bytes;
    std::uint64_t const before = column * unit_bytes;
    std::uint64_t const rest = last_row > before ? last_row - before : 0;
    return static_cast<std::uint32_t>(whole + (rest < unit_bytes ? rest : unit_bytes));
}

}  // namespace disgrafs::erasure
