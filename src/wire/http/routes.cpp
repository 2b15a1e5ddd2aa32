#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "wire/http.hpp"

namespace disgrafs::wire {
namespace {

using Segments = std::vector<std::string_view>;
using Pattern = std::vector<std::string>;

/// "/a/b" is {"a", "b"}; "/a/" is {"a", ""}: unlike split(), empty segments count.
Segments segments_of(std::string_view path) {
    Segments segments;
    while (path.starts_with('/')) {
        path.remove_prefix(1);
        auto const end = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

enum class Kind : std::uint8_t { rest, any, literal };  // from vague to specific

Kind kind_of(std::string_view segment) {
    if (!segment.starts_with('{') || !segment.ends_with('}')) return Kind::literal;
    return segment.ends_with("*}") ? Kind::rest : Kind::any;
}

/// Whether `pattern` fits, and how specific each of its segments is.
std::optional<std::vector<Kind>> fit(Pattern const& pattern, Segments const& path) {
    std::vector<Kind> kinds;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        auto const kind = kind_of(pattern[i]);
        kinds.push_back(kind);
        if (kind == Kind::rest) return kinds;
        if (i == path.size()) return std::nullopt;
        if (kind == Kind::literal && pattern[i] != path[i]) return std::nullopt;
        if (kind == Kind::any && path[i].empty()) return std::nullopt;
    }
    if (path.size() != pattern.size()) return std::nullopt;
    kinds.push_back(Kind::literal);  // "/a" fits "/a" better than "/a/{path*}" does
    return kinds;
}

/// What the braces match, decoded. "{path*}" takes what is left, also nothing. The escapes of the
/// path were checked when the request was read.
std::vector<std::string> capture(Pattern const& pattern, Segments const& path) {
    std::vector<std::string> captures;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        auto const kind = kind_of(pattern[i]);
        if (kind == Kind::literal) continue;
        std::string_view raw;
        if (i < path.size()) raw = path[i];
        if (kind == Kind::rest && i < path.size()) {
            raw = std::string_view(path[i].data(), path.back().data() + path.back().size());
        }
        captures.push_back(percent_decode(raw).value_or(std::string(raw)));
    }
    return captures;
}

bool contains(std::vector<std::string> const& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

void HttpRoutes::add(std::string method, std::string pattern, std::string op, HttpHandler handler) {
    DISGRAFS_ASSERT(pattern.starts_with('/'), "pattern {}", pattern);
    auto const segments = segments_of(pattern);
    patterns_.emplace_back(segments.begin(), segments.end());
    routes_.push_back({std::move(method), std::move(pattern), std::move(op), std::move(handler)});
}

HttpRoutes::Route const* HttpRoutes::find(
    std::string_view method,
    std::string_view path,
    std::vector<std::string>& captures,
    std::vector<std::string>& allowed
) const {
    auto const segments = segments_of(path);
    std::vector<Kind> best;
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        auto kinds = fit(patterns_[i], segments);
        if (!kinds || *kinds < best) continue;
        if (*kinds > best) fitting.clear();
        best = *std::move(kinds);
        fitting.push_back(i);
    }
    Route const* chosen = nullptr;
    captures.clear();
    allowed.clear();
    for (auto const i : fitting) {
        auto const& route = routes_[i];
        bool const is_head_by_get = method == "HEAD" && route.method == "GET" && !chosen;
        if (route.method == method || is_head_by_get) chosen = &route;
        if (chosen == &route) captures = capture(patterns_[i], segments);
        allowed.push_back(route.method);
    }
    if (contains(allowed, "GET") && !contains(allowed, "HEAD")) allowed.emplace_back("HEAD");
    std::ranges::sort(allowed);
    return chosen;
}

}  // namespace disgrafs::wire
