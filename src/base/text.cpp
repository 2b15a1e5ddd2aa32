#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs {
namespace {

/// What a lead byte promises: how many bytes follow, and the range of the first of them
/// (RFC 3629 §4: that range excludes overlong forms, surrogates and what lies above U+10FFFF).
struct Lead {
    std::size_t follow = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
};

/// follow = 0 for a byte that cannot lead.
Lead lead_of(std::uint8_t byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return {.follow = 1};
    if (byte == 0xE0) return {.follow = 2, .low = 0xA0};
    if (byte == 0xED) return {.follow = 2, .high = 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {.follow = 2};
    if (byte == 0xF0) return {.follow = 3, .low = 0x90};
    if (byte >= 0xF1 && byte <= 0xF3) return {.follow = 3};
    if (byte == 0xF4) return {.follow = 3, .high = 0x8F};
    return {};
}

/// How many of the next bytes are ASCII, in steps of 8.
std::size_t ascii_run(std::string_view text) {
    std::size_t size = 0;
    std::uint64_t eight = 0;
    while (size + sizeof eight <= text.size()) {
        std::memcpy(&eight, text.data() + size, sizeof eight);
        if ((eight & 0x8080808080808080ULL) != 0) break;
        size += sizeof eight;
    }
    return size;
}

bool is_unreserved(char sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') ||
           (sign >= '0' && sign <= '9') || std::string_view("-._~").contains(sign);
}

}  // namespace

bool is_utf8(std::string_view text) {
    auto const byte_at = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    std::size_t at = 0;
    while (at < text.size()) {
        if (byte_at(at) < 0x80) {
            auto const run = ascii_run(text.substr(at));
            at += run == 0 ? 1 : run;
            continue;
        }
        auto const lead = lead_of(byte_at(at));
        if (lead.follow == 0 || text.size() - at <= lead.follow) return false;
        if (byte_at(at + 1) < lead.low || byte_at(at + 1) > lead.high) return false;
        for (std::size_t next = 2; next <= lead.follow; ++next) {
            if ((byte_at(at + next) & 0xC0U) != 0x80) return false;
        }
        at += lead.follow + 1;
    }
    return true;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        auto const end = std::min(text.find(separator), text.size());
        if (end != 0) pieces.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    for (auto& sign : lower) {
        if (sign >= 'A' && sign <= 'Z') sign = static_cast<char>(sign - 'A' + 'a');
    }
    return lower;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain.push_back(text[at]);
            continue;
        }
        auto const escape = text.substr(at + 1, 2);
        auto const byte = from_hex(escape);
        if (!byte || byte->empty()) return fail(Errc::invalid, "bad escape %{} at {}", escape, at);
        plain.push_back(std::to_integer<char>(byte->front()));
        at += 2;
    }
    return plain;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
    std::string escaped;
    escaped.reserve(text.size());
    for (auto const sign : text) {
        if (is_unreserved(sign) || keep.contains(sign)) {
            escaped.push_back(sign);
        } else {
            fmt::format_to(std::back_inserter(escaped), "%{:02X}", static_cast<std::uint8_t>(sign));
        }
    }
    return escaped;
}

std::string to_rfc3339(Timestamp time) {
    using namespace std::chrono;  // NOLINT(google-build-using-namespace)
    constexpr std::int64_t year_0_us = -62'167'219'200'000'000;
    constexpr std::int64_t year_10000_us = 253'402'300'800'000'000;
    auto const us = std::clamp(time.us, year_0_us, year_10000_us - 1);
    sys_time<microseconds> const at{microseconds(us)};
    auto const day = floor<days>(at);
    year_month_day const date(day);
    hh_mm_ss const clock(floor<milliseconds>(at - day));
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count(),
        clock.subseconds().count()
    );
}

std::string human_bytes(std::uint64_t size_bytes) {
    static constexpr std::array<std::string_view, 7> units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (size_bytes < 1000) return fmt::format("{} B", size_bytes);
    std::size_t unit = 0;
    std::uint64_t power = 1;  // of the unit, in bytes
    while (size_bytes / power >= 1000) {
        power *= 1000;
        ++unit;
    }
    // In hundredths of the unit, rounded to three digits; 999.6 becomes 1 of the next unit.
    auto hundredths = size_bytes / (power / 100);
    auto const step = hundredths >= 10'000 ? 100U : hundredths >= 1'000 ? 10U : 1U;
    auto const rest = size_bytes - hundredths * (power / 100);
    auto const below = hundredths % step * (power / 100) + rest;  // bytes under the last digit
    hundredths -= hundredths % step;
    if (below * 2 >= step * (power / 100)) hundredths += step;
    if (hundredths >= 100'000 && unit + 1 < units.size()) {
        hundredths = 100;
        ++unit;
    }
    auto text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return fmt::format("{} {}", text, units[unit]);
}

Result<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range && stop == end) {
        return fail(Errc::exhausted, "{} does not fit into 64 bits", text);
    }
    if (error != std::errc() || stop != end)
        return fail(Errc::invalid, "\"{}\" is no number", text);
    return value;
}

Result<Duration> parse_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::uint64_t>, 5> units{{
        {"ms", 1'000},
        {"s", 1'000'000},
        {"m", 60'000'000},
        {"h", 3'600'000'000},
        {"d", 86'400'000'000},
    }};
    auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    auto const number = parse_number(text.substr(0, digits));
    auto const unit =
        std::ranges::find(units, text.substr(digits), [](auto& u) { return u.first; });
    if (!number || unit == units.end()) {
        return fail(Errc::invalid, "\"{}\" is no duration; write 500ms, 30s, 10m, 2h or 1d", text);
    }
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Duration::rep>::max());
    if (*number > most / unit->second) return fail(Errc::invalid, "{} is too long", text);
    return Duration(static_cast<Duration::rep>(*number * unit->second));
}

}  // namespace disgrafs
