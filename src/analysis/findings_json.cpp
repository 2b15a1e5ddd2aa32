/// \file analysis/findings_json.cpp  Requests and findings as JSON, both ways.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "analysis/findings.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace disgrafs::analysis {

namespace {

namespace json = boost::json;

Result<json::value> parse(std::string_view text, std::string_view what) {
    json::parse_options options;
    options.max_depth = 8;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    if (error) return fail(Errc::invalid, "{}: {}", what, error.message());
    if (!value.is_object()) return fail(Errc::invalid, "{}: not an object", what);
    return value;
}

/// Reads members of one JSON object; the first that is wrong is remembered, later ones read empty.
class Members {
 public:
    Members(json::object const& object, std::string_view what) : object_(object), what_(what) {}

    std::string text(std::string_view name, std::size_t bytes_max) {
        auto const* value = find(name);
        if (value == nullptr) return {};
        auto const* string = value->if_string();
        if (string == nullptr) return refuse(name, "not a text"), std::string();
        if (string->size() > bytes_max) return refuse(name, "too long"), std::string();
        return {string->begin(), string->end()};
    }

    std::uint64_t number(std::string_view name, std::uint64_t max) {
        auto const* value = find(name);
        return value == nullptr ? 0 : to_number(name, *value, max);
    }

    double real(std::string_view name, double max) {
        auto const* value = find(name);
        if (value == nullptr) return 0;
        if (!value->is_number()) return refuse(name, "not a number"), 0;
        auto const real = value->to_number<double>();
        if (!(real >= 0 && real <= max)) return refuse(name, "out of range"), 0;
        return real;
    }

    bool truth(std::string_view name) {
        auto const* value = find(name);
        if (value == nullptr) return false;
        if (!value->is_bool()) return refuse(name, "not true or false"), false;
        return value->get_bool();
    }

    /// Calls `each(value)` for the items of a list; a missing list is an empty one.
    template <typename Each>
    void list(std::string_view name, std::size_t count_max, Each each) {
        auto const* value = find(name);
        if (value == nullptr) return;
        auto const* array = value->if_array();
        if (array == nullptr) return refuse(name, "not a list");
        if (array->size() > count_max) return refuse(name, "too many");
        for (auto const& item : *array) each(item);
    }

    /// The same for a list of objects, each seen as Members.
    template <typename Each>
    void objects(std::string_view name, std::size_t count_max, Each each) {
        list(name, count_max, [&](json::value const& item) {
            auto const* object = item.if_object();
            if (object == nullptr) return refuse(name, "holds what is no object");
            Members members(*object, name);
            each(members);
            if (!members.wrong_.empty() && wrong_.empty()) wrong_ = members.wrong_;
        });
    }

    json::object const* object(std::string_view name) {
        auto const* value = find(name);
        if (value == nullptr) return nullptr;
        auto const* object = value->if_object();
        if (object == nullptr) refuse(name, "not an object");
        return object;
    }

    std::uint64_t to_number(std::string_view name, json::value const& value, std::uint64_t max) {
        std::uint64_t number = 0;
        if (auto const* big = value.if_uint64()) {
            number = *big;
        } else if (auto const* small = value.if_int64(); small != nullptr && *small >= 0) {
            number = static_cast<std::uint64_t>(*small);
        } else {
            return refuse(name, "not a count"), 0;
        }
        if (number > max) return refuse(name, "too large"), 0;
        return number;
    }

    void refuse(std::string_view name, std::string_view why) {
        if (wrong_.empty()) wrong_ = fmt::format("{}.{}: {}", what_, name, why);
    }

    Result<void> finish() const {
        if (!wrong_.empty()) return fail(Errc::invalid, "{}", wrong_);
        return {};
    }

 private:
    json::value const* find(std::string_view name) {
        return wrong_.empty() ? object_.if_contains(name) : nullptr;
    }

