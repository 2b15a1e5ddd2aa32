#pragma once

/// \file analysers/words/single_rank.hpp  How central each word of one text is.
///
/// Words that stand within a window of ten are linked, the link weighing how often; the rank of a
/// word is where a reader who follows links at random ends up (PageRank, damping 0.85).
/// Source: Wan and Xiao 2008, "Single Document Keyphrase Extraction".

#include <cstdint>
#include <span>
#include <vector>

namespace disgrafs::analysers {

inline constexpr std::uint32_t no_word = 0xFFFFFFFF;

/// `words`: at each position of the text a word's number (0 … count−1), or no_word for one that
/// takes a place but is not ranked. Gives `count` ranks that add up to 1.
/// Cost: 10 links per position, at most 100 rounds over the distinct links.
std::vector<double> single_rank(std::span<std::uint32_t const> words, std::uint32_t count);

}  // namespace disgrafs::analysers
