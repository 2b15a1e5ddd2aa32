#pragma once

/// \file files/media_types.hpp  What kind of bytes a file holds (RFC 6838), said or guessed.

#include <string>
#include <string_view>

namespace disgrafs::files {

inline constexpr std::string_view unknown_media_type = "application/octet-stream";

/// What the client said, when that is a media type and says something (curl's form default and
/// octet-stream do not); else by the extension of `name`; else unknown_media_type.
std::string media_type_of(std::string_view said, std::string_view name);

}  // namespace disgrafs::files
