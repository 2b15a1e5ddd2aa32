#include "erasure/plain/rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {

PlainRows::PlainRows(PlainShape const& shape)
    : shape_(shape),
      row_bytes_(std::min<std::uint64_t>(plain_row_bytes(shape.layout), shape.shard_bytes())),
      buffer_(row_bytes_ * static_cast<std::size_t>(shape.layout.total())) {}

MutableShard PlainRows::row(int index, Stretch stretch) {
    auto const start = static_cast<std::size_t>(index) * row_bytes_;
    return MutableShard(buffer_).subspan(start, stretch.size);
}

std::size_t PlainRows::content_in(Stretch stretch, int index) const {
    auto const content = shape_.content_bytes(index);
    return std::min<std::uint64_t>(stretch.size, content - std::min(content, stretch.offset));
}

std::uint64_t PlainRows::place_of(Stretch stretch, int index) const {
    return static_cast<std::uint64_t>(index) * shape_.shard_bytes() + stretch.offset;
}

Result<void> PlainRows::load(Stretch stretch, PlainSource& file) {
    for (int i = 0; i < shape_.layout.k; ++i) {
        auto const out = row(i, stretch);
        auto const content = content_in(stretch, i);
        std::ranges::fill(out.subspan(content), std::byte{0});
        if (content > 0) {
            TRY_OK(file.read(place_of(stretch, i), out.first(content)));
        }
    }
    return {};
}

Result<void> PlainRows::store(Stretch stretch, PlainSink& file) {
    for (int i = 0; i < shape_.layout.k; ++i) {
        if (auto const content = content_in(stretch, i); content > 0) {
            TRY_OK(file.write(place_of(stretch, i), row(i, stretch).first(content)));
        }
    }
    return {};
}

std::vector<ConstShard> PlainRows::data_rows(Stretch stretch) {
    std::vector<ConstShard> rows;
    rows.reserve(shape_.layout.k);
    for (int i = 0; i < shape_.layout.k; ++i) {
        rows.emplace_back(row(i, stretch));
    }
    return rows;
}

std::vector<MutableShard> PlainRows::parity_rows(Stretch stretch) {
    std::vector<MutableShard> rows;
    rows.reserve(shape_.layout.m);
    for (int i = shape_.layout.k; i < shape_.layout.total(); ++i) {
        rows.push_back(row(i, stretch));
    }
    return rows;
}

Encoder const& PlainRows::encoder() {
    if (!encoder_) {
        encoder_.emplace(shape_.layout);
    }
    return *encoder_;
}

void PlainRows::encode(Stretch stretch) {
    encoder().encode(data_rows(stretch), parity_rows(stretch));
}

void PlainRows::encode_and_sum(Stretch stretch) {
    auto const count = (stretch.size + unit_bytes - 1) / unit_bytes;
    checksums_.resize(static_cast<std::size_t>(shape_.layout.total()));
    std::vector<std::span<std::uint32_t>> sums;
    sums.reserve(checksums_.size());
    for (auto& list : checksums_) {
        list.resize(count);
        sums.emplace_back(list);
    }
    encoder().encode(data_rows(stretch), parity_rows(stretch), sums);
}

std::span<std::uint32_t const> PlainRows::checksums(int index) const {
    return checksums_[static_cast<std::size_t>(index)];
}

void PlainRows::restore(Stretch stretch, std::span<int const> have) {
    if (!decoder_ || !std::ranges::equal(have, have_)) {
        have_.assign(have.begin(), have.end());
        want_.clear();
        for (int i = 0; i < shape_.layout.k; ++i) {
            if (std::ranges::find(have, i) == have.end()) {
                want_.push_back(i);
            }
        }
        auto planned = Decoder::plan(shape_.layout, have_, want_);
        DISGRAFS_ASSERT(planned.has_value(), "{}", planned.error().message);
        decoder_ = *std::move(planned);
    }
    if (want_.empty()) {
        return;
    }
    std::vector<ConstShard> survivors;
    std::vector<MutableShard> out;
    survivors.reserve(have_.size());
    out.reserve(want_.size());
    for (auto const index : have_) {
        survivors.emplace_back(row(index, stretch));
    }
    for (auto const index : want_) {
        out.push_back(row(index, stretch));
    }
    decoder_->apply(survivors, out);
}

Verdict PlainRows::examine(Stretch stretch, std::span<int const> have) {
    std::vector<ConstShard> rows;
    rows.reserve(have.size());
    for (auto const index : have) {
        rows.emplace_back(row(index, stretch));
    }
    if (auto const whole = erasure::examine(shape_.layout, have, rows); whole.fits) {
        return whole;
    }
    constexpr std::size_t piece_bytes = 4096;
    std::set<int> liars;
    for (std::size_t at = 0; at < stretch.size; at += piece_bytes) {
        std::vector<ConstShard> pieces;
        pieces.reserve(rows.size());
        for (auto const shard : rows) {
            pieces.push_back(shard.subspan(at, std::min(piece_bytes, stretch.size - at)));
        }
        auto const verdict = erasure::examine(shape_.layout, have, pieces);
        if (!verdict.fits && verdict.liars.empty()) {
            return {};
        }
        liars.insert(verdict.liars.begin(), verdict.liars.end());
    }
    return {.fits = false, .liars = {liars.begin(), liars.end()}};
}

}  // namespace disgrafs::erasure
