// Whether parity fits data, and who lies.
//
// Take any n shards of a stripe, at the points s. With v_s = 1 / Π_{r ≠ s} (s xor r), the sums
//     S_i = Σ_s  v_s · shard_s / scale_s · s^i          i = 0 … n − k − 1
// are zero exactly when the shards lie on one polynomial of degree below k (they are the leading
// coefficients of the interpolating polynomial and its multiples by x). Errors e_s leave
// S_i = Σ v_s e_s / scale_s · s^i over the liars alone: a sum of t powers, which satisfies a
// recurrence whose polynomial has the liars as its roots. Peterson 1960; Gorenstein & Zierler 1961.

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/combination.hpp"
#include "erasure/galois.hpp"
#include "erasure/inverse.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t block_bytes = 4096;  // Of each shard, so that all stay in the cache.

std::size_t longest_of(std::span<ConstShard const> shards) {
    std::size_t longest = 0;
    for (auto const shard : shards) {
        longest = std::max(longest, shard.size());
    }
    return longest;
}

bool have_lengths_of_a_stripe(
    Layout layout, std::span<int const> have, std::span<ConstShard const> shards
) {
    auto const longest = longest_of(shards);
    for (std::size_t i = 0; i < shards.size(); ++i) {
        auto const size = shards[i].size();
        bool const must_be_whole = have[i] == 0 || have[i] >= layout.k;
        if ((must_be_whole && size != longest) || (layout.w == 16 && size % 2 != 0)) {
            return false;
        }
    }
    return true;
}

ConstShard part_of(ConstShard shard, std::size_t at, std::size_t size) {
    auto const from = std::min(at, shard.size());
    return shard.subspan(from, std::min(size, shard.size() - from));
}

/// Where `found` is not what was expected; beyond its end it counts as zeros.
std::optional<std::size_t> first_difference(ByteView expected, ByteView found) {
    if (expected.size() == found.size() && std::ranges::equal(expected, found)) {
        return std::nullopt;
    }
    for (std::size_t at = 0; at < expected.size(); ++at) {
        if (expected[at] != (at < found.size() ? found[at] : std::byte{0})) {
            return at;
        }
    }
    return std::nullopt;
}

/// Computes the shards at the places `want` from those at `from`, and gives the first byte at which
/// a wanted shard is another than what was computed; nothing when all fit.
std::optional<std::size_t> first_misfit(
    Combination const& wanted,
    std::span<ConstShard const> shards,
    std::span<std::size_t const> from,
    std::span<std::size_t const> want
) {
    auto const size_bytes = longest_of(shards);
    std::vector<std::byte> computed(want.size() * block_bytes);
    std::vector<ConstShard> sources(from.size());
    std::vector<MutableShard> outs(want.size());
    for (std::size_t at = 0; at < size_bytes; at += block_bytes) {
        auto const length = std::min(block_bytes, size_bytes - at);
        auto const part = [&](std::size_t place) { return part_of(shards[place], at, length); };
        std::ranges::transform(from, sources.begin(), part);
        for (std::size_t i = 0; i < want.size(); ++i) {
            outs[i] = MutableShard(computed).subspan(i * block_bytes, length);
        }
        wanted.apply(sources, outs);
        std::optional<std::size_t> first;
        for (std::size_t i = 0; i < want.size(); ++i) {
            if (auto const byte = first_difference(outs[i], part(want[i]))) {
                first = std::min(first.value_or(at + *byte), at + *byte);
            }
        }
        if (first) {
            return first;
        }
    }
    return std::nullopt;
}

/// Finds liars by the elements that stand at one place of some shards.
template <typename F>
class Locator {
 public:
    using Element = typename F::Element;

    /// `shards` are not among the liars that are known already.
    Locator(Layout layout, std::span<int const> shards) : layout_(layout), shards_(shards) {
        std::vector<int> const points(shards.begin(), shards.end());
        for (int const shard : shards) {
            Element product = 1;
            for (int const other : points) {
                auto const distance = static_cast<Element>(shard ^ other);
                product = other == shard ? product : F::multiply(product, distance);
            }
            auto const below = F::multiply(product, static_cast<Element>(scale(layout, shard)));
            weights_.push_back(F::inverse(below));
        }
    }

    /// `elements`: one of each shard. Empty when no set of few enough liars explains them.
    [[nodiscard]] std::vector<int> liars(std::span<Element const> elements) const {
        auto const sums = syndromes(elements);
        for (auto count = sums.size() / 2; count > 0; --count) {
            if (auto const factors = recurrence(sums, count)) {
                auto found = roots(*factors);
                return found.size() == count ? found : std::vector<int>{};
            }
        }
        return {};
    }

 private:
    [[nodiscard]] std::vector<Element> syndromes(std::span<Element const> elements) const {
        std::vector<Element> sums(shards_.size() - layout_.k);
        for (std::size_t s = 0; s < shards_.size(); ++s) {
            auto term = F::multiply(weights_[s], elements[s]);
            for (auto& sum : sums) {
                sum = static_cast<Element>(sum ^ term);
                term = F::multiply(term, static_cast<Element>(shards_[s]));
            }
        }
        return sums;
    }

