#include "analysers/words/tagger.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysers/words/stop_words.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::string_view adjective_endings[] = {
    "able", "ible",  "al",   "ic",       "ical", "ive",  "ous",    "ful",    "less",  "ary",
    "ish",  "based", "like", "oriented", "free", "wise", "shaped", "driven", "aware", "sized",
};

template <std::size_t count>
bool ends_with_any(std::string_view word, std::string_view const (&endings)[count]) {
    return std::ranges::any_of(endings, [&](std::string_view ending) {
        return word.size() > ending.size() + 1 && word.ends_with(ending);
    });
}

bool has_letter(std::string_view word) {
    return std::ranges::any_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    });
}

/// What a word can be by the lexicon and by its form, without its neighbours.
WordShares shares_of(std::string_view word, Lexicon const& lexicon) {
    auto shares = lexicon.find(word);
    if (auto const hyphen = word.rfind('-'); !shares.is_known() && hyphen != word.npos) {
        shares = lexicon.find(word.substr(hyphen + 1));
        if (shares.verb > shares.noun && (word.ends_with("ed") || word.ends_with("ing"))) {
            return {.adjective = 1};
        }
        if (ends_with_any(word, adjective_endings)) return {.adjective = 1};
    }
    if (shares.is_known()) return shares;
    if (word.ends_with("ly")) return {.adverb = 1};
    if (ends_with_any(word, adjective_endings)) return {.adjective = 1};
    return {.noun = 1};
}

class Tagger {
 public:
    Tagger(
        std::span<Token const> tokens, std::span<std::string const> lower, Lexicon const& lexicon
    )
        : tokens_(tokens), lower_(lower), lexicon_(lexicon) {}

    std::vector<WordClass> run() {
        classes_.assign(tokens_.size(), WordClass::other);
        for (std::size_t i = 0; i < tokens_.size(); ++i) classes_[i] = class_of(i);
        return std::move(classes_);
    }

 private:
    [[nodiscard]] StopWord stop_before(std::size_t i) const {
        if (i == 0 || tokens_[i].gap != Gap::space) return StopWord::none;
        return stop_word(lower_[i - 1]);
    }

    /// Whether a noun or adjective stands directly before.
    [[nodiscard]] bool follows_phrase(std::size_t i) const {
        return i > 0 && tokens_[i].gap == Gap::space && classes_[i - 1] != WordClass::other;
    }

    [[nodiscard]] bool stops_after(std::size_t i) const {
        return i + 1 == tokens_.size() || tokens_[i + 1].gap != Gap::space;
    }

    /// Whether what follows can begin or continue a noun phrase: then a participle qualifies it.
    [[nodiscard]] bool noun_after(std::size_t i) const {
        if (stops_after(i) || stop_word(lower_[i + 1]) != StopWord::none) return false;
        auto const next = shares_of(lower_[i + 1], lexicon_);
        return next.noun + next.adjective > next.adverb + 0.3F * next.verb;
    }

    [[nodiscard]] bool determiner_after(std::size_t i) const {
        return !stops_after(i) && stop_word(lower_[i + 1]) == StopWord::determiner;
    }

    [[nodiscard]] WordClass class_of(std::size_t i) const {
        auto const& word = lower_[i];
        if (stop_word(word) != StopWord::none || !has_letter(word)) return WordClass::other;
        auto shares = shares_of(word, lexicon_);
        weigh_by_form(i, shares);
        weigh_by_neighbours(i, shares);
        auto const best = std::max({shares.noun, shares.verb, shares.adjective, shares.adverb});
        if (best == shares.noun) return WordClass::noun;
        return best == shares.adjective ? WordClass::adjective : WordClass::other;
    }

    /// Participles: "distributed systems", "data mining", but "we distributed", "mining the data".
    void weigh_by_form(std::size_t i, WordShares& shares) const {
        auto const& word = lower_[i];
        if (shares.verb == 0) return;
        auto const total = shares.noun + shares.verb + shares.adjective;
        if (word.ends_with("ed") && noun_after(i) && (shares.adjective > 0 || qualifies(i))) {
            shares.adjective += total;
        }
        if (word.ends_with("ing") && !determiner_after(i)) {
            auto const is_noun = follows_phrase(i) || (qualifies(i) && shares.noun > 0);
            if (is_noun)
                shares.noun += total;
            else if (qualifies(i) && noun_after(i))
                shares.adjective += total;
        }
    }

    /// Whether a word here stands within a noun phrase, by what stands before it.
    [[nodiscard]] bool qualifies(std::size_t i) const {
        auto const before = stop_before(i);
        return follows_phrase(i) || before == StopWord::determiner;
    }

    void weigh_by_neighbours(std::size_t i, WordShares& shares) const {
        switch (stop_before(i)) {
            case StopWord::determiner:
            case StopWord::preposition:
                shares.verb *= 0.1F;
                break;
            case StopWord::auxiliary:
                shares.verb *= 20;
                break;
            case StopWord::pronoun:
                shares.verb *= 10;
                break;
            default:
                break;
        }
        if (follows_phrase(i)) {
            if (classes_[i - 1] == WordClass::adjective) shares.verb *= 0.1F;
            shares.verb *= determiner_after(i) ? 3.0F : stops_after(i) ? 0.2F : 0.5F;
        }
        if (noun_after(i)) shares.adjective *= 2;
    }

    std::span<Token const> tokens_;
    std::span<std::string const> lower_;
    Lexicon const& lexicon_;
    std::vector<WordClass> classes_;
};

}  // namespace

std::vector<WordClass> tag_english(
    std::span<Token const> tokens, std::span<std::string const> lower, Lexicon const& lexicon
) {
    return Tagger(tokens, lower, lexicon).run();
}

}  // namespace disgrafs::analysers
