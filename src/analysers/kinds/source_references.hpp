#pragma once

/// \file analysers/kinds/source_references.hpp  What a source file includes or imports.

#include <string_view>
#include <vector>

#include "analysis/findings.hpp"

namespace disgrafs::analysers {

/// Line by line, by the words with which `format` refers to other files. Targets are as written:
/// "kv/store.hpp", "./page.tsx", "os.path", "crate::wire". Each once, in order.
std::vector<analysis::Reference> find_references(std::string_view text, std::string_view format);

}  // namespace disgrafs::analysers
