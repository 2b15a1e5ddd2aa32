#pragma once

/// \file search/index.hpp  The inverted index in RAM: term → documents, in three fields.
///
/// A document is one file or folder, by a small number that is never reused until the index is
/// rebuilt. BM25F (Robertson, Zaragoza & Taylor 2004): the fields' term frequencies are weighted
/// and normalised by the field's length, then saturate together; k1 = 1.2, b = 0.75.
///
/// Concurrency: one event loop.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "search/tokens.hpp"

namespace disgrafs::search {

enum class Field : std::uint8_t { name, tags, body };
inline constexpr std::size_t field_count = 3;

using DocId = std::uint32_t;
using TermId = std::uint32_t;

/// What is indexed of one file: per field, how often each term occurs.
struct Document {
    std::array<std::vector<Token>, field_count> fields;
};

struct Scored {
    DocId doc = 0;
    double score = 0;
};

class Index {
 public:
    /// Replaces what was known of `node`.
    void put(NodeId node, Document const& document);
    void remove(NodeId node);

    [[nodiscard]] std::size_t documents() const { return docs_by_node_.size(); }
    [[nodiscard]] NodeId node_of(DocId doc) const { return docs_[doc].node; }
    [[nodiscard]] std::optional<DocId> doc_of(NodeId node) const;
    /// Every document, ascending.
    [[nodiscard]] std::vector<DocId> all() const;

    /// Documents with the term, ascending, scored; `weight` scales (1 = as typed).
    [[nodiscard]] std::vector<Scored> find(std::string_view term, double weight) const;
    [[nodiscard]] std::size_t documents_with(std::string_view term) const;

    /// Terms of names and tags that the typed word may mean: it is their beginning, or stands
    /// inside them (3 characters or more), or is within an edit distance of 1 (4 characters or
    /// more) or 2 (8 or more; 5 or more when nothing else is found). At most 64, best first.
    struct Guess {
        std::string_view term;
        double weight = 0;
    };
    [[nodiscard]] std::vector<Guess> guesses(std::string_view word, bool with_misspelt) const;

 private:
    struct Posting {
        DocId doc = 0;
        std::array<std::uint16_t, field_count> counts{};
    };
    struct Term {
        std::vector<Posting> postings;  ///< Ascending by doc; may name dead documents.
        std::uint32_t live = 0;
        std::uint32_t in_names = 0;  ///< Live documents with it in name or tags.
    };
    struct Doc {
        NodeId node;  ///< 0: dead.
        std::array<std::uint32_t, field_count> lengths{};
        std::vector<TermId> terms;
    };

    TermId intern(std::string const& term);
    void compact();

    std::map<std::string, TermId, std::less<>> vocabulary_;
    std::vector<Term> terms_;
    std::vector<Doc> docs_;
    std::unordered_map<NodeId, DocId> docs_by_node_;
    std::array<std::uint64_t, field_count> total_lengths_{};
    std::size_t dead_ = 0;
};

/// Levenshtein distance in characters (UTF-8), `most` + 1 when it is greater than `most`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most);

}  // namespace disgrafs::search
