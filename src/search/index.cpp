#include "search/index.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace disgrafs::search {

namespace {

constexpr double k1 = 1.2;
constexpr double b = 0.75;
constexpr std::array<double, field_count> field_weights{4.0, 3.0, 1.0};
constexpr std::size_t guesses_max = 64;

std::u32string_view::size_type characters_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

std::u32string to_characters(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        auto const first = static_cast<unsigned char>(text[at]);
        std::size_t const size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t c = first;
        for (std::size_t more = 1; more < size && at + more < text.size(); ++more) {
            c = (c << 8U) | static_cast<unsigned char>(text[at + more]);
        }
        out.push_back(c);
        at += size;
    }
    return out;
}

std::size_t distance(std::u32string const& a, std::u32string const& other, std::size_t most) {
    auto const longer = std::max(a.size(), other.size());
    auto const shorter = std::min(a.size(), other.size());
    if (longer - shorter > most) return most + 1;
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t column = 0; column <= other.size(); ++column) row[column] = column;
    for (std::size_t line = 1; line <= a.size(); ++line) {
        auto diagonal = row[0];
        row[0] = line;
        auto least = row[0];
        for (std::size_t column = 1; column <= other.size(); ++column) {
            auto const change = diagonal + (a[line - 1] == other[column - 1] ? 0 : 1);
            diagonal = row[column];
            row[column] = std::min({change, row[column] + 1, row[column - 1] + 1});
            least = std::min(least, row[column]);
        }
        if (least > most) return most + 1;
    }
    return std::min(row.back(), most + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view other, std::size_t most) {
    return distance(to_characters(a), to_characters(other), most);
}

TermId Index::intern(std::string const& term) {
    auto const [found, is_new] = vocabulary_.emplace(term, static_cast<TermId>(terms_.size()));
    if (is_new) terms_.emplace_back();
    return found->second;
}

void Index::put(NodeId node, Document const& document) {
    remove(node);
    auto const id = static_cast<DocId>(docs_.size());
    Doc doc{.node = node, .lengths = {}, .terms = {}};
    std::map<TermId, std::array<std::uint16_t, field_count>> counts;
    for (std::size_t field = 0; field < field_count; ++field) {
        auto const& tokens = document.fields[field];
        doc.lengths[field] = static_cast<std::uint32_t>(tokens.size());
        total_lengths_[field] += tokens.size();
        for (auto const& token : tokens) {
            auto& count = counts[intern(token.term)][field];
            if (count < UINT16_MAX) ++count;
        }
    }
    for (auto const& [term, by_field] : counts) {
        auto& kept = terms_[term];
        kept.postings.push_back({id, by_field});
        ++kept.live;
        if (by_field[0] + by_field[1] > 0) ++kept.in_names;
        doc.terms.push_back(term);
    }
    docs_.push_back(std::move(doc));
    docs_by_node_[node] = id;
}

void Index::remove(NodeId node) {
    auto const found = docs_by_node_.find(node);
    if (found == docs_by_node_.end()) return;
    auto& doc = docs_[found->second];
    for (auto const term : doc.terms) {
        auto& kept = terms_[term];
        --kept.live;
        auto const posting =
            std::ranges::lower_bound(kept.postings, found->second, {}, &Posting::doc);
        if (posting->counts[0] + posting->counts[1] > 0) --kept.in_names;
    }
    for (std::size_t field = 0; field < field_count; ++field) {
        total_lengths_[field] -= doc.lengths[field];
    }
    doc = {};
    docs_by_node_.erase(found);
    if (++dead_ > 1000 && dead_ > docs_by_node_.size()) compact();
}

/// Documents get new numbers in the old order; dead postings go.
void Index::compact() {
    constexpr auto dead = UINT32_MAX;
    std::vector<DocId> renumbered(docs_.size(), dead);
    std::vector<Doc> live;
    for (std::size_t old = 0; old < docs_.size(); ++old) {
        if (docs_[old].node.value == 0) continue;
        renumbered[old] = static_cast<DocId>(live.size());
        docs_by_node_[docs_[old].node] = renumbered[old];
        live.push_back(std::move(docs_[old]));
    }
    for (auto& term : terms_) {
        auto const is_dead = [&](Posting const& posting) {
            return renumbered[posting.doc] == dead;
        };
        std::erase_if(term.postings, is_dead);
        for (auto& posting : term.postings) posting.doc = renumbered[posting.doc];
    }
    docs_ = std::move(live);
    dead_ = 0;
}

std::optional<DocId> Index::doc_of(NodeId node) const {
    auto const found = docs_by_node_.find(node);
    if (found == docs_by_node_.end()) return std::nullopt;
    return found->second;
}

std::vector<DocId> Index::all() const {
    std::vector<DocId> out;
    for (std::size_t id = 0; id < docs_.size(); ++id) {
        if (docs_[id].node.value != 0) out.push_back(static_cast<DocId>(id));
    }
    return out;
}

std::size_t Index::documents_with(std::string_view term) const {
    auto const found = vocabulary_.find(term);
    return found == vocabulary_.end() ? 0 : terms_[found->second].live;
}

std::vector<Scored> Index::find(std::string_view term, double weight) const {
    auto const found = vocabulary_.find(term);
    if (found == vocabulary_.end()) return {};
    auto const& kept = terms_[found->second];
    auto const count = static_cast<double>(docs_by_node_.size());
    auto const with = static_cast<double>(kept.live);
    auto const idf = std::log(1 + (count - with + 0.5) / (with + 0.5));
    std::vector<Scored> out;
    out.reserve(kept.live);
    for (auto const& posting : kept.postings) {
        auto const& doc = docs_[posting.doc];
        if (doc.node.value == 0) continue;
        double tf = 0;
        for (std::size_t field = 0; field < field_count; ++field) {
            if (posting.counts[field] == 0) continue;
            auto const average = std::max(1.0, static_cast<double>(total_lengths_[field]) / count);
            auto const length = static_cast<double>(doc.lengths[field]) / average;
            tf += field_weights[field] * posting.counts[field] / (1 - b + b * length);
        }
        out.push_back({posting.doc, weight * idf * tf * (k1 + 1) / (tf + k1)});
    }
    return out;
}

std::vector<Index::Guess> Index::guesses(std::string_view word, bool with_misspelt) const {
    auto const length = characters_of(word);
    auto const wide = to_characters(word);
    std::vector<Guess> close;
    std::vector<Guess> far;
    for (auto const& [term, id] : vocabulary_) {
        if (terms_[id].in_names == 0 || term == word) continue;
        auto const size = characters_of(term);
        if (term.starts_with(word)) {
            close.push_back({term, 0.8 * static_cast<double>(length) / static_cast<double>(size)});
        } else if (length >= 3 && term.find(word) != std::string::npos) {
            close.push_back({term, 0.5 * static_cast<double>(length) / static_cast<double>(size)});
        } else if (with_misspelt && length >= 4 && size >= 3) {
            auto const edits = distance(wide, to_characters(term), 2);
            if (edits == 1)
                close.push_back({term, 0.4});
            else if (edits == 2 && length >= 8)
                close.push_back({term, 0.25});
            else if (edits == 2 && length >= 5)
                far.push_back({term, 0.2});
        }
    }
    if (close.empty()) close = std::move(far);
    std::ranges::sort(close, [](Guess const& x, Guess const& y) {
        return std::pair(-x.weight, x.term) < std::pair(-y.weight, y.term);
    });
    if (close.size() > guesses_max) close.resize(guesses_max);
    return close;
}

}  // namespace disgrafs::search
