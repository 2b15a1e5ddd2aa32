#pragma once

/// \file cluster/healing/stripe_locks.hpp  One at a time upon a stripe: repair, or the removal of a
/// stray.
///
/// Without it a stray copy could be removed at the moment in which repair writes it down as a
/// shard.

#include <memory>
#include <unordered_set>

#include "cluster/keys.hpp"

namespace disgrafs::cluster {

class StripeLocks {
 public:
    /// Held until the returned object dies; nullptr when somebody has it.
    std::shared_ptr<void> try_lock(StripeId id) {
        if (!held_->insert(id).second) return nullptr;
        auto const unlock = [held = held_, id](void*) { held->erase(id); };
        return {static_cast<void*>(this), unlock};
    }

 private:
    std::shared_ptr<std::unordered_set<StripeId>> held_ =
        std::make_shared<std::unordered_set<StripeId>>();
};

}  // namespace disgrafs::cluster
