#include "analysis/corpus.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace disgrafs::analysis {

namespace {

constexpr std::uint64_t format_version = 1;
constexpr std::size_t why_max = 4;
constexpr std::size_t shared_least = 2;  ///< One common word is a coincidence.
constexpr std::size_t large_corpus = 50;
constexpr double common_ratio = 0.2;

/// stem of a word → that word, learnt from the phrases whose words and stems stand side by side.
std::map<std::string, std::string, std::less<>> words_of(std::vector<Candidate> const& candidates) {
    std::map<std::string, std::string, std::less<>> words;
    for (auto const& candidate : candidates) {
        auto const phrase = split(candidate.phrase, ' ');
        auto const stems = split(candidate.stem, ' ');
        if (phrase.size() != stems.size()) continue;
        for (std::size_t index = 0; index < stems.size(); ++index) {
            words.emplace(stems[index], phrase[index]);
        }
    }
    return words;
}

}  // namespace

Portrait portrait_of(Findings const& findings) {
    Portrait portrait;
    portrait.phash = findings.phash;
    auto const words = words_of(findings.candidates);
    std::map<std::string, bool, std::less<>> seen;
    auto const add = [&](std::string const& stem, std::string shown, std::uint32_t count) {
        if (portrait.stems.size() >= stems_max || !seen.emplace(stem, true).second) return;
        portrait.stems.push_back({stem, std::move(shown), count});
    };
    // Phrases first: they say most, and there are few of them.
    for (auto const& candidate : findings.candidates) {
        if (portrait.stems.size() >= stems_max / 2) break;
        add(candidate.stem, candidate.phrase, candidate.count);
    }
    for (auto const& term : findings.terms) {
        auto const in_phrase = words.find(term.stem);
        auto const& alone = term.word.empty() ? term.stem : term.word;
        add(term.stem, in_phrase == words.end() ? alone : in_phrase->second, term.count);
    }
    return portrait;
}

Bytes encode_portrait(Portrait const& portrait) {
    ByteWriter out;
    out.varint(format_version).varint(portrait.stems.size());
    for (auto const& stem : portrait.stems) {
        out.text(stem.stem).text(stem.shown).varint(stem.count);
    }
    out.u8(portrait.phash ? 1 : 0).u64(portrait.phash.value_or(0));
    return out.take();
}

Result<Portrait> decode_portrait(ByteView row) {
    ByteReader in(row);
    if (auto const version = in.varint(); version != format_version) {
        return fail(Errc::corrupt, "vector row of version {}", version);
    }
    auto const count = in.varint();
    if (count > stems_max) return fail(Errc::corrupt, "vector row of {} stems", count);
    Portrait portrait;
    for (std::uint64_t index = 0; index < count && in.ok(); ++index) {
        auto stem = in.text();
        auto shown = in.text();
        auto const times = static_cast<std::uint32_t>(in.varint());
        portrait.stems.push_back({std::move(stem), std::move(shown), std::max(times, 1U)});
    }
    auto const has_phash = in.u8() != 0;
    auto const phash = in.u64();
    if (has_phash) portrait.phash = phash;
    TRY_OK(in.finish("vector row"));
    return portrait;
}

Corpus::StemId Corpus::intern(Portrait::Stem const& stem) {
    auto const [found, is_new] = ids_.emplace(stem.stem, static_cast<StemId>(stems_.size()));
    if (is_new) stems_.push_back({stem.shown, {}});
    auto& kept = stems_[found->second];
    if (kept.shown == stem.stem && stem.shown != stem.stem) kept.shown = stem.shown;
    return found->second;
}

void Corpus::put(NodeId file, Portrait const& portrait) {
    remove(file);
    auto& kept = files_[file];
    kept.phash = portrait.phash;
    for (auto const& stem : portrait.stems) {
        auto const id = intern(stem);
        auto const tf = 1.0F + std::log(static_cast<float>(std::max(stem.count, 1U)));
        kept.weights.push_back({id, tf});
        stems_[id].files.push_back(file);
    }
    std::ranges::sort(kept.weights, {}, &Weight::stem);
}

