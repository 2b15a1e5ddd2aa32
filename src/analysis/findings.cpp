#include "analysis/findings.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace disgrafs::analysis {

namespace {

/// Length of the well-formed UTF-8 character at the start of `text` (not empty); 0 when it is none.
std::size_t character_bytes(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text[0]);
    std::size_t const size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return text.size() >= size && is_utf8(text.substr(0, size)) ? size : 0;
}

/// The longest beginning of `text` that fits, in whole characters; broken ones become U+FFFD.
std::string repaired(std::string_view text, std::size_t bytes_max) {
    std::string out;
    while (!text.empty()) {
        auto const size = character_bytes(text);
        auto const piece = size == 0 ? std::string_view("\uFFFD") : text.substr(0, size);
        if (out.size() + piece.size() > bytes_max) break;
        out += piece;
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

void trim(std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max && is_utf8(text)) return;
    text = repaired(text, bytes_max);
}

template <typename Item>
void cut(std::vector<Item>& items, std::size_t count_max) {
    if (items.size() > count_max) items.resize(count_max);
}

double finite(double value) { return std::isfinite(value) ? value : 0; }

PropertyValue trimmed_value(PropertyValue value) {
    if (auto* text = std::get_if<std::string>(&value)) trim(*text, limits::property_text_bytes);
    if (auto* number = std::get_if<double>(&value)) *number = finite(*number);
    return value;
}

void trim_properties(std::map<std::string, PropertyValue>& properties) {
    std::map<std::string, PropertyValue> kept;
    for (auto& [name, value] : properties) {
        if (kept.size() == limits::properties) break;
        kept.emplace(repaired(name, limits::property_name_bytes), trimmed_value(std::move(value)));
    }
    properties = std::move(kept);
}

void trim_tags(std::vector<FoundTag>& tags) {
    std::erase_if(tags, [](FoundTag const& tag) { return tag.name.empty(); });
    cut(tags, limits::tags);
    for (auto& tag : tags) {
        trim(tag.name, limits::tag_name_bytes);
        trim(tag.kind, limits::tag_kind_bytes);
        trim(tag.by, limits::analyser_bytes);
        tag.score = std::clamp(finite(tag.score), 0.0, 1.0);
    }
}

/// A phrase or stem that is too long is dropped: half a phrase would be a wrong one.
void trim_words(Findings& findings) {
    std::erase_if(findings.candidates, [](Candidate const& one) {
        return one.count == 0 || one.phrase.empty() || one.stem.empty() ||
               one.phrase.size() > limits::phrase_bytes || one.stem.size() > limits::phrase_bytes ||
               !is_utf8(one.phrase) || !is_utf8(one.stem);
    });
    std::erase_if(findings.terms, [](TermCount const& one) {
        return one.count == 0 || one.stem.empty() || one.stem.size() > limits::term_bytes ||
               !is_utf8(one.stem);
    });
    for (auto& one : findings.terms) {
        if (one.word.size() > limits::term_bytes || !is_utf8(one.word)) one.word.clear();
    }
    cut(findings.candidates, limits::candidates);
    cut(findings.terms, limits::terms);
    for (auto& one : findings.candidates) one.singlerank = std::max(0.0, finite(one.singlerank));
}

/// A cut target would point elsewhere, so one that is too long is dropped too.
void trim_references(std::vector<Reference>& references) {
    std::erase_if(references, [](Reference const& one) {
        return one.target.empty() || one.target.size() > limits::reference_target_bytes ||
               !is_utf8(one.target);
    });
    cut(references, limits::references);
    for (auto& reference : references) trim(reference.how, limits::reference_how_bytes);
}

}  // namespace

std::string_view to_text(AnalyseStatus status) {
    switch (status) {
        case AnalyseStatus::ok:
            return "ok";
        case AnalyseStatus::unavailable:
            return "unavailable";
        case AnalyseStatus::failed:
            return "failed";
        case AnalyseStatus::timed_out:
            return "timed_out";
    }
    return "failed";
}

Findings trimmed(Findings findings) {
    trim(findings.id, limits::id_bytes);
    trim(findings.reason, limits::reason_bytes);
    trim(findings.media_type, limits::media_type_bytes);
    trim(findings.language, limits::language_bytes);
    trim(findings.analyser, limits::analyser_bytes);
    trim(findings.text, limits::text_bytes);
    trim_properties(findings.properties);
    trim_tags(findings.tags);
    trim_words(findings);
    trim_references(findings.references);
    return findings;
}

Findings failed_findings(std::string id, AnalyseStatus status, std::string reason) {
    Findings findings;
    findings.id = std::move(id);
    findings.status = status;
    findings.reason = std::move(reason);
    return findings;
}

}  // namespace disgrafs::analysis