    json::object const& object_;
    std::string what_;
    std::string wrong_;
};

constexpr std::uint64_t u32_max = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t size_max = std::uint64_t{1} << 62U;

std::uint32_t count_of(Members& members, std::string_view name) {
    return static_cast<std::uint32_t>(members.number(name, u32_max));
}

AnalyseStatus read_status(Members& members) {
    auto const word = members.text("status", 16);
    for (auto const status :
         {AnalyseStatus::ok,
          AnalyseStatus::unavailable,
          AnalyseStatus::failed,
          AnalyseStatus::timed_out}) {
        if (word == to_text(status)) return status;
    }
    members.refuse("status", "unknown");
    return AnalyseStatus::failed;
}

void read_property(
    Members& members, std::string_view name, json::value const& value, Findings& findings
) {
    if (name.size() > limits::property_name_bytes) return members.refuse("properties", "long name");
    PropertyValue read;
    if (auto const* text = value.if_string()) {
        if (text->size() > limits::property_text_bytes) return members.refuse(name, "too long");
        read = std::string(text->begin(), text->end());
    } else if (auto const* whole = value.if_int64()) {
        read = *whole;
    } else if (auto const* real = value.if_double(); real != nullptr && std::isfinite(*real)) {
        read = *real;
    } else {
        return members.refuse(name, "neither text nor number");
    }
    findings.properties.emplace(name, std::move(read));
}

void read_properties(Members& members, Findings& findings) {
    auto const* object = members.object("properties");
    if (object == nullptr) return;
    if (object->size() > limits::properties) return members.refuse("properties", "too many");
    for (auto const& [name, value] : *object) read_property(members, name, value, findings);
}

FoundTag read_tag(Members& tag) {
    FoundTag read{
        .name = tag.text("name", limits::tag_name_bytes),
        .kind = tag.text("kind", limits::tag_kind_bytes),
        .score = tag.real("score", 1),
        .by = tag.text("by", limits::analyser_bytes),
    };
    if (read.name.empty()) tag.refuse("name", "empty");
    return read;
}

Candidate read_candidate(Members& candidate) {
    Candidate read{
        .phrase = candidate.text("phrase", limits::phrase_bytes),
        .stem = candidate.text("stem", limits::phrase_bytes),
        .count = count_of(candidate, "count"),
        .first = count_of(candidate, "first"),
        .singlerank = candidate.real("singlerank", std::numeric_limits<double>::max()),
    };
    if (read.phrase.empty() || read.stem.empty()) candidate.refuse("phrase", "empty");
    if (read.count == 0) candidate.refuse("count", "zero");
    return read;
}

void read_terms(Members& members, Findings& findings) {
    members.list("terms", limits::terms, [&](json::value const& item) {
        auto const* parts = item.if_array();
        bool const fits = parts != nullptr && (parts->size() == 2 || parts->size() == 3);
        auto const* stem = fits ? (*parts)[0].if_string() : nullptr;
        if (stem == nullptr) return members.refuse("terms", "not a stem, a count and a word");
        if (stem->empty() || stem->size() > limits::term_bytes) {
            return members.refuse("terms", "a stem is empty or too long");
        }
        auto const count = members.to_number("terms", (*parts)[1], u32_max);
        if (count == 0) return members.refuse("terms", "a count is zero");
        TermCount term;
        term.stem.assign(stem->begin(), stem->end());
        term.count = static_cast<std::uint32_t>(count);
        if (parts->size() == 3) {
            auto const* word = (*parts)[2].if_string();
            if (word == nullptr || word->size() > limits::term_bytes) {
                return members.refuse("terms", "a word is no text, or too long");
            }
            term.word.assign(word->begin(), word->end());
        }
        findings.terms.push_back(std::move(term));
    });
}

Reference read_reference(Members& reference) {
    Reference read{
        .how = reference.text("how", limits::reference_how_bytes),
        .target = reference.text("target", limits::reference_target_bytes),
    };
    if (read.target.empty()) reference.refuse("target", "empty");
    return read;
}

void read_phash(Members& members, Findings& findings) {
    auto const hex = members.text("phash", 16);
    if (hex.empty()) return;
    auto const bytes = from_hex(hex);
    if (!bytes || bytes->size() != 8) return members.refuse("phash", "not 16 hex digits");
    std::uint64_t value = 0;
    for (auto const byte : *bytes) value = value << 8U | std::to_integer<std::uint64_t>(byte);
    findings.phash = value;
}

// Writing. Boost.JSON writes 0.5 as 5E-1; people read these frames, so the text is made here. It
// also reads the last bit of a double wrong now and then: fewer digits make a round trip exact.

std::string quoted(std::string_view text) { return to_json_text(text); }

struct PropertyText {
    std::string operator()(std::string const& text) const { return quoted(text); }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    /// A whole double keeps its point, so that it comes back as a double.
    std::string operator()(double number) const {
        auto text = fmt::format("{:.9g}", number);
        return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
    }
};

template <typename Items, typename Write>
std::string joined(Items const& items, Write write) {
    std::string out;
    for (auto const& item : items) {
        if (!out.empty()) out += ',';
        out += write(item);
    }
    return out;
}

std::string write_tag(FoundTag const& tag) {
    return fmt::format(
        R"({{"name":{},"kind":{},"score":{:.6g},"by":{}}})",
        quoted(tag.name),
        quoted(tag.kind),
        tag.score,
        quoted(tag.by)
    );
}

std::string write_candidate(Candidate const& candidate) {
    return fmt::format(
        R"({{"phrase":{},"stem":{},"count":{},"first":{},"singlerank":{:.6g}}})",
        quoted(candidate.phrase),
        quoted(candidate.stem),
        candidate.count,
        candidate.first,
        candidate.singlerank
    );
}

std::string write_reference(Reference const& reference) {
    return fmt::format(
        R"({{"how":{},"target":{}}})", quoted(reference.how), quoted(reference.target)
    );
}

}  // namespace

