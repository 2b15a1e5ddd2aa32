#pragma once

/// \file analysers/kinds/formats.hpp  Tables: extension or media type → what it is called and who
/// reads it.

#include <string_view>

#include "analysers/kinds/kind.hpp"

namespace disgrafs::analysers {

struct Format {
    std::string_view key;  ///< Extension without dot in lower case, or a media type.
    std::string_view name;
    std::string_view media_type;
    Reader reader = Reader::none;
};

/// nullptr when there is none. Whole names ("makefile") count as extensions.
Format const* format_by_extension(std::string_view extension);
/// Of text that has no telling name: by the interpreter in its first line ("python3").
Format const* format_by_interpreter(std::string_view program);
Format const* format_by_media_type(std::string_view media_type);

}  // namespace disgrafs::analysers
