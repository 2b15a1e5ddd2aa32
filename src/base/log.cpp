#include "base/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include "base/metrics.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace disgrafs {
namespace {

constexpr std::size_t line_bytes_max = 4096;  // PIPE_BUF: one write is never mixed with another
constexpr int patience_ms = 20;
constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn", "error"};
constexpr std::string_view cut_mark = R"(,"cut":true)";
constexpr std::string_view line_end = "}\n";

struct LogMetrics {
    std::array<Counter*, 4> messages{};  ///< Lines written, by level.
    Counter& dropped = counter(
        "disgrafs_log_dropped_total", "Log lines dropped because standard error did not take them."
    );

    LogMetrics() {
        for (std::size_t level = 0; level < messages.size(); ++level) {
            Labels labels{{"level", std::string(level_names.at(level))}};
            messages.at(level) =
                &counter("disgrafs_log_messages_total", "Log lines written.", std::move(labels));
        }
    }
};

LogMetrics& metrics() {
    static LogMetrics metrics;
    return metrics;
}

/// Standard error, with an end to waiting; counts what it wrote and what it could not.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
 private:
    void sink_it_(spdlog::details::log_msg const& line) override {
        bool const is_written = write(line.payload.data(), line.payload.size());
        patience_ms_ = is_written ? patience_ms : 0;  // a stuck reader is waited for once
        if (is_written) {
            metrics()
                .messages.at(static_cast<std::size_t>(line.level - spdlog::level::debug))
                ->Increment();
        } else {
            metrics().dropped.Increment();
        }
    }
    void flush_() override {}

    bool write(char const* data, std::size_t size) const {
        while (size != 0) {
            pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
            auto const count = ::poll(&ready, 1, patience_ms_);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return false;
            auto const written = ::write(STDERR_FILENO, data, size);
            if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
            if (written <= 0) continue;
            data += written;
            size -= static_cast<std::size_t>(written);
        }
        return true;
    }

    int patience_ms_ = patience_ms;
};

struct Log {
    spdlog::logger logger{"disgrafs", std::make_shared<StandardError>()};
    std::string member;
};

/// Never destroyed: destructors of static objects may still log.
Log& the_log() {
    static auto& log = *new Log;
    return log;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    if (level == LogLevel::off) return spdlog::level::off;
    return static_cast<spdlog::level::level_enum>(std::to_underlying(level) + spdlog::level::debug);
}

/// src/<module>/…, tests/<module>/…: the folder in which the file lies.
std::string_view module_of(std::string_view path) {
    auto const source = path.rfind("src/");
    if (source != std::string_view::npos) {
        auto const inside = path.substr(source + 4);
        if (auto const end = inside.find('/'); end != std::string_view::npos) {
            return inside.substr(0, end);
        }
    }
    auto const slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    auto const folder = path.substr(0, slash);
    return folder.substr(folder.rfind('/') + 1);
}

/// How many bytes at the start of `text` are one well-formed character; 0 when none is.
std::size_t character_size(std::string_view text) {
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, text.size()); ++size) {
        if (is_utf8(text.substr(0, size))) return size;
    }
    return 0;
}

void append_escaped(std::string& out, char sign) {
    switch (sign) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(sign));
    }
}

bool needs_escape(char sign) {
    return sign == '"' || sign == '\\' || static_cast<unsigned char>(sign) < 0x20;
}

}  // namespace

std::string to_json_text(std::string_view text) {
    std::string out = "\"";
    out.reserve(text.size() + 2);
    bool const is_clean = is_utf8(text);
    while (!text.empty()) {
        auto const is_special = [&](char sign) {
            return needs_escape(sign) || (!is_clean && static_cast<unsigned char>(sign) >= 0x80);
        };
        auto const* const stop = std::ranges::find_if(text, is_special);
        auto const plain = static_cast<std::size_t>(stop - text.begin());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        if (needs_escape(text.front())) {
            append_escaped(out, text.front());
            text.remove_prefix(1);
            continue;
        }
        auto const size = character_size(text);
        out += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    out.push_back('"');
    return out;
}

void start_log(LogLevel least, std::string member) {
    metrics();
    the_log().member = to_json_text(member);
    the_log().logger.set_level(to_spdlog(least));
}

bool is_logged(LogLevel level) {
    return level != LogLevel::off && the_log().logger.should_log(to_spdlog(level));
}

void write_log(
    LogLevel level,
    std::string_view text,
    std::initializer_list<LogField> fields,
    std::source_location where
) {
    auto const time = std::chrono::system_clock::now();
    auto const us = std::chrono::duration_cast<Duration>(time.time_since_epoch()).count();
    auto line = fmt::format(
        R"({{"ts":"{}","level":"{}","module":{},"member":{},"msg":{})",
        to_rfc3339(Timestamp{us}),
        level_names.at(std::to_underlying(level)),
        to_json_text(module_of(where.file_name())),
        the_log().member.empty() ? R"("")" : the_log().member,
        to_json_text(text.substr(0, line_bytes_max / 16))
    );
    auto const room = line_bytes_max - cut_mark.size() - line_end.size();
    bool is_cut = false;
    for (auto const& field : fields) {
        auto const key = to_json_text(field.key);
        bool const fits = line.size() + key.size() + field.json.size() + 2 <= room;
        is_cut |= !fits;
        if (fits) fmt::format_to(std::back_inserter(line), ",{}:{}", key, field.json);
    }
    if (is_cut) line += cut_mark;
    line += line_end;
    the_log().logger.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace disgrafs