    /// f with S_{i + count} = Σ_j f_j · S_{i + j}; empty when there is none of this length.
    [[nodiscard]] static std::optional<std::vector<Element>> recurrence(
        std::span<Element const> sums, std::size_t count
    ) {
        std::vector<Coefficient> hankel;
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < count; ++j) {
                hankel.push_back(sums[i + j]);
            }
        }
        auto const inverse = invert(F::bits, count, hankel);
        if (!inverse) {
            return std::nullopt;
        }
        std::vector<Element> factors(count);
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t j = 0; j < count; ++j) {
                auto const factor = static_cast<Element>((*inverse)[i * count + j]);
                auto const term = F::multiply(factor, sums[count + j]);
                factors[i] = static_cast<Element>(factors[i] ^ term);
            }
        }
        return factors;
    }

    /// The shards s with s^count = Σ_j f_j · s^j.
    [[nodiscard]] std::vector<int> roots(std::span<Element const> factors) const {
        std::vector<int> found;
        for (int const shard : shards_) {
            Element power = 1;
            Element sum = 0;
            for (auto const factor : factors) {
                sum = static_cast<Element>(sum ^ F::multiply(factor, power));
                power = F::multiply(power, static_cast<Element>(shard));
            }
            if (sum == power) {
                found.push_back(shard);
            }
        }
        return found;
    }

    Layout layout_;
    std::span<int const> shards_;
    std::vector<Element> weights_;  ///< v_s / scale_s
};

/// The liars among the shards with these indexes, by their elements at `byte`.
template <typename F>
std::vector<int> liars_at(
    Layout layout,
    std::span<int const> indexes,
    std::span<ConstShard const> shards,
    std::size_t byte
) {
    constexpr std::size_t bytes = F::bits / 8;
    byte -= byte % bytes;
    std::vector<typename F::Element> elements;
    for (auto const shard : shards) {
        unsigned element = 0;
        for (std::size_t i = 0; i < bytes && byte + i < shard.size(); ++i) {
            element |= static_cast<unsigned>(shard[byte + i]) << 8U * i;
        }
        elements.push_back(static_cast<typename F::Element>(element));
    }
    return Locator<F>(layout, indexes).liars(elements);
}

/// All copies are alike, but for fewer than half.
std::vector<int> liars_among_copies(std::span<int const> have, std::span<ConstShard const> shards) {
    std::vector<int> best;
    std::size_t most = shards.size() / 2;  // A majority must be larger.
    for (auto const& truth : shards) {
        std::vector<int> others;
        for (std::size_t i = 0; i < shards.size(); ++i) {
            if (!std::ranges::equal(shards[i], truth)) {
                others.push_back(have[i]);
            }
        }
        if (shards.size() - others.size() > most) {
            most = shards.size() - others.size();
            best = std::move(others);
        }
    }
    return best;
}

std::vector<int> indexes_of(Layout layout) {
    std::vector<int> all(static_cast<std::size_t>(layout.total()));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

/// Shards that are believed: the first k tell what the others must be.
struct Honest {
    std::vector<int> indexes;
    std::vector<ConstShard> shards;

    [[nodiscard]] std::optional<std::size_t> misfit(Layout layout) const {
        std::vector<std::size_t> places(indexes.size());
        std::iota(places.begin(), places.end(), 0);
        std::span<std::size_t const> const all = places;
        std::span<int const> const known = indexes;
        auto rows = shards_from_shards(layout, known.first(layout.k), known.subspan(layout.k));
        Combination const wanted(layout.w, layout.k, std::move(rows));
        return first_misfit(wanted, shards, all.first(layout.k), all.subspan(layout.k));
    }
    void remove(int index) {
        auto const found = std::ranges::find(indexes, index);
        shards.erase(shards.begin() + (found - indexes.begin()));
        indexes.erase(found);
    }
};

}  // namespace

bool Encoder::verify(std::span<ConstShard const> shards) const {
    DISGRAFS_ASSERT(
        shards.size() == static_cast<std::size_t>(layout_.total()),
        "{} shards of {}",
        shards.size(),
        layout_.total()
    );
    if (!have_lengths_of_a_stripe(layout_, indexes_of(layout_), shards)) {
        return false;
    }
    std::vector<std::size_t> places(shards.size());
    std::iota(places.begin(), places.end(), 0);
    std::span<std::size_t const> const all = places;
    return !first_misfit(parity_, shards, all.first(layout_.k), all.subspan(layout_.k));
}

Verdict Encoder::examine(std::span<ConstShard const> shards) const {
    if (verify(shards)) {
        return {.fits = true};
    }
    return erasure::examine(layout_, indexes_of(layout_), shards);
}

Verdict examine(Layout layout, std::span<int const> have, std::span<ConstShard const> shards) {
    DISGRAFS_ASSERT(have.size() == shards.size(), "{} of {} shards", shards.size(), have.size());
    if (have.size() <= layout.k) {
        return {.fits = true};
    }
    if (layout.matrix == Matrix::replica) {
        auto liars = liars_among_copies(have, shards);
        auto const same = [&](ConstShard shard) { return std::ranges::equal(shard, shards[0]); };
        return {.fits = std::ranges::all_of(shards, same), .liars = std::move(liars)};
    }
    if (!have_lengths_of_a_stripe(layout, have, shards)) {
        return {};
    }
    Honest honest{.indexes = {have.begin(), have.end()}, .shards = {shards.begin(), shards.end()}};
    auto const liars_max = (have.size() - layout.k) / 2;
    std::vector<int> liars;
    while (liars.size() <= liars_max) {
        auto const byte = honest.misfit(layout);
        if (!byte) {
            std::ranges::sort(liars);
            return {.fits = liars.empty(), .liars = std::move(liars)};
        }
        auto const locate = layout.w == 16 ? liars_at<Gf16> : liars_at<Gf8>;
        auto const found = locate(layout, honest.indexes, honest.shards, *byte);
        if (found.empty()) {
            return {};
        }
        for (int const liar : found) {
            honest.remove(liar);
            liars.push_back(liar);
        }
    }
    return {};
}

}  // namespace disgrafs::erasure
