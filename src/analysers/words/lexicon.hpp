#pragma once

/// \file analysers/words/lexicon.hpp  Which parts of speech an English word can be.
///
/// Read once from WordNet's index files (Debian wordnet-base): single words, with how often each
/// part of speech was counted in WordNet's tagged corpus. Inflected forms are reduced by WordNet's
/// exception lists and the usual endings.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"

namespace disgrafs::analysers {

/// How likely each part of speech is, as counts; all 0 for an unknown word.
struct WordShares {
    float noun = 0;
    float verb = 0;
    float adjective = 0;
    float adverb = 0;

    [[nodiscard]] bool is_known() const { return noun + verb + adjective + adverb > 0; }
};

class Lexicon {
 public:
    /// `folder` holds index.noun, index.verb, index.adj, index.adv, *.exc and cntlist.rev.
    /// Cost: about 50 ms and 12 MB. Errors: unavailable (a file is missing or holds no words).
    static Result<Lexicon> load(std::string const& folder);

    /// `word` in lower case, any inflection. "results" counts as noun by "result".
    [[nodiscard]] WordShares find(std::string_view word) const;

    [[nodiscard]] std::size_t count() const { return shares_.size(); }

 private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <typename Value>
    using Map = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    Result<void> read_index(std::string const& path, float WordShares::* part);
    Result<void> read_counts(std::string const& path);
    Result<void> read_exceptions(std::string const& path, Map<std::string>& forms);

    [[nodiscard]] float base_share(std::string_view word, float WordShares::* part) const;
    [[nodiscard]] float noun_share(std::string_view word) const;
    [[nodiscard]] float verb_share(std::string_view word) const;
    [[nodiscard]] float adjective_share(std::string_view word) const;

    Map<WordShares> shares_;
    Map<std::string> irregular_nouns_;  ///< children → child
    Map<std::string> irregular_verbs_;  ///< wrote → write
};

}  // namespace disgrafs::analysers
