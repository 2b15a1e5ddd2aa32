#pragma once

/// \file base/text.hpp  Questions about text that every module asks the same way.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs {

/// True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF).
bool is_utf8(std::string_view text);

/// Non-empty pieces between separators. `split("a//b", '/')` is {a, b}.
std::vector<std::string_view> split(std::string_view text, char separator);

/// ASCII only; other bytes stay as they are.
std::string to_lower_ascii(std::string_view text);

/// Percent decoding of RFC 3986. Errors: invalid (bad escape).
Result<std::string> percent_decode(std::string_view text);
/// Escapes all but unreserved characters and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");

/// RFC 3339 in UTC with milliseconds: 2026-11-24T13:17:51.123Z.
std::string to_rfc3339(Timestamp time);

/// "1.4 MB" for people: decimal units, three significant digits at most.
std::string human_bytes(std::uint64_t size_bytes);

/// The whole text as a decimal number. Errors: invalid, exhausted (too large).
Result<std::uint64_t> parse_number(std::string_view text);

/// "30s", "10m", "500ms", "2h", "1d". Errors: invalid.
Result<Duration> parse_duration(std::string_view text);

}  // namespace disgrafs
