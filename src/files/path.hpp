#pragma once

/// \file files/path.hpp  Paths as people write them: names between slashes, from the drive's root.
///
/// "/a/b.txt" is {a, b.txt}; "/" is {}. One slash at the end is allowed and means nothing. Nothing
/// is normalised: two names are the same when their bytes are.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace disgrafs::files {

inline constexpr std::size_t name_bytes_max = 255;
inline constexpr std::size_t path_names_max = 255;
inline constexpr std::size_t path_bytes_max = 4096;

using Path = std::vector<std::string>;

/// 1–255 bytes of UTF-8 without '/' and NUL, not "." or "..". Errors: invalid, with the reason.
Result<void> check_name(std::string_view name);
/// Errors: invalid, with the reason.
Result<Path> parse_path(std::string_view text);
/// The path of the first `count` names.
std::string to_text(Path const& path, std::size_t count);
std::string to_text(Path const& path);

/// Lower-case, without the dot; empty when there is none or it is longer than 16 bytes.
std::string extension_of(std::string_view name);

}  // namespace disgrafs::files