void Corpus::remove(NodeId file) {
    auto const found = files_.find(file);
    if (found == files_.end()) return;
    for (auto const& weight : found->second.weights) {
        std::erase(stems_[weight.stem].files, file);
    }
    files_.erase(found);
}

std::uint64_t Corpus::with(std::string_view stem) const {
    auto const found = ids_.find(std::string(stem));
    return found == ids_.end() ? 0 : stems_[found->second].files.size();
}

double Corpus::idf(StemId stem) const {
    auto const with_it = static_cast<double>(std::max<std::size_t>(stems_[stem].files.size(), 1));
    return std::log(1 + static_cast<double>(files_.size()) / with_it);
}

double Corpus::norm(File const& file) const {
    double sum = 0;
    for (auto const& weight : file.weights) {
        auto const value = static_cast<double>(weight.tf) * idf(weight.stem);
        sum += value * value;
    }
    return std::sqrt(sum);
}

Likeness Corpus::compare(NodeId id, File const& mine, File const& other) const {
    struct Share {
        StemId stem = 0;
        double part = 0;
    };
    std::vector<Share> shares;
    double dot = 0;
    auto b = other.weights.begin();
    for (auto const& a : mine.weights) {
        while (b != other.weights.end() && b->stem < a.stem) ++b;
        if (b == other.weights.end()) break;
        if (b->stem != a.stem) continue;
        auto const rarity = idf(a.stem);
        auto const part = static_cast<double>(a.tf) * static_cast<double>(b->tf) * rarity * rarity;
        dot += part;
        shares.push_back({a.stem, part});
    }
    Likeness out{.file = id, .score = 0, .why = {}};
    if (shares.size() < shared_least) return out;
    auto const length = norm(mine) * norm(other);
    out.score = length > 0 ? dot / length : 0;
    std::ranges::sort(shares, [](Share const& x, Share const& y) {
        return std::pair(-x.part, x.stem) < std::pair(-y.part, y.stem);
    });
    for (auto const& share : shares) {
        if (out.why.size() == why_max) break;
        auto const& shown = stems_[share.stem].shown;
        // "code" says nothing beside "erasure code".
        auto const is_told = std::ranges::any_of(out.why, [&](std::string const& told) {
            return told.find(shown) != std::string::npos;
        });
        if (!is_told) out.why.push_back(shown);
    }
    return out;
}

void Corpus::add_pictures(NodeId self, File const& mine, std::vector<Likeness>& out) const {
    if (!mine.phash) return;
    for (auto const& [id, file] : files_) {
        if (id == self || !file.phash) continue;
        auto const bits = std::popcount(*mine.phash ^ *file.phash);
        if (bits > phash_bits_max) continue;
        auto const score = 1.0 - static_cast<double>(bits) / 32.0;
        out.push_back({id, score, {bits == 0 ? "the same picture" : "looks alike"}});
    }
}

std::vector<Likeness> Corpus::similar_to(NodeId file, std::size_t count, double least) const {
    auto const found = files_.find(file);
    if (found == files_.end()) return {};
    auto const& mine = found->second;
    auto const common =
        files_.size() < large_corpus
            ? files_.size() + 1
            : static_cast<std::size_t>(common_ratio * static_cast<double>(files_.size()));
    std::unordered_map<NodeId, std::size_t> shared;
    for (auto const& weight : mine.weights) {
        auto const& postings = stems_[weight.stem].files;
        if (postings.size() > common) continue;
        for (auto const other : postings) ++shared[other];
    }
    std::vector<Likeness> out;
    for (auto const& [other, times] : shared) {
        if (other == file || times < shared_least) continue;
        auto likeness = compare(other, mine, files_.at(other));
        if (likeness.score >= least) out.push_back(std::move(likeness));
    }
    add_pictures(file, mine, out);
    std::ranges::sort(out, [](Likeness const& a, Likeness const& b) {
        return std::pair(-a.score, a.file) < std::pair(-b.score, b.file);
    });
    if (out.size() > count) out.resize(count);
    return out;
}

}  // namespace disgrafs::analysis
