#include "analysers/analyse.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysers/kinds/kind.hpp"
#include "analysers/kinds/readers.hpp"
#include "analysers/kinds/zip_names.hpp"
#include "analysers/words/keyphrases.hpp"
#include "analysers/words/language.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

using analysis::AnalyseStatus;
using analysis::Findings;

/// Of kinds that no one reads further: a zip archive at least tells what it holds.
Reading read_nothing(Content const& content) {
    Reading reading;
    if (!as_text(content.bytes).starts_with("PK\x03\x04")) return reading;
    auto const listing = list_zip(content.bytes);
    reading.properties["entries"] = static_cast<std::int64_t>(listing.entries);
    reading.properties["unpacked_bytes"] = static_cast<std::int64_t>(listing.unpacked_bytes);
    if (!content.is_truncated) reading.problem = listing.problem;
    return reading;
}

Reading read(Content const& content, Kind const& kind, Resources& resources) {
    switch (kind.reader) {
        case Reader::none:
            return read_nothing(content);
        case Reader::plain_text:
            return read_plain_text(content);
        case Reader::data:
            return read_data(content);
        case Reader::markdown:
            return read_markdown(content);
        case Reader::html:
            return read_html(content);
        case Reader::source:
            return read_source(content, kind.format);
        case Reader::pdf:
            resources.pdf();
            return read_pdf(content);
        case Reader::image:
            return read_image(content);
        case Reader::svg:
            return read_svg(content);
        case Reader::media:
            return read_media(content);
    }
    return {};
}

/// What is missing is named once; what else was found stays.
void mark_unavailable(Findings& findings, Error const& error) {
    if (findings.status != AnalyseStatus::ok) return;
    findings.status = AnalyseStatus::unavailable;
    findings.reason = error.message;
}

bool is_chinese(Language const& language) { return language.code.starts_with("zh"); }

void add(Findings& findings, Wording wording) {
    std::ranges::move(wording.candidates, std::back_inserter(findings.candidates));
    std::ranges::move(wording.terms, std::back_inserter(findings.terms));
}

/// A text in two languages gives the phrases of both.
void add_chinese(Findings& findings, std::string_view prose, Resources& resources) {
    auto const words = resources.chinese();
    if (!words) return mark_unavailable(findings, words.error());
    add(findings, (*words)->read(prose));
}

void add_english(Findings& findings, std::string_view prose, Resources& resources) {
    auto const lexicon = resources.english();
    if (!lexicon) return mark_unavailable(findings, lexicon.error());
    add(findings, read_english(prose, **lexicon));
}

/// A stem that both languages' readers counted (Latin words in Chinese text) stands once.
template <typename Item>
void keep_first_of_each(std::vector<Item>& items) {
    std::vector<Item> kept;
    std::set<std::string> seen;
    for (auto& item : items) {
        if (seen.insert(item.stem).second) kept.push_back(std::move(item));
    }
    items = std::move(kept);
}

void find_words(Findings& findings, std::string_view prose, Resources& resources) {
    auto const languages = find_languages(prose);
    for (auto const& language : languages) {
        findings.tags.push_back(
            {language.name, "language", language.share, std::string(analyser_version)}
        );
    }
    if (!languages.empty()) findings.language = languages[0].code;
    if (prose.empty()) return;

    bool const has_chinese = std::ranges::any_of(languages, is_chinese);
    bool const has_english = std::ranges::any_of(languages, [](Language const& language) {
        return language.code == "en";
    });
    if (has_chinese) add_chinese(findings, prose, resources);
    if (has_english || languages.empty()) add_english(findings, prose, resources);
    if (!has_chinese && !has_english && !languages.empty()) {
        findings.terms = read_terms(prose, languages[0].code);
    }
    keep_first_of_each(findings.candidates);
    keep_first_of_each(findings.terms);
}

}  // namespace

Findings analyse(Content const& content, Resources& resources) {
    auto const kind = kind_of(content, resources.magic());
    auto reading = read(content, kind, resources);

    Findings findings;
    findings.analyser = analyser_version;
    findings.media_type = kind.media_type;
    findings.tags.push_back({kind.format, "format", 1, std::string(analyser_version)});
    if (!reading.problem.empty()) {
        findings.status =
            reading.is_unavailable ? AnalyseStatus::unavailable : AnalyseStatus::failed;
        findings.reason = std::move(reading.problem);
    } else if (content.bytes.empty()) {
        findings.reason = "The file is empty.";
    }
    findings.properties = std::move(reading.properties);
    findings.references = std::move(reading.references);
    findings.phash = reading.phash;
    findings.text_bytes = reading.text.size();
    find_words(findings, reading.prose, resources);
    findings.text = std::move(reading.text);
    return trimmed(std::move(findings));
}

}  // namespace disgrafs::analysers
