#include "analysers/words/single_rank.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace disgrafs::analysers {

namespace {

constexpr std::size_t window = 10;
constexpr double damping = 0.85;
constexpr int rounds_max = 100;
constexpr double settled = 1e-7;

struct Link {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double weight = 0;
};

/// Each pair within the window, both ways, equal pairs summed.
std::vector<Link> links_of(std::span<std::uint32_t const> words) {
    std::vector<std::uint64_t> pairs;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == no_word) continue;
        auto const end = std::min(words.size(), i + window);
        for (auto j = i + 1; j < end; ++j) {
            if (words[j] == no_word || words[j] == words[i]) continue;
            pairs.push_back(std::uint64_t{words[i]} << 32U | words[j]);
            pairs.push_back(std::uint64_t{words[j]} << 32U | words[i]);
        }
    }
    std::ranges::sort(pairs);
    std::vector<Link> links;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i > 0 && pairs[i] == pairs[i - 1]) {
            links.back().weight += 1;
        } else {
            links.push_back({
                .from = static_cast<std::uint32_t>(pairs[i] >> 32U),
                .to = static_cast<std::uint32_t>(pairs[i]),
                .weight = 1,
            });
        }
    }
    return links;
}

/// Makes the weights that leave each word add up to 1.
void normalise(std::vector<Link>& links, std::uint32_t count) {
    std::vector<double> leaving(count, 0);
    for (auto const& link : links) leaving[link.from] += link.weight;
    for (auto& link : links) link.weight /= leaving[link.from];
}

double distance(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum;
}

}  // namespace

std::vector<double> single_rank(std::span<std::uint32_t const> words, std::uint32_t count) {
    if (count == 0) return {};
    auto links = links_of(words);
    normalise(links, count);
    std::vector<double> ranks(count, 1.0 / count);
    for (int round = 0; round < rounds_max; ++round) {
        std::vector<double> next(count, (1 - damping) / count);
        double kept = 1 - damping;
        for (auto const& link : links) {
            auto const share = damping * ranks[link.from] * link.weight;
            next[link.to] += share;
            kept += share;
        }
        // What words without a link hold is spread over all, so that the sum stays 1.
        for (auto& rank : next) rank += (1 - kept) / count;
        auto const moved = distance(next, ranks);
        ranks = std::move(next);
        if (moved < settled) break;
    }
    return ranks;
}

}  // namespace disgrafs::analysers
