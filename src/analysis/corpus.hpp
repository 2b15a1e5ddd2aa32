#pragma once

/// \file analysis/corpus.hpp  All analysed files as vectors: how rare a stem is, which files are
/// alike.
///
/// A file is at most stems_max stems with counts, and a perceptual hash if it is a picture.
/// Likeness of texts is the cosine of tf-idf weights, (1 + ln tf) · ln(1 + N/df) (Salton & Buckley
/// 1988), and the stems that add most to it are the reason that people read. Pictures are alike
/// when their hashes differ in at most phash_bits_max of 64 bits.
///
/// Kept in RAM, built from the rows S (docs/formats/keys.md); about 1 KiB per text.
/// Concurrency: one event loop.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/keyphrase_ranking.hpp"
#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace disgrafs::analysis {

inline constexpr std::size_t stems_max = 160;
inline constexpr int phash_bits_max = 10;

/// What is kept of one file.
struct Portrait {
    struct Stem {
        std::string stem;
        std::string shown;  ///< As people write it; the stem itself when that is not known.
        std::uint32_t count = 0;
    };
    std::vector<Stem> stems;
    std::optional<std::uint64_t> phash;
};

Portrait portrait_of(Findings const& findings);
/// Row S: varint version 1 | varint count | {text stem, text shown, varint count}… | u8 has phash,
/// u64.
Bytes encode_portrait(Portrait const& portrait);
Result<Portrait> decode_portrait(ByteView row);

struct Likeness {
    NodeId file;
    double score = 0;              ///< 0 … 1
    std::vector<std::string> why;  ///< At most 4 words or phrases that both share.
};

class Corpus : public DocumentFrequencies {
 public:
    void put(NodeId file, Portrait const& portrait);
    void remove(NodeId file);

    [[nodiscard]] std::uint64_t documents() const override { return files_.size(); }
    [[nodiscard]] std::uint64_t with(std::string_view stem) const override;

    /// The best `count` other files with a score of at least `least`, best first.
    /// Cost: the postings of the file's stems, except those in more than a fifth of a large corpus.
    [[nodiscard]] std::vector<Likeness> similar_to(NodeId file, std::size_t count, double least)
        const;

 private:
    using StemId = std::uint32_t;
    struct Weight {
        StemId stem = 0;
        float tf = 0;  ///< 1 + ln count
    };
    struct File {
        std::vector<Weight> weights;  ///< By stem.
        std::optional<std::uint64_t> phash;
    };
    struct Stem {
        std::string shown;
        std::vector<NodeId> files;
    };

    StemId intern(Portrait::Stem const& stem);
    [[nodiscard]] double idf(StemId stem) const;
    [[nodiscard]] double norm(File const& file) const;
    [[nodiscard]] Likeness compare(NodeId id, File const& mine, File const& other) const;
    void add_pictures(NodeId self, File const& mine, std::vector<Likeness>& out) const;

    std::unordered_map<std::string, StemId> ids_;
    std::vector<Stem> stems_;
    std::unordered_map<NodeId, File> files_;
};

}  // namespace disgrafs::analysis
