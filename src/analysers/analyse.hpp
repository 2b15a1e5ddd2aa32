#pragma once

/// \file analysers/analyse.hpp  From bytes to findings: the pure function this module is about.

#include <string_view>

#include "analysers/content.hpp"
#include "analysers/resources.hpp"
#include "analysis/findings.hpp"

namespace disgrafs::analysers {

/// Stands in every answer; raise the number when findings change, so that files can be read anew.
inline constexpr std::string_view analyser_version = "disgrafs-analyze/1";

/// The kind of `content`, its text, properties, tags, phrases and references, within the limits of
/// analysis/findings.hpp. Broken content gives status failed, its format and what could be read; a
/// missing dictionary gives status unavailable and the rest. Id is left empty.
analysis::Findings analyse(Content const& content, Resources& resources);

}  // namespace disgrafs::analysers
