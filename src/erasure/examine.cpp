// Whether parity fits data, and who lies.
//
// Take any n shards of a stripe, at the points s. With v_s = 1 / Π_{r ≠ s} (s xor r), the sums
//     S_i = Σ_s  v_s · shard_s / scale_s · s^i          i = 0 … n − k − 1
// are zero exactly when the shards lie on one polynomial of degree below k (they are the leading
// coefficients of the interpolating polynomial and its multiples by x). Errors e_s leave
// S_i = Σ v_s e_s / scale_s · s^i over the liars alone: a sum of t powers, which satisfies a
// recurrence whose polynomial has the liars as its roots. Peterson 1960; the recurrence: Berlekamp
// 1968, Massey 1969.

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

/// Computes all shards but the first k from those, and gives the first byte at which one is another
/// than what was computed; nothing when all fit.
std::optional<std::size_t> first_misfit(
    Combination const& wanted, std::span<ConstShard const> shards
) {
    auto const k = wanted.source_count();
    auto const size_bytes = longest_of(shards);
    std::vector<std::byte> computed(wanted.out_count() * block_bytes);
    std::vector<ConstShard> sources(k);
    std::vector<MutableShard> outs(wanted.out_count());
    for (std::size_t at = 0; at < size_bytes; at += block_bytes) {
        auto const length = std::min(block_bytes, size_bytes - at);
        auto const part = [&](ConstShard shard) { return part_of(shard, at, length); };
        std::ranges::transform(shards.first(k), sources.begin(), part);
        for (std::size_t i = 0; i < outs.size(); ++i) {
            outs[i] = MutableShard(computed).subspan(i * block_bytes, length);
        }
        wanted.apply(sources, outs, Outs::near);
        std::optional<std::size_t> first;
        for (std::size_t i = 0; i < outs.size(); ++i) {
            if (auto const byte = first_difference(outs[i], part(shards[k + i]))) {
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
    Locator(Layout layout, std::span<int const> shards)
        : k_(layout.k), shards_(shards), weights_(weights(layout, shards)) {}

    /// `elements`: one of each shard. Empty when no set of few enough liars explains them.
    [[nodiscard]] std::vector<int> liars(std::span<Element const> elements) const {
        auto const sums = syndromes(elements);
        auto const factors = recurrence(sums);
        auto const count = factors.size() - 1;
        auto found = count * 2 > sums.size() ? std::vector<int>{} : roots(factors);
        return found.size() == count ? found : std::vector<int>{};
    }

 private:
    [[nodiscard]] std::vector<Element> syndromes(std::span<Element const> elements) const {
        std::vector<Element> sums(shards_.size() - k_);
        for (std::size_t s = 0; s < shards_.size(); ++s) {
            auto term = F::multiply(static_cast<Element>(weights_[s]), elements[s]);
            for (auto& sum : sums) {
                sum = static_cast<Element>(sum ^ term);
                term = F::multiply(term, static_cast<Element>(shards_[s]));
            }
        }
        return sums;
    }

    /// The shortest f with f_0 = 1 and Σ_j f_j · S_{i − j} = 0 for i from its length − 1 on. Grows
    /// only where the last one misses the next sum, by the last one that missed before.
    [[nodiscard]] static std::vector<Element> recurrence(std::span<Element const> sums) {
        std::vector<Element> factors{1};
        std::vector<Element> before{1};
        Element miss_before = 1;
        std::size_t count = 0;     // Liars that explain the sums so far.
        std::size_t distance = 1;  // Sums since `before` missed.
        for (std::size_t i = 0; i < sums.size(); ++i, ++distance) {
            auto const miss = miss_of(factors, sums, i);
            if (miss == 0) {
                continue;
            }
            auto grown = factors;
            grown.resize(std::max(grown.size(), before.size() + distance));
            auto const factor = F::multiply(miss, F::inverse(miss_before));
            for (std::size_t j = 0; j < before.size(); ++j) {
                auto& element = grown[j + distance];
                element = static_cast<Element>(element ^ F::multiply(factor, before[j]));
            }
            if (2 * count <= i) {
                count = i + 1 - count;
                before = std::move(factors);
                miss_before = miss;
                distance = 0;
            }
            factors = std::move(grown);
        }
        factors.resize(count + 1);
        return factors;
    }

    static Element miss_of(
        std::span<Element const> factors, std::span<Element const> sums, std::size_t i
    ) {
        Element miss = 0;
        for (std::size_t j = 0; j < factors.size() && j <= i; ++j) {
            miss = static_cast<Element>(miss ^ F::multiply(factors[j], sums[i - j]));
        }
        return miss;
    }

    /// The shards s with Σ_j f_j · s^(count − j) = 0.
    [[nodiscard]] std::vector<int> roots(std::span<Element const> factors) const {
        std::vector<int> found;
        for (int const shard : shards_) {
            Element sum = 0;
            for (auto const factor : factors) {
                auto const moved = F::multiply(sum, static_cast<Element>(shard));
                sum = static_cast<Element>(moved ^ factor);
            }
            if (sum == 0) {
                found.push_back(shard);
            }
        }
        return found;
    }

    std::size_t k_;
    std::span<int const> shards_;
    std::vector<Coefficient> weights_;  ///< v_s / scale_s
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
        std::span<int const> const known = indexes;
        auto rows = shards_from_shards(layout, known.first(layout.k), known.subspan(layout.k));
        return first_misfit(Combination(layout.w, layout.k, std::move(rows)), shards);
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
    return have_lengths_of_a_stripe(layout_, indexes_of(layout_), shards) &&
           !first_misfit(parity_, shards);
}

Verdict Encoder::examine(std::span<ConstShard const> shards) const {
    if (verify(shards)) {
        return {.fits = true};
    }
    return erasure::examine(layout_, indexes_of(layout_), shards);
}

Verdict examine(Layout layout, std::span<int const> have, std::span<ConstShard const> shards) {
    DISGRAFS_ASSERT(have.size() == shards.size(), "{} of {} shards", shards.size(), have.size());
    auto const checked = check_indexes(layout, {have});
    DISGRAFS_ASSERT(checked.has_value(), "{}", checked.error().message);
    if (!have_lengths_of_a_stripe(layout, have, shards)) {
        return {};
    }
    if (have.size() <= layout.k) {
        return {.fits = true};
    }
    if (layout.matrix == Matrix::replica) {
        auto liars = liars_among_copies(have, shards);
        auto const same = [&](ConstShard shard) { return std::ranges::equal(shard, shards[0]); };
        return {.fits = std::ranges::all_of(shards, same), .liars = std::move(liars)};
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
