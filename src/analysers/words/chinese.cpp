#include "analysers/words/chinese.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cppjieba/DictTrie.hpp>
#include <cppjieba/HMMModel.hpp>
#include <cppjieba/MixSegment.hpp>

#include "analysers/words/stemmer.hpp"
#include "analysers/words/stop_words.hpp"
#include "analysers/words/token.hpp"

namespace disgrafs::analysers {

struct ChineseWords::Jieba {
    Jieba(std::string const& dictionary, std::string const& own_terms, std::string const& model)
        : words(dictionary, own_terms), model(model), segment(&words, &this->model) {}

    cppjieba::DictTrie words;
    cppjieba::HMMModel model;
    cppjieba::MixSegment segment;
};

namespace {

using Tagged = std::pair<std::string, std::string>;  ///< A word and its part of speech.

constexpr std::size_t word_bytes_max = 64;

Result<void> must_exist(std::string const& path) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return {};
    return fail(Errc::unavailable, "Chinese dictionary {} is missing", path);
}

/// A whole beginning of `text`: no character is cut.
std::string_view beginning(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    auto end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
    return text.substr(0, end);
}

bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

bool is_blank(std::string_view text) { return text == " " || text == "\t"; }

/// Whether every character is Han (U+3400 … U+9FFF and the planes beyond), and there are two.
bool is_han_word(std::string_view text) {
    if (text.size() < 6) return false;
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = static_cast<unsigned char>(text[i]);
        if (lead < 0xE3 || (lead > 0xE9 && lead < 0xF0)) return false;
        if (lead == 0xE3 && static_cast<unsigned char>(text[i + 1]) < 0x90) return false;
        i += lead < 0xF0 ? 3 : 4;
    }
    return true;
}

bool is_latin_word(Tagged const& word) {
    return word.second == "eng" && word.first.size() >= 2 && is_ascii(word.first) &&
           std::ranges::any_of(
               word.first, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
           ) &&
           stop_word(to_lower(word.first)) == StopWord::none;
}

enum class Part {
    other,
    noun,
    action,  ///< A verb used as a noun: 传播.
    verb,
    modifier,  ///< Adjectives and the like: 分布式.
};

Part part_of(Tagged const& word) {
    if (is_latin_word(word)) return Part::noun;
    if (!is_han_word(word.first) || is_chinese_stop_word(word.first)) return Part::other;
    auto const& tag = word.second;
    // New words, which only the model found, have no part of speech (x): most are nouns.
    if (tag.starts_with("n") || tag == "j" || tag == "x" || tag == "l") return Part::noun;
    if (tag == "vn") return Part::action;
    if (tag.starts_with("v")) return Part::verb;
    return tag == "b" || tag.starts_with("a") ? Part::modifier : Part::other;
}

std::string term_of(Tagged const& word, Stemmer& english) {
    if (word.first.size() > word_bytes_max) return {};
    if (is_latin_word(word)) return english.stem(to_lower(word.first));
    return is_han_word(word.first) && !is_chinese_stop_word(word.first) ? word.first
                                                                        : std::string();
}

/// A verb between two nouns says what the first does: a phrase begins anew with the second.
std::vector<Part> parts_of(std::vector<Tagged> const& tagged) {
    std::vector<Part> parts;
    parts.reserve(tagged.size());
    for (auto const& word : tagged) parts.push_back(part_of(word));
    for (std::size_t i = 1; i < parts.size(); ++i) {
        if (parts[i] == Part::verb && parts[i - 1] == Part::noun) parts[i] = Part::other;
    }
    return parts;
}

/// Chinese marks no borders of phrases, so what stands side by side once may be chance. A run of
/// words is one phrase only when it comes again, or is as short as two words without a verb.
class Phrasing {
 public:
    Phrasing(std::vector<Word>& words, std::vector<Part> const& parts)
        : words_(words), parts_(parts) {}

    void run() {
        for (std::size_t at = 0; at < words_.size(); ++at) {
            auto const begin = at;
            while (at < words_.size() && words_[at].is_content) ++at;
            if (at > begin) runs_.push_back({begin, at});
        }
        for (auto const& run : runs_) ++counts_[text_of(run)];
        for (auto const& run : runs_) {
            if (counts_[text_of(run)] == 1) loosen(run);
        }
    }

