#pragma once

/// \file analysis/findings.hpp  What is asked of an analyser, and what it found in one file.
///
/// An analyser is a pure function from a file's bytes to Findings. It runs in another process
/// (disgrafs-analyze) on bytes that nobody vouches for, so whoever decodes an answer treats it as
/// untrusted: decode_findings() refuses all that is beyond the limits below, and trimmed() is how
/// an honest analyser stays within them.
///
/// On the wire (docs/formats/analyse.md):  frame = u32le json length | u32le body length | json |
/// body

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::analysis {

/// The named limits of one request and one answer; sizes in bytes, the rest are counts.
namespace limits {
inline constexpr std::size_t request_json_bytes = 64U << 10U;
inline constexpr std::size_t request_body_bytes = 64U << 20U;  ///< A longer file is cut here.
inline constexpr std::size_t answer_json_bytes = 4U << 20U;
inline constexpr std::size_t text_bytes = 1U << 20U;  ///< Extracted text that travels.
inline constexpr std::size_t id_bytes = 64;
inline constexpr std::size_t name_bytes = 255;
inline constexpr std::size_t media_type_bytes = 128;
inline constexpr std::size_t language_bytes = 16;
inline constexpr std::size_t reason_bytes = 512;
inline constexpr std::size_t analyser_bytes = 64;
inline constexpr std::size_t properties = 64;
inline constexpr std::size_t property_name_bytes = 64;
inline constexpr std::size_t property_text_bytes = 2048;
inline constexpr std::size_t tags = 64;
inline constexpr std::size_t tag_name_bytes = 128;
inline constexpr std::size_t tag_kind_bytes = 32;
inline constexpr std::size_t candidates = 256;
inline constexpr std::size_t phrase_bytes = 128;
inline constexpr std::size_t terms = 512;
inline constexpr std::size_t term_bytes = 64;
inline constexpr std::size_t references = 256;
inline constexpr std::size_t reference_how_bytes = 32;
inline constexpr std::size_t reference_target_bytes = 1024;
inline constexpr std::uint32_t time_ms_max = 600'000;
}  // namespace limits

/// What one file may cost. Beyond it the analysis ends as failed or timed_out.
struct AnalyseLimits {
    std::uint64_t memory_bytes = 512ULL << 20U;  ///< On top of what the loaded analyser occupies.
    std::uint32_t time_ms = 30'000;              ///< Wall clock, 1 … limits::time_ms_max.
};

/// One file to analyse; its bytes travel as the frame's body.
struct AnalyseRequest {
    std::string id;                ///< Comes back in the answer.
    std::string name;              ///< The file's name, for its extension. UTF-8.
    std::string media_type;        ///< As the uploader claimed it, or empty.
    std::uint64_t size_bytes = 0;  ///< Of the whole file.
    bool is_truncated = false;     ///< The body is only the first limits::request_body_bytes.
    AnalyseLimits limits;
    std::string probe;  ///< Empty, but in tests of the sandbox (docs/formats/analyse.md).
};

enum class AnalyseStatus : std::uint8_t {
    ok,           ///< Found what there is.
    unavailable,  ///< Something this content needs is not installed; the rest was found.
    failed,       ///< The content is broken, locked, or broke the analyser; `reason` says how.
    timed_out,    ///< Longer than AnalyseLimits::time_ms.
};
std::string_view to_text(AnalyseStatus status);

/// A word for the file, with how sure the analyser `by` is (0 … 1).
struct FoundTag {
    std::string name;
    std::string kind;  ///< format, language …
    double score = 0;
    std::string by;

    friend bool operator==(FoundTag const&, FoundTag const&) = default;
};

/// A phrase that may become a keyphrase, once document frequencies are known
/// (analysis/keyphrase_ranking.hpp).
struct Candidate {
    std::string phrase;       ///< As first written, in lower case unless it is a name.
    std::string stem;         ///< Stems joined by one space; equal stems are one candidate.
    std::uint32_t count = 0;  ///< Occurrences, ≥ 1.
    std::uint32_t first = 0;  ///< Word number of the first occurrence.
    double singlerank = 0;    ///< Sum of its words' SingleRank, ≥ 0.

    friend bool operator==(Candidate const&, Candidate const&) = default;
};

struct TermCount {
    std::string stem;
    std::uint32_t count = 0;  ///< ≥ 1.
    std::string word{};       ///< The form in which it occurs most; empty: not told.

    friend bool operator==(TermCount const&, TermCount const&) = default;
};

/// Something the content points at: a link, an include, an import.
struct Reference {
    std::string how;     ///< link, image, include, import.
    std::string target;  ///< As written in the file.

    friend bool operator==(Reference const&, Reference const&) = default;
};

using PropertyValue = std::variant<std::string, std::int64_t, double>;

/// The answer about one file. Every text is UTF-8.
struct Findings {
    std::string id;
    AnalyseStatus status = AnalyseStatus::ok;
    std::string reason;            ///< A sentence, always when the status is not ok.
    std::string media_type;        ///< Never empty when the status is ok.
    std::string language;          ///< BCP 47 ("en", "zh", "zh-Hant"), or empty.
    std::uint64_t text_bytes = 0;  ///< Extracted in all; `text` may be a shorter beginning of it.
    std::map<std::string, PropertyValue> properties;  ///< docs/analysers.md lists the names.
    std::vector<FoundTag> tags;
    std::vector<Candidate> candidates;   ///< Best SingleRank first.
    std::vector<TermCount> terms;        ///< Most frequent first.
    std::optional<std::uint64_t> phash;  ///< Perceptual hash; compare by Hamming distance.
    std::vector<Reference> references;
    std::string analyser;  ///< name/version of what made these findings.
    std::string text;      ///< The frame's body.

    friend bool operator==(Findings const&, Findings const&) = default;
};

/// Cut every list and text down to its limit, at whole characters; invalid UTF-8 becomes U+FFFD,
/// non-finite numbers 0. What is already within limits stays as it is.
Findings trimmed(Findings findings);

std::string encode_request(AnalyseRequest const& request);
/// Errors: invalid (not this JSON, or beyond a limit).
Result<AnalyseRequest> decode_request(std::string_view json);

/// The JSON part of an answer; the text goes beside it. The caller has trimmed.
std::string encode_findings(Findings const& findings);
/// Errors: invalid (not this JSON, a wrong type, invalid UTF-8, or beyond a limit).
Result<Findings> decode_findings(std::string_view json, std::string_view text);

/// The same of a failure that no analyser told: it crashed, stalled, or is not there.
Findings failed_findings(std::string id, AnalyseStatus status, std::string reason);

}  // namespace disgrafs::analysis
