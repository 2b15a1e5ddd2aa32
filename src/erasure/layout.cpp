#include "erasure/layout.hpp"

#include <cstdint>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::erasure {

char const* name_of(Matrix matrix) {
    switch (matrix) {
        case Matrix::replica:
            return "replica";
        case Matrix::cauchy:
            return "cauchy";
        case Matrix::vandermonde:
            return "vandermonde";
        case Matrix::cauchy_xor:
            return "cauchy_xor";
    }
    return "unknown";
}

Result<void> check(Layout layout) {
    if (layout.k < 1) {
        return fail(Errc::invalid, "layout {}+{}: k must be at least 1", layout.k, layout.m);
    }
    if (layout.w != 8 && layout.w != 16) {
        return fail(Errc::invalid, "layout w = {}: w must be 8 or 16", layout.w);
    }
    int const most = layout.w == 8 ? shards_max_w8 : shards_max_w16;
    if (layout.total() > most) {
        return fail(
            Errc::invalid,
            "layout {}+{}: k + m must be ≤ {} with w = {}",
            layout.k,
            layout.m,
            most,
            layout.w
        );
    }
    if (layout.matrix == Matrix::cauchy_xor && layout.total() > shards_max_w8) {
        return fail(
            Errc::invalid,
            "layout {}+{}: k + m must be ≤ {} with cauchy_xor",
            layout.k,
            layout.m,
            shards_max_w8
        );
    }
    if (layout.matrix > Matrix::cauchy_xor) {
        return fail(Errc::invalid, "matrix id {} is unknown", static_cast<int>(layout.matrix));
    }
    if ((layout.matrix == Matrix::replica) != (layout.k == 1)) {
        return fail(Errc::invalid, "layout {}+{}: replica exactly when k = 1", layout.k, layout.m);
    }
    return {};
}

Result<void> check_stored(Layout layout) {
    TRY_OK(check(layout));
    if (layout.w != 8) {
        return fail(Errc::invalid, "layout w = {}: a cluster keeps only w = 8", layout.w);
    }
    if (layout.total() > 255) {
        return fail(
            Errc::invalid, "layout {}+{}: a cluster keeps only k + m ≤ 255", layout.k, layout.m
        );
    }
    return {};
}

void write(ByteWriter& out, Layout layout) {
    DISGRAFS_ASSERT(layout.k <= 255 && layout.m <= 255, "layout {}+{}", layout.k, layout.m);
    out.u8(static_cast<std::uint8_t>(layout.k)).u8(static_cast<std::uint8_t>(layout.m));
    out.u8(layout.w).u8(static_cast<std::uint8_t>(layout.matrix));
}

Layout read_layout(ByteReader& in) {
    Layout layout;
    layout.k = in.u8();
    layout.m = in.u8();
    layout.w = in.u8();
    layout.matrix = static_cast<Matrix>(in.u8());
    return layout;
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
