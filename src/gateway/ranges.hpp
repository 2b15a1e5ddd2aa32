#pragma once

/// \file gateway/ranges.hpp  The Range header (RFC 9110 §14.1.2) and dates of HTTP (§5.6.7).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::gateway {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t size = 0;

    friend bool operator==(ByteRange const&, ByteRange const&) = default;
};

/// "bytes=0-99", "bytes=100-", "bytes=-50" of a content of `size` bytes. Another unit, a malformed
/// value or several ranges: nullopt, the whole is sent (as the RFC allows). Errors: invalid when no
/// byte of the content is in the range (416).
Result<std::optional<ByteRange>> parse_range(std::string_view value, std::uint64_t size);

/// "Tue, 24 Nov 2026 13:17:51 GMT"
std::string to_http_date(Timestamp time);

}  // namespace disgrafs::gateway
