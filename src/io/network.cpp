#include "io/network.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "base/result.hpp"
#include "base/text.hpp"

namespace disgrafs {
namespace {

/// RFC 1123: letters, digits and hyphens between dots.
bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    for (auto const label : split(text, '.')) {
        auto const is_fit = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '-';
        };
        if (label.size() > 63 || label.starts_with('-') || label.ends_with('-')) return false;
        if (!std::ranges::all_of(label, is_fit)) return false;
    }
    // "1.2.3" is a broken address, not a name; and no dot stands alone.
    auto const last = text.substr(text.rfind('.') + 1);
    return !text.contains("..") && !text.starts_with('.') &&
           last.find_first_not_of("0123456789") != std::string_view::npos;
}

}  // namespace

std::string Address::text() const {
    return host.contains(':') ? fmt::format("[{}]:{}", host, port)
                              : fmt::format("{}:{}", host, port);
}

Result<Address> parse_address(std::string_view text) {
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos) return fail(Errc::invalid, "\"{}\" names no port", text);
    auto const port = parse_number(text.substr(colon + 1));
    if (!port || *port > std::numeric_limits<std::uint16_t>::max()) {
        return fail(Errc::invalid, "\"{}\" ends in no port", text);
    }
    auto host = text.substr(0, colon);
    bool const is_bracketed = host.size() >= 2 && host.starts_with('[') && host.ends_with(']');
    if (is_bracketed) host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    auto const ip = boost::asio::ip::make_address(std::string(host), error);
    bool const is_ip = !error && ip.is_v6() == is_bracketed;
    if (!is_ip && (is_bracketed || !is_host_name(host))) {
        return fail(Errc::invalid, "\"{}\" names no host", text);
    }
    return Address{.host = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

}  // namespace disgrafs
