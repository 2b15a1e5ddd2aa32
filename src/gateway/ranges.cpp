#include "gateway/ranges.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace disgrafs::gateway {

Result<std::optional<ByteRange>> parse_range(std::string_view value, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!value.starts_with(unit)) return std::nullopt;
    value.remove_prefix(unit.size());
    auto const dash = value.find('-');
    if (dash == std::string_view::npos || value.contains(',')) return std::nullopt;
    auto const left = value.substr(0, dash);
    auto const right = value.substr(dash + 1);
    auto const first = parse_number(left);
    auto const last = parse_number(right);
    if (left.empty()) {
        if (!last) return std::nullopt;
        auto const count = std::min(*last, size);
        if (count == 0) return fail(Errc::invalid, "the range holds no byte of {}", size);
        return ByteRange{size - count, count};
    }
    if (!first || (!right.empty() && (!last || *last < *first))) return std::nullopt;
    if (*first >= size) {
        return fail(Errc::invalid, "the range starts at byte {} of {}", *first, size);
    }
    auto const end = right.empty() ? size - 1 : std::min(*last, size - 1);
    return ByteRange{*first, end - *first + 1};
}

std::string to_http_date(Timestamp time) {
    auto const seconds = static_cast<std::time_t>(time.us / 1'000'000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    auto const size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return std::string(text.data(), size);
}

}  // namespace disgrafs::gateway
