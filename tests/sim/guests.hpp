#pragma once

/// \file sim/guests.hpp  A second person: account, sign-in, group, grant, quota; across a crash.

#include <string>

#include "files/people.hpp"
#include "sim/hall.hpp"

namespace disgrafs::sim {

/// The whole story, once. Errors: corrupt, when an answer is not as documented. Storage nodes are
/// whole and stay so; the index server crashes in the middle.
Task<void> visit(Hall& hall);

}  // namespace disgrafs::sim
