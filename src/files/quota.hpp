#pragma once

/// \file files/quota.hpp  How much a user may keep: exact, also when uploads race.
///
/// Owners without a quota pay nothing. For one with a quota, each commit that keeps more takes the
/// graph's lock "quota OWNER", so that it was decided upon all commits before it; uploads of one
/// such owner therefore commit one after the other, about one per sync of the store. In this
/// process they line up for that (turn()), instead of meeting as conflicts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "files/core.hpp"

namespace disgrafs::files {

class Quota {
 public:
    Quota(Core const& core, std::string owner);

    /// The right to commit, for as long as it is held; at once when there is no limit.
    Task<Semaphore::Place> turn(Core& core) const;

    [[nodiscard]] bool is_limited() const { return limit_bytes_ != 0; }
    /// Errors: exhausted, when the owner would keep `more` bytes beyond now.
    Result<void> check(std::uint64_t more) const;
    /// The same, decided by the commit of `change`. `less` bytes are given up by it.
    Result<void> claim(graph::Transaction& change, std::uint64_t more, std::uint64_t less) const;

 private:
    Core const& core_;
    std::string owner_;
    std::uint64_t limit_bytes_ = 0;  ///< 0: none.
};

}  // namespace disgrafs::files
