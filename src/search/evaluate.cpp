#include "search/evaluate.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "search/filters.hpp"
#include "search/tokens.hpp"

namespace disgrafs::search {

namespace {

using Docs = std::vector<Scored>;

/// In both; scores add up.
Docs intersect(Docs const& a, Docs const& b) {
    Docs out;
    auto right = b.begin();
    for (auto const& left : a) {
        while (right != b.end() && right->doc < left.doc) ++right;
        if (right == b.end()) break;
        if (right->doc == left.doc) out.push_back({left.doc, left.score + right->score});
    }
    return out;
}

/// In either. Alternatives of one word count once, by the best; parts joined by OR add up.
Docs unite(Docs const& a, Docs const& b, bool adds) {
    Docs out;
    out.reserve(a.size() + b.size());
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() || right != b.end()) {
        if (right == b.end() || (left != a.end() && left->doc < right->doc)) {
            out.push_back(*left++);
        } else if (left == a.end() || right->doc < left->doc) {
            out.push_back(*right++);
        } else {
            auto const score =
                adds ? left->score + right->score : std::max(left->score, right->score);
            out.push_back({left->doc, score});
            ++left;
            ++right;
        }
    }
    return out;
}

Docs without(Docs const& a, Docs const& b) {
    Docs out;
    auto right = b.begin();
    for (auto const& left : a) {
        while (right != b.end() && right->doc < left.doc) ++right;
        if (right == b.end() || right->doc != left.doc) out.push_back(left);
    }
    return out;
}

class Evaluator {
 public:
    Evaluator(Index const& index, graph::Image const& image, Found& found)
        : index_(index), image_(image), found_(found) {}

    Result<Docs> of(Query const& query) {
        switch (query.kind) {
            case Query::Kind::all:
                return all_of(query);
            case Query::Kind::any:
                return any_of(query);
            case Query::Kind::no:
                return none_of(query);
            case Query::Kind::words:
                return words(query.text);
            case Query::Kind::phrase:
                return phrase(query.text);
            case Query::Kind::filter:
                return filter(query);
        }
        return Docs{};
    }

 private:
    Result<Docs> all_of(Query const& query) {
        Docs out;
        auto is_first = true;
        for (auto const& part : query.parts) {
            if (part.kind == Query::Kind::no) continue;
            TRY(auto docs, of(part));
            out = is_first ? std::move(docs) : intersect(out, docs);
            is_first = false;
        }
        if (is_first) out = everything();
        for (auto const& part : query.parts) {
            if (part.kind != Query::Kind::no) continue;
            TRY(auto const docs, of(part.parts.front()));
            out = without(out, docs);
        }
        return out;
    }

    Result<Docs> any_of(Query const& query) {
        Docs out;
        for (auto const& part : query.parts) {
            TRY(auto docs, of(part));
            out = unite(out, docs, true);
        }
        return out;
    }

    Result<Docs> none_of(Query const& query) {
        TRY(auto const docs, of(query.parts.front()));
        return without(everything(), docs);
    }

    Docs everything() const {
        Docs out;
        for (auto const doc : index_.all()) out.push_back({doc, 0});
        return out;
    }

    Docs one_term(std::string_view term, double weight) {
        auto docs = index_.find(term, weight);
        if (!docs.empty()) found_.terms.emplace(term);
        return docs;
    }

    /// A word as its stem, and what else it may mean in names; CJK runs by their pairs.
    Docs one_word(Word const& word) {
        if (word.is_cjk) {
            Docs out;
            auto is_first = true;
            for (auto const& pair : pairs_of(word.folded)) {
                auto docs = one_term(pair, 1);
                out = is_first ? std::move(docs) : intersect(out, docs);
                is_first = false;
            }
            return out;
        }
        auto out = one_term(word.stem, 1);
        // What stands somewhere as typed is not misspelt.
        for (auto const& guess : index_.guesses(word.folded, out.empty())) {
            out = unite(out, one_term(guess.term, guess.weight), false);
        }
        return out;
    }

    Docs words(std::string const& text) {
        Docs out;
        auto is_first = true;
        for (auto const& word : words_of(text)) {
            auto docs = one_word(word);
            out = is_first ? std::move(docs) : intersect(out, docs);
            is_first = false;
        }
        return out;
    }

    /// All its words as they are; that they stand side by side is verified in the text afterwards.
    Docs phrase(std::string const& text) {
        Docs out;
        auto is_first = true;
        auto count = 0;
        for (auto const& word : words_of(text)) {
            ++count;
            auto terms = word.is_cjk ? pairs_of(word.folded) : std::vector{word.stem};
            for (auto const& term : terms) {
                auto docs = one_term(term, 1);
                out = is_first ? std::move(docs) : intersect(out, docs);
                is_first = false;
            }
            if (word.is_cjk && terms.size() > 1) ++count;
        }
        if (count > 1) found_.phrases.push_back(fold(text));
        return out;
    }

    Result<Docs> filter(Query const& query) {
        TRY(auto const passes, make_filter(query.field, query.text, image_));
        Docs out;
        for (auto const doc : index_.all()) {
            if (passes(index_.node_of(doc))) out.push_back({doc, 0});
        }
        return out;
    }

    Index const& index_;
    graph::Image const& image_;
    Found& found_;
};

}  // namespace

Result<Found> evaluate(Query const& query, Index const& index, graph::Image const& image) {
    Found found;
    Evaluator evaluator(index, image, found);
    TRY(found.docs, evaluator.of(query));
    return found;
}

}  // namespace disgrafs::search
