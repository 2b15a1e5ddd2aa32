#pragma once

/// \file kv/decide.hpp  Which commits of a group are accepted, and the events they become.

#include <functional>
#include <string>
#include <vector>

#include "kv/committer.hpp"
#include "kv/event_hub.hpp"

namespace disgrafs::kv {

/// The revision of a key in the store as it was before the group; 0: absent.
using RevisionOf = std::function<Result<Revision>(std::string const& key)>;

/// Decides the commits in order, each seeing the ones before it, and answers each as if the group
/// were written already. Returns the events to write, from revision `last` + 1 on.
std::vector<EventPtr> decide(Group& group, Revision last, RevisionOf const& revision_of);

}  // namespace disgrafs::kv
