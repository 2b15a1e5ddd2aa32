#include "erasure/plain/decode.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/assert.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/plain/rows.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::erasure {
namespace {

/// Is the shard lost at this place, or must decoding end?
bool is_loss(Error const& error) { return error.code == Errc::corrupt || error.code == Errc::io; }

/// ".1 .4 .5"; a long list ends with "…".
std::string names(std::span<int const> indexes) {
    constexpr std::size_t count_max = 8;
    std::string text;
    for (auto const index : indexes.first(std::min(indexes.size(), count_max))) {
        text += fmt::format("{}.{}", text.empty() ? "" : " ", index);
    }
    return indexes.size() > count_max ? text + " …" : text;
}

/// Reads shards stretch by stretch and restores the data rows.
class Decoding {
 public:
    Decoding(std::vector<PlainPayload*> shards, PlainShape const& shape, PlainLossLog const& log)
        : shards_(std::move(shards)), shape_(shape), log_(log), rows_(shape) {
        for (std::size_t place = 0; place < shards_.size(); ++place) {
            order_.push_back(place);
        }
        // Data shards first: they need no arithmetic.
        std::ranges::sort(order_, {}, [&](std::size_t place) {
            return std::pair(shards_[place]->index(), place);
        });
    }

    /// Is there any hope? Errors: invalid (fewer than k).
    Result<void> check_count() {
        have_.clear();
        for (auto const place : order_) {
            if (have_.empty() || have_.back() != shards_[place]->index()) {
                have_.push_back(shards_[place]->index());
            }
        }
        return need_k(Errc::invalid, "");
    }
    /// Read up to `count_max` different shards. False: one of them is damaged somewhere in the
    /// stretch, which is no single block. Errors: corrupt (fewer than k), cancelled.
    Result<bool> gather(Stretch stretch, std::size_t count_max) {
        have_.clear();
        for (auto const place : order_) {
            auto const index = shards_[place]->index();
            bool const is_there = !have_.empty() && have_.back() == index;
            if (is_there || have_.size() == count_max) {
                continue;
            }
            auto const read = shards_[place]->read(stretch.offset, rows_.row(index, stretch));
            if (read) {
                have_.push_back(index);
                continue;
            }
            if (!is_loss(read.error())) {
                return std::unexpected(read.error());
            }
            if (!stretch.is_block()) {
                return false;
            }
            log_(
                {.shard = place,
                 .offset = stretch.offset,
                 .size_bytes = stretch.size,
                 .why = read.error()}
            );
        }
        TRY_OK(need_k(Errc::corrupt, fmt::format("at byte {} of the shards: ", stretch.offset)));
        return true;
    }
    /// Do those that were read fit? Errors: corrupt.
    Result<void> compare(Stretch stretch) {
        auto const verdict = rows_.examine(stretch, have_);
        if (verdict.fits) {
            return {};
        }
        if (verdict.liars.empty()) {
            return fail(
                Errc::corrupt,
                "the shards do not fit each other, and {} of them cannot tell which one is wrong",
                have_.size()
            );
        }
        return fail(
            Errc::corrupt, "{} does not fit the others: leave it out", names(verdict.liars)
        );
    }
    /// The data rows from those that were read.
    PlainRows& restored(Stretch stretch) {
        rows_.restore(stretch, std::span(have_).first(shape_.layout.k));
        return rows_;
    }

 private:
    Result<void> need_k(Errc code, std::string const& where) {
        if (have_.size() >= shape_.layout.k) {
            return {};
        }
        return fail(code, "{}{}", where, plain_shards_missing(shape_.layout, have_));
    }

    std::vector<PlainPayload*> shards_;
    std::vector<std::size_t> order_;  ///< Places in shards_, by index.
    PlainShape shape_;
    PlainLossLog const& log_;
    PlainRows rows_;
    std::vector<int> have_;  ///< In rows_, ascending.
};

/// What was decoded, to be compared with what was encoded.
class Proof {
 public:
    explicit Proof(PlainShape const& shape) : shape_(shape), found_(shape.layout.k) {}

    void add(Stretch stretch, PlainRows& rows) {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            for (auto const checksum : block_checksums(rows.row(static_cast<int>(i), stretch))) {
                found_[i].add(checksum);
            }
        }
    }
    [[nodiscard]] Result<void> finish(std::span<std::uint32_t const> roots) const {
        for (std::size_t i = 0; i < found_.size(); ++i) {
            if (found_[i].finish(shape_.shard_bytes()) != roots[i]) {
                return fail(
                    Errc::corrupt,
                    "shard {} as decoded is not what was encoded, though all checksums are right: "
                    "some shard is forged; `disgrafs erasure verify` all of them",
                    i
                );
            }
        }
        return {};
    }

 private:
    PlainShape shape_;
    std::vector<PlainRoot> found_;
};

}  // namespace

Result<void> decode_plain_shards(
    std::span<PlainShard* const> shards, PlainSink& out, PlainLossLog const& log
) {
    DISGRAFS_ASSERT(!shards.empty(), "no shards");
    auto const& first = *shards.front();
    auto const& shape = first.shape();
    for (auto const* const shard : shards) {
        DISGRAFS_ASSERT(shard->is_of_set_of(first), "shards of two sets");
    }
    Decoding decoding({shards.begin(), shards.end()}, shape, log);
    TRY_OK(decoding.check_count());
    Proof proof(shape);
    TRY_OK(each_stretch(shape, [&](Stretch stretch) -> Result<bool> {
        TRY(bool const is_read, decoding.gather(stretch, shape.layout.k));
        if (!is_read) {
            return false;
        }
        auto& rows = decoding.restored(stretch);
        proof.add(stretch, rows);
        TRY_OK(rows.store(stretch, out));
        return true;
    }));
    return proof.finish(first.roots());
}

Result<void> decode_bare_shards(
    PlainShape const& shape,
    std::span<BareShard* const> shards,
    PlainSink& out,
    PlainLossLog const& log
) {
    TRY_OK(check(shape));
    Decoding decoding({shards.begin(), shards.end()}, shape, log);
    TRY_OK(decoding.check_count());
    return each_stretch(shape, [&](Stretch stretch) -> Result<bool> {
        TRY(bool const is_read, decoding.gather(stretch, shards.size()));
        if (!is_read) {
            return false;
        }
        TRY_OK(decoding.compare(stretch));
        TRY_OK(decoding.restored(stretch).store(stretch, out));
        return true;
    });
}

std::string plain_shards_missing(Layout layout, std::span<int const> have) {
    std::vector<int> others;
    for (int index = 0; index < layout.total(); ++index) {
        if (std::ranges::find(have, index) == have.end()) {
            others.push_back(index);
        }
    }
    auto const missing = layout.k - static_cast<int>(have.size());
    return fmt::format(
        "{} of {} needed shards are at hand: give {} more of {}",
        have.size(),
        layout.k,
        missing == 1 ? "one" : fmt::format("{}", missing),
        names(others)
    );
}

}  // namespace disgrafs::erasure
