#pragma once

/// \file app/erasure/layout_options.hpp  --k --m --w --matrix.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "erasure/layout.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace disgrafs::app {

struct LayoutOptions {
    unsigned k = 4;
    unsigned m = 2;
    unsigned w = 8;
    std::string matrix;  ///< Empty: replica when k = 1, else cauchy.

    /// Errors: invalid.
    [[nodiscard]] Result<erasure::Layout> layout() const;
};

/// The four options, in the order of the struct.
std::vector<CLI::Option*> add_layout(CLI::App& verb, LayoutOptions& options);

/// "4+2 cauchy", with w = 16 "4+2 cauchy over GF(2^16)".
std::string name_of(erasure::Layout layout);

}  // namespace disgrafs::app
