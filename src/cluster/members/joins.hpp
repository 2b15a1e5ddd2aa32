#pragma once

/// \file cluster/members/joins.hpp  Who may become, or again be, a member.
///
///     disk unknown, token right                       a new member
///     disk known, previous id and proof right         the same member, perhaps at another address
///     disk known, no previous id, token right         the same member that lost its key (it died
///                                                     between the answer and writing it down)
///     disk known, its member is alive elsewhere       conflict: a copy of the disk
///     previous id of another disk, or unknown here    conflict: another disk, another cluster
///     token or proof wrong                            denied
///
/// A worker has no disk: it is known by its id and proof, or takes the place of a worker that is
/// gone by its name. Errors: those above, invalid, exhausted (4,096 members).

#include "cluster/members/members.hpp"
#include "wire/member_service.hpp"

namespace disgrafs::cluster {

/// One at a time: the caller sees to it.
Task<wire::JoinAnswer> join_member(Members& members, Random& random, wire::JoinRequest request);

}  // namespace disgrafs::cluster
