#pragma once

/// \file search/snippet.hpp  The place in a text that shows why it was found.

#include <set>
#include <string>
#include <string_view>

namespace disgrafs::search {

/// About 160 bytes around the densest matches of `terms`, whole words, each match between \x02 and
/// \x03; the beginning of the text when nothing matches; empty for an empty text. Control
/// characters become spaces. Looks at the first 256 KiB.
std::string snippet_of(std::string_view text, std::set<std::string, std::less<>> const& terms);

}  // namespace disgrafs::search
