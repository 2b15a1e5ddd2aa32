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
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/galois.hpp"
#include "erasure/inverse.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t block_bytes = 4096;  // Of each shard, so that all stay in the cache.

bool have_lengths_of_a_stripe(Layout layout, std::span<ConstShard const> shards) {
    auto const size_bytes = shards[0].size();
    for (std::size_t i = 0; i < shards.size(); ++i) {
        auto const size = shards[i].size();
        if (i < layout.k ? size > size_bytes : size != size_bytes) {
            return false;
        }
        if (layout.w == 16 && size % 2 != 0) {
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

/// Computes `want` from `have` and gives the first place at which a wanted shard is another than
/// what was computed; nothing when all fit.
std::optional<std::size_t> first_misfit(
    Combination const& wanted,
    std::span<ConstShard const> shards,
    std::span<int const> have,
    std::span<int const> want
) {
    auto const size_bytes = shards[0].size();
    std::vector<std::byte> computed(want.size() * block_bytes);
    std::vector<ConstShard> sources(have.size());
    std::vector<MutableShard> outs(want.size());
    for (std::size_t at = 0; at < size_bytes; at += block_bytes) {
        auto const length = std::min(block_bytes, size_bytes - at);
        auto const part = [&](int index) {
            return part_of(shards[static_cast<std::size_t>(index)], at, length);
        };
        std::ranges::transform(have, sources.begin(), part);
        for (std::size_t i = 0; i < want.size(); ++i) {
            outs[i] = MutableShard(computed).subspan(i * block_bytes, length);
        }
        wanted.apply(sources, outs);
        std::optional<std::size_t> first;
        for (std::size_t i = 0; i < want.size(); ++i) {
            if (auto const place = first_difference(outs[i], part(want[i]))) {
                first = std::min(first.value_or(at + *place), at + *place);
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

template <typename F>
std::vector<int> liars_at(
    Layout layout,
    std::span<ConstShard const> shards,
    std::span<int const> honest,
    std::size_t place
) {
    constexpr std::size_t bytes = F::bits / 8;
    place -= place % bytes;
    std::vector<typename F::Element> elements;
    for (int const index : honest) {
        auto const shard = shards[static_cast<std::size_t>(index)];
        unsigned element = 0;
        for (std::size_t byte = 0; byte < bytes && place + byte < shard.size(); ++byte) {
            element |= static_cast<unsigned>(shard[place + byte]) << 8U * byte;
        }
        elements.push_back(static_cast<typename F::Element>(element));
    }
    return Locator<F>(layout, honest).liars(elements);
}

/// All copies are alike, but for fewer than half.
std::vector<int> liars_among_copies(std::span<ConstShard const> shards) {
    std::vector<int> best;
    std::size_t most = shards.size() / 2;  // A majority must be larger.
    for (auto const& truth : shards) {
        std::vector<int> others;
        for (std::size_t i = 0; i < shards.size(); ++i) {
            if (!std::ranges::equal(shards[i], truth)) {
                others.push_back(static_cast<int>(i));
            }
        }
        if (shards.size() - others.size() > most) {
            most = shards.size() - others.size();
            best = std::move(others);
        }
    }
    return best;
}

}  // namespace

bool Encoder::verify(std::span<ConstShard const> shards) const {
    DISGRAFS_ASSERT(
        shards.size() == static_cast<std::size_t>(layout_.total()),
        "{} shards of {}",
        shards.size(),
        layout_.total()
    );
    if (!have_lengths_of_a_stripe(layout_, shards)) {
        return false;
    }
    std::vector<int> data;
    std::vector<int> parity;
    for (int index = 0; index < layout_.total(); ++index) {
        (index < layout_.k ? data : parity).push_back(index);
    }
    return !first_misfit(parity_, shards, data, parity);
}

Verdict Encoder::examine(std::span<ConstShard const> shards) const {
    if (verify(shards)) {
        return {.fits = true};
    }
    if (layout_.matrix == Matrix::replica) {
        return {.fits = false, .liars = liars_among_copies(shards)};
    }
    if (!have_lengths_of_a_stripe(layout_, shards)) {
        return {};
    }
    std::vector<int> honest;
    for (int index = 0; index < layout_.total(); ++index) {
        honest.push_back(index);
    }
    std::vector<int> liars;
    while (liars.size() <= layout_.m / 2U) {
        std::span<int const> const all = honest;
        auto const have = all.first(layout_.k);
        auto const want = all.subspan(layout_.k);
        Combination const wanted(layout_.w, layout_.k, shards_from_shards(layout_, have, want));
        auto const misfit = first_misfit(wanted, shards, have, want);
        if (!misfit) {
            std::ranges::sort(liars);
            return {.fits = false, .liars = liars};
        }
        auto const found = layout_.w == 16 ? liars_at<Gf16>(layout_, shards, honest, *misfit)
                                           : liars_at<Gf8>(layout_, shards, honest, *misfit);
        if (found.empty()) {
            return {};
        }
        for (int const liar : found) {
            std::erase(honest, liar);
            liars.push_back(liar);
        }
    }
    return {};
}

}  // namespace disgrafs::erasure
