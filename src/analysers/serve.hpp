#pragma once

/// \file analysers/serve.hpp  The loop of disgrafs-analyze: a request in, an answer out.

#include "analysers/resources.hpp"

namespace disgrafs::analysers {

/// Exit codes of disgrafs-analyze.
inline constexpr int exit_done = 0;          ///< Standard input ended between two requests.
inline constexpr int exit_bad_frame = 2;     ///< A frame beyond the limits, or no request in it.
inline constexpr int exit_cannot_start = 3;  ///< Something that every file needs is missing.

/// Reads frames from `in` until it ends, and answers each on `out`; every file is read in a fork of
/// its own. Gives the exit code.
int serve(int in, int out, Resources& resources);

}  // namespace disgrafs::analysers
