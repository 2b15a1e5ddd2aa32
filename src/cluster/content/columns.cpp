#include "cluster/content/columns.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.hpp"
#include "erasure/codec.hpp"

namespace disgrafs::cluster {
namespace {

using erasure::unit_bytes;

constexpr std::uint32_t rows_max = erasure::shard_bytes_max / unit_bytes;
static_assert(rows_max == 64, "a row of a shard is a bit of a 64-bit mask");

}  // namespace

Columns::Columns(std::shared_ptr<StripeRow const> stripe, Rows window)
    : stripe_(std::move(stripe)),
      window_(window),
      columns_(static_cast<std::size_t>(stripe_->total())) {
    DISGRAFS_ASSERT(
        window.first <= window.last && window.last < rows_max,
        "rows {} to {}",
        window.first,
        window.last
    );
}

Rows Columns::window_of(erasure::Layout layout, std::uint32_t begin, std::uint32_t size) {
    DISGRAFS_ASSERT(size >= 1, "a range of no bytes");
    auto const first_unit = begin / unit_bytes;
    auto const last_unit = (begin + size - 1) / unit_bytes;
    return {.first = first_unit / layout.k, .last = last_unit / layout.k};
}

Rows Columns::whole_window(StripeRow const& stripe) {
    return window_of(stripe.layout, 0, stripe.content_bytes);
}

std::optional<Rows> Columns::rows_needed(
    erasure::Layout layout, int index, std::uint32_t begin, std::uint32_t size
) {
    auto const column = static_cast<std::uint32_t>(index);
    auto const first_unit = begin / unit_bytes;
    auto const last_unit = (begin + size - 1) / unit_bytes;
    if (column > last_unit) return std::nullopt;
    auto const first = first_unit > column ? (first_unit - column + layout.k - 1) / layout.k : 0;
    auto const last = (last_unit - column) / layout.k;
    if (first > last) return std::nullopt;
    return Rows{.first = first, .last = last};
}

Columns::Extent Columns::extent(int index, Rows rows) const {
    auto const shard = stripe_->shard_size(index);
    auto const begin = std::min(rows.first * unit_bytes, shard);
    auto const end = std::min((rows.last + 1) * unit_bytes, shard);
    return {.offset = begin, .size_bytes = end - begin};
}

void Columns::fill(int index, Rows rows, Bytes payload) {
    auto& column = columns_[static_cast<std::size_t>(index)];
    auto const part = extent(index, rows);
    DISGRAFS_ASSERT(payload.size() == part.size_bytes, "{} bytes", payload.size());
    if (rows == window_) {
        column.bytes = std::move(payload);
    } else {
        auto const all = extent(index, window_);
        column.bytes.resize(all.size_bytes);
        std::ranges::copy(payload, column.bytes.begin() + (part.offset - all.offset));
    }
    column.rows |= mask(rows);
}

bool Columns::has(int index, Rows rows) const {
    auto const needed = mask(rows);
    return (there(index) & needed) == needed;
}

std::vector<Rows> Columns::lacking(int index, Rows rows) const {
    std::vector<Rows> runs;
    auto left = mask(rows) & ~there(index);
    while (left != 0) {
        auto const first = static_cast<std::uint32_t>(std::countr_zero(left));
        auto const length = static_cast<std::uint32_t>(std::countr_one(left >> first));
        runs.push_back({.first = window_.first + first, .last = window_.first + first + length - 1}
        );
        left &= ~mask(runs.back());
    }
    return runs;
}

Result<void> Columns::compute(std::span<int const> wanted) {
    auto const k = static_cast<std::size_t>(stripe_->layout.k);
    std::vector<int> have;
    std::vector<erasure::ConstShard> survivors;
    for (int index = 0; index < stripe_->total() && have.size() < k; ++index) {
        if (!is_whole(index)) continue;
        have.push_back(index);
        survivors.emplace_back(columns_[static_cast<std::size_t>(index)].bytes);
    }
    if (have.size() < k) {
        return fail(Errc::invalid, "{} columns of {} are there", have.size(), k);
    }
    TRY(auto const plan, erasure::Decoder::plan(stripe_->layout, have, wanted));
    std::vector<erasure::MutableShard> out;
    for (auto const index : wanted) {
        auto& column = columns_[static_cast<std::size_t>(index)];
        column.bytes.resize(extent(index, window_).size_bytes);
        out.emplace_back(column.bytes);
    }
    plan.apply(survivors, out);
    for (auto const index : wanted) columns_[static_cast<std::size_t>(index)].rows = mask(window_);
    return {};
}

Bytes Columns::content(std::uint32_t begin, std::uint32_t size) const {
    Bytes out(size);
    auto const k = std::uint32_t{stripe_->layout.k};
    std::uint32_t done = 0;
    while (done < size) {
        auto const at = begin + done;
        auto const unit = at / unit_bytes;
        auto const index = static_cast<int>(unit % k);
        auto const row = unit / k;
        DISGRAFS_ASSERT(
            has(index, Rows{.first = row, .last = row}),
            "row {} of column {} is not there",
            row,
            index
        );
        auto const in_unit = at % unit_bytes;
        auto const length = std::min(unit_bytes - in_unit, size - done);
        auto const& bytes = columns_[static_cast<std::size_t>(index)].bytes;
        auto const from = (row - window_.first) * unit_bytes + in_unit;
        std::copy_n(bytes.begin() + from, length, out.begin() + done);
        done += length;
    }
    return out;
}

Bytes Columns::take(int index) {
    DISGRAFS_ASSERT(is_whole(index), "column {} is not whole", index);
    auto& column = columns_[static_cast<std::size_t>(index)];
    column.rows = 0;
    return std::move(column.bytes);
}

std::uint64_t Columns::mask(Rows rows) const {
    DISGRAFS_ASSERT(
        window_.first <= rows.first && rows.last <= window_.last,
        "rows {} to {}",
        rows.first,
        rows.last
    );
    auto const count = rows.last - rows.first + 1;
    auto const ones = count == rows_max ? ~0ULL : (1ULL << count) - 1;
    return ones << (rows.first - window_.first);
}

// Rows behind the end of the shard are always there.
std::uint64_t Columns::there(int index) const {
    auto const rows = (stripe_->shard_size(index) + unit_bytes - 1) / unit_bytes;
    auto const known = columns_[static_cast<std::size_t>(index)].rows;
    if (rows > window_.last) return known;
    auto const first = std::max(rows, window_.first);
    return known | mask({.first = first, .last = window_.last});
}

}  // namespace disgrafs::cluster