std::string encode_request(AnalyseRequest const& request) {
    auto out = fmt::format(
        R"({{"id":{},"name":{},"media_type":{},"size":{},"truncated":{},)"
        R"("limits":{{"memory_bytes":{},"time_ms":{}}})",
        quoted(request.id),
        quoted(request.name),
        quoted(request.media_type),
        request.size_bytes,
        request.is_truncated,
        request.limits.memory_bytes,
        request.limits.time_ms
    );
    if (!request.probe.empty()) out += fmt::format(R"(,"probe":{})", quoted(request.probe));
    return out + "}";
}

Result<AnalyseRequest> decode_request(std::string_view text) {
    TRY(auto const value, parse(text, "request"));
    Members members(value.get_object(), "request");
    AnalyseRequest request;
    request.id = members.text("id", limits::id_bytes);
    request.name = members.text("name", limits::name_bytes);
    request.media_type = members.text("media_type", limits::media_type_bytes);
    request.size_bytes = members.number("size", size_max);
    request.is_truncated = members.truth("truncated");
    request.probe = members.text("probe", 16);
    if (auto const* object = members.object("limits")) {
        Members asked(*object, "limits");
        request.limits.memory_bytes = asked.number("memory_bytes", size_max);
        request.limits.time_ms =
            static_cast<std::uint32_t>(asked.number("time_ms", limits::time_ms_max));
        if (request.limits.time_ms == 0) asked.refuse("time_ms", "zero");
        TRY_OK(asked.finish());
    }
    TRY_OK(members.finish());
    return request;
}

std::string encode_findings(Findings const& findings) {
    auto out = fmt::format(
        R"({{"id":{},"status":"{}","media_type":{},"text_bytes":{},"analyser":{})",
        quoted(findings.id),
        to_text(findings.status),
        quoted(findings.media_type),
        findings.text_bytes,
        quoted(findings.analyser)
    );
    if (!findings.reason.empty()) out += fmt::format(R"(,"reason":{})", quoted(findings.reason));
    if (!findings.language.empty())
        out += fmt::format(R"(,"language":{})", quoted(findings.language));
    if (findings.phash) out += fmt::format(R"(,"phash":"{:016x}")", *findings.phash);
    auto const write_property = [](auto const& property) {
        return quoted(property.first) + ':' + std::visit(PropertyText{}, property.second);
    };
    auto const write_term = [](TermCount const& term) {
        if (term.word.empty()) return fmt::format("[{},{}]", quoted(term.stem), term.count);
        return fmt::format("[{},{},{}]", quoted(term.stem), term.count, quoted(term.word));
    };
    out += fmt::format(R"(,"properties":{{{}}})", joined(findings.properties, write_property));
    out += fmt::format(R"(,"tags":[{}])", joined(findings.tags, write_tag));
    out += fmt::format(R"(,"candidates":[{}])", joined(findings.candidates, write_candidate));
    out += fmt::format(R"(,"terms":[{}])", joined(findings.terms, write_term));
    out += fmt::format(R"(,"references":[{}])", joined(findings.references, write_reference));
    return out + "}";
}

Result<Findings> decode_findings(std::string_view text, std::string_view body) {
    if (body.size() > limits::text_bytes) return fail(Errc::invalid, "text of {}", body.size());
    if (!is_utf8(body)) return fail(Errc::invalid, "answer: its text is not UTF-8");
    TRY(auto const value, parse(text, "answer"));
    Members members(value.get_object(), "answer");
    Findings findings;
    findings.id = members.text("id", limits::id_bytes);
    findings.status = read_status(members);
    findings.reason = members.text("reason", limits::reason_bytes);
    findings.media_type = members.text("media_type", limits::media_type_bytes);
    findings.language = members.text("language", limits::language_bytes);
    findings.text_bytes = members.number("text_bytes", size_max);
    findings.analyser = members.text("analyser", limits::analyser_bytes);
    read_properties(members, findings);
    members.objects("tags", limits::tags, [&](Members& tag) {
        findings.tags.push_back(read_tag(tag));
    });
    members.objects("candidates", limits::candidates, [&](Members& candidate) {
        findings.candidates.push_back(read_candidate(candidate));
    });
    members.objects("references", limits::references, [&](Members& reference) {
        findings.references.push_back(read_reference(reference));
    });
    read_terms(members, findings);
    read_phash(members, findings);
    TRY_OK(members.finish());
    findings.text = body;
    return findings;
}

}  // namespace disgrafs::analysis
