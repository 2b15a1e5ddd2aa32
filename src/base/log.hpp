#pragma once

/// \file base/log.hpp  JSON lines on standard error: one object per line.
///
/// Levels by who acts: error, the operator must; warn, it healed itself; info, a rare event of
/// life; debug, per request. Constant text, values as fields:
///
///     LOG_WARN("shard lost", kv("shard", id.value), kv("error", e));
///
/// The module name is taken from the path of the source file (src/<module>/…).
///
/// A line is one write of at most 4096 bytes, so lines of processes that share a pipe do not mix;
/// what does not fit is left out and `"cut":true` says so. A reader that takes nothing for 20 ms
/// loses lines (disgrafs_log_dropped_total) rather than hold the program up. Any thread may log.

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "base/context.hpp"
#include "base/result.hpp"

namespace disgrafs {

enum class LogLevel : std::uint8_t { debug, info, warn, error, off };

/// One field, its value already written as JSON. Made by log_fields::kv().
struct LogField {
    std::string_view key;
    std::string json;
};

/// Quoted and escaped; what is not UTF-8 becomes U+FFFD, so the answer always is.
std::string to_json_text(std::string_view text);

/// kv() has a namespace of its own, since disgrafs::kv is a module; the LOG_* macros open it.
namespace log_fields {

inline LogField kv(std::string_view key, std::string_view value) {
    return {.key = key, .json = to_json_text(value)};
}
inline LogField kv(std::string_view key, char const* value) {
    return kv(key, std::string_view(value));
}
inline LogField kv(std::string_view key, std::string const& value) {
    return kv(key, std::string_view(value));
}
inline LogField kv(std::string_view key, bool value) {
    return {.key = key, .json = value ? "true" : "false"};
}
template <typename Number>
    requires std::is_arithmetic_v<Number> && (!std::is_same_v<Number, char>)
LogField kv(std::string_view key, Number value) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(value)) return {.key = key, .json = "null"};  // JSON has no NaN
    }
    return {.key = key, .json = fmt::format("{}", value)};
}
inline LogField kv(std::string_view key, Error const& error) { return kv(key, error.message); }
/// The fields every line of a request carries.
inline LogField kv(Context const& context) { return kv("request", context.request_id); }

}  // namespace log_fields

/// Set once in main, before the first line. `member` stands in every line ("index", "n3").
void start_log(LogLevel least, std::string member);
bool is_logged(LogLevel level);
void write_log(
    LogLevel level,
    std::string_view text,
    std::initializer_list<LogField> fields,
    std::source_location where
);

}  // namespace disgrafs

#define DISGRAFS_LOG_(level, text, ...)                                                         \
    do {                                                                                        \
        if (::disgrafs::is_logged(level)) {                                                     \
            using ::disgrafs::log_fields::kv;                                                   \
            ::disgrafs::write_log(level, text, {__VA_ARGS__}, std::source_location::current()); \
        }                                                                                       \
    } while (false)
#define LOG_DEBUG(text, ...) \
    DISGRAFS_LOG_(::disgrafs::LogLevel::debug, text __VA_OPT__(, ) __VA_ARGS__)
#define LOG_INFO(text, ...) \
    DISGRAFS_LOG_(::disgrafs::LogLevel::info, text __VA_OPT__(, ) __VA_ARGS__)
#define LOG_WARN(text, ...) \
    DISGRAFS_LOG_(::disgrafs::LogLevel::warn, text __VA_OPT__(, ) __VA_ARGS__)
#define LOG_ERROR(text, ...) \
    DISGRAFS_LOG_(::disgrafs::LogLevel::error, text __VA_OPT__(, ) __VA_ARGS__)
