#include "analysis/keyphrase_ranking.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace disgrafs::analysis {

namespace {

constexpr double rank_offset = 10;
constexpr double first_weight = 0.5;
constexpr double best_score = (1 + 1 + first_weight) / (rank_offset + 1);

/// What an order goes by; the second decides between equal firsts.
using Value = std::pair<double, double>;

/// In a corpus of one or two files every phrase is equally rare; then the count decides.
Value tf_idf(Candidate const& candidate, DocumentFrequencies const& frequencies) {
    auto const with = static_cast<double>(frequencies.with(candidate.stem));
    auto const documents = std::max(static_cast<double>(frequencies.documents()), 1 + with);
    return {candidate.count * std::log2(documents / (1 + with)), candidate.count};
}

/// Indices of `values`, greatest first; equal values in the order in which they stand.
template <typename Values>
std::vector<std::size_t> greatest_first(Values const& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return values[a] != values[b] ? values[a] > values[b] : a < b;
    });
    return order;
}

/// Adds weight / (offset + rank) to each score; rank 1 has the greatest value.
void add_order(std::vector<double>& scores, std::vector<Value> const& values, double weight) {
    auto const order = greatest_first(values);
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        scores[order[rank]] += weight / (rank_offset + 1 + static_cast<double>(rank));
    }
}

template <typename ValueOf>
std::vector<Value> values_of(std::vector<Candidate> const& candidates, ValueOf value_of) {
    std::vector<Value> values;
    values.reserve(candidates.size());
    for (auto const& candidate : candidates) values.push_back(value_of(candidate));
    return values;
}

/// By first occurrence, then by stem: an order that the caller's order does not change.
std::vector<Candidate> in_order_of_text(std::vector<Candidate> candidates) {
    std::ranges::sort(candidates, [](Candidate const& a, Candidate const& b) {
        return std::tie(a.first, a.stem) < std::tie(b.first, b.stem);
    });
    return candidates;
}

}  // namespace

std::vector<std::string> frequency_stems(Findings const& findings) {
    std::vector<std::string> stems;
    for (auto const& term : findings.terms) stems.push_back(term.stem);
    for (auto const& candidate : findings.candidates) stems.push_back(candidate.stem);
    std::ranges::sort(stems);
    auto const rest = std::ranges::unique(stems);
    stems.erase(rest.begin(), rest.end());
    return stems;
}

std::vector<RankedPhrase> rank_keyphrases(
    std::vector<Candidate> const& candidates,
    DocumentFrequencies const& frequencies,
    std::size_t count
) {
    auto const ordered = in_order_of_text(candidates);
    std::vector<double> scores(ordered.size(), 0);
    auto const rarity = [&](Candidate const& one) { return tf_idf(one, frequencies); };
    auto const centrality = [](Candidate const& one) { return Value(one.singlerank, 0); };
    auto const earliness = [](Candidate const& one) {
        return Value(-static_cast<double>(one.first), 0);
    };
    add_order(scores, values_of(ordered, rarity), 1);
    add_order(scores, values_of(ordered, centrality), 1);
    add_order(scores, values_of(ordered, earliness), first_weight);

    std::vector<RankedPhrase> ranked;
    for (auto const index : greatest_first(scores)) {
        if (ranked.size() == count) break;
        ranked.push_back({ordered[index].phrase, ordered[index].stem, scores[index] / best_score});
    }
    return ranked;
}

}  // namespace disgrafs::analysis
