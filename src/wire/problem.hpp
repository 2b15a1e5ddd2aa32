#pragma once

/// \file wire/problem.hpp  Every code that an error answer can carry, with its status and advice.
///
/// docs/errors.md is this table written out; a test compares them. The words of Errc come first,
/// each with its usual status; the others belong to one status and to HTTP itself.

#include <span>
#include <string_view>

#include "base/result.hpp"

namespace disgrafs::wire {

enum class Retry : std::uint8_t {
    never,    ///< The same request fails again.
    later,    ///< The same request may succeed later, as it is.
    changed,  ///< After reading again, or freeing space, or signing in.
};

struct ProblemKind {
    std::string_view code;  ///< Stable; what programs switch upon.
    int status = 0;
    std::string_view title;
    Retry retry = Retry::never;
    std::string_view hint;  ///< What to do, for a person.
};

/// In the order of docs/errors.md.
std::span<ProblemKind const> all_problem_kinds();
/// `status` 0: the word of `code`. Else the kind of that status; of two, that of `code`.
ProblemKind const& problem_kind(Errc code, int status = 0);
std::string_view name_of(Retry retry);

}  // namespace disgrafs::wire