 private:
    struct Run {
        std::size_t begin;
        std::size_t end;
    };

    [[nodiscard]] std::string text_of(Run run) const {
        std::string text;
        for (auto i = run.begin; i < run.end; ++i) text += words_[i].stem + ' ';
        return text;
    }

    void loosen(Run run) {
        while (run.begin < run.end && is_verbal(run.begin)) words_[run.begin++].is_content = false;
        std::size_t han_words = 0;
        for (auto i = run.begin; i < run.end; ++i) han_words += is_ascii(words_[i].text) ? 0 : 1;
        if (han_words < 3) return;
        for (auto i = run.begin; i < run.end; ++i) words_[i].starts_phrase = true;
    }

    [[nodiscard]] bool is_verbal(std::size_t i) const {
        return parts_[i] == Part::verb || parts_[i] == Part::action;
    }

    std::vector<Word>& words_;
    std::vector<Part> const& parts_;
    std::vector<Run> runs_;
    std::unordered_map<std::string, int> counts_;
};

/// A new word of the model (x) counts when it comes again; once, it is mostly a wrong cut. So are
/// the dictionary's short idioms (l): 发送到.
void drop_doubtful(std::vector<Tagged> const& tagged, std::vector<Part>& parts) {
    std::unordered_map<std::string_view, int> counts;
    for (auto const& word : tagged) ++counts[word.first];
    for (std::size_t i = 0; i < tagged.size(); ++i) {
        bool const is_short = tagged[i].first.size() <= 9;
        bool const is_doubtful = tagged[i].second == "x" || (tagged[i].second == "l" && is_short);
        if (is_doubtful && counts[tagged[i].first] == 1) parts[i] = Part::other;
    }
}

/// White space is no word: it would end phrases of Latin words.
std::vector<Tagged> without_blanks(std::vector<Tagged> tagged) {
    std::erase_if(tagged, [](Tagged const& word) { return is_blank(word.first); });
    return tagged;
}

}  // namespace

Result<ChineseWords> ChineseWords::load(std::string const& folder, std::string const& own_terms) {
    auto const dictionary = folder + "/jieba.dict.utf8";
    auto const model = folder + "/hmm_model.utf8";
    TRY_OK(must_exist(dictionary));
    TRY_OK(must_exist(model));
    TRY_OK(must_exist(own_terms));
    return ChineseWords(std::make_unique<Jieba>(dictionary, own_terms, model));
}

ChineseWords::ChineseWords(std::unique_ptr<Jieba> jieba) : jieba_(std::move(jieba)) {}
ChineseWords::~ChineseWords() = default;
ChineseWords::ChineseWords(ChineseWords&& other) noexcept = default;
ChineseWords& ChineseWords::operator=(ChineseWords&& other) noexcept = default;

Wording ChineseWords::read(std::string_view text) const {
    std::vector<Tagged> tagged;
    jieba_->segment.Tag(std::string(beginning(text, chinese_bytes_max)), tagged);
    tagged = without_blanks(std::move(tagged));
    auto parts = parts_of(tagged);
    drop_doubtful(tagged, parts);

    Stemmer english("en");
    std::vector<Word> words;
    words.reserve(tagged.size());
    for (std::size_t i = 0; i < tagged.size(); ++i) {
        bool const after_latin = i > 0 && is_ascii(tagged[i - 1].first);
        bool const is_latin = is_ascii(tagged[i].first);
        auto const stem = term_of(tagged[i], english);
        words.push_back({
            .text = tagged[i].first,
            .stem = stem,
            .is_content = parts[i] != Part::other && !stem.empty(),
            .ends_phrase = parts[i] == Part::noun || parts[i] == Part::action,
            .starts_phrase = i > 0 && is_latin && !after_latin,
            .is_glued = !(after_latin && is_latin),
        });
    }
    Phrasing(words, parts).run();
    return {.candidates = find_candidates(words), .terms = count_terms(words)};
}

}  // namespace disgrafs::analysers
