#pragma once

/// \file analysis/keyphrase_ranking.hpp  Which candidates say what a file is about.
///
/// The analyser sees one file; how rare a phrase is among all files only the index server knows.
/// So the analyser hands over candidates, and here they are ranked by three orders fused:
///
///     1/(10 + r_tfidf) + 1/(10 + r_singlerank) + 0.5/(10 + r_first)        r = 1, 2, 3 …
///     tfidf = count · log2(N / (1 + df))
///
/// Source: ../shared/notes/analysis.md §5.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/findings.hpp"

namespace disgrafs::analysis {

/// How many documents there are, and how many hold a stem. The document being ranked may or may
/// not be counted.
class DocumentFrequencies {
 public:
    virtual ~DocumentFrequencies() = default;
    [[nodiscard]] virtual std::uint64_t documents() const = 0;
    [[nodiscard]] virtual std::uint64_t with(std::string_view stem) const = 0;
};

/// The stems by which one document counts in the frequencies: those of its terms and of its
/// candidates, each once, in byte order.
std::vector<std::string> frequency_stems(Findings const& findings);

struct RankedPhrase {
    std::string phrase;
    std::string stem;
    double score = 0;  ///< 0 … 1; 1 = first in all three orders.

    friend bool operator==(RankedPhrase const&, RankedPhrase const&) = default;
};

/// The best `count` candidates, best first; equal scores go by first occurrence, then by stem.
/// Cost: three sorts of the candidates and one lookup each.
std::vector<RankedPhrase> rank_keyphrases(
    std::vector<Candidate> const& candidates,
    DocumentFrequencies const& frequencies,
    std::size_t count
);

}  // namespace disgrafs::analysis
