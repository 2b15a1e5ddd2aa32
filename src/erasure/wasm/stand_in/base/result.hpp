#pragma once

/// \file base/result.hpp  Errors without text, for the codec in the browser: texts are made there.
///
/// Stands in for src/base/result.hpp, whose fmt would be larger than the whole module.

#include <cstdint>
#include <expected>
#include <utility>

namespace disgrafs {

enum class Errc : std::uint8_t {
    invalid,
    denied,
    not_found,
    conflict,
    exhausted,
    corrupt,
    unavailable,
    cancelled,
    io,
};

struct Error {
    Errc code;
};

template <typename T>
using Result = std::expected<T, Error>;

template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(
    Errc code, char const* /*text*/, Args const&... /*values*/
) {
    return std::unexpected(Error{code});
}

}  // namespace disgrafs

#define TRY_OK(...) DISGRAFS_TRY_OK_(DISGRAFS_NAME_(result_, __LINE__), __VA_ARGS__)
#define DISGRAFS_TRY_OK_(result, ...) \
    if (auto result = (__VA_ARGS__); !result) return std::unexpected(std::move(result).error())
#define DISGRAFS_NAME_(left, right) DISGRAFS_JOIN_(left, right)
#define DISGRAFS_JOIN_(left, right) left##right
